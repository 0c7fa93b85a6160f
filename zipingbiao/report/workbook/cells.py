"""Whole rows for a worksheet, put together at once as the XML that XlsxWriter makes of them cell by cell.

A year of a province has ten million cells, and to hand them over one by one takes five times as long. Everything that
is once a sheet or once a workbook stays with XlsxWriter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

#: a text of the file that XlsxWriter and Excel would take for an escaped character, unless its line is escaped itself
_ESCAPED = re.compile("_(?=x[0-9a-fA-F]{4}_)")


def text_cell(address: str, style: str, text: str) -> str:
    """A cell of a text; ``address`` is such as ``B7``, ``style`` what `Looks.style` says.

    ``text`` holds nothing that XML forbids: it comes from `zipingbiao.report.workbook.texts.fitting`.

    >>> text_cell("B7", ' s="1"', "甲 & 乙")
    '<c r="B7" s="1" t="inlineStr"><is><t>甲 &amp; 乙</t></is></c>'
    """
    space = ""
    if not text.isalnum():  # most are nothing but letters and digits
        if text.strip() != text:
            space = ' xml:space="preserve"'
        text = _escaped(text)
    return f'<c r="{address}"{style} t="inlineStr"><is><t{space}>{text}</t></is></c>'


def number_cell(address: str, style: str, number: str, formula: str = "") -> str:
    """A cell of a number, or of a formula and the number that it amounts to.

    >>> number_cell("A1", "", "1.5"), number_cell("A1", "", "0.5", "ROUND(1/2,2)")
    ('<c r="A1"><v>1.5</v></c>', '<c r="A1"><f>ROUND(1/2,2)</f><v>0.5</v></c>')
    """
    worked = f"<f>{_escaped(formula)}</f>" if formula else ""
    return f'<c r="{address}"{style}>{worked}<v>{number}</v></c>'


def _escaped(text: str) -> str:
    if "_x" in text:
        text = _ESCAPED.sub("_x005F_", text)
    if "\r" in text:  # XML would read it as a line feed
        text = text.replace("\r", "_x000D_")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class RowWriter:
    """Appends rows to a worksheet that was opened with ``constant_memory``, whose first row its own methods have written.

    Rows are counted from 0, as XlsxWriter does, and each is written once, in their order.
    """

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet

    def write(self, row: int, cells: Iterable[str], points: int) -> None:
        """Write the ``cells`` of a row, which is so many points high."""
        sheet = self._sheet
        # now that there is a later row, the first one leaves memory; of this one the writer knows only that it is there
        sheet._write_single_row(row)
        sheet.dim_rowmax = row
        sheet.fh.write(f'<row r="{row + 1}" ht="{points}" customHeight="1">{"".join(cells)}</row>')

    def link(self, row: int, col: int, address: str, text: str) -> None:
        """Make a link of a cell that is written with its row; ``address`` as in `zipingbiao.report.workbook.links`."""
        self._sheet.ignore_write_string = True
        self._sheet.write_url(row, col, address, None, text)
        self._sheet.ignore_write_string = False
