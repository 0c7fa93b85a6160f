"""A department's project expenditure against the sum of its projects (CROSS04)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from normalize.values.exact import EXACT
from zipingbiao.across.differing import fund_half
from zipingbiao.across.facts import AMOUNTS, Facts, Figure
from zipingbiao.across.names import name_key
from zipingbiao.across.registry import Conflict, across
from zipingbiao.checks.precision import amount
from zipingbiao.checks.reading import field_name
from zipingbiao.policy import Policy

#: the fund line of a department's form that its projects are parts of
PROJECT_EXPENDITURE = "project_expenditure"


@across("CROSS04", "note", "部门与项目合计不符", "department and its projects do not add up")
def cross04(forms: Sequence[Facts], policy: Policy) -> Iterator[Conflict]:
    """The project expenditure of a department's form is not the sum over its projects' forms of that year.

    Why: a project has no form, or one of the amounts is wrong.
    Example: 项目支出 1000 in the form of the department, 800 and 300 in those of its two projects.
    Tolerance: half a unit of the last printed digit for each amount. A note only: nobody knows from the forms
    whether all projects were handed in. Each project counts once, those of the department's subordinate units
    with it. Silent for a column that a project leaves blank.
    Source: a department's budget is made of 基本支出 and 项目支出.
    """
    projects: dict[tuple[str, int | None], dict[tuple[str, str], Facts]] = defaultdict(dict)
    for form in forms:
        if form.kind == "project" and form.project_key:
            for holder in {form.holder, name_key(form.department)} - {""}:
                projects[holder, form.year].setdefault((form.holder, form.project_key), form)
    for form in forms:
        if form.kind == "department" and form.holder and form.year:
            parts = list(projects.get((form.holder, form.year), {}).values())
            if parts:
                yield from _sums(form, parts)


def _sums(form: Facts, parts: Sequence[Facts]) -> Iterator[Conflict]:
    figures = form.figures
    lines = [one for one in figures if one.subject == PROJECT_EXPENDITURE and one.field in AMOUNTS]
    if not lines:
        return
    totals = [_totals(part.figures) for part in parts]
    halves = [fund_half(part.figures) for part in parts]
    slack = sum(halves, fund_half(figures))
    for line in lines:
        amounts = [total[line.field] for total in totals if line.field in total]
        if len(amounts) < len(parts):
            continue
        summed = Decimal(0)
        for one in amounts:
            summed = EXACT.add(summed, one)
        if abs(line.number - summed) > slack:
            yield _conflict(form, line, summed, parts)


def _totals(figures: Sequence[Figure]) -> dict[str, Decimal]:
    """The amounts of the total line, by column."""
    return {one.field: one.number for one in figures if one.subject == "total" and one.field in AMOUNTS}


def _conflict(form: Facts, line: Figure, summed: Decimal, parts: Sequence[Facts]) -> Conflict:
    zh, en = field_name(line.field)
    first, count = parts[0].spot, len(parts)
    return Conflict(
        form,
        line.subject,
        line.field,
        line.place or form.place,
        line.number,
        summed,
        f"部门整体表项目支出{zh}{amount(line.number)}万元，本次核查的该部门{count}张项目表（{first}{'等' if count > 1 else ''}）"
        f"合计{amount(summed)}万元，相差{amount(abs(line.number - summed))}万元；项目表可能未全部提供。",
        f"The department's project expenditure ({en}) is {amount(line.number)}; the {count} project form(s) of this run ({first}"
        f"{' and others' if count > 1 else ''}) sum to {amount(summed)}. Forms of further projects may be missing.",
    )
