"""Write what is generated from the code: ``docs/checks.md``, and in the READMEs the lists of checks and limits.

``python docs/make.py`` writes; the tests compare, so that documentation cannot drift from the code.
"""

from __future__ import annotations

from pathlib import Path

from extract import limits
from extract.archives import archive
from extract.sheets.xls import MAX_XLS_BYTES
from extract.word import office
from zipingbiao.batch import TIMEOUT
from zipingbiao.checks import CHECKS
from zipingbiao.explain import SEVERITY, explain

ROOT = Path(__file__).parent.parent

_MB, _GB = 1024**2, 1024**3
#: what is limited, in Chinese and English, and how much of it is read
LIMITS = (
    ("文件大小", "a file", f"{limits.MAX_FILE_BYTES // _MB} MB"),
    ("纯文本、网页", "a plain text or web page", f"{limits.MAX_TEXT_BYTES // _MB} MB"),
    ("旧版 Excel（.xls）", "an old Excel workbook (.xls)", f"{MAX_XLS_BYTES // _MB} MB"),
    ("Office 文件解压后的 XML", "the unpacked XML of an Office file", f"{limits.MAX_XML_BYTES // _MB} MB"),
    ("一个文件的单元格", "the cells of a file", f"{limits.MAX_SLOTS:,}"),
    ("PDF 页数", "the pages of a PDF", f"{limits.MAX_PAGES:,}"),
    ("PDF 一页的字符、图形", "characters, and shapes, of a PDF page", f"{limits.MAX_PAGE_OBJECTS:,}"),
    ("压缩包内的文件数", "the files in an archive", f"{archive.MAX_MEMBERS:,}"),
    ("压缩包解压后", "an archive, unpacked", f"{archive.MAX_UNPACKED_BYTES // _GB} GB"),
    ("压缩比", "how tight an archive is packed", f"1:{archive.MAX_RATIO}"),
    ("压缩包嵌套", "archives in archives", str(archive.MAX_DEPTH)),
    ("每个文件的时间（--timeout）", "time for a file (--timeout)", f"{TIMEOUT:g} s"),
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
    for check in CHECKS.values():
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
        for check in CHECKS.values()
    ]
    return "\n".join([head, "|---|---|---|", *rows])


def limits_table(lang: str) -> str:
    """How much of a file is read, for a README."""
    head = "| of | at most |" if lang == "en" else "| 项目 | 上限 |"
    rows = [f"| {en if lang == 'en' else zh} | {most} |" for zh, en, most in LIMITS]
    return "\n".join([head, "|---|---|", *rows])


BLOCKS = {"checks": checks_table, "limits": limits_table}


def renewed(text: str, lang: str) -> str:
    """A README with its generated blocks renewed."""
    for name, table in BLOCKS.items():
        begin, end = f"<!-- {name}: written by docs/make.py -->", f"<!-- end of {name} -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = f"{before}{begin}\n{table(lang)}\n{end}{after}"
    return text


def pages() -> dict[Path, str]:
    """Every generated page with the text that it should have."""
    readmes = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
    made = {path: renewed(path.read_text(encoding="utf-8"), lang) for lang, path in readmes.items()}
    return {ROOT / "docs" / "checks.md": checks_page(), **made}


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
