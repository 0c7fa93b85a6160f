"""A mistake in an honest form leads to its own finding and to no other: under each policy, and in any office's layout.

``MISTAKES`` in the environment says how many forms to draw for each mistake, policy and layout; without it, a few.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from form_builder import HUBEI, NATIONAL, SmallForm, draw_habits, honest_form
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st
from layouts.drawing import Laid, lay_out
from layouts.template import Template
from mistakes import MISTAKES, Mistake

from extract.document import Document
from extract.readers import read_bytes
from extract.text.read import read_text
from normalize.layout import find_forms
from normalize.to_record import to_record
from zipingbiao.checks import CHECKS, Finding, run_checks
from zipingbiao.policy import load_policy, policy_for, policy_names

sys.path.insert(
    0, str(Path(__file__).parents[1] / "samples")
)  # a script of the samples, not part of a package

import make

FORMS = int(os.environ.get("MISTAKES", "2"))
#: so many forms may be drawn for one that has a place for a mistake
TRIES = 400
#: honest offices take points off as they see fit, and give the reason; the formula is another opinion
DISCRETION = {"GOAL02"}
#: what a policy asks for, whatever the form says: people in the head, a reason for money left and targets exceeded
ASKED_FOR = {"strict": {"FUND06", "GOAL03", "FORM01"}}

each_mistake = pytest.mark.parametrize(
    "mistake", MISTAKES, ids=lambda mistake: f"{mistake.code}: {mistake.make.__name__}"
)


def spoiled(mistake: Mistake, choose: Random, policy: str = "mof-2020") -> SmallForm | None:
    """An honest form with a mistake in it, by the rules of a policy; None where the form has no place for it."""
    habits = replace(draw_habits(choose), low=False, misses=False, narrates=False)
    habits = replace(habits, **mistake.needs)
    if policy == "hubei-20-80":
        scheme = "column" if habits.scheme == "none" else habits.scheme
        habits = replace(habits, scheme=scheme, execution_weight=HUBEI)
    elif habits.scheme == "label" and policy != "mof-2020":  # the label's points are those of 湖北
        habits = replace(habits, scheme="column", execution_weight=NATIONAL)
    return mistake.make(honest_form(choose, habits), choose)


def findings_in(document: Document, policy: str | None) -> list[Finding]:
    """What is found in the one form of a document."""
    (form,) = find_forms(document)
    record = to_record(form)
    return run_checks(
        record, policy_for(record, None) if policy is None else load_policy(policy), CHECKS.values()
    )


def in_text(form: SmallForm, mistake: Mistake) -> str:
    """The form as a text file."""
    return form.text().replace(*mistake.retyped) if mistake.retyped else form.text()


def judge(findings: list[Finding], code: str, allowed: set[str], told: str) -> None:
    """Hold the findings against the mistake's code and those that are allowed beside it."""
    assert code in {finding.code for finding in findings}, told
    beside = [
        f"{one.code} {one.message.en}"
        for one in findings
        if one.severity != "note" and one.code not in {code, *allowed}
    ]
    assert beside == [], told


@each_mistake
@settings(derandomize=True, deadline=None, max_examples=25)
@given(office=st.randoms(use_true_random=False))
def test_one_mistake_leads_to_its_own_finding_and_to_no_other(mistake: Mistake, office: Random) -> None:
    form = spoiled(mistake, office)
    assume(form is not None)
    assert form is not None
    text = in_text(form, mistake)
    note(text)
    judge(findings_in(read_text(text.encode(), "form.txt"), None), mistake.code, DISCRETION, "")


def test_every_check_of_a_text_has_a_mistake_that_leads_to_it() -> None:
    elsewhere = {"READ04", "READ05", "GOAL03"}  # of scans, of what a reader remarks, and where a policy asks
    assert {mistake.code for mistake in MISTAKES} == set(CHECKS) - elsewhere


# --- under each policy -------------------------------------------------------------------------------


def drawn(mistake: Mistake, policy: str) -> Iterator[tuple[str, Random, SmallForm]]:
    """Forms with a mistake, each with its seed."""
    found = 0
    for seed in range(TRIES):
        told = f"{mistake.make.__name__} {policy} {seed}"
        choose = Random(told)
        form = spoiled(mistake, choose, policy)
        if form is not None:
            yield told, choose, form
            found += 1
        if found == FORMS:
            return
    raise AssertionError(f"no form has a place for {mistake.make.__name__}")


@pytest.mark.parametrize(
    ("mistake", "policy"),
    [
        pytest.param(mistake, policy, id=f"{mistake.code}: {mistake.make.__name__}, {policy}")
        for mistake in MISTAKES
        for policy in mistake.policies or policy_names()
    ],
)
def test_one_mistake_leads_to_its_own_finding_under_each_policy(mistake: Mistake, policy: str) -> None:
    for told, _, form in drawn(mistake, policy):
        text = in_text(form, mistake)
        findings = findings_in(read_text(text.encode(), "form.txt"), policy)
        judge(findings, mistake.code, DISCRETION | ASKED_FOR.get(policy, set()), f"{told}\n{text}")


# --- in any layout -----------------------------------------------------------------------------------


def laid_out(choose: Random, form: SmallForm, mistake: Mistake) -> Laid | None:
    """The form in a template that tells all of it as it is: scores one by one, the execution among the funds.

    A label in the head that nobody knows is a cell, since a paragraph is a text without labels.
    """
    laid = lay_out(choose, form)
    while _tells_otherwise(laid.template, mistake):
        laid = lay_out(choose, form)
    if mistake.retyped is None:
        return laid
    lines = tuple(line.replace(*mistake.retyped) for line in laid.lines)
    return None if lines == laid.lines else replace(laid, lines=lines)


def _tells_otherwise(template: Template, mistake: Mistake) -> bool:
    in_lines = mistake.code == "READ01" and template.head in ("lines", "one line")
    return bool(template.shared) or template.execution_row or in_lines


@each_mistake
def test_one_mistake_leads_to_its_own_finding_in_any_layout(mistake: Mistake, tmp_path: Path) -> None:
    read = 0
    for told, choose, form in drawn(mistake, "mof-2020"):
        laid = laid_out(choose, form, mistake)
        if laid is None:
            continue
        source = tmp_path / "source.txt"
        source.write_text("\n".join(laid.lines), encoding="utf-8")
        document = read_bytes(make.WRITERS["form.docx"](make.read_source(source)), "form.docx")
        judge(findings_in(document, None), mistake.code, DISCRETION, f"{told}\n" + "\n".join(laid.lines))
        read += 1
    assert read or mistake.retyped
