"""The labels of a form that nobody knew, and for each the fields that it most likely means."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal

from extract.document import Cell, Line
from normalize.form import Form, Piece
from normalize.labels.match import Match, match_label
from normalize.labels.spots import Spot, spots_of
from normalize.labels.texts import barest
from normalize.schema import load_schema

#: how much the place counts for a guess; the rest is likeness
PLACE = Decimal("0.3")
#: guesses below this are none; so many are shown
LEAST, MOST = Decimal("0.2"), 3
#: the scope of a label by the role of its cell, where the role tells
_SCOPES = {"level1": "level1", "level2": "level2", "item": "fund_item"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """A field that a label may have; ``score`` is at most 1."""

    scope: str
    field: str
    score: Decimal


@dataclass(frozen=True, slots=True)
class UnknownLabel:
    """A label that the schema lacks; ``wording`` is what would teach it.

    ``is_read`` says that it was taken for the one guess all the same, by likeness.
    """

    text: str
    wording: str
    cell: Cell | Line
    guesses: tuple[Meaning, ...]
    is_read: bool

    @property
    def toml(self) -> str:
        """The line of a file of labels that teaches the best guess; blank where there is none."""
        if not self.guesses:
            return ""
        # in single quotes where possible: CSV and spreadsheets leave them alone
        quoted = json.dumps(self.wording) if "'" in self.wording else f"'{self.wording}'"
        return f"{self.guesses[0].scope}.{self.guesses[0].field}.aliases = [{quoted}]"


def unknown_labels(form: Form) -> list[UnknownLabel]:
    """The labels of a form that nobody knew, and those that were taken for a field by likeness only."""
    unknown = [_label(spot.text, spot.cell, _guesses(spot), False) for spot in spots_of(form)]
    alike = [
        _label(piece.text, piece.cell, (guess,), True)
        for piece, match in form.fuzzy
        if (guess := _taken(form, piece, match))
    ]
    return [*unknown, *alike]


def _label(text: str, cell: Cell | Line, guesses: tuple[Meaning, ...], is_read: bool) -> UnknownLabel:
    return UnknownLabel("".join(text.split()), barest(text), cell, guesses, is_read)


def _taken(form: Form, piece: Piece, match: Match) -> Meaning | None:
    """What a label was taken for by likeness, with the scope that it was looked up in."""
    scope, _, field = match.field.rpartition(".")
    role = form.roles.get(piece.cell) if isinstance(piece.cell, Cell) else None
    told = scope or (_SCOPES.get(role.name, "") if role else "")
    alike = (one for one in load_schema().labels if match_label(piece.text, one) == match)
    found = told or next(alike, "")
    return Meaning(found, field, match.confidence) if found else None


def _guesses(spot: Spot) -> tuple[Meaning, ...]:
    """The likeliest fields, the best first: by the nearest wording of each, and by what the place speaks for."""
    from rapidfuzz import fuzz

    wording = barest(spot.text)
    likeness: dict[tuple[str, str], float] = {}
    for scope in spot.scopes:
        for alias, field in load_schema().labels[scope].items():
            key = scope, field
            likeness[key] = max(likeness.get(key, 0), fuzz.ratio(wording, alias))
    scored = [
        Meaning(*key, Decimal(int(ratio)) / 100 * (1 - PLACE) + PLACE * (key in spot.likely))
        for key, ratio in likeness.items()
    ]
    best = sorted(scored, key=lambda one: -one.score)[:MOST]
    return tuple(guess for guess in best if guess.score >= LEAST)
