"""Tables whose columns are parted by bars: Markdown's ``|``, and frames drawn with ``│`` or ``+---+``."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from extract.limits import MAX_COLUMNS
from extract.text.boxes import read_frame
from extract.text.padded import read_padded_table
from extract.text.strokes import BARS, is_ink, is_ruler, is_stroke
from extract.text.tables import (
    SourceLine,
    Table,
    TableCell,
    is_ragged,
    require_columns,
    require_slots,
    tidy,
)

_ANY_BAR = re.compile(f"[{BARS}]")
_DRAWN_BAR = re.compile(f"[{BARS.replace('|', '')}]")
_FRAME_START = re.compile(r"[\u2500-\u257f]|\+[-=]")
_UNESCAPED_PIPE = re.compile(r"(?<!\\)\|")

_DELIMITER_ROW = re.compile(
    r"""
    # | --- | :--: |     ---|---
    \s*+ (?: \| \s*+ )?+ :?-++:? \s*+
    (?: \| \s*+ :?-++:? \s*+ )*+
    \|? \s*+
    """,
    re.VERBOSE,
)

_INLINE = re.compile(
    r"""
      \\ (?P<escaped> [!-/:-@\[-`{-~] )              # \|   \*
    | (?P<line_break> < br \s{0,3} /? > )            # <br>  <br />
    | \\ (?P<line_end> \n | $ )                      # a line break: 项目资金\ at the end of a line
    | (?P<entity> & (?: \#\d{1,7} | \#x[0-9a-f]{1,6} | [a-z]{2,8} ) ; )   # &nbsp;  &#160;
    """,
    re.VERBOSE | re.IGNORECASE,
)

_STRONG = re.compile(
    r"""
    # **甲乙**   **甲：**乙   but not the placeholder (≥**人)
    (?: ^ | (?<=\s) | (?<=>) )
    \*\* (?P<inside> [^\s*] (?: [^*\n]* [^\s*] )? ) \*\*
    (?: (?= $ | [\s<：:，,。；;] ) | (?<= [：:]\*\* ) )
    """,
    re.VERBOSE | re.MULTILINE,
)

_HEADING = re.compile(r"\#{1,6}[ \t]+")


def _may_hold_bars(text: str) -> bool:
    return "|" in text or _FRAME_START.search(text) is not None


def split_off_bar_tables(chunk: Sequence[SourceLine]) -> Iterator[Sequence[SourceLine] | Table]:
    """The tables with bars in ``chunk``, lines without a blank one between them, and the lines around them.

    Raises ReadError for more cells or columns than are read.
    """
    if not any(_may_hold_bars(line.text) for line in chunk):
        yield chunk
        return
    start = at = frameless = 0
    while at < len(chunk):
        table, end = read_padded_table(chunk, at)
        if table is None and (_may_hold_bars(chunk[at].text) or is_stroke(chunk[at].text)):
            if at >= frameless:
                end, frameless = _end_of_frame(chunk, at)
                table = (read_frame(chunk[at:end]) or _split_at_bars(chunk[at:end])) if end > at else None
            if table is None:
                table, end = _read_pipe_table(chunk, at)
        if table is not None:
            if start < at:
                yield chunk[start:at]
            yield table
            start = end
        at = end
    if start < at:
        yield chunk[start:at]


def _end_of_frame(lines: Sequence[SourceLine], at: int) -> tuple[int, int]:
    """Behind the last line of the drawn frame that begins at ``at`` (``at`` itself where there is none), and
    up to where no other frame can begin if this is not one."""
    end = at
    is_drawn = False
    fenced: bool | None = None
    last_row = at
    while end < len(lines):
        text = lines[end].text
        if is_ruler(text) or is_stroke(text):
            is_drawn = True
        elif _is_delimiter_row(text, is_second=False):
            return at, at + 1
        elif _ANY_BAR.search(text):
            # Either all rows begin with a bar or none does.
            starts_with_bar = text.lstrip()[0] in BARS
            if fenced is not None and starts_with_bar != fenced:
                break
            fenced = starts_with_bar
            is_drawn = is_drawn or "|" not in text
            last_row = end
        else:
            break
        end += 1
    if fenced is None:
        return at, end
    return end if is_drawn else at, last_row + 1


def _split_at_bars(lines: Sequence[SourceLine]) -> Table | None:
    """A frame whose drawn bars do not stand over each other: they are counted instead of measured."""
    rows = [line for line in lines if not is_ink(line.text)]
    if not all(_DRAWN_BAR.search(line.text) and not is_ruler(line.text) for line in rows):
        return None
    if len(rows) == 1 and rows[0].text.lstrip()[0] not in BARS:
        return None
    require_slots(sum(len(_DRAWN_BAR.findall(line.text)) for line in rows))
    cells: list[list[TableCell]] = []
    for line in rows:
        parts = [part.strip() for part in _DRAWN_BAR.split(line.text)]
        inside = parts[not parts[0] : len(parts) - (not parts[-1] and len(parts) > 2)]
        cells.append([TableCell(part, line.number) for part in inside])
    columns = max(map(len, cells))
    require_columns(columns)
    require_slots(columns * len(cells))
    return Table(cells, columns)


def _read_pipe_table(lines: Sequence[SourceLine], at: int) -> tuple[Table | None, int]:
    """The pipe table that begins at ``at``, if one does, and the index behind what was looked at."""
    below = lines[at + 1].text if at + 1 < len(lines) else ""
    has_delimiter = "|" in lines[at].text and _is_delimiter_row(below, is_second=True)
    if not has_delimiter and not _is_fenced_row(lines[at].text):
        return None, at + 1
    is_row = _has_pipe if has_delimiter else _is_fenced_row
    end = at + 1
    while end < len(lines) and is_row(lines[end].text):
        end += 1
    taken = lines[at:end]
    # Counted before they are split: a line can hold millions of pipes.
    require_slots(sum(line.text.count("|", 0, len(line.text.rstrip("| \t"))) for line in taken))
    is_fenced = lines[at].text.lstrip().startswith("|")
    rows = [
        [TableCell(_plain_cell(cell), line.number) for cell in _split_pipes(line.text, is_fenced)]
        for number, line in enumerate(taken)
        if not _is_delimiter_row(line.text, is_second=number == 1)
    ]
    columns = max(map(len, rows), default=0)
    if columns == 0:
        return None, at + 1
    require_slots(columns * len(rows))
    return Table(rows, None if is_ragged(rows) else columns, is_shown=True), end


def _has_pipe(text: str) -> bool:
    return "|" in text


def _is_fenced_row(text: str) -> bool:
    """``| a | b`` with or without the last pipe."""
    return text.lstrip().startswith("|") and text.count("|") - text.count("\\|") > 1


def _is_delimiter_row(text: str, is_second: bool) -> bool:
    """Whether the row only rules a line. Below the second row, single dashes are what someone filled in."""
    if "|" not in text or not _DELIMITER_ROW.fullmatch(text):
        return False
    return is_second or all(cell.count("-") > 2 for cell in _split_pipes(text, is_fenced=True))


def _split_pipes(text: str, is_fenced: bool) -> list[str]:
    """The cells of a pipe row, as written. Without a fence, a pipe in front means that the first is blank."""
    text = text.strip()
    if text.count("|") > MAX_COLUMNS:
        text = text.rstrip("| \t")
        require_columns(len(_UNESCAPED_PIPE.findall(text)))
    cells = _UNESCAPED_PIPE.split(text)
    if is_fenced and not cells[0].strip():
        del cells[0]
    if len(cells) > 1 and not cells[-1].strip() and text.endswith("|"):
        del cells[-1]
    return cells


def _plain_cell(text: str) -> str:
    lines = plain_inline(text).split("\n")
    return tidy("\n".join(line.strip() for line in lines))


def plain_inline(text: str) -> str:
    """``text`` as Markdown shows it: emphasis, escapes, entities and ``<br>`` resolved.

    >>> plain_inline(r"**A\\|B**<br>&lt;1%")
    'A|B\\n<1%'
    """
    if "**" in text:
        text = _STRONG.sub(r"\g<inside>", text)
    if "\\" in text or "<" in text or "&" in text:
        text = _INLINE.sub(_shown, text)
    return text


def _shown(match: re.Match[str]) -> str:
    if match["escaped"]:
        return match["escaped"]
    if match["line_break"]:
        return "\n"
    if match["line_end"] is not None:
        return match["line_end"]
    return html.unescape(match["entity"]).replace("\xa0", " ")


def plain_heading(text: str) -> str:
    """A Markdown line without its heading marks and emphasis."""
    marks = _HEADING.match(text)
    return plain_inline(text[marks.end() :] if marks else text)
