"""The stage of a run that takes people out: their names, telephone and identity numbers, and e-mail addresses.

Whoever a form names as a person is, in all tables of the run, 人员1, 人员2, …; a number 电话1. The same one is called
the same everywhere. Figures, labels, codes, places and all that the checks found stay as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from extract.ocr.memory import forget_pages
from normalize.fold import fold
from normalize.values.units import is_known_unit
from zipingbiao.across.facts import Facts
from zipingbiao.batch.store import MEMORY, PAGES, Store
from zipingbiao.columns import TABLES, Datum, Row
from zipingbiao.redact.names import Names
from zipingbiao.redact.numbers import WHOLE, Spot, numbers_in, phones_anywhere, phones_from
from zipingbiao.redact.people import (
    DATA,
    asks_for_person,
    either,
    is_nobody,
    is_person,
    key_of,
    may_stand_alone,
    people_behind_labels,
    people_in_field,
)
from zipingbiao.report.writers import refusals
from zipingbiao.tables import UNCLAIMED, Rows

#: the fields of a form that hold people, or how to reach them
PEOPLE_ROLES = frozenset({
    "preparer", "preparer_and_contact", "contact_person", "contact_person_and_contact", "project_leader",
    "project_leader_and_contact", "unit_and_leader", "finance_leader", "unit_leader_signature", "contact",
})  # fmt: skip
#: the names of projects and units, in which a person's name can be a word
_THINGS = ("project_name", "department", "implementing_unit")
#: columns of our own words and of numbers: a name in them would be chance
_NEVER = frozenset({
    "form_id", "sha256", "format", "reader", "status", "kind", "code", "severity", "field", "item", "level1", "level2",
    "match", "policy", "project_code", "target_kind", "target_relation", "actual_kind", "guesses",
    *(column.name for columns in TABLES.values() for column in columns
      if column.kind in ("decimal", "integer") or column.name.endswith(("_formula", "_rule"))),
})  # fmt: skip
#: cells that can hold anything: nobody knows them for a number
_ANY_ROLE = frozenset({UNCLAIMED, "label", "note", "placeholder", "title", ""})
_BARE_NUMBER = re.compile(r"[^A-Za-z\u3400-\u9fff]*\d[^A-Za-z\u3400-\u9fff]*")
# 张三（0571-…）, 张三：138…
_SHORT_GAP = re.compile(r"[\s:,、(/;-]{0,6}(?=[\d+(])")


class Redact:
    """Takes people out of the rows; the last stage, so that all others compare what the forms say."""

    looks_at = tuple(TABLES)

    def __init__(self, lang: str) -> None:
        self._at = 1 if lang == "en" else 0
        self._names = Names()
        self._codes: set[str] = set()
        self._phones: set[str] = set()
        self._called: dict[tuple[str, str], str] = {}
        self._counts: Counter[str] = Counter()
        self._taken: set[str] = set()
        #: finds the people of a file whose names could be anything else in any other
        self._own = re.compile("(?!)")

    def look(self, rows: Rows, facts: Sequence[Facts] = ()) -> None:
        """Learn whom the forms of a file name as people, and the numbers that are nobody's."""
        for form in rows["forms"]:
            self._learn_field(form["preparer"])
            self._learn_field(form["contact"])
            for column in _THINGS:
                self._names.add_thing(str(form[column]))
            self._codes.add(_digits(str(form["project_code"])))
        before: Row = {}
        for cell in rows["cells"]:
            if cell["role"] in PEOPLE_ROLES:
                self._learn_field(cell["text"])
            elif cell["role"] == "project_code":
                self._codes.add(_digits(str(cell["text"])))
            elif before and before["form_id"] == cell["form_id"] and asks_for_person(str(before["text"])):
                self._learn([one for one in people_in_field(str(cell["text"])) if is_person(one, True)])
            self._learn(people_behind_labels(str(cell["text"])))
            before = cell
        for text in rows["texts"]:
            self._learn(people_behind_labels(str(text["text"])))
        for source in rows["sources"]:
            self._learn(people_behind_labels(str(source["source"])))

    def amend(self, rows: Rows) -> Rows:
        """The rows with 人员1 and 电话1 in place of people and numbers."""
        sources = {
            source: self._renamed(source) for source in (str(row["source"]) for row in rows["sources"])
        }
        self._own = _own_names(rows)
        return {
            table: [
                {column: self._datum(table, row, column, sources) for column in row} for row in rows[table]
            ]
            for table in rows
        }

    def _learn_field(self, datum: Datum) -> None:
        self._learn(people_in_field(str(datum or "")))
        for spot in phones_anywhere(fold(str(datum or ""))):
            self._phones.add(spot.key)

    def _learn(self, names: Iterable[str]) -> None:
        for name in names:
            self._names.add(name)

    def _renamed(self, source: str) -> str:
        """What a file is called in all tables: two that differ only in how a name is spaced stay two."""
        name, copy = self._clean(source), 1
        plain = name
        while name in self._taken:
            copy += 1
            name = f"{plain}~{copy}"
        self._taken.add(name)
        return name

    def _datum(self, table: str, row: Row, column: str, sources: dict[str, str]) -> Datum:
        datum = row[column]
        if not isinstance(datum, str) or not datum or column in _NEVER:
            return datum
        if column == "source":
            return sources.get(datum) or self._clean(datum)
        if column in (
            "place",
            "role",
        ):  # with names of sheets in it, or with the label of a column nobody knew
            return datum if datum.isascii() else self._clean(datum)
        role = str(row["role"]) if table == "cells" else ""
        if role in PEOPLE_ROLES or column in ("preparer", "contact"):
            return self._clean_field(datum)
        if role == "project_code":
            return datum
        if _BARE_NUMBER.fullmatch(fold(datum)):
            return self._clean_number(datum, table, role, row)
        return self._clean(datum)

    def _clean(self, text: str) -> str:
        """A text in which people may be named anywhere."""
        folded = fold(text)
        spots = list(self._names.spots(text))
        spots += (
            Spot(one.start(), one.end(), "person", key_of(one[0])) for one in self._own.finditer(folded)
        )
        if re.search(r"\d", folded):
            for person in list(spots):
                if gap := _SHORT_GAP.match(folded, person.end):
                    spots += phones_from(folded, gap.end())
        spots += (spot for spot in numbers_in(folded) if spot.key not in self._codes)
        return self._without(text, spots)

    def _clean_field(self, text: str) -> str:
        """A text that is there for people: whoever cannot be told from all else is taken out here, and only here."""
        folded = fold(text)
        spots = [*self._names.spots(text), *numbers_in(folded), *phones_anywhere(folded)]
        for name in people_in_field(text):
            start = folded.find(name)
            if start >= 0 and not is_nobody(name):
                spots.append(Spot(start, start + len(name), "person", key_of(name)))
        return self._without(text, spots)

    def _clean_number(self, text: str, table: str, role: str, row: Row) -> str:
        """A text without a word: an amount, unless it stands where anything may, and looks like a number to call."""
        folded = fold(text)
        may_be_any = (table == "cells" and role in _ANY_ROLE) or table == "texts"
        if table == "findings":
            may_be_any = str(row["code"]).startswith("READ")
        if not may_be_any:
            return text
        spots = [spot for spot in numbers_in(folded) if spot.key not in self._codes]
        if table == "findings" or role == UNCLAIMED:
            spots += (spot for spot in phones_anywhere(folded) if spot.key in self._phones)
        return self._without(
            text, [spot for spot in spots if len(spot.key) >= WHOLE or spot.key in self._phones]
        )

    def _without(self, text: str, spots: Iterable[Spot]) -> str:
        parts: list[str] = []
        done = 0
        # the longer of two that begin together
        for spot in sorted(spots, key=lambda one: (one.start, -one.end)):
            if spot.start >= done:
                parts += (text[done : spot.start], self._instead_of(spot))
                done = spot.end
        return "".join((*parts, text[done:]))

    def _instead_of(self, spot: Spot) -> str:
        known = self._called.get((spot.kind, spot.key))
        if known is None:
            self._counts[spot.kind] += 1
            known = f"{DATA['instead'][spot.kind][self._at]}{self._counts[spot.kind]}"
            self._called[spot.kind, spot.key] = known
        return known


