"""From ruling lines to the cells of tables: which lines belong together, and which areas they enclose.

Knows nothing of PDF: lines found in a scanned picture give the same tables. Coordinates count from the upper
left corner; a length of 1 is a point (1/72 inch), which the tolerances here are made for.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from extract.document import ReadError
from extract.limits import MAX_RULES, MAX_SLOTS

#: a box at most so thick is a line, not an area
THICKEST = 3.0
#: lines that end so far from each other touch: corners are not drawn exactly
_TOUCH = 3.0
#: parallel lines so close are one line drawn double
_DOUBLE = 3.2
#: pieces of one line are drawn with gaps up to this, dots and dashes up to the second
_GAP, _DASH_GAP = 1.5, 6.0
_DASH = 8.0
_FEWEST_DASHES = 4
#: so much of a cell's side may be without a line, in points or as part of its length
_BARE, _BARE_PART = 5.0, 0.1
#: lines that reach so far beyond the outermost crossing line show an open side of the table
_OVERHANG = 8.0


class Stroke(NamedTuple):
    """A ruling line: where it runs (``at``), and from where to where."""

    at: float
    start: float
    end: float


class Span(NamedTuple):
    """A cell's slots: rows ``top`` <= row < ``bottom``, columns ``left`` <= column < ``right``."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Lattice:
    """A table's skeleton: its column edges ``xs``, its row edges ``ys``, and the cells between them.

    ``cells`` cover all slots without overlap, in reading order.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[Span, ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]


def find_lattices(boxes: Iterable[Sequence[float]]) -> list[Lattice]:
    """The tables that thin boxes (left, top, right, bottom) draw, from the top down.

    A frame is a table of one cell. A line under a title is none, nor are two lines that cross. Raises
    ReadError where there are more lines or slots than are read.
    """
    across, down = strokes(boxes)
    if len(across) + len(down) > MAX_RULES:
        raise _too_many()
    found = [lattice for group in _groups(across, down) if (lattice := _lattice(*group)) is not None]
    return sorted(found, key=lambda lattice: (lattice.ys[0], lattice.xs[0]))


def strokes(boxes: Iterable[Sequence[float]]) -> tuple[list[Stroke], list[Stroke]]:
    """Boxes as lines across and lines down; pieces of one line, its dots and its dashes are put together."""
    across: list[Stroke] = []
    down: list[Stroke] = []
    for x0, y0, x1, y1 in boxes:
        width, height = x1 - x0, y1 - y0
        is_dot = width <= THICKEST and height <= THICKEST
        if height <= THICKEST and (width > height or is_dot):
            across.append(Stroke((y0 + y1) / 2, x0, x1))
        if width <= THICKEST and (height > width or is_dot):
            down.append(Stroke((x0 + x1) / 2, y0, y1))
    return _joined(across), _joined(down)


def _joined(pieces: list[Stroke]) -> list[Stroke]:
    """Put together the pieces that lie on one line."""
    whole: list[Stroke] = []
    for track in _tracks(pieces):
        if len(track) == 1:
            _keep(whole, track[0], 1)
            continue
        track.sort(key=lambda piece: piece.start)
        at = sum(piece.at for piece in track) / len(track)
        start, end, dashes, longest = track[0].start, track[0].end, 1, track[0].end - track[0].start
        for piece in track[1:]:
            length = piece.end - piece.start
            is_dashed = max(longest if dashes == 1 else 0.0, length) <= _DASH
            if piece.start - end <= (_DASH_GAP if is_dashed else _GAP):
                dashes += piece.start > end + _GAP
                end, longest = max(end, piece.end), max(longest, length)
                continue
            _keep(whole, Stroke(at, start, end), dashes)
            start, end, dashes, longest = piece.start, piece.end, 1, length
        _keep(whole, Stroke(at, start, end), dashes)
    return whole


def _keep(whole: list[Stroke], line: Stroke, dashes: int) -> None:
    """A lone dot is dirt; so is a pair of dashes, such as a minus sign that was drawn."""
    if line.end - line.start > THICKEST and (dashes == 1 or dashes >= _FEWEST_DASHES):
        whole.append(line)


def _tracks(pieces: list[Stroke]) -> Iterable[list[Stroke]]:
    """Pieces that run along the same line, give or take half a point."""
    track: list[Stroke] = []
    for piece in sorted(pieces):
        if track and piece.at - track[0].at > 0.5:
            yield track
            track = []
        track.append(piece)
    if track:
        yield track


def _groups(across: list[Stroke], down: list[Stroke]) -> Iterable[tuple[list[Stroke], list[Stroke]]]:
    """Lines that touch one another, directly or by way of others: one group a table."""
    parents = list(range(len(across) + len(down)))

    def root(member: int) -> int:
        while parents[member] != member:
            parents[member] = parents[parents[member]]
            member = parents[member]
        return member

    order = sorted(range(len(down)), key=lambda index: down[index].at)
    places = [down[index].at for index in order]
    for number, line in enumerate(across):
        first = bisect_left(places, line.start - _TOUCH)
        last = bisect_right(places, line.end + _TOUCH)
        whole = root(number)
        for index in order[first:last]:
            _, start, end = down[index]
            member = len(across) + index
            if parents[member] != whole and start - _TOUCH <= line.at <= end + _TOUCH:
                parents[root(member)] = whole
    groups: dict[int, tuple[list[Stroke], list[Stroke]]] = {}
    for number, line in enumerate(across):
        groups.setdefault(root(number), ([], []))[0].append(line)
    for number, line in enumerate(down):
        groups.setdefault(root(len(across) + number), ([], []))[1].append(line)
    return (group for group in groups.values() if group[0] and group[1])


def _lattice(across: list[Stroke], down: list[Stroke]) -> Lattice | None:
    xs, ys = _edges(down, across), _edges(across, down)
    if len(xs) < 2 or len(ys) < 2 or len(across) < 2 or len(across) + len(down) < 4:
        return None
    if (len(xs) - 1) * (len(ys) - 1) > MAX_SLOTS:
        raise _too_many()
    walls = _covered(down, xs, ys)
    floors = _covered(across, ys, xs)
    # An edge that parts nothing is a line that only touches the table: an underline, a stroke of a seal.
    kept_x = [0, *(c for c in range(1, len(xs) - 1) if any(walls[c])), len(xs) - 1]
    kept_y = [0, *(r for r in range(1, len(ys) - 1) if any(floors[r])), len(ys) - 1]
    if len(kept_x) < len(xs) or len(kept_y) < len(ys):
        xs, ys = [xs[c] for c in kept_x], [ys[r] for r in kept_y]
        walls, floors = _covered(down, xs, ys), _covered(across, ys, xs)
    return Lattice(tuple(xs), tuple(ys), tuple(_cells(walls, floors, len(ys) - 1, len(xs) - 1)))


def _edges(lines: list[Stroke], crossing: list[Stroke]) -> list[float]:
    """Where ``lines`` run; a double line is one edge. Open sides end where the crossing lines do."""
    edges: list[float] = []
    first = last = -1e9
    for at in sorted(line.at for line in lines):
        if edges and at - first <= _DOUBLE and at - last <= _DOUBLE:
            last = at
            edges[-1] = (first + last) / 2
            continue
        edges.append(at)
        first = last = at
    start, end = _reach([line.start for line in crossing]), _reach([-line.end for line in crossing])
    if start < edges[0] - _OVERHANG:
        edges.insert(0, start)
    if -end > edges[-1] + _OVERHANG:
        edges.append(-end)
    return edges


def _reach(ends: list[float]) -> float:
    """The farthest place that more than one line reaches: a single one may be an underline beside the table."""
    ends = sorted(ends)
    return ends[1] if len(ends) > 1 else ends[0]


def _covered(lines: list[Stroke], edges: list[float], steps: list[float]) -> list[list[bool]]:
    """For each of ``edges`` and each step between two of ``steps``: whether a line is drawn there."""
    drawn: list[list[tuple[float, float]]] = [[] for _ in edges]
    for line in lines:
        near = bisect_left(edges, line.at)
        if near == len(edges) or (near > 0 and line.at - edges[near - 1] < edges[near] - line.at):
            near -= 1
        if abs(edges[near] - line.at) <= _DOUBLE:
            drawn[near].append((line.start, line.end))
    lengths = [end - start for start, end in pairwise(steps)]
    least = [length - max(min(_BARE, length / 2), _BARE_PART * length) for length in lengths]
    covered = []
    for pieces in drawn:
        if len(pieces) == 1 and pieces[0][0] <= steps[0] and pieces[0][1] >= steps[-1]:
            covered.append([True] * len(lengths))
            continue
        parts = [0.0] * len(lengths)
        done = -1e9
        for start, end in sorted(pieces):
            start = max(start, done)
            done = max(done, end)
            begin = max(bisect_right(steps, start) - 1, 0)
            for index in range(begin, min(bisect_left(steps, end), len(parts))):
                # Most lines run past most steps: these need no comparing.
                first, last = steps[index], steps[index + 1]
                if start <= first and end >= last:
                    parts[index] += last - first
                else:
                    parts[index] += max(min(end, last) - max(start, first), 0.0)
        covered.append([part >= enough for part, enough in zip(parts, least, strict=True)])
    return covered


def _cells(walls: list[list[bool]], floors: list[list[bool]], rows: int, columns: int) -> list[Span]:
    """Join the slots that no line parts. What is no rectangle then is cut into rectangles along its rows."""
    taken = [[False] * columns for _ in range(rows)]
    cells: list[Span] = []
    for top in range(rows):
        for left in range(columns):
            if taken[top][left]:
                continue
            right = left + 1
            while right < columns and not taken[top][right] and not walls[right][top]:
                right += 1
            bottom = top + 1
            # Most cells are one row high, which the first slot of the line below them tells.
            while bottom < rows and not floors[bottom][left]:
                if not _goes_on(walls, floors, taken, bottom, left, right):
                    break
                bottom += 1
            for row in range(top, bottom):
                taken[row][left:right] = [True] * (right - left)
            cells.append(Span(top, left, bottom, right))
    return cells


def _goes_on(
    walls: list[list[bool]],
    floors: list[list[bool]],
    taken: list[list[bool]],
    row: int,
    left: int,
    right: int,
) -> bool:
    """Whether the cell that covers these columns of the row above covers them here as well."""
    if True in floors[row][left:right] or True in taken[row][left:right]:
        return False
    return right - left == 1 or not any(walls[edge][row] for edge in range(left + 1, right))


def _too_many() -> ReadError:
    return ReadError(
        "一页上的表格线多得异常，不予读取；请检查文件，或重新导出。",
        "One page has an absurd number of ruling lines and is not read; check it, or export it again.",
    )
