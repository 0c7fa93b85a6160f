"""What is kept of a form until all others were seen: its names, and packed, its figures and long texts."""

from __future__ import annotations

import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import blake2b
from sys import intern
from typing import Any, NamedTuple

from zipingbiao.across.names import masked, name_key, project_key
from zipingbiao.checks.reasons import NOT_SAID
from zipingbiao.columns import Datum, Row
from zipingbiao.tables import Rows, written

#: the columns of a fund line that are compared, without the unit in their names
AMOUNTS = ("budget_initial", "budget_adjusted", "executed")
#: sections of the table ``texts`` that a unit does not write itself
NOT_WRITTEN = NOT_SAID | {"margin"}
#: characters of a paragraph, without names, from which on it is a text of its own
SHORTEST_TEXT = 40
_COLUMN = re.compile(r" 第\d+列.*|(?<=!)[A-Z]+")


class Figure(NamedTuple):
    """A number of a form: what of, what to call that, the column, and where it stands.

    ``sense`` is comparator and unit of an indicator's value: only figures of one sense can be compared.
    """

    subject: str
    called: str
    field: str
    number: Decimal
    sense: str
    place: str


class Text(NamedTuple):
    """A long text of a form, without its own names and figures."""

    field: str
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Facts:
    """A form. ``number`` is its position, in its file or among all forms of the run; names are as printed."""

    number: int
    source: str
    sha256: str
    index: int
    kind: str
    year: int | None
    project: str
    project_code: str
    unit: str
    department: str
    #: equal for forms whose figures are all equal; blank where there is none
    content: bytes
    #: how much the figures tell: the digits, beyond the first, of all different ones
    digits: int
    packed_figures: bytes
    packed_words: bytes
    packed_texts: bytes
    #: where its names stand
    place: str

    def numbered(self, number: int) -> Facts:
        """The form with its position among all, and what many forms have in common only once in memory."""
        return replace(
            self,
            number=number,
            kind=intern(self.kind),
            project=intern(self.project),
            unit=intern(self.unit),
            department=intern(self.department),
        )

    @property
    def figures(self) -> list[Figure]:
        """Amounts in 万元, scores, targets and actual values, in the order of the form."""
        return [
            Figure(subject, called, field, Decimal(number), sense, place)
            for subject, called, field, number, sense, place in _unpacked(self.packed_figures)
        ]

    @property
    def words(self) -> str:
        """Goals and indicators as words, without the form's own names."""
        return "\n".join(_unpacked(self.packed_words))

    @property
    def texts(self) -> list[Text]:
        """The long texts."""
        return [Text(*text) for text in _unpacked(self.packed_texts)]

    @property
    def holder(self) -> str:
        """The unit that the form is of, as a key: the implementing one, else the department."""
        return name_key(self.unit) or name_key(self.department)

    @property
    def unit_key(self) -> str:
        """The unit itself, as a key: of a department's form the department, else only the implementing unit.

        A department may stand for many units, and in a transfer form for all of a country.
        """
        return name_key(self.unit) or (name_key(self.department) if self.kind == "department" else "")

    @property
    def project_key(self) -> str:
        """The project, as a key."""
        return project_key(self.project, self.year)

    @property
    def spot(self) -> str:
        """The form, for a sentence about another one: its file and where its name stands in it."""
        return self.at(self.place)

    def at(self, place: str) -> str:
        """A place of the form, for a sentence about another one."""
        return f"“{self.source}” {place}".rstrip()


def _packed(data: Sequence[object]) -> bytes:
    return zlib.compress(json.dumps(data, ensure_ascii=False).encode(), 1) if data else b""


def _unpacked(packed: bytes) -> Any:
    return json.loads(zlib.decompress(packed)) if packed else []


def facts_of(rows: Rows, first: int = 0) -> list[Facts]:
    """The facts of each form of a file; ``first`` is the number of the first one."""
    parts = {name: _by_form(rows[name]) for name in ("funds", "indicators", "cells", "texts")}
    sha256 = str(rows["sources"][0]["sha256"]) if rows["sources"] else ""
    found = []
    for number, form in enumerate(rows["forms"], first):
        own = {name: by_form[str(form["form_id"])] for name, by_form in parts.items()}
        found.append(_facts(number, form, own, sha256))
    return found