def _own_names(rows: Rows) -> re.Pattern[str]:
    """A pattern for the names of a file's people that are no names elsewhere, where they stand by themselves: 张, 小李."""
    fields = [str(form[column]) for form in rows["forms"] for column in ("preparer", "contact")]
    fields += (str(cell["text"]) for cell in rows["cells"] if cell["role"] in PEOPLE_ROLES)
    people = {name for field in fields for name in people_in_field(field)}
    names = {name for name in people if not may_stand_alone(name) and not is_known_unit(name)}
    word = "[A-Za-z0-9\u3400-\u9fff]"
    return re.compile(rf"(?<!{word})(?:{either(sorted(names))})(?!{word})" if names else "(?!)")


def forget_memory(folder: Path) -> None:
    """Remove what earlier runs keep in a folder of results: it holds all that is to be taken out.

    Raises `WriteError`, also where another run is using the folder.
    """
    for path in _memories(folder):
        with refusals(folder):
            path.unlink(missing_ok=True)
    with refusals(folder):
        forget_pages(folder / PAGES)


def _memories(folder: Path) -> Iterator[Path]:
    memory = folder / MEMORY
    if memory.exists():
        with Store(folder, b""):  # no other run is at work here
            pass
    yield from memory.parent.glob(f"{memory.name}*")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", fold(text))
