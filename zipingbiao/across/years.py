"""A project from one year to the next (CROSS05)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from zipingbiao.across.facts import Facts, Figure
from zipingbiao.across.registry import Conflict, across
from zipingbiao.checks.precision import amount, percent
from zipingbiao.policy import Policy

#: which way a target is the easier one, by its comparator; a bare number can be either
_AT_LEAST, _AT_MOST = (">=", ">"), ("<=", "<")
_SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}


@across("CROSS05", "note", "年度间异常变化", "odd change from year to year")
def cross05(forms: Sequence[Facts], policy: Policy) -> Iterator[Conflict]:
    """A project's target is easier than last year's, or its budget grew while its score stayed the same.

    Why: a target that is lowered hides that less is achieved; more money should lead to more.
    Example: 培训人数 ≥500人 last year, ≥300人 this year; budget 100万元, then 150万元, both times 98 points.
    Tolerance: targets only with the same comparator (at least, or at most) and unit; budgets from the policy's
    share on (yearly_growth, 20 %). The same unit and project, of the year before; a year in the project's name
    does not part them.
    Source: 财预〔2020〕10号: results of the evaluation are a basis of next year's budget.
    """
    by_name: dict[tuple[str, ...], dict[int, Facts]] = {}
    for form in forms:
        if form.unit_key and form.project_key and form.year:
            by_name.setdefault((form.kind, form.unit_key, form.project_key), {}).setdefault(form.year, form)
    for years in by_name.values():
        for year, form in years.items():
            if year - 1 in years:
                before = years[year - 1]
                yield from _lowered(form, before)
                yield from _grown(form, before, policy.yearly_growth)


def _lowered(form: Facts, before: Facts) -> Iterator[Conflict]:
    earlier = {(one.subject, one.sense): one for one in before.figures if one.field == "target"}
    for now in form.figures:
        then = earlier.get((now.subject, now.sense))
        if now.field != "target" or then is None or not _is_easier(now, then):
            continue
        yield Conflict(
            form,
            now.subject,
            "target",
            now.place,
            now.number,
            then.number,
            f"“{now.called}”年度指标值{_target(now)}，比上年度的{_target(then)}宽松（{before.at(then.place)}）。",
            f"“{now.called}”: the target {_target(now)} is easier than last year's {_target(then)}"
            f" ({before.at(then.place)}).",
        )


def _target(figure: Figure) -> str:
    relation, _, unit = figure.sense.partition(" ")
    return f"{_SIGNS[relation]}{amount(figure.number)}{unit}"


def _is_easier(now: Figure, then: Figure) -> bool:
    relation = now.sense.partition(" ")[0]
    if relation in _AT_LEAST:
        return now.number < then.number
    return relation in _AT_MOST and now.number > then.number


def _grown(form: Facts, before: Facts, growth: Decimal) -> Iterator[Conflict]:
    now, then = _budget(form.figures), _budget(before.figures)
    score, last = (_total_score(one.figures) for one in (form, before))
    if now is None or then is None or score is None or score != last:
        return
    if now.field != then.field or then.number <= 0 or now.number <= then.number * (1 + growth):
        return
    more = percent((now.number - then.number) / then.number)
    yield Conflict(
        form,
        "total",
        now.field,
        now.place or form.place,
        now.number,
        then.number,
        f"预算{amount(now.number)}万元比上年度的{amount(then.number)}万元增加{more}（{before.at(then.place)}），"
        f"自评总分同为{amount(score)}分。",
        f"The budget {amount(now.number)} is {more} above last year's {amount(then.number)} ({before.at(then.place)}),"
        f" and the total score is {amount(score)} in both.",
    )


def _budget(figures: Sequence[Figure]) -> Figure | None:
    """The adjusted budget of the total line, else the initial one."""
    totals = {one.field: one for one in figures if one.subject == "total"}
    return totals.get("budget_adjusted") or totals.get("budget_initial")


def _total_score(figures: Sequence[Figure]) -> Decimal | None:
    return next((one.number for one in figures if one.field == "total_score"), None)
