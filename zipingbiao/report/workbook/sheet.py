"""A table as a sheet: header, rows, widths, and an Excel table around it, so that it can be filtered and sorted.

Nothing that a form says becomes a formula or a link. What was recomputed is a formula with the printed numbers in
it; formulas come from the columns ``…_formula`` alone, and only where they are nothing but arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from xlsxwriter.utility import xl_col_to_name, xl_range

from extract.document import Bilingual
from zipingbiao.columns import Column, Datum, Row
from zipingbiao.recompute.formula import is_formula
from zipingbiao.report.workbook.cells import RowWriter, number_cell, text_cell
from zipingbiao.report.workbook.links import MAX_LINKS
from zipingbiao.report.workbook.looks import COLOURS, Looks
from zipingbiao.report.workbook.texts import UNITS, fitting, height, lines, shown_number, width
from zipingbiao.tables import written

#: Excel's own bounds: rows of a sheet, characters of a formula
MAX_ROWS = 1_048_576
MAX_FORMULA = 8_192
_WHOLE_SHEET = f"A1:XFD{MAX_ROWS}"
#: what stands under a sheet that does not hold all rows of its table
THE_REST = Bilingual(
    "本页只列出前 {shown} 行，另有 {left_out} 行未列出。全部行见 {name}.csv、{name}.parquet 或 zipingbiao.sqlite"
    "（运行时用 --tables 选择 csv、parquet、sqlite）。",
    "This sheet holds the first {shown} rows; {left_out} more are left out. All are in {name}.csv, {name}.parquet and "
    "zipingbiao.sqlite (choose csv, parquet or sqlite with --tables).",
)
#: columns that have a colour, and the one whose value decides which
COLOURED = {"level": "severity", "severity": "severity", "status": "status"}
#: columns that are shown whole, and how many lines of any other a row shows at most
_SENTENCES, _MOST_BESIDE = frozenset({"message", "error"}), 6
#: so many rows decide how wide a column is, between these two
_MEASURED_ROWS = 200
_NARROWEST, _WIDEST = 8, 44
#: a page of A4 across holds so many columns of the screen before its print gets too small to read
_PAGE = 260
_A4 = 9
NO_LINKS: Mapping[str, str] = {}


def shown_columns(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns that a sheet shows: a formula stands in the cell of its number, and not beside it as text."""
    names = {column.name for column in columns}
    return tuple(
        column for column in columns if column.name.removesuffix("_formula") not in names - {column.name}
    )


class _Place(NamedTuple):
    """Where a column stands on the sheet, and what is asked of each of its cells."""

    col: int
    #: the column as Excel calls it
    letters: str
    name: str
    unit: Bilingual
    #: whether the field of a finding says what its numbers are counted in
    by_field: bool
    #: the columns that hold the formulas of its numbers, and what decides on its colour; blank for none
    formula: str
    coloured: str
    looks: tuple[str, ...]
    #: the style of these
    style: str


