"""The ruling lines, filled areas and pictures among the objects that a PDF page draws.

Programs draw the border of a cell in many ways: as a line, as one side of a rectangle, as a filled rectangle
of half a point, as a picture one pixel high, as a row of dots. Here all of these become a `Rule`, a thin box.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress, pairwise, repeat
from typing import Any, NamedTuple

from pypdfium2 import raw

from extract.document import ReadError
from extract.limits import MAX_PAGE_OBJECTS, MAX_PAGE_POINTS
from extract.pdf.calls import unchecked

#: a filled rectangle not thicker than this is a line
THICKEST_RULE = 3.0
_LEAST_LENGTH = 0.2
#: a line may lean by so many points and still be level: coordinates are rounded
_LEVEL = 0.6
#: a colour whose parts all reach this, out of 255, is white
WHITE = 250
_DEEPEST = 12
#: a path of so few points, thin as a whole, is one line
_SIMPLE = 6

_object_of_page = unchecked(raw.FPDFPage_GetObject)
_object_of_form = unchecked(raw.FPDFFormObj_GetObject)
_ink_of_text = unchecked(raw.FPDFTextObj_GetTextRenderMode)
_kind_of = unchecked(raw.FPDFPageObj_GetType)
_put_bounds = unchecked(raw.FPDFPageObj_GetBounds)
_put_mode = unchecked(raw.FPDFPath_GetDrawMode)
_put_fill = unchecked(raw.FPDFPageObj_GetFillColor)
_put_stroke = unchecked(raw.FPDFPageObj_GetStrokeColor)
_count_points = unchecked(raw.FPDFPath_CountSegments)
_segment_of = unchecked(raw.FPDFPath_GetPathSegment)
_put_point = unchecked(raw.FPDFPathSegment_GetPoint)
_kind_of_segment = unchecked(raw.FPDFPathSegment_GetType)
_closes = unchecked(raw.FPDFPathSegment_GetClose)

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
UNCHANGED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Rule(NamedTuple):
    """A thin box: a ruling line, or a piece of one."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(slots=True)
class Drawing:
    """What a page draws besides its text, in the file's own plane.

    ``pale`` are white lines: they show only on the coloured areas, which are ``fills``. ``hides_text`` tells
    whether there is text that is drawn without ink. ``pieces`` counts the objects looked at.
    """

    rules: list[Rule] = field(default_factory=list)
    pale: list[Rule] = field(default_factory=list)
    fills: list[Rule] = field(default_factory=list)
    picture_area: float = 0.0
    hides_text: bool = False
    pieces: int = 0
    points: int = 0

    def add_picture(self, box: Rule) -> None:
        """Add a picture; one that is thin is a line."""
        width, height = box.x1 - box.x0, box.y1 - box.y0
        if min(width, height) <= THICKEST_RULE:
            self.rules.append(box)
        self.picture_area += width * height

    def add_shape(
        self, box: Rule, points: int, outlines: Iterable[Sequence[Point]], *, is_stroked: bool, is_pale: bool
    ) -> None:
        """Add a shape of so many points and the box around it; what is not stroked is filled.

        ``outlines`` are asked for only where the box is no line by itself.
        """
        rules = self.pale if is_pale else self.rules
        if points <= _SIMPLE and min(box.x1 - box.x0, box.y1 - box.y0) <= THICKEST_RULE:
            rules.append(box)
            return
        for outline in outlines:
            if is_stroked:
                rules.extend(_level_sides(outline))
                continue
            area = around(outline)
            if min(area.x1 - area.x0, area.y1 - area.y0) <= THICKEST_RULE:
                rules.append(area)
            elif not is_pale:
                self.fills.append(area)


def read_drawing(page: Any, number: int) -> Drawing:
    """Look at every object of a page. Raises ReadError where there are absurdly many."""
    reader = _Reader(number)
    reader.read(page, raw.FPDFPage_CountObjects(page), _object_of_page, UNCHANGED, 0)
    return reader.drawing


