"""What the report shows of a form: its head, its findings, and its tables with the findings at their cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from extract.document import Bilingual
from zipingbiao.columns import Datum, Row
from zipingbiao.explain import ALL_CHECKS, SEVERITY
from zipingbiao.report.page.drawing import Box, Drawing
from zipingbiao.report.subject import field_of, name_of, subject_of
from zipingbiao.tables import UNCLAIMED, Rows

#: what stands between the places of a finding
_APART = "; "
#: what to call whoever left out the name of the unit
UNNAMED = Bilingual("（未填单位）", "(no unit given)")
#: roles of cells that are no field
LABEL, QUIET = "label", ("placeholder", "note")


class Anchor(NamedTuple):
    """A place of a finding, and the mark in the page by which a link finds it; blank where it is not drawn."""

    place: str
    name: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding: its ``number`` in the report, its row, and where it is."""

    number: int
    row: Row
    anchors: Sequence[Anchor]

    @property
    def title(self) -> Bilingual:
        """The title of its check in both languages: its row holds one."""
        check = ALL_CHECKS.get(str(self.row["code"]))
        return check.title if check else Bilingual(*[str(self.row["title"])] * 2)

    @property
    def severity(self) -> Bilingual:
        """What to call its severity."""
        return SEVERITY[str(self.row["severity"])]

    @property
    def rank(self) -> int:
        """How grave it is: 0 is the gravest."""
        return list(SEVERITY).index(str(self.row["severity"]))

    @property
    def subject(self) -> Bilingual:
        """What it is about: an indicator's name as printed, or what to call a fund item or a part of the form."""
        return subject_of(self.row)

    @property
    def field(self) -> Bilingual:
        """What to call its column, which is a field of the form or a column of a table."""
        return field_of(self.row)


class Mark(NamedTuple):
    """A finding at one of its cells; at the first it says all that there is to say."""

    finding: FindingView
    is_first: bool


@dataclass(slots=True)
class Quote:
    """A paragraph outside the tables that a finding is about."""

    section: str
    text: str
    anchor: str = ""
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FormView:
    """A form: its ``number`` in the report, its row, and what is drawn of it."""

    number: int
    row: Row
    findings: Sequence[FindingView]
    tables: Sequence[Sequence[Sequence[Box]]]
    quotes: Sequence[Quote]

    @property
    def name(self) -> str:
        """What to call it: its project, else its title, else its file."""
        return str(self.row["project_name"] or self.row["title"] or self.row["source"])

    @property
    def unit(self) -> str:
        """Who handed it in, as far as the form says."""
        return str(self.row["implementing_unit"] or self.row["department"])


def views_of(rows: Rows, forms_before: int, findings_before: int) -> list[FormView]:
    """The forms of a file, numbered on, and so are their findings."""
    owned: dict[tuple[str, Datum], list[Row]] = defaultdict(list)
    for name in ("findings", "cells", "texts"):
        for row in rows.get(name, ()):
            owned[name, row["form_id"]].append(row)
    views: list[FormView] = []
    for number, form in enumerate(rows.get("forms", ()), forms_before + 1):
        own = [owned[name, form["form_id"]] for name in ("findings", "cells", "texts")]
        views.append(_view(number, form, findings_before, *own))
        findings_before += len(own[0])
    return views


def _view(
    number: int, form: Row, findings_before: int, rows: list[Row], cells: list[Row], texts: list[Row]
) -> FormView:
    drawing = Drawing(cells)
    quotes: dict[str, Quote] = {}
    for text in texts:
        quotes.setdefault(str(text["place"]), Quote(str(text["section"]), str(text["text"])))
    anchored: list[Box | Quote] = []
    findings: list[FindingView] = []
    for at, row in enumerate(rows, findings_before + 1):
        anchors: list[Anchor] = []
        finding = FindingView(at, row, anchors)
        for place in _places(str(row["place"])):
            found = drawing.box_at(place) or quotes.get(place)
            if found is not None:
                if not found.anchor:
                    anchored.append(found)
                    found.anchor = f"n{number}c{len(anchored)}"
                if not any(mark.finding is finding for mark in found.marks):
                    found.marks.append(Mark(finding, not any(anchor.name for anchor in anchors)))
            anchors.append(Anchor(place, found.anchor if found is not None else ""))
        findings.append(finding)
    said = [quote for quote in quotes.values() if quote.marks]
    return FormView(number, form, findings, drawing.tables(), said)


def _places(place: str) -> Iterable[str]:
    return place.split(_APART) if place else ()


def look_of(box: Box) -> str:
    """How a cell is drawn: the class of its element."""
    if not box.role:
        return "blank"
    if box.role == UNCLAIMED:
        return "nobody"
    if box.role == LABEL:
        return "label"
    if box.role in QUIET:
        return "quiet"
    return "guessed" if box.match == "fuzzy" else "field"


def looks_of(marks: Sequence[Mark]) -> str:
    """How a cell with findings is drawn: by the gravest that is said there, else by the gravest that is said elsewhere."""
    mark = min(marks, key=lambda one: (not one.is_first, one.finding.rank))
    return f"has-{mark.finding.row['severity']}{'' if mark.is_first else ' also'}"


def role_of(role: str) -> Bilingual:
    """What to call what a cell was read as; a label says so by itself."""
    return Bilingual("", "") if role in ("", LABEL, UNCLAIMED) else name_of(role)
