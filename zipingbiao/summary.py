"""Say how a run went: how many files, forms and findings, the worst of them, and where the tables are."""

from __future__ import annotations

from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from extract.document import Bilingual
from zipingbiao.batch.counts import Counts, Shown
from zipingbiao.checks.registry import SEVERITIES
from zipingbiao.explain import SEVERITY
from zipingbiao.report.subject import shown
from zipingbiao.report.writers import files_of
from zipingbiao.terminal import clipped, printable
from zipingbiao.wrapping import Wrapped

#: findings in the table of the worst, and unread files by name
MOST = 10
STATUS = {
    "ok": Bilingual("正常", "ok"),
    "partial": Bilingual("有保留", "partial"),
    "no_form": Bilingual("无自评表", "without a form"),
    "failed": Bilingual("未能读取", "failed"),
}
STYLE = {"error": "bold red", "warning": "yellow", "note": "blue"}
HEADERS = Bilingual("文件|位置|填报|应为|说明", "form|place|reported|expected|finding")
MORE = Bilingual(
    "以上列出 {} 项，全部 {} 项见疑点清单（findings）",
    "{} of {} findings are shown; the table findings has all",
)
UNREAD = Bilingual(
    "另有 {} 个文件未能读取，文件名和原因见来源表（sources）",
    "{} more files could not be read; the table sources names them and says why",
)
FORMLESS = Bilingual(
    "{} 个文件中没有找到自评表，请核对来源表（sources）中是否有应交的表",
    "{} files hold no form; see in the table sources whether one of them should",
)
RESULTS = Bilingual("结果在 {}", "tables in {}")
REUSED = Bilingual(
    "其中 {} 个文件与上次相同，沿用上次的读取结果；本次读取 {} 个",
    "{} known from an earlier run · {} read",
)
OUTDATED = Bilingual("以前运行留下、本次未更新", "left by an earlier run and not renewed")
#: the widest that each column gets; the finding takes the rest
WIDTHS = (22, 20, 12, 12, None)
#: columns of a terminal: with fewer, the finding would get less than ten characters a line
NARROW = 70


def print_summary(counts: Counts, out: str, kinds: tuple[str, ...], console: Console, lang: str) -> None:
    """Print counts, the worst findings, the files that could not be read, and the folder of the tables."""
    files, forms, findings = counts.files, counts.forms, counts.severities.total()
    by_status = _listed({STATUS[one]: counts.statuses[one] for one in STATUS}, lang)
    by_severity = _listed({SEVERITY[one]: counts.severities[one] for one in SEVERITIES}, lang)
    if lang == "en":
        console.print(f"files {files}{by_status} · forms {forms} · findings {findings}{by_severity}")
    else:
        console.print(f"文件 {files} 个{by_status} · 自评表 {forms} 张 · 疑点 {findings} 项{by_severity}")
    if counts.reused:
        console.print(REUSED.in_language(lang).format(counts.reused, files - counts.reused))
    for remark in counts.remarks:
        console.print(Text(printable(remark.in_language(lang))))
    worst = counts.worst(MOST)
    if worst:
        _print_worst([_parts(one, lang) for one in worst], HEADERS.in_language(lang).split("|"), console)
        if findings > len(worst):
            console.print(MORE.in_language(lang).format(len(worst), findings))
    for source in counts.failures[:MOST]:
        name = printable(str(source["source"]))
        console.print(
            Text.assemble((f"{STATUS['failed'].in_language(lang)} ", "red"), f"{name}: {source['error']}"),
            soft_wrap=True,  # a path that is broken in two can be neither copied nor searched for
        )
    unnamed = counts.statuses["failed"] - len(counts.failures[:MOST])
    if unnamed:
        console.print(UNREAD.in_language(lang).format(unnamed))
    if counts.statuses["no_form"]:
        console.print(FORMLESS.in_language(lang).format(counts.statuses["no_form"]))
    folder = Path(out)
    renewed = files_of(folder, kinds)
    _print_files(RESULTS.in_language(lang).format(printable(out)), folder, renewed, console)
    outdated = [path for path in files_of(folder) if path not in renewed and path.exists()]
    _print_files(OUTDATED.in_language(lang), folder, outdated, console)


def _print_files(what: str, folder: Path, paths: list[Path], console: Console) -> None:
    """Name the files; the many pages of a report, and parts of tables, by their folder."""
    names = dict.fromkeys(
        path.name if path.parent == folder else f"{path.relative_to(folder).parts[0]}/" for path in paths
    )
    if names:
        console.print(Text(f"{what}: {', '.join(names)}"))


def _listed(numbers: dict[Bilingual, int], lang: str) -> str:
    parts = [f"{name.in_language(lang)} {number}" for name, number in numbers.items() if number]
    if not parts:
        return ""
    return f" ({', '.join(parts)})" if lang == "en" else f"（{'，'.join(parts)}）"


def _parts(one: Shown, lang: str) -> tuple[str | Text, ...]:
    """What to say of a finding, under `HEADERS`."""
    finding = one.finding
    return (
        clipped(one.form, 48),
        _first_place(str(finding["place"]), lang),
        clipped(shown(finding, "reported"), 20),
        clipped(shown(finding, "expected"), 20),
        Text.assemble(
            (f"{finding['code']}\n", STYLE[str(finding["severity"])]), clipped(str(finding["message"]), 120)
        ),
    )


def _print_worst(rows: list[tuple[str | Text, ...]], headers: list[str], console: Console) -> None:
    """A table; where the terminal has no room for one, a line for each of its cells."""
    if console.width < NARROW:
        for row in rows:
            console.print()
            for header, part in zip(headers, row, strict=True):
                if part:
                    console.print(Text.assemble(f"{header} ", part))
        return
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_lines=False)
    for header, width in zip(headers, WIDTHS, strict=True):
        table.add_column(header, overflow="fold", max_width=width)
    for row in rows:
        *short, finding = row
        table.add_row(*short, Wrapped(Text.assemble(finding)))
    console.print(table)


def _first_place(place: str, lang: str) -> str:
    first, *others = place.split("; ")
    if not others:
        return first
    return f"{first} +{len(others)}" if lang == "en" else f"{first} 等{len(others) + 1}处"
