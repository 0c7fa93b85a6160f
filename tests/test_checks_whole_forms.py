"""Whole forms, head to report: what real forms get wrong is found, and nothing else is said.

``whole_forms.txt`` holds forms of an invented county; the sample of the first form that this product read stands
beside them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from test_checks import findings_of, record_of, row_of

from extract.readers import read_bytes
from normalize.layout import find_forms
from normalize.to_record import to_record
from zipingbiao.checks import Finding

HERE = Path(__file__).parent
SEED = HERE.parent / "samples" / "seed"

Row = tuple[str, ...]


@dataclass(frozen=True)
class WholeForm:
    """A form, and all errors and warnings that it must lead to."""

    sentence: str
    finds: Counter[Row]
    text: str


def read_whole_forms() -> list[WholeForm]:
    """The forms of the file."""
    _, *parts = re.split(r"^== ", (HERE / "whole_forms.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)
    forms = []
    for part in parts:
        sentence, _, rest = part.partition("\n")
        lines = rest.split("\n")
        told = [line.removeprefix("finds:") for line in lines if line.startswith("finds:")]
        finds = Counter(tuple(piece.strip() for piece in line.split("|")) for line in told)
        forms.append(WholeForm(sentence, finds, "\n".join(lines[len(told) :])))
    return forms


def grave_rows(findings: list[Finding]) -> Counter[Row]:
    """The errors and warnings as the file writes them."""
    return Counter((one.code, *row_of(one)) for one in findings if one.severity != "note")


FORMS = read_whole_forms()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.sentence)
def test_a_whole_form_leads_to_its_findings_and_to_no_other(form: WholeForm) -> None:
    assert grave_rows(findings_of(record_of(form.text))) == form.finds


def test_the_whole_forms_make_the_mistakes_that_real_forms_make() -> None:
    made = {code for form in FORMS for code, *_ in form.finds}
    assert made >= {"FUND01", "FUND02", "FUND04", "FUND05", "SCORE01", "SCORE02", "SCORE07"}
    assert made >= {"GOAL01", "GOAL02", "GOAL05", "GOAL07"}
    assert [form.sentence for form in FORMS if not form.finds] == ["an honest form"]


@pytest.mark.parametrize("name", ["form.docx", "form.txt", "form.xlsx", "form.pdf"])
def test_the_seed_is_a_blank_execution_score_that_its_total_counts(name: str) -> None:
    (form,) = find_forms(read_bytes((SEED / name).read_bytes(), name))
    found = grave_rows(findings_of(to_record(form)))
    assert found == Counter(
        [("FUND05", "total", "score", "", "1.59"), ("SCORE01", "total", "score", "100", "90")]
    )
