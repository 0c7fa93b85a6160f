"""Write what is generated from the code: ``docs/checks.md``, and blocks of the READMEs, ``docs/policies.md`` and ``docs/data.md``.

``python docs/make.py`` writes; the tests compare, so that documentation cannot drift from the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from extract import limits
from extract.archives import archive
from extract.sheets.xls import MAX_XLS_BYTES
from extract.word import office
from normalize.schema import load_schema
from zipingbiao.batch.run import TIMEOUT
from zipingbiao.columns import ABOUT, TABLES, references
from zipingbiao.explain import ALL_CHECKS, SEVERITY, explain
from zipingbiao.policy import load_policy, policy_names
from zipingbiao.policy.keys import KEYS, UNITS
from zipingbiao.policy.load import shipped_text

ROOT = Path(__file__).parent.parent

_MB, _GB = 1024**2, 1024**3
#: what is limited, in Chinese and English, and how much of it is read
LIMITS = (
    ("文件大小", "a file", f"{limits.MAX_FILE_BYTES // _MB} MB"),
    ("纯文本、网页", "a plain text or web page", f"{limits.MAX_TEXT_BYTES // _MB} MB"),
    ("旧版 Excel（.xls）", "an old Excel workbook (.xls)", f"{MAX_XLS_BYTES // _MB} MB"),
    ("Office 文件解压后的 XML", "the unpacked XML of an Office file", f"{limits.MAX_XML_BYTES // _MB} MB"),
    ("一个文件的单元格", "the cells of a file", f"{limits.MAX_SLOTS:,}"),
    ("PDF、OFD 页数", "the pages of a PDF or OFD", f"{limits.MAX_PAGES:,}"),
    ("PDF、OFD 一页的字符、图形", "characters, and shapes, of such a page", f"{limits.MAX_PAGE_OBJECTS:,}"),
    ("压缩包内的文件数", "the files in an archive", f"{archive.MAX_MEMBERS:,}"),
    ("压缩包解压后", "an archive, unpacked", f"{archive.MAX_UNPACKED_BYTES // _GB} GB"),
    ("压缩比", "how tight an archive is packed", f"1:{archive.MAX_RATIO}"),
    ("压缩包嵌套", "archives in archives", str(archive.MAX_DEPTH)),
    (
        "每个文件、扫描件每页的时间（--timeout）",
        "time for a file, or a page of a scan (--timeout)",
        f"{TIMEOUT:g} s",
    ),
    ("其中 LibreOffice", "of that, in LibreOffice", f"{office.MAX_SECONDS} s"),
)


def checks_page() -> str:
    """All checks, in Chinese and in English."""
    lines = [
        "# 核查 · Checks",
        "",
        "由 `make docs` 从代码生成，与 `zipingbiao explain` 的内容相同。"
        "Written by `make docs` from the code; `zipingbiao explain CODE` prints the same.",
    ]
    for check in ALL_CHECKS.values():
        lines += ["", f"## {check.code} {check.title.zh} · {check.title.en}", ""]
        for lang in ("zh", "en"):
            severity = SEVERITY[check.severity].in_language(lang)
            lines += [f"*{severity}*", "", *_paragraphs(explain(check.code, lang).partition("\n\n")[2]), ""]
        lines.pop()
    return "\n".join(lines) + "\n"


def _paragraphs(text: str) -> list[str]:
    """A Markdown line a paragraph, each ended by a hard break."""
    return [f"{line.strip()}  " if line.strip() else "" for line in text.strip().splitlines()]


def checks_table(lang: str) -> str:
    """The list of checks for a README."""
    head = "| code | severity | finds |" if lang == "en" else "| 代码 | 程度 | 疑点 |"
    rows = [
        f"| {check.code} | {SEVERITY[check.severity].in_language(lang)} | {check.title.in_language(lang)} |"
        for check in ALL_CHECKS.values()
    ]
    return "\n".join([head, "|---|---|---|", *rows])


def limits_table(lang: str) -> str:
    """How much of a file is read, for a README."""
    head = "| of | at most |" if lang == "en" else "| 项目 | 上限 |"
    rows = [f"| {en if lang == 'en' else zh} | {most} |" for zh, en, most in LIMITS]
    return "\n".join([head, "|---|---|", *rows])


def policy_keys() -> str:
    """What a policy file may say: each key with meaning, kind, default and the checks that ask for it."""
    default = load_policy()
    lines = [
        "| 项 key | 意思 | meaning | 写法 value | 默认 default | 核查 checks |",
        "|---|---|---|---|---|---|",
    ]
    for name, key in KEYS.items():
        kind = UNITS[key.kind]
        value = _as_value(getattr(default, name))
        lines.append(f"| `{name}` | {key.zh} | {key.en} | {kind.zh} {kind.en} | {value} | {key.checks} |")
    return "\n".join(lines)


def policy_differences() -> str:
    """The policies that ship, each with what differs from the default."""
    default = load_policy()
    lines = ["| 办法 policy | 与 mof-2020 的不同 differs in |", "|---|---|"]
    for name in policy_names():
        policy = load_policy(name)
        own = [key for key in KEYS if getattr(policy, key) != getattr(default, key)]
        said = "；".join(f"`{key}`: {_as_value(getattr(policy, key))}" for key in own)
        lines.append(f"| `{name}` | {said or '—'} |")
    return "\n".join(lines)


def _as_value(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {number}" for name, number in value.items()) or "（空 blank）"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def policy_names_known() -> str:
    """The names that ``required`` and ``level_weights`` may have."""
    schema = load_schema()

    def listed(scope: str) -> str:
        fields = dict.fromkeys(schema.labels[scope].values())
        return ", ".join(f"`{field}` {schema.names[f'{scope}.{field}']}" for field in fields)

    return f"* `required`: {listed('head')}\n* `level_weights`: {listed('level1')}"


def policy_file() -> str:
    """The default policy's own file, to copy from."""
    return f"```toml\n{shipped_text('mof-2020').strip()}\n```"


