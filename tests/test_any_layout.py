"""Forms in any office's layout: what is read from a drawn template is what was written into it.

``LAYOUTS`` in the environment says how many forms to draw in each format; without it, a few.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from form_builder import SmallForm, honest_form
from layouts.drawing import Laid, lay_out
from layouts.truth import differences

from extract.readers import read_bytes
from normalize.layout import find_forms
from normalize.record import Record
from normalize.to_record import to_record
from zipingbiao.checks import CHECKS, run_checks
from zipingbiao.policy import policy_for

sys.path.insert(
    0, str(Path(__file__).parents[1] / "samples")
)  # a script of the samples, not part of a package

import make

FORMS = {"docx": 120, "xlsx": 60, "pdf": 60, "txt": 60, "html": 40}
#: forms of one test
BLOCK = 20
#: of a thousand fields, so many may be lost
LOST = 5


def _blocks() -> list[tuple[str, int]]:
    """Each format with the first seeds of its blocks."""
    drawn = int(os.environ.get("LAYOUTS", "0"))
    return [(kind, seed) for kind, count in FORMS.items() for seed in range(0, drawn or count, BLOCK)]


def _drawn(choose: Random) -> SmallForm:
    """An honest form with an indicator: a form without one is a fund table, which has no layout to speak of."""
    while True:
        form = honest_form(choose)
        if form.indicators:
            return form


def _read(kind: str, lines: list[str], folder: Path) -> list[Record]:
    source = folder / "source.txt"
    source.write_text("\n".join(lines), encoding="utf-8")
    name = f"form.{kind}"
    data = make.WRITERS[name](make.read_source(source))
    return [to_record(form) for form in find_forms(read_bytes(data, name))]


def _errors(record: Record) -> list[str]:
    found = run_checks(record, policy_for(record, None), CHECKS.values())
    return [f"{one.code} {one.message.zh}" for one in found if one.severity == "error"]


class _Tally:
    """What is different between forms and what was read of them, each with the form's seed."""

    def __init__(self) -> None:
        self.fields = 0
        self.lost: list[str] = []
        self.faults: list[str] = []

    def add(self, seed: int, laid: Laid, record: Record) -> None:
        for field, one in differences(laid, record):
            self.fields += 1
            if one:
                told = f"{seed}: {field} {one.kind}: {one.written!r} read as {one.read!r}"
                (self.lost if one.kind == "lost" else self.faults).append(told)
        self.faults += [f"{seed}: {error}" for error in _errors(record)]

    def judge(self) -> None:
        assert not self.faults, "\n".join(self.faults)
        assert len(self.lost) * 1000 <= self.fields * LOST, "\n".join(self.lost)


@pytest.mark.parametrize(("kind", "first"), _blocks())
def test_a_form_in_any_layout_is_read_as_it_was_written(kind: str, first: int, tmp_path: Path) -> None:
    tally = _Tally()
    for seed in range(first, first + BLOCK):
        choose = Random(seed)
        laid = lay_out(choose, _drawn(choose), merges=kind != "txt")
        records = _read(kind, list(laid.lines), tmp_path)
        assert len(records) == 1, (seed, laid.template)
        tally.add(seed, laid, records[0])
    tally.judge()


@pytest.mark.parametrize("first", range(0, int(os.environ.get("LAYOUTS", "40")), BLOCK))
def test_two_forms_behind_each_other_are_read_alone(first: int, tmp_path: Path) -> None:
    tally = _Tally()
    for seed in range(first, first + BLOCK):
        choose = Random(seed)
        pages = [
            lay_out(choose, _named(_drawn(choose), "道路养护")),
            lay_out(choose, _named(_drawn(choose), "桥梁加固"), follows=True),
        ]
        records = _read("docx", [line for laid in pages for line in laid.lines], tmp_path)
        assert len(records) == 2, (seed, [laid.template for laid in pages])
        for laid, record in zip(pages, records, strict=True):
            tally.add(seed, laid, record)
    tally.judge()


def _named(form: SmallForm, name: str) -> SmallForm:
    return replace(form, head=(("项目名称", name), *form.head[1:]))


def test_the_templates_differ() -> None:
    drawn: dict[str, Counter[str]] = {}
    for seed in range(300):
        choose = Random(seed)
        template = lay_out(choose, _drawn(choose)).template
        for field in template.__dataclass_fields__:
            drawn.setdefault(field, Counter())[str(getattr(template, field))] += 1
    assert [field for field, values in drawn.items() if len(values) < 2] == []
