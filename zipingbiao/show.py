"""Print how a file was read: its forms as grids, in each cell the text and under it the field it was read as."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from extract.document import Bilingual, Cell, Document, Grid
from extract.readers import read
from normalize.form import AMOUNTS, Form, Role
from normalize.formless import why_formless
from normalize.labels.unknown import unknown_labels
from normalize.layout import find_forms
from normalize.record import Entry, FundLine, Indicator, Number, Record
from normalize.schema import load_schema
from normalize.to_record import to_record
from normalize.values.types import Blank, Unreadable, Value
from zipingbiao.parsing import describe
from zipingbiao.tables import build_label_row, written
from zipingbiao.terminal import clipped

#: characters that are shown of a cell, and of a value: enough to know it again
CELL, VALUE = 40, 160
#: a longer role's name is broken behind its first word, so that columns stay narrow
LONGEST_ROLE = 10
#: roles that are no field of the schema
ROLES = {
    "label": "标签",
    "placeholder": "占位",
    "note": "说明",
    "title": "标题",
    "item": "资金来源",
    "total_weight": "总分值",
    "total_score": "总分",
    "total_other": "其他合计",
    "subtotal": "小计",
    "amount_unit": "金额单位",
    "level1": "一级指标",
    "level2": "二级指标",
}
FUND_FIELDS = (*AMOUNTS, "execution_rate", "weight", "score")


def show(path: str | Path, console: Console, lang: str) -> None:
    """Print each form of a file, or, where it has none, whatever it holds. Raises `ReadError`."""
    document = read(path)
    forms = find_forms(document)
    for number, form in enumerate(forms, 1):
        _print_form(form, f"{number}/{len(forms)}", console, lang)
    if not forms:
        print_formless(document, console, lang)


def _print_form(form: Form, number: str, console: Console, lang: str) -> None:
    record = to_record(form)
    print_heading(record, number, console, lang)
    for grid in form.grids:
        console.print(_grid(grid, form.roles, lang))
    for paragraph in record.texts:
        console.print(Text.assemble((f"{paragraph.section}  ", "cyan"), clipped(paragraph.text, VALUE)))
    console.print(_reading(record, lang))
    for cell in form.unclaimed:
        console.print(Text(f"? {cell.where.place}: {clipped(cell.text, VALUE)}", style="bold red"))
    _print_unknown(form, console, lang)


def print_heading(record: Record, number: str, console: Console, lang: str) -> None:
    """Print a line with a form's number, ``1/3``, and its title."""
    title = clipped(record.title.value, CELL) if record.title else ""
    console.rule(Text(f"{'form' if lang == 'en' else '表单'} {number} {title}".rstrip()))


def _print_unknown(form: Form, console: Console, lang: str) -> None:
    """The labels that nobody knew, with the lines of a file for ``--aliases`` that teach the best guesses."""
    labels = [build_label_row(one, "") for one in unknown_labels(form) if not one.is_read]
    if not labels:
        return
    heading = Bilingual(
        "未识别的标签；核对字段后存为 UTF-8 文件，用 --aliases 给出：",
        "Unknown labels; check the fields, save the lines as a file in UTF-8, and give it with --aliases:",
    )
    console.print(heading.in_language(lang))
    for row in labels:
        # to be copied: no line may be broken
        console.print(
            Text(f"# {row['place']} {row['label']}: {row['guesses'] or '?'}", style="dim"), soft_wrap=True
        )
        console.print(Text(str(row["toml"])), soft_wrap=True)


def print_formless(document: Document, console: Console, lang: str) -> None:
    """Print whatever a document without a form holds."""
    console.print("There is no form in this file." if lang == "en" else "这个文件里没有找到自评表。")
    if why := why_formless(document):
        console.print(why.in_language(lang))
    for block in document.blocks:
        if isinstance(block, Grid):
            console.print(_grid(block, {}, lang))
        else:
            console.print(Text(clipped(block.text, VALUE)))


