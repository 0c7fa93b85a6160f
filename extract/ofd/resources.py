"""What the pages of an OFD document share: pieces placed many times, pictures, and ways of drawing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lxml.etree import _Element

from extract.ofd.parts import Parts, child, children, kind, number
from extract.pdf.drawing import WHITE

#: a way of drawing may refine another one, and that one a third
_LONGEST_CHAIN = 8
_OPAQUE = 255.0


class Colour(NamedTuple):
    """Red, green, blue and opacity, each from 0 to 255."""

    red: float
    green: float
    blue: float
    opacity: float

    @property
    def is_white(self) -> bool:
        """Whether it shows only on a coloured area."""
        return min(self.red, self.green, self.blue) >= WHITE


class Resources:
    """Elements by the numbers that pages call them by, which are unique in a document."""

    def __init__(self) -> None:
        self._params: dict[str, _Element] = {}
        self._pieces: dict[str, _Element] = {}
        # the paths of a picture, as the part says them that is named behind them
        self._pictures: dict[str, tuple[tuple[str, ...], str]] = {}

    def add(self, parts: Parts, holder: _Element, name: str) -> None:
        """Add the resource files that ``holder``, in the part ``name``, lists. One that is missing holds no text."""
        for entry in holder:
            if kind(entry) in ("PublicRes", "DocumentRes", "PageRes"):
                found = parts.find(entry.text or "", name)
                if found is not None:
                    self._add_all(parts.root(found), found)

    def _add_all(self, resources: _Element, name: str) -> None:
        folder = resources.get("BaseLoc", "")
        for group in resources:
            for entry in group:
                if kind(entry) == "DrawParam":
                    self._params[entry.get("ID", "")] = entry
                elif kind(entry) == "CompositeGraphicUnit":
                    self._pieces[entry.get("ID", "")] = entry
                elif kind(entry) == "MultiMedia" and (file := child(entry, "MediaFile")) is not None:
                    path = (file.text or "").strip()
                    # Some programs say the folder in both places.
                    self._pictures[entry.get("ID", "")] = (f"{folder.strip()}/{path}", path), name

    def picture(self, parts: Parts, number: str) -> bytes | None:
        """The bytes of a picture; None where it is not in the container. Raises ReadError for one that is damaged."""
        paths, holder = self._pictures.get(number, ((), ""))
        found = next(filter(None, (parts.find(path, holder) for path in paths)), None)
        return None if found is None else parts.picture(found)

    def piece(self, number: str) -> _Element | None:
        """What a piece that is placed by this number consists of."""
        unit = self._pieces.get(number)
        return None if unit is None else child(unit, "Content")

    def colour(self, thing: _Element, name: str, param: str) -> Colour:
        """The ``FillColor`` or ``StrokeColor`` of an object in a layer drawn by ``param``; black if nothing says."""
        drawn_by = (thing, *self._chain(thing.get("DrawParam", "")), *self._chain(param))
        stated = next((found for one in drawn_by for found in children(one, name)), None)
        opacity = number(thing.get("Alpha"), _OPAQUE)
        if stated is None:
            return Colour(0.0, 0.0, 0.0, opacity)
        opacity = min(opacity, number(stated.get("Alpha"), _OPAQUE))
        return Colour(*_rgb(stated.get("Value", "")), opacity)

    def _chain(self, number: str) -> Iterator[_Element]:
        for _ in range(_LONGEST_CHAIN):
            param = self._params.get(number)
            if param is None:
                return
            yield param
            number = param.get("Relative", "")


def _rgb(value: str) -> tuple[float, float, float]:
    """Red, green and blue of a colour in grey, RGB or CMYK: how many numbers it has tells which."""
    parts = [float(int(one[1:], 16)) if _is_hex(one) else number(one, 0.0) for one in value.split(None, 4)]
    if len(parts) == 1:
        return parts[0], parts[0], parts[0]
    if len(parts) == 3:
        return parts[0], parts[1], parts[2]
    if len(parts) == 4:
        cyan, magenta, yellow, black = parts
        return 255 - min(cyan + black, 255), 255 - min(magenta + black, 255), 255 - min(yellow + black, 255)
    return 0.0, 0.0, 0.0


def _is_hex(text: str) -> bool:
    return (
        1 < len(text) <= 3 and text[0] == "#" and all(sign in "0123456789abcdefABCDEF" for sign in text[1:])
    )
