"""How much of a sample a reader gets right, by what was drawn: its ``source.txt``, from which all its formats are made."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

#: in a drawn row: the slot belongs to the cell on its left, or to that above
CONTINUED = ("<", "^")
#: what Markdown puts in front of a sign that it would otherwise read
_ESCAPE = re.compile(r"\\(?=[^\w\s])")


class Score(NamedTuple):
    """How many there are, how many of them are right, and how many others were given."""

    count: int
    right: int
    others: int

    @property
    def share(self) -> str:
        """As people read it: 99.5 %."""
        return f"{100 * self.right / self.count:.1f} %"


def drawn_cells(sample: Path) -> list[str]:
    """The texts of all cells with text that were drawn, each once."""
    rows = [
        line.strip().strip("|").split(" | ")
        for line in (sample / "source.txt").read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    texts = (cell.strip() for row in rows for cell in row if cell.strip() not in CONTINUED)
    return [text for text in (_bare(text.replace("\\n", "")) for text in texts) if text]


def score_cells(sample: Path, given: Iterable[str]) -> Score:
    """Cells with the text that was drawn, but for white space. One that is given again is one of the others."""
    drawn = Counter(drawn_cells(sample))
    found = Counter(text for text in map(_bare, given) if text)
    right = (drawn & found).total()
    return Score(drawn.total(), right, found.total() - right)


def score_fields(sample: Path, described: object) -> Score:
    """The values of ``record.json``, which people have reviewed, against those that were read."""
    golden = json.loads((sample / "record.json").read_text(encoding="utf-8"))
    known, read = dict(_values(_listed(golden))), dict(_values(described))
    right = sum(read.get(name) == value for name, value in known.items())
    return Score(len(known), right, len(read.keys() - known.keys()))


def added(scores: Iterable[Score]) -> Score:
    """All scores as one."""
    return Score(*(sum(part) for part in zip(*scores, strict=True)))


def _bare(text: str) -> str:
    """Without white space, and without what Markdown and HTML need between lines and in front of signs."""
    return "".join(_ESCAPE.sub("", text.replace("<br>", "")).split())


def _listed(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]


def _values(found: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Each value with the way to it: ``0.funds.1.score``. Of a text, white space does not count."""
    if isinstance(found, dict):
        for key, one in found.items():
            yield from _values(one, f"{name}.{key}")
    elif isinstance(found, list):
        for place, one in enumerate(found):
            yield from _values(one, f"{name}.{place}")
    elif found != "":
        yield name, _bare(str(found))
