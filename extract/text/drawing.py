"""Where the lines of a drawn frame stand, and which of its cells each text is in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.text.strokes import BARS, INK, JOINTS, STROKES, is_ruler
from extract.text.tables import SourceLine, WidthRule, display_columns

_FAR = 1_000_000


@dataclass(frozen=True, slots=True)
class Drawing:
    """A frame's lines, which of them are drawn, and the display columns of its vertical edges."""

    lines: Sequence[SourceLine]
    is_drawn: Sequence[bool]
    rule: WidthRule
    edges: Sequence[int]

    @property
    def columns(self) -> int:
        return len(self.edges) - 1

    @property
    def drawn_edges(self) -> list[int]:
        """The indices of the edges that are drawn, not those of a frame that is open at its sides."""
        return [edge for edge, column in enumerate(self.edges) if -1 < column < _FAR]

    def bars_on_edges(self, text: str) -> list[tuple[int, int]]:
        """The bars of a row that stand on an edge: where in ``text``, and which edge."""
        starts = display_columns(text, self.rule)
        found: list[tuple[int, int]] = []
        for at in bars(text):
            # A bar one column off still is the edge: some characters are as wide as a font makes them.
            edge = bisect_right(self.edges, starts[at] + 1) - 1
            is_near = edge >= 0 and starts[at] - self.edges[edge] <= 1
            if is_near and (not found or edge > found[-1][1]):
                found.append((at, edge))
        return found

    def fits(self, text: str) -> bool:
        """Whether the bars of a row stand on edges: all of them, or one on every edge."""
        return len(self.bars_on_edges(text)) in (len(bars(text)), len(self.drawn_edges))

    def cuts(self, text: str) -> list[tuple[int, int]]:
        """The bars of a row that part cells. Where they are out of line but as many as edges, they are counted."""
        found = self.bars_on_edges(text)
        drawn = self.drawn_edges
        if len(found) < len(drawn) and len(at := bars(text)) == len(drawn):
            return list(zip(at, drawn, strict=True))
        return found

    def pieces(self, text: str, cuts: Sequence[tuple[int, int]]) -> Iterator[tuple[int, str]]:
        """What stands between the cuts of a row, each with the column it begins in; nothing is left out."""
        start, column = 0, 0
        for at, edge in cuts:
            if start or text[:at].strip():
                yield min(column, self.columns - 1), text[start:at].strip()
            start, column = at + 1, edge
        yield min(column, self.columns - 1), text[start:].strip()

    def texts(self, text: str) -> dict[int, str]:
        """What stands in the columns of a row that are not blank."""
        return {column: piece for column, piece in self.pieces(text, self.cuts(text)) if piece}

    def ruled(self, text: str) -> Iterator[tuple[int, bool, str]]:
        """For each column of a drawn line: whether it is drawn there, and what is written there instead."""
        starts = display_columns(text, self.rule)
        begin = 0
        for column in range(self.columns):
            end = bisect_right(starts, self.edges[column + 1] - 1)
            if column == self.columns - 1:
                end = len(text)
            inside = text[begin:end].strip()
            begin = end
            written = inside.strip(INK + " \u3000")
            yield column, sum(map(inside.count, STROKES)) > len(written), written


def bars(text: str) -> list[int]:
    """Where in ``text`` the bars are."""
    return [at for at, character in enumerate(text) if character in BARS]


def measure(lines: Sequence[SourceLine], is_drawn: Sequence[bool], rule: WidthRule) -> Drawing:
    """Find the vertical edges: the joints of the rulers, or else the bars of the row that has the most."""
    edges: set[int] = set()
    open_left = open_right = False
    for text in {line.text for line, drawn in zip(lines, is_drawn, strict=True) if drawn}:
        if is_ruler(text):
            starts = display_columns(text, rule)
            edges.update(starts[at] for at, character in enumerate(text) if _is_joint(text, at, character))
            open_left = open_left or text.lstrip()[0] in STROKES
            open_right = open_right or text.rstrip()[-1] in STROKES
    if not edges:
        rows = [line.text for line, drawn in zip(lines, is_drawn, strict=True) if not drawn]
        fullest = max(rows, key=lambda text: sum(map(text.count, BARS)))
        starts = display_columns(fullest, rule)
        edges.update(starts[at] for at, character in enumerate(fullest) if character in BARS)
        open_left = fullest.lstrip()[0] not in BARS
        open_right = fullest.rstrip()[-1] not in BARS
    # Two edges side by side leave no room for a character: rounding drew one edge twice.
    kept: list[int] = [-1] if open_left else []
    for edge in sorted(edges):
        if not kept or edge - kept[-1] > 1 or kept[-1] < 0:
            kept.append(edge)
    return Drawing(lines, is_drawn, rule, kept + ([_FAR] if open_right else []))


def _is_joint(text: str, at: int, character: str) -> bool:
    """Whether the character joins a drawn line: the ``+`` of ``--+--`` does, that of ``A+B`` does not."""
    if character not in JOINTS and character not in BARS:
        return False
    return text[at - 1 : at] in tuple(STROKES) or text[at + 1 : at + 2] in tuple(STROKES)