def _by_form(rows: Iterable[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[str(row["form_id"])].append(row)
    return grouped


def _facts(number: int, form: Row, parts: dict[str, list[Row]], sha256: str) -> Facts:
    places = Places(parts["cells"])
    project, unit, department = (
        str(form[name]) for name in ("project_name", "implementing_unit", "department")
    )
    names = (project, unit, department)
    figures = list(_figures(form, parts, places))
    year = form["fiscal_year"]
    return Facts(
        number,
        str(form["source"]),
        sha256,
        number if not isinstance(form["form_index"], int) else form["form_index"],
        str(form["kind"]),
        year if isinstance(year, int) else None,
        project,
        str(form["project_code"]),
        unit,
        department,
        _content_key(figures),
        _digits(figures),
        _packed([(*figure[:3], str(figure.number), *figure[4:]) for figure in figures]),
        _packed([masked("\n".join(_words(form, parts["indicators"])), names)]),
        _packed(_texts(form, parts["texts"], names, places)),
        next(filter(None, map(places.first, ("project_name", "implementing_unit", "department"))), "")
        or next((str(cell["place"]) for cell in parts["cells"]), ""),
    )


def _row_of(place: str) -> str:
    """A place without its column: ``表1 第3行``, ``Sheet1!9``."""
    return _COLUMN.sub("", place)


class Places:
    """Where the cells of a form stand, by what they were read as."""

    def __init__(self, cells: Iterable[Row]) -> None:
        self._cells: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for cell in cells:
            self._cells[str(cell["role"])].append((str(cell["text"]), str(cell["place"])))
        self._next: dict[str, int] = defaultdict(int)

    def beside(self, role: str, raw: str, place: str) -> str:
        """The cell of a role in the row of ``place`` that holds the printed text ``raw``; ``place`` where there is none."""
        row = _row_of(place)
        cells = self._cells.get(role, ())
        return next((where for text, where in cells if raw in text and _row_of(where) == row), place)

    def first(self, role: str) -> str:
        """The first cell of a role; blank where there is none."""
        return self._cells[role][0][1] if role in self._cells else ""

    def next_of(self, role: str, raw: str) -> str:
        """The next cell of a role, behind those that were asked for before, that holds the printed text ``raw``."""
        cells = self._cells.get(role, [])
        for at in range(self._next[role], len(cells)):
            if raw in cells[at][0]:
                self._next[role] = at + 1
                return cells[at][1]
        return self.first(role)


def _figures(form: Row, parts: dict[str, list[Row]], places: Places) -> Iterator[Figure]:
    for line in parts["funds"]:
        called = str(line["label_raw"]).strip().rstrip(":：") or str(line["item"])
        for field in AMOUNTS:
            raw, amount = str(line[f"{field}_raw"]), line[f"{field}_wan"]
            place = places.next_of(field, raw) if raw.strip() else ""
            if isinstance(amount, Decimal):
                yield Figure(str(line["item"]), called, field, amount, "万元", place)
    for one in parts["indicators"]:
        for field in ("target", "actual"):
            number, high = one[f"{field}_value"], written(one[f"{field}_value_high"])
            relation = written(one["target_relation"]) if field == "target" else ""
            if isinstance(number, Decimal):
                sense = " ".join((relation, written(one[f"{field}_unit"]), high)).strip()
                place = places.beside(field, str(one[f"{field}_raw"]), str(one["place"]))
                yield Figure(str(one["name"]), str(one["name"]), field, number, sense, place)
        place = places.beside("score", str(one["score_raw"]), str(one["place"]))
        yield from _points(one, str(one["name"]), "score", place)
    yield from _points({"total": form["total_score_reported"]}, "total", "total", places.first("total_score"))


def _points(row: Row, subject: str, column: str, place: str) -> Iterator[Figure]:
    score = row[column]
    if isinstance(score, Decimal):
        field, called = ("total_score", "总分") if column == "total" else ("score", subject)
        yield Figure(subject, called, field, score, "分", place)


def _content_key(figures: Iterable[Figure]) -> bytes:
    """Equal where all figures are, in order, whatever zeros are printed behind them; names are not in it."""
    told = [f"{one.field}{one.number.normalize():f}{one.sense}" for one in figures]
    return blake2b("\n".join(told).encode(), digest_size=16).digest() if told else b""


def _digits(figures: Iterable[Figure]) -> int:
    """How unlikely it is that two forms have these figures by chance; scores are few and follow from the others."""
    different = {one.number.normalize() for one in figures if one.sense != "分"}
    return sum(len(number.as_tuple().digits) - 1 for number in different)


def _words(form: Row, indicators: Iterable[Row]) -> Iterator[str]:
    columns: tuple[Datum, ...] = (form["goal_planned"], form["goal_actual"])
    for row in indicators:
        columns += (row["name"],)
        columns += tuple(row[f"{one}_raw"] for one in ("target", "actual") if row[f"{one}_value"] is None)
    yield from (str(text) for text in columns if text)


def _texts(form: Row, paragraphs: Iterable[Row], names: tuple[str, ...], places: Places) -> list[Text]:
    """The form's own long texts, each once: its goals, and the paragraphs of the report."""
    told = [(field, str(form[field]), places.first(field)) for field in ("goal_planned", "goal_actual")] + [
        ("narrative", str(row["text"]), str(row["place"]))
        for row in paragraphs
        if row["section"] not in NOT_WRITTEN
    ]
    found: dict[str, Text] = {}
    for field, text, place in told:
        if len(text) >= SHORTEST_TEXT and len(bare := masked(text, names)) >= SHORTEST_TEXT:
            found.setdefault(bare, Text(field, bare, place))
    return list(found.values())