class _Reader:
    """Goes through the objects of a page, and through those of the forms that it places."""

    def __init__(self, number: int) -> None:
        self.drawing = Drawing()
        self._number = number
        self._sides = (ctypes.c_float * 4)()
        side = ctypes.c_float.from_buffer(self._sides)
        self._sides_at = tuple(ctypes.byref(side, index * ctypes.sizeof(side)) for index in range(4))
        self._fill, self._stroke = ctypes.c_int(), ctypes.c_int()
        self._mode_at = ctypes.byref(self._fill), ctypes.byref(self._stroke)
        self._colour = (ctypes.c_uint * 4)()
        part = ctypes.c_uint.from_buffer(self._colour)
        self._colour_at = tuple(ctypes.byref(part, index * ctypes.sizeof(part)) for index in range(4))

    def read(self, holder: Any, count: int, get: Any, matrix: Matrix, depth: int) -> None:
        """Look at ``count`` objects, which ``get(holder, index)`` hands out."""
        self.drawing.pieces += count
        if self.drawing.pieces > MAX_PAGE_OBJECTS:
            raise self._too_many()
        things = list(map(get, repeat(holder), range(count)))
        inks = list(map(_ink_of_text, things))
        self.drawing.hides_text = self.drawing.hides_text or raw.FPDF_TEXTRENDERMODE_INVISIBLE in inks
        # Most objects are text, and those alone have an ink.
        for thing in compress(things, map(raw.FPDF_TEXTRENDERMODE_UNKNOWN.__eq__, inks)):
            kind = _kind_of(thing)
            if kind == raw.FPDF_PAGEOBJ_PATH:
                self._read_path(thing, matrix)
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                self._read_picture(thing, matrix)
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
                inner = product(_matrix(thing), matrix)
                size = raw.FPDFFormObj_CountObjects(thing)
                self.read(thing, size, _object_of_form, inner, depth + 1)

    def _read_picture(self, picture: Any, matrix: Matrix) -> None:
        self.drawing.add_picture(self._bounds(picture, matrix))

    def _read_path(self, path: Any, matrix: Matrix) -> None:
        box = self._bounds(path, matrix)
        count = _count_points(path)
        self.drawing.points += max(count, 0)
        if self.drawing.points > MAX_PAGE_POINTS:
            raise self._too_many()
        _put_mode(path, *self._mode_at)
        is_filled, is_stroked = self._fill.value != 0, self._stroke.value != 0
        width, height = box.x1 - box.x0, box.y1 - box.y0
        if not (is_filled or is_stroked) or max(width, height) < _LEAST_LENGTH:
            return
        ink = self._ink(path, is_stroked)
        if ink == "none":
            return
        outlines = _outlines(path, count, matrix)
        self.drawing.add_shape(box, count, outlines, is_stroked=is_stroked, is_pale=ink == "pale")

    def _ink(self, path: Any, is_stroked: bool) -> str:
        """``dark``, ``pale`` (white) or ``none`` (transparent)."""
        put_colour = _put_stroke if is_stroked else _put_fill
        if not put_colour(path, *self._colour_at):
            return "dark"
        red, green, blue, opacity = self._colour
        if opacity == 0:
            return "none"
        return "pale" if min(red, green, blue) >= WHITE else "dark"

    def _bounds(self, thing: Any, matrix: Matrix) -> Rule:
        _put_bounds(thing, *self._sides_at)
        left, bottom, right, top = self._sides
        if matrix is UNCHANGED:
            return Rule(left, bottom, right, top)
        return around([moved(matrix, left, bottom), moved(matrix, right, top)])

    def _too_many(self) -> ReadError:
        return ReadError(
            f"PDF 第{self._number}页上画的线条多得异常，不予读取；请检查文件，或重新导出。",
            f"Page {self._number} of the PDF draws an absurd number of lines and is not read; export it again.",
        )


def _outlines(path: Any, count: int, matrix: Matrix) -> Iterator[list[Point]]:
    """The points of each subpath; a curve counts as a jump, which parts the straight sides around it."""
    matrix = product(_matrix(path), matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    x_at, y_at = ctypes.byref(x), ctypes.byref(y)
    points: list[Point] = []
    for index in range(count):
        segment = _segment_of(path, index)
        _put_point(segment, x_at, y_at)
        point = moved(matrix, x.value, y.value)
        if _kind_of_segment(segment) == raw.FPDF_SEGMENT_LINETO:
            points.append(point)
        else:
            if len(points) > 1:
                yield points
            points = [point]
        if _closes(segment) and len(points) > 1:
            points.append(points[0])
    if len(points) > 1:
        yield points


def _level_sides(points: Sequence[Point]) -> Iterator[Rule]:
    for start, end in pairwise(points):
        side = around([start, end])
        if min(side.x1 - side.x0, side.y1 - side.y0) <= _LEVEL:
            yield side


def around(points: Iterable[Point]) -> Rule:
    """The smallest box that holds all of the points; there is at least one."""
    xs, ys = zip(*points, strict=True)
    return Rule(min(xs), min(ys), max(xs), max(ys))


def _matrix(thing: Any) -> Matrix:
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(thing, ctypes.byref(matrix))
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def product(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that applies ``inner``, then ``outer``."""
    if outer is UNCHANGED:
        return inner
    a, b, c, d, e, f = inner
    x, y = moved(outer, e, f)
    return (
        a * outer[0] + b * outer[2],
        a * outer[1] + b * outer[3],
        c * outer[0] + d * outer[2],
        c * outer[1] + d * outer[3],
        x,
        y,
    )


def moved(matrix: Matrix, x: float, y: float) -> Point:
    """Where a matrix puts a point."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
