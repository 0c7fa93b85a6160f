"""Write what is generated from the code: ``docs/checks.md`` and the lists of checks in the READMEs.

``python docs/make.py`` writes; the tests compare, so that documentation cannot drift from the checks.
"""

from __future__ import annotations

from pathlib import Path

from zipingbiao.checks import CHECKS
from zipingbiao.explain import SEVERITY, explain

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- checks: written by docs/make.py -->", "<!-- end of checks -->"


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


def with_table(text: str, lang: str) -> str:
    """A README with its list of checks renewed."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{checks_table(lang)}\n{END}{after}"


def pages() -> dict[Path, str]:
    """Every generated page with the text that it should have."""
    readmes = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
    made = {path: with_table(path.read_text(encoding="utf-8"), lang) for lang, path in readmes.items()}
    return {ROOT / "docs" / "checks.md": checks_page(), **made}


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
