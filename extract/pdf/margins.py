"""Headers, footers and page numbers: lines of a page that are no part of its text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from extract.pdf.sheet import FlowLine

#: a margin is at most so high, in points and as part of the page
_HIGHEST, _HIGHEST_PART = 80.0, 0.25
#: at most so many lines of a page are header, and so many are footer
_MOST_LINES = 3
#: a title repeated on every page is larger than the text; a header is not
_HEADER_SIZE = 1.05
_SAME_PLACE = 4.0

# "- 2 -", "第 3 页 共 5 页", "2/5", "Page 2 of 5"
_PAGE_NUMBER = re.compile(
    r"""[-—–·•~\s]*\d{1,4}[-—–·•~\s]*
      | 第?\s*\d{1,4}\s*页(?:\s*[,，/]?\s*[（(]?\s*共\s*\d{1,4}\s*页\s*[)）]?)?
      | (?:Page|P\.?)\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?
      | \d{1,4}\s*/\s*\d{1,4}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")


def find_margins(lines: Sequence[FlowLine], heights: dict[int, float], size: float) -> set[FlowLine]:
    """The lines that stand in the margins: page numbers, and what the same place of other pages says.

    ``heights`` are those of the pages, ``size`` is the usual type size of the document's tables and text.
    """
    margins: set[FlowLine] = set()
    places: dict[tuple[bool, str], list[FlowLine]] = defaultdict(list)
    for flow, is_header in _outermost(lines, heights):
        if _PAGE_NUMBER.fullmatch(flow.line.text.strip()):
            margins.add(flow)
        elif not is_header or flow.line.size <= _HEADER_SIZE * size:
            places[is_header, _DIGITS.sub("#", flow.line.text)].append(flow)
    for (is_header, _), alike in places.items():
        for flow in alike:
            if any(other.page != flow.page and _is_level(flow, other, heights, is_header) for other in alike):
                margins.add(flow)
    return margins


def _outermost(lines: Sequence[FlowLine], heights: dict[int, float]) -> Iterable[tuple[FlowLine, bool]]:
    """The first and last lines of each page that stand in its margins, and whether they stand on top."""
    pages: dict[int, list[FlowLine]] = defaultdict(list)
    for flow in lines:
        pages[flow.page].append(flow)
    for page, flows in pages.items():
        flows.sort(key=lambda flow: flow.line.y0)
        margin = min(_HIGHEST, _HIGHEST_PART * heights[page])
        for flow in flows[:_MOST_LINES]:
            if flow.line.y1 <= margin:
                yield flow, True
        for flow in flows[-_MOST_LINES:]:
            if flow.line.y0 >= heights[page] - margin:
                yield flow, False


def _is_level(one: FlowLine, other: FlowLine, heights: dict[int, float], is_header: bool) -> bool:
    if is_header:
        return abs(one.line.y0 - other.line.y0) <= _SAME_PLACE
    below = heights[one.page] - one.line.y0, heights[other.page] - other.line.y0
    return abs(below[0] - below[1]) <= _SAME_PLACE