def dictionary() -> str:
    """Every table with its columns: kind, meaning, unit, and where it refers to."""
    kinds = {
        "text": "文字 text",
        "decimal": "小数 decimal",
        "integer": "整数 integer",
        "value": "数或文字 either",
    }
    lines: list[str] = []
    for table, columns in TABLES.items():
        about, links = ABOUT[table], references(table)
        lines += ["", f"### {table} · {about.zh}", "", f"A row is {about.en}.", ""]
        lines += ["| 列 column | 类型 kind | 含义 | meaning | 单位 unit |", "|---|---|---|---|---|"]
        for column in columns:
            mark = " 🔑" if column.name in about.key else ""
            to = f" → {links[column.name]}" if column.name in links else ""
            unit = f"{column.unit.zh} {column.unit.en}".strip()
            lines.append(
                f"| `{column.name}`{mark}{to} | {kinds[column.kind]} | {column.zh} | {column.en} | {unit} |"
            )
    return "\n".join(lines[1:])


def renewed(text: str, blocks: Mapping[str, str]) -> str:
    """A page with its generated blocks renewed."""
    for name, block in blocks.items():
        begin, end = f"<!-- {name}: written by docs/make.py -->", f"<!-- end of {name} -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = f"{before}{begin}\n{block}\n{end}{after}"
    return text


def pages() -> dict[Path, str]:
    """Every generated page with the text that it should have."""
    blocks = {
        ROOT / name: {"checks": checks_table(lang), "limits": limits_table(lang)}
        for name, lang in (("README.md", "en"), ("README.zh-CN.md", "zh"))
    }
    blocks[ROOT / "docs" / "policies.md"] = {
        "keys": policy_keys(),
        "policies": policy_differences(),
        "names": policy_names_known(),
        "default": policy_file(),
    }
    blocks[ROOT / "docs" / "data.md"] = {"dictionary": dictionary()}
    made = {path: renewed(path.read_text(encoding="utf-8"), each) for path, each in blocks.items()}
    return {ROOT / "docs" / "checks.md": checks_page(), **made}


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
