"""What a page of an OFD shows: its text and lines, put where those of a PDF page are.

The standard measures in millimetres from the upper left corner, downwards. What is drawn goes through the same plane
as that of a PDF, in points and upwards, so that all that follows is shared.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from lxml.etree import _Element

from extract.document import ReadError
from extract.limits import MAX_PAGE_CHARACTERS, MAX_PAGE_OBJECTS, MAX_PAGE_POINTS
from extract.ofd.parts import box, children, kind, matrix, number
from extract.ofd.paths import trace
from extract.ofd.pictures import Placed, Sheet
from extract.ofd.resources import Colour, Resources
from extract.ofd.text import count_glyphs, read_marks
from extract.pdf.drawing import Drawing, Matrix, Rule, around, moved, product
from extract.pdf.frame import Frame, Mark, is_pale, upright_turns, without_watermark
from extract.pdf.page import Page
from extract.pdf.text_layer import NOTED_UNREADABLE, SCANNED

_POINTS = 72 / 25.4
_PLANE: Matrix = (_POINTS, 0.0, 0.0, -_POINTS, 0.0, 0.0)
#: pieces within pieces, and groups within groups, deeper than this are no genuine document's: they may be without end
_DEEPEST = 40
# meanings that only a file's own font knows, and the sign for none at all
_NO_MEANING = re.compile("[\ue000-\uf8ff\ufffd-\uffff\U000f0000-\U0010ffff]")
#: points: text that is there again so near was drawn twice, to look bold or by a template and its page
_COPIED = 1.0
_BESIDE = (-1, 0, 1)
_YES = ("true", "1")


class PageReader:
    """Gathers what a page draws, layer by layer, that of its templates included."""

    def __init__(self, number: int, size: tuple[float, float], resources: Resources) -> None:
        """``size`` is the page's width and height in millimetres."""
        self._number = number
        self._width, self._height = size[0] * _POINTS, size[1] * _POINTS
        self._resources = resources
        self._drawing = Drawing()
        self._pictures: list[Placed] = []
        self._marks: list[Mark] = []
        self._unseen: list[Mark] = []
        self._colours: list[Colour] = []
        self._characters = 0
        self._glyphs = 0

    def add(self, content: _Element) -> None:
        """Draw the layers of a page or of a template, over what has been drawn."""
        for whole in children(content, "Content"):
            self._read(whole, _PLANE, "", 0)

    def page(self) -> Page:
        """The page, upright."""
        marks, drawing = self._marks, self._drawing
        pictures = drawing.picture_area / max(self._width * self._height, 1.0)
        is_recognized = bool(self._unseen) and pictures >= SCANNED
        if is_recognized:
            # Programs lay what they recognized over a scan, without ink. Without a scan, nobody sees such text.
            marks = marks + self._unseen
        marks = list(_without_copies(marks))
        turns = upright_turns(marks)
        frame = Frame(0.0, -self._height, self._width, 0.0, turns)
        width, height = frame.extent()
        runs = frame.place_runs(without_watermark(marks, lambda mark: is_pale(*self._colours[mark.number])))
        return Page(
            self._number,
            width,
            height,
            runs,
            frame.place_rules(drawing.rules),
            frame.place_rules(drawing.pale),
            frame.place_rules(drawing.fills),
            pictures,
            sum([len(run.text) for run in runs]),
            self._unreadable(marks),
            is_recognized,
            self._characters + drawing.pieces,
            turns,
        )

    def sheet(self) -> Sheet:
        """The page as far as it is made of pictures."""
        return Sheet(self._width, self._height, tuple(self._pictures))

    def _unreadable(self, marks: Iterable[Mark]) -> float:
        """The part of the characters that has no meaning; never too small to be noted where some are missing."""
        text = "".join([mark.text for mark in marks])
        whole = len(text) + self._glyphs
        part = (len(_NO_MEANING.findall(text)) + self._glyphs) / whole if whole else 0.0
        return max(part, NOTED_UNREADABLE) if self._glyphs else part

    def _read(self, holder: _Element, plane: Matrix, param: str, depth: int) -> None:
        """Draw what a layer or a group holds; ``param`` is the way of drawing that the layer names."""
        if depth > _DEEPEST:
            raise ReadError(
                f"OFD 第{self._number}页的内容层层嵌套，没有尽头，不予读取；请用原来的程序重新导出。",
                f"Page {self._number} of the OFD nests its content without end and is not read; export it again.",
            )
        for thing in holder:
            self._drawing.pieces += 1
            if self._drawing.pieces > MAX_PAGE_OBJECTS:
                raise self._too_many()
            name = kind(thing)
            if thing.get("Visible") in ("false", "0"):
                continue
            if name in ("Layer", "PageBlock"):
                self._read(thing, plane, thing.get("DrawParam", param), depth + 1)
            elif name == "TextObject":
                self._read_text(thing, _at_place(thing, plane), param)
            elif name == "PathObject":
                self._read_path(thing, _at_place(thing, plane), param)
            elif name == "ImageObject":
                self._read_picture(thing, plane)
            elif name == "CompositeObject":
                piece = self._resources.piece(thing.get("ResourceID", ""))
                if piece is not None:
                    placed = product(matrix(thing.get("CTM")), _at_place(thing, plane))
                    self._read(piece, placed, param, depth + 1)

    def _read_text(self, thing: _Element, plane: Matrix, param: str) -> None:
        is_filled = thing.get("Fill") not in ("false", "0")
        colour = self._resources.colour(thing, "FillColor" if is_filled else "StrokeColor", param)
        is_inked = colour.opacity > 0 and (is_filled or thing.get("Stroke") in _YES)
        self._characters += sum([len(code.text or "") for code in children(thing, "TextCode")])
        if self._characters > MAX_PAGE_CHARACTERS:
            raise self._too_many()
        marks = read_marks(thing, plane, len(self._colours))
        self._colours.append(colour)
        if is_inked:
            self._glyphs += count_glyphs(thing)
        (self._marks if is_inked else self._unseen).extend(marks)

    def _read_path(self, thing: _Element, plane: Matrix, param: str) -> None:
        is_stroked, is_filled = thing.get("Stroke") not in ("false", "0"), thing.get("Fill") in _YES
        if not (is_stroked or is_filled):
            return
        colour = self._resources.colour(thing, "StrokeColor" if is_stroked else "FillColor", param)
        if colour.opacity <= 0:
            return
        placed = product(matrix(thing.get("CTM")), plane)
        for data in children(thing, "AbbreviatedData"):
            shape = trace(data.text or "", placed, MAX_PAGE_POINTS)
            self._drawing.points += len(shape.points)
            if self._drawing.points > MAX_PAGE_POINTS:
                raise self._too_many()
            if shape.outlines and all(map(math.isfinite, around(shape.points))):
                self._drawing.add_shape(
                    around(shape.points),
                    len(shape.points),
                    shape.outlines,
                    is_stroked=is_stroked,
                    is_pale=colour.is_white,
                )

    def _read_picture(self, thing: _Element, plane: Matrix) -> None:
        if (area := box(thing.get("Boundary"))) is not None:
            left, top, width, height = area
            corners = moved(plane, left, top), moved(plane, left + width, top + height)
            shown = self._on_page(around(corners))
            if shown is not None and number(thing.get("Alpha"), 1.0) > 0:
                self._drawing.add_picture(shown)
                # One that does not say how it is scaled fills its box.
                scaled = matrix(thing.get("CTM", f"{width} 0 0 {height} 0 0"))
                placed = product(scaled, _at_place(thing, plane))
                self._pictures.append(Placed(thing.get("ResourceID", ""), placed, shown))

    def _on_page(self, area: Rule) -> Rule | None:
        """The part of a box that lies on the page."""
        x0, y0 = max(area.x0, 0.0), max(area.y0, -self._height)
        x1, y1 = min(area.x1, self._width), min(area.y1, 0.0)
        return Rule(x0, y0, x1, y1) if x0 <= x1 and y0 <= y1 else None

    def _too_many(self) -> ReadError:
        return ReadError(
            f"OFD 第{self._number}页的文字或线条多得异常，不予读取；请检查文件，或重新导出。",
            f"Page {self._number} of the OFD has an absurd number of characters or lines and is not read; "
            "export it again.",
        )


def _without_copies(marks: Iterable[Mark]) -> Iterator[Mark]:
    """The runs but for those that another object drew before, on the same place."""
    drawn: dict[tuple[str, int, int], int] = {}
    for mark in marks:
        text, number = mark.text, mark.number
        x, y = round(mark.starts[0] / _COPIED), round(mark.y / _COPIED)
        near = [drawn.get((text, x + right, y + up), number) for right in _BESIDE for up in _BESIDE]
        if near.count(number) == len(near):
            drawn[text, x, y] = number
            yield mark


def _at_place(thing: _Element, plane: Matrix) -> Matrix:
    """The plane whose origin is the upper left corner of an object."""
    area = box(thing.get("Boundary"))
    return plane if area is None else product((1.0, 0.0, 0.0, 1.0, area[0], area[1]), plane)
