"""What a form has, and what nearly every form has besides: by this, the place of an unknown label speaks for a field."""

from __future__ import annotations

import tomllib
from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

from extract.document import Cell, Line
from normalize.form import Form
from normalize.schema import load_schema

USUAL: dict[str, list[str]] = tomllib.loads(
    files("normalize").joinpath("form_facts.toml").read_text(encoding="utf-8")
)["usual"]


def usual(scope: str, known: Container[str]) -> list[str]:
    """What nearly every form names in a scope, without what is ``known``."""
    return [field for field in USUAL.get(scope, ()) if field not in known]


def fields_of(scope: str) -> list[str]:
    """The fields of a scope in the schema's order, which is the one of the national template."""
    return list(dict.fromkeys(load_schema().labels[scope].values()))


@dataclass(frozen=True)
class Facts:
    """What is known of a form, looked up once: forms can be long."""

    form: Form

    @cached_property
    def own(self) -> frozenset[Cell]:
        """The form's cells; its grids may hold other forms, too."""
        return frozenset(self.form.cells)

    @cached_property
    def lines(self) -> dict[Cell | Line, str]:
        """The labels of sources of funds that nobody knew."""
        return {fund.label.cell: fund.label.text for fund in self.form.funds if fund.item is None}

    @cached_property
    def known(self) -> dict[str, set[str]]:
        """The fields that the form has, by scope."""
        levels = [level for row in self.form.indicators for level in (row.level1, row.level2) if level]
        return {
            "head": set(self.form.heading),
            "fund_item": {fund.item.field for fund in self.form.funds if fund.item},
            "level1": {level.key for level in levels if level.scope == "level1"},
            "level2": {level.key for level in levels if level.scope == "level2"},
        }

    @cached_property
    def beside(self) -> dict[Cell | Line, set[str]]:
        """For each level label, the other levels in its rows."""
        found: dict[Cell | Line, set[str]] = {}
        for row in self.form.indicators:
            if row.level1 and row.level2:
                found.setdefault(row.level1.label.cell, set()).add(row.level2.key)
                found.setdefault(row.level2.label.cell, set()).add(row.level1.key)
        return found

    def is_unread(self, cell: Cell) -> bool:
        """Whether nobody claimed a cell."""
        return cell not in self.form.roles

    def left(self, scope: str) -> list[str]:
        """What nearly every form names in a scope, and this one has not."""
        return usual(scope, self.known[scope])
