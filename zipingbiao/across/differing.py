"""One project whose forms do not agree (CROSS02)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from zipingbiao.across.facts import AMOUNTS, Facts, Figure
from zipingbiao.across.registry import Conflict, across
from zipingbiao.checks.precision import Interval, amount, half_unit
from zipingbiao.checks.reading import field_name
from zipingbiao.policy import Policy

#: forms of one project, all different, that each of them is compared with
MOST_COMPARED = 20
#: a figure's subject and field
_Key = tuple[str, str]


def fund_half(figures: Sequence[Figure]) -> Decimal:
    """Half a unit of the finest digit that any amount of a form prints."""
    return min((half_unit(one.number) for one in figures if one.field in AMOUNTS), default=Decimal(0))


@across("CROSS02", "error", "同一项目数据不一致", "one project with different figures")
def cross02(forms: Sequence[Facts], policy: Policy) -> Iterator[Conflict]:
    """Two forms of the same project, unit and year state different amounts, scores, targets or actual values.

    Why: at most one of the two can be right.
    Example: the Word file says 95.6万元 were spent, the signed PDF 96.5万元.
    Tolerance: amounts by each form's printed precision; scores, targets and actual values exactly, where
    comparator and unit are the same. Compared is what both forms state. Silent where unit, project or year is
    blank, and where both print a project code and the codes differ.
    Source: follows from 财预〔2020〕10号: one project has one self-evaluation a year.
    """
    projects: dict[tuple[object, ...], list[Facts]] = defaultdict(list)
    for form in forms:
        if form.unit_key and form.project_key and form.year:
            projects[form.kind, form.unit_key, form.project_key, form.year].append(form)
    for group in projects.values():
        if len({form.content for form in group}) > 1:
            yield from _differing(group)


def _differing(group: Sequence[Facts]) -> Iterator[Conflict]:
    stated = {form.number: _unique(form.figures) for form in group}
    halves = {form.number: fund_half(list(stated[form.number].values())) for form in group}
    different = list({form.content: form for form in reversed(group)}.values())[::-1][:MOST_COMPARED]
    for form in group:
        others = [one for one in different if one is not form and _may_be_one(form, one)]
        for key, figure in stated[form.number].items():
            against = [
                (one, other)
                for one in others
                if (other := stated[one.number].get(key)) is not None
                and _contradict(figure, halves[form.number], other, halves[one.number])
            ]
            if against:
                yield _conflict(form, figure, against)


def _unique(figures: Sequence[Figure]) -> dict[_Key, Figure]:
    """The figures by what they are of, without those that the form has twice."""
    times = Counter((one.subject, one.field) for one in figures)
    return {(one.subject, one.field): one for one in figures if times[one.subject, one.field] == 1}


def _may_be_one(a: Facts, b: Facts) -> bool:
    return not (a.project_code and b.project_code) or a.project_code == b.project_code


def _contradict(a: Figure, half_a: Decimal, b: Figure, half_b: Decimal) -> bool:
    if a.field in AMOUNTS:
        return not Interval.around(a.number, half_a).meets(Interval.around(b.number, half_b))
    return a.sense == b.sense and a.number != b.number


def _conflict(form: Facts, figure: Figure, against: Sequence[tuple[Facts, Figure]]) -> Conflict:
    other, its = against[0]
    zh, en = field_name(figure.field)
    of = "" if figure.field == "total_score" else f"“{figure.called}”"
    more_zh = f"（另有{len(against) - 1}张表也不一致）" if len(against) > 1 else ""
    more_en = f" ({len(against) - 1} more forms differ, too)" if len(against) > 1 else ""
    here, there = f"{amount(figure.number)}{_unit(figure)}", f"{amount(its.number)}{_unit(its)}"
    return Conflict(
        form,
        figure.subject,
        figure.field,
        figure.place or form.place,
        figure.number,
        its.number,
        f"同一单位同一年度的同一项目，{of}{zh}本表为{here}，{other.at(its.place)}为{there}{more_zh}。",
        f"The same project, unit and year: {of + ' ' if of else ''}{en} is {here} here and {there} in {other.at(its.place)}{more_en}.",
    )


def _unit(figure: Figure) -> str:
    """The unit behind a number; in a range, the upper end stands behind it."""
    return figure.sense if figure.sense in ("万元", "分") else ""