def _grid(grid: Grid, roles: Mapping[Cell, Role], lang: str) -> Table:
    """The grid with the numbers that places name; columns in which no cell begins are left out."""
    columns = sorted({cell.where.col or 1 for cell in grid.cells() if cell.text.strip()})
    table = Table(box=box.SQUARE, show_lines=True, padding=0)
    table.add_column("", style="dim", justify="right")
    for col in columns:
        table.add_column(str(col), overflow="fold", header_style="dim")
    above: set[Cell] = set()
    for row in grid.rows:
        # a merged cell is shown where it begins, and only there
        own = {cell.where.col or 1: cell for cell in row if cell not in above}
        number = next((cell.where.row for cell in own.values()), None)
        table.add_row(str(number or ""), *(_cell(own.get(col), roles, lang) for col in columns))
        above = set(row)
    return table


def _cell(cell: Cell | None, roles: Mapping[Cell, Role], lang: str) -> Text:
    """A cell's text, and under it what it was read as; `?` beside what nobody claimed."""
    if cell is None or not cell.text.strip():
        return Text("")
    text = clipped("".join(cell.text.split("\n")), CELL)
    role = roles.get(cell)
    if role is None:
        return Text(f"? {text}", style="bold red")
    guessed = f" {role.match} {written(role.confidence)}" if role.match == "fuzzy" else ""
    name = role_name(role.name, lang)
    name = name.replace("_", "_\n", 1) if len(name) > LONGEST_ROLE else name
    return Text.assemble(text, "\n", (f"{name}{guessed}", "dim" if role.name == "label" else "cyan"))


def role_name(role: str, lang: str) -> str:
    """What to call a role: the field's name, or in Chinese the national template's label for it."""
    if lang == "en":
        return role
    return ROLES.get(role) or load_schema().names.get(role, role.removeprefix("extra:"))


def _reading(record: Record, lang: str) -> Table:
    """What was read: head fields, fund lines, indicators and total, each with its place."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    for header in ("field", "read as", "place") if lang == "en" else ("字段", "读作", "位置"):
        table.add_column(header, overflow="fold")
    for name, value, place in _fields(record, lang):
        table.add_row(name, clipped(value, VALUE), place)
    return table


def _fields(record: Record, lang: str) -> Iterable[tuple[str, str, str]]:
    if record.year:
        yield role_name("fiscal_year", lang), str(record.year.value), record.year.place
    for name, entry in record.heading.items():
        yield role_name(name, lang), entry.value, entry.place
    for line in record.funds:
        yield role_name(line.item, lang) or "?", _fund_line(line, lang), line.label.place
    for one in record.indicators:
        yield (
            f"{one.seq} {' · '.join(role_name(key, lang) for key in _levels(one)) or '?'}",
            _indicator(one, lang),
            one.name_entry.place,
        )
    total = record.total
    if total.score:
        yield (
            role_name("total_score", lang),
            " / ".join((_number(total.score), _number(total.weight))),
            total.score.place,
        )


def _levels(one: Indicator) -> list[str]:
    return [key for key in (one.level1, one.level2) if key]


def _fund_line(line: FundLine, lang: str) -> str:
    entries = ((role_name(name, lang), getattr(line, name)) for name in FUND_FIELDS)
    return ", ".join(f"{name} {_number(entry)}" for name, entry in entries if entry and entry.raw.strip())


def _indicator(one: Indicator, lang: str) -> str:
    values = " → ".join(_value(entry, lang) for entry in (one.target, one.actual) if entry is not None)
    points = " / ".join(_number(entry) for entry in (one.score, one.weight) if entry is not None)
    return f"{one.name}: {values}; {points}"


def _value(entry: Entry[Value], lang: str) -> str:
    return "–" if isinstance(entry.value, Blank) else describe(entry.value, lang)


def _number(entry: Entry[Number] | None) -> str:
    """The number; a dash where there is none, `?` with the text where it cannot be read."""
    if entry is None or isinstance(entry.value, Blank):
        return "–"
    return f"?{entry.raw.strip()}" if isinstance(entry.value, Unreadable) else written(entry.value)
