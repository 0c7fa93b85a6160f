"""Quotes around the cells of TAB-separated rows: ``"甲\\n乙"``, as Excel copies a cell with line ends."""

from __future__ import annotations

from extract.text.tables import SourceLine

_MOST_QUOTED_LINES = 60
_LONGEST_QUOTED_LINE = 20_000


def join_quoted_lines(lines: list[SourceLine]) -> list[SourceLine]:
    """Make one line of every row whose quoted cells (``"甲\\n乙"``, as Excel copies them) hold line ends."""
    joined: list[SourceLine] = []
    at = unquotable = 0
    while at < len(lines):
        text = lines[at].text
        taken = 1
        if at >= unquotable and (text.startswith('"') or '\t"' in text):
            taken = _count_quoted_lines(lines, at)
            if taken == 0:
                # The quote never ends. Quotes further down that scan would look at the same lines again.
                taken, unquotable = 1, at + _MOST_QUOTED_LINES
        if taken > 1:
            text = "\n".join(line.text for line in lines[at : at + taken])
        joined.append(SourceLine(text, lines[at].number))
        at += taken
    return joined


def _count_quoted_lines(lines: list[SourceLine], at: int) -> int:
    """Over how many lines the row at ``at`` goes: 1 for an ordinary one, 0 where a quote stays open."""
    text = lines[at].text
    start = _open_quote(text, 0)
    taken = 1
    while start is not None:
        if taken == _MOST_QUOTED_LINES or at + taken == len(lines) or len(text) > _LONGEST_QUOTED_LINE:
            return 0
        text += "\n" + lines[at + taken].text
        taken += 1
        start = _open_quote(text, start)
    if taken > 1:
        cells = split_row(text)
        # A dump's cell may hold quotes and line ends of its own: one cell makes no row.
        if len(cells) < 2 or (len(cells) == 2 and not cells[0]) or not any("\n" in cell for cell in cells):
            return 1
    return taken


def _open_quote(text: str, start: int) -> int | None:
    """Where the cell begins whose quote is still open at the end of ``text``, if there is one."""
    while start <= len(text):
        if text.startswith('"', start):
            end = _closing_quote(text, start)
            if end is None:
                return start
            start = max(end, start)
        tab = text.find("\t", start)
        if tab < 0:
            return None
        start = tab + 1
    return None


def _closing_quote(text: str, start: int) -> int | None:
    """The quote that ends the cell whose quote is at ``start``: ``start`` itself where the quoting is
    inconsistent, None where the text ends before."""
    at = text.find('"', start + 1)
    while at >= 0:
        if text.startswith('"', at + 1):
            at = text.find('"', at + 2)
        elif at + 1 == len(text) or text[at + 1] in "\t":
            return at
        else:
            return start
    return None


def split_row(text: str) -> list[str]:
    """The cells of a TAB-separated row; quotes around cells are dropped where a program put them there."""
    if '"' not in text:
        return text.split("\t")
    cells: list[tuple[str, bool]] = []
    start = 0
    while start <= len(text):
        end = _closing_quote(text, start) if text.startswith('"', start) else start
        if end is not None and end > start:
            cells.append((text[start : end + 1], True))
            start = end + 2
        else:
            tab = text.find("\t", start)
            tab = len(text) if tab < 0 else tab
            cells.append((text[start:tab], False))
            start = tab + 1
    filled = [is_quoted for cell, is_quoted in cells if cell.strip()]
    all_quoted = len(filled) > 1 and all(filled)
    return [_unquote(cell, all_quoted) if is_quoted else cell for cell, is_quoted in cells]


def _unquote(cell: str, all_quoted: bool) -> str:
    """``cell`` without its quotes, unless the author may have set them: ``"甲"`` needs none."""
    inside = cell[1:-1]
    if all_quoted or any(sign in inside for sign in '\n\t,"'):
        return inside.replace('""', '"')
    return cell