class Sheet:
    """A sheet of an open workbook; ``name`` is the table's, ``wrapped`` the columns of sentences with their widths.

    On paper stand the first ``printed`` columns, or all. It holds the first ``most`` rows.
    """

    def __init__(
        self,
        sheet: Any,
        name: str,
        columns: Sequence[Column],
        looks: Looks,
        lang: str,
        wrapped: Mapping[str, int],
        printed: int = 0,
        most: int = MAX_ROWS,
    ) -> None:
        self._sheet, self._name, self._looks, self._wrapped = sheet, name, looks, wrapped
        self._lang = lang
        self._columns = shown_columns(columns)
        self._places = _places(self._columns, columns, wrapped, looks)
        self._printed = printed or len(self._columns)
        self._links = 0
        # header and last line have a row of their own
        self._most = min(most, MAX_ROWS - 2)
        #: rows so far, without the header; and those that the sheet does not hold
        self.rows = self.left_out = 0
        self._titles = [
            column.name if lang == "en" else f"{column.zh}\n{column.name}" for column in self._columns
        ]
        # the arrow of the filter takes room beside the title
        self._widths = [
            wrapped.get(column.name) or max(width(line, _WIDEST) for line in title.split("\n")) + 4
            for column, title in zip(self._columns, self._titles, strict=True)
        ]
        sheet.set_default_row(height(1))
        sheet.set_row(0, height(1 if lang == "en" else 2))
        for col, title in enumerate(self._titles):
            sheet.write_string(0, col, title, looks.of("header"))
        self._writer = RowWriter(sheet)

    @property
    def title(self) -> str:
        """The name on the sheet's tab."""
        return str(self._sheet.get_name())

    def write(self, row: Row, links: Mapping[str, str] = NO_LINKS) -> None:
        """Append a row, with links by column."""
        if self.rows >= self._most:
            self.left_out += 1
            return
        self.rows += 1
        # Excel counts from 1, and the first row is the header's
        at, cells = str(self.rows + 1), []
        for place in self._places:
            datum = row[place.name]
            if isinstance(datum, str):
                if datum:
                    cells.append(self._text(place, at, datum, row, links))
            elif datum is not None:
                cells.append(self._number(place, at, datum, row, links))
        # LibreOffice does not find the height by itself
        self._writer.write(self.rows, cells, height(self._lines_of(row)))

    def _lines_of(self, row: Row) -> int:
        """How many lines a row gets; only a sentence gets as many as it needs."""
        most = 1
        for name, wide in self._wrapped.items():
            needed = lines(written(row[name]), wide)
            most = max(most, needed if name in _SENTENCES else min(needed, _MOST_BESIDE))
        return most

    def _number(self, place: _Place, at: str, datum: Datum, row: Row, links: Mapping[str, str]) -> str:
        unit = UNITS.get(str(row["field"]), place.unit) if place.by_field else place.unit
        number = shown_number(str(datum), unit)
        if number is None:
            return self._text(place, at, written(datum), row, links)
        if number.width > self._widths[place.col]:
            self._widths[place.col] = number.width
        formula = str(row.get(place.formula) or "") if place.formula else ""
        if formula and not (is_formula(formula) and len(formula) < MAX_FORMULA):
            formula = ""
        # a formula's number is there for whoever shows the sheet without computing it
        return number_cell(place.letters + at, self._looks.style(number=number.format), number.value, formula)

    def _text(self, place: _Place, at: str, text: str, row: Row, links: Mapping[str, str]) -> str:
        text, style = fitting(text), place.style
        if self.rows <= _MEASURED_ROWS and place.name not in self._wrapped:
            self._widths[place.col] = max(self._widths[place.col], width(text, _WIDEST) + 3)
        if place.coloured or links:
            style = self._special_style(place, text, row, links)
        return text_cell(place.letters + at, style, text)

    def _special_style(self, place: _Place, text: str, row: Row, links: Mapping[str, str]) -> str:
        """The style of a text that may have a colour or be a link; a link it becomes."""
        looks = place.looks
        if place.coloured and (colour := str(row.get(place.coloured))) in COLOURS:
            looks = (*looks, colour)
        if (link := links.get(place.name)) and self._links < MAX_LINKS:
            self._links += 1
            self._writer.link(self.rows, place.col, link, text)
            looks = (*looks, "link")
        return self._looks.style(*looks)

    def finish(self) -> None:
        """Set table, widths and paper, now that the rows are known, and say under them where the rest is."""
        self._make_table()
        last = max(self.rows, 1)
        if self.left_out:
            last += 1
            said = THE_REST.in_language(self._lang).format(
                shown=f"{self.rows:,}", left_out=f"{self.left_out:,}", name=self._name
            )
            self._sheet.write_string(last, 0, said, self._looks.of("text", "warning"))
        widths = [min(max(wide, _NARROWEST), max(_WIDEST, self._wrapped.get(column.name, 0)))
                  for wide, column in zip(self._widths, self._columns, strict=True)]  # fmt: skip
        for col, wide in enumerate(widths):
            self._sheet.set_column(col, col, wide)
        sheet = self._sheet
        sheet.freeze_panes(1, 0)
        # no green corners: texts that look like numbers are meant, and so are formulas that differ row by row
        sheet.ignore_errors(dict.fromkeys(("number_stored_as_text", "formula_differs"), _WHOLE_SHEET))
        set_paper(sheet)
        sheet.repeat_rows(0)
        sheet.hide_gridlines(0)
        sheet.print_area(0, 0, last, self._printed - 1)
        if sum(widths[: self._printed]) <= _PAGE:
            sheet.fit_to_pages(1, 0)
        else:
            sheet.set_print_scale(60)
            sheet.repeat_columns(0)

    def _make_table(self) -> None:
        """Lay an Excel table over header and rows.

        The writer makes none where rows go to a file at once, since it would write the header anew, and would
        remember every cell of it. Here the header stands already; so it makes one of a single row, which then grows.
        """
        sheet, last = self._sheet, len(self._columns) - 1
        # a line break in a column's name is written like this
        names = [{"header": title.replace("\n", "_x000a_")} for title in self._titles]
        options = {"name": self._name, "style": "Table Style Light 1", "header_row": False, "columns": names}
        sheet.constant_memory = False
        sheet.add_table(1, 0, 1, last, options)
        sheet.constant_memory = True
        whole = xl_range(0, 0, max(self.rows, 1), last)
        sheet.tables[-1].update(range=whole, a_range=whole, autofilter=whole, header_row_count=1)


def set_paper(sheet: Any) -> None:
    """A4 across with narrow margins, the sheet's name above and page numbers below."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_header("&L&A")
    sheet.set_footer("&C&P / &N")


def _places(
    shown: Sequence[Column], columns: Sequence[Column], wrapped: Mapping[str, int], looks: Looks
) -> tuple[_Place, ...]:
    """The places of the columns that are shown; ``columns`` are all of the table."""
    names = {column.name for column in columns}
    places = []
    for col, column in enumerate(shown):
        formula, look = f"{column.name}_formula", ("text", "wrapped") if column.name in wrapped else ("text",)
        places.append(
            _Place(
                col,
                xl_col_to_name(col),
                column.name,
                column.unit,
                "field" in names and column.name in ("reported", "expected", "difference"),
                formula if formula in names else "",
                COLOURED.get(column.name, ""),
                look,
                looks.style(*look),
            )
        )
    return tuple(places)
