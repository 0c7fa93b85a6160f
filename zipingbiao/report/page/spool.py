"""Pieces of the page that wait on the disk until it is known how many there are; memory holds none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from tempfile import TemporaryFile

from markupsafe import Markup

#: what stands for the file in a link, until it is known: a character that no text of the page can hold
_FILE = re.compile("\0([0-9]*)")


def link_to_form(anchor: str, part: int) -> Markup:
    """A link to a mark in a part of the forms; ``anchor`` is of our own making."""
    return Markup(f"\0{part}#{anchor}")


def link_to_list(anchor: str) -> Markup:
    """A link to a mark in the first page, which holds the list of findings."""
    return Markup(f"\0#{anchor}")


class Spool:
    """Pieces in the order in which they came, all of them or by parts."""

    def __init__(self) -> None:
        self._file = TemporaryFile("w+b")  # noqa: SIM115  it is open as long as the writer is
        self._begins: list[int] = []

    @property
    def parts(self) -> int:
        """How many parts have been begun."""
        return len(self._begins)

    def begin_part(self) -> None:
        """Begin a part: the pieces from here to the next one."""
        self._begins.append(self._file.tell())

    def add(self, piece: str) -> None:
        """Append a piece."""
        self._file.write(piece.encode("utf-8"))

    def lines(self, links: Mapping[str, str], part: int | None = None) -> Iterator[Markup]:
        """The lines of all pieces, or of a part, from 1; ``links`` gives the file for the part that a link names."""
        end = self._file.seek(0, 2)
        begins = [*self._begins, end]
        begin, end = (0, end) if part is None else (begins[part - 1], begins[part])
        self._file.seek(begin)
        while begin < end:
            line = self._file.readline()
            begin += len(line)
            yield Markup(_FILE.sub(lambda found: links.get(found[1], ""), line.decode("utf-8")))

    def close(self) -> None:
        """Forget all pieces."""
        self._file.close()
