"""Mistakes that an office can make in an honest form, each with the code that it leads to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any

from definition import nudged, rates_in, share_in, weight_in
from form_builder import (
    IndicatorRow,
    SmallForm,
    decimals,
    draw_indicator,
    number_in,
    places_of,
)


@dataclass(frozen=True)
class Mistake:
    """One thing that goes wrong in an honest form: what the office must print for it, and what it prints then.

    ``make`` returns the form with the mistake, and None where the form has no place for it. ``retyped`` is a text of
    the form's template, and what stands there instead. Under other than ``policies`` it is none, where these are given.
    """

    code: str
    needs: dict[str, Any]
    make: Callable[[SmallForm, Random], SmallForm | None]
    retyped: tuple[str, str] | None = None
    policies: tuple[str, ...] = ()


EXACT = {"places": 4, "strips_zeros": False}
SCORED = {"scheme": "column", "execution_weight": Fraction(10)}


def _any_numbered(form: SmallForm, column: str, choose: Random, first: int = 0) -> int | None:
    found = [
        index for index, row in enumerate(form.funds) if index >= first and number_in(getattr(row, column))
    ]
    return choose.choice(found) if found else None


def wrong_rate(form: SmallForm, choose: Random) -> SmallForm | None:
    index = choose.choice([number for number, row in enumerate(form.funds) if share_in(form, row)])
    share = share_in(form, form.funds[index])
    if share is None or share.high is None:
        return None
    return form.with_fund(index, rate=decimals(share.high * 100 + 2, 2) + "%")


def wrong_part(form: SmallForm, choose: Random) -> SmallForm | None:
    index = _any_numbered(form, "initial", choose, first=1)
    if index is None:
        return None
    return form.with_fund(index, initial=nudged(form.funds[index].initial, len(form.funds) + 2))


def overspending(form: SmallForm, choose: Random) -> SmallForm | None:
    budget = form.funds[0].adjusted
    spent = form.with_fund(0, executed=nudged(budget, choose.randint(2, 9)), score=form.funds[0].weight)
    return spent.with_sum_as_total()


def wrong_execution_score(form: SmallForm, choose: Random) -> SmallForm | None:
    row = form.funds[0]
    weight, share = weight_in(form, row), share_in(form, row)
    assert weight is not None and share is not None
    lowest = min(span.earns(weight).low for span in (share, *rates_in(form, row)))
    return form.with_fund(0, score=decimals(lowest / 2, 2)).with_sum_as_total()


def blank_execution_score(form: SmallForm, choose: Random) -> SmallForm | None:
    return form.with_fund(0, score="").with_sum_as_total()


def low_execution(form: SmallForm, choose: Random) -> SmallForm | None:
    return form


def zero_total(form: SmallForm, choose: Random) -> SmallForm | None:
    return None if _any_numbered(form, "initial", choose, first=1) is None else form.with_fund(0, initial="0")


def wrong_total(form: SmallForm, choose: Random) -> SmallForm | None:
    total = number_in(form.total_score)
    assert total is not None
    return replace(form, total_score=decimals(total - choose.randint(2, 9), places_of(form.total_score)))


def total_off_by_a_point(form: SmallForm, choose: Random) -> SmallForm | None:
    total = number_in(form.total_score)
    assert total is not None
    # a point more can be an execution score that the fund table has no column for
    step = choose.choice((-1, 1)) if "score" in form.fund_columns else -1
    return replace(form, total_score=decimals(total + step, places_of(form.total_score)))


def _indicator(form: SmallForm, choose: Random) -> tuple[int, IndicatorRow, Fraction]:
    index = choose.randrange(len(form.indicators))
    row = form.indicators[index]
    return index, row, Fraction(row.weight)


def a_point_too_many(form: SmallForm, choose: Random) -> SmallForm | None:
    index, _, weight = _indicator(form, choose)
    more = decimals(weight + 1, 2)
    return form.with_indicator(index, weight=more, score=more).with_sum_as_total()


def score_above_weight(form: SmallForm, choose: Random) -> SmallForm | None:
    index, _, weight = _indicator(form, choose)
    return form.with_indicator(index, score=decimals(weight + 1, 2)).with_sum_as_total()


def blank_score(form: SmallForm, choose: Random) -> SmallForm | None:
    index, _, _ = _indicator(form, choose)
    return form.with_indicator(index, score="").with_sum_as_total()


def wrong_label(form: SmallForm, choose: Random) -> SmallForm | None:
    labels = dict(form.level_weights)
    level = choose.choice(sorted(labels))
    labels[level] = decimals(Fraction(labels[level]) + 1, 2)
    return replace(form, level_weights=tuple(labels.items()))


def missed_target(form: SmallForm, choose: Random) -> SmallForm | None:
    index, row, _ = _indicator(form, choose)
    return form.with_indicator(index, actual=row.missing) if row.missing else None


def strange_unit(form: SmallForm, choose: Random) -> SmallForm | None:
    index, row, _ = _indicator(form, choose)
    return form.with_indicator(index, actual=row.stranger) if row.stranger else None


def unexplained_loss(form: SmallForm, choose: Random) -> SmallForm | None:
    index, _, weight = _indicator(form, choose)
    return form.with_indicator(index, score=decimals(weight / 2, 2)).with_sum_as_total()


def _told(form: SmallForm, sentence: str) -> SmallForm | None:
    return replace(form, paragraphs=("一、项目基本情况", sentence))


def _tenth_more(text: str) -> str:
    number = number_in(text)
    assert number is not None
    return decimals(number * Fraction(11, 10) + 2, places_of(text))


def budget_told_wrong(form: SmallForm, choose: Random) -> SmallForm | None:
    return _told(form, f"本项目全年预算{_tenth_more(form.funds[0].adjusted)}{form.unit}。")


def spending_told_wrong(form: SmallForm, choose: Random) -> SmallForm | None:
    return _told(form, f"2021年实际支出{_tenth_more(form.funds[0].executed)}{form.unit}。")


def rate_told_wrong(form: SmallForm, choose: Random) -> SmallForm | None:
    return _told(form, f"预算执行率为{_tenth_more(form.funds[0].rate)}%。")


def score_told_wrong(form: SmallForm, choose: Random) -> SmallForm | None:
    return _told(form, f"自评总分{_tenth_more(form.total_score)}分。")


def grade_told_wrong(form: SmallForm, choose: Random) -> SmallForm | None:
    printed, told = choose.sample("优良中差", 2)
    return _told(replace(form, head=(*form.head, ("自评等级", printed))), f"评价等级为“{told}”。")


def sentence_that_contradicts_itself(form: SmallForm, choose: Random) -> SmallForm | None:
    total = form.funds[0]
    budget, spent = number_in(total.adjusted), number_in(total.executed)
    if not budget or not spent or spent / budget < Fraction(1, 2):
        return None
    wrong = decimals(spent / budget * 100 - 20, 1)
    return _told(
        form, f"全年预算{total.adjusted}{form.unit}，实际支出{total.executed}{form.unit}，执行率{wrong}%。"
    )


def blank_head(form: SmallForm, choose: Random) -> SmallForm | None:
    index = choose.randrange(len(form.head))
    head = [(label, "" if number == index else value) for number, (label, value) in enumerate(form.head)]
    return replace(form, head=tuple(head))


def unknown_label(form: SmallForm, choose: Random) -> SmallForm | None:
    return replace(form, head=(*form.head, ("银河口令", "三号")))


def broken_number(form: SmallForm, choose: Random) -> SmallForm | None:
    return form.with_fund(0, initial="7,00.0,77")


def target_in_the_name(form: SmallForm, choose: Random) -> SmallForm | None:
    index, row, _ = _indicator(form, choose)
    return form.with_indicator(index, name=row.name + "完成率≥90%", target="", actual="95%")


def mistyped_label(form: SmallForm, choose: Random) -> SmallForm | None:
    return form


def doubled_budget(form: SmallForm, choose: Random) -> SmallForm | None:
    adjusted = number_in(form.funds[0].adjusted)
    assert adjusted is not None
    return form.with_fund(0, initial=decimals(adjusted * 2 + 1, places_of(form.funds[0].adjusted)))


def rate_as_fraction(form: SmallForm, choose: Random) -> SmallForm | None:
    rate = number_in(form.funds[0].rate)
    return form.with_fund(0, rate=decimals(rate / 100, 4)) if rate else None


def wrong_grade(form: SmallForm, choose: Random) -> SmallForm | None:
    total = number_in(form.total_score)
    assert total is not None
    right = next(grade for grade, least in (("优", 90), ("良", 80), ("中", 60), ("差", 0)) if total >= least)
    wrong = choose.choice([grade for grade in "优良中差" if grade != right])
    return replace(form, head=(*form.head, ("自评等级", wrong)))


def _with_indicators(form: SmallForm, choose: Random, *weights: tuple[str, str]) -> SmallForm:
    """The form with an indicator for each level and weight, all met."""
    rows = [
        replace(draw_indicator(choose, f"任务{level}", level), weight=weight, score=weight)
        for level, weight in weights
    ]
    return replace(form, indicators=tuple(rows), level_weights=()).with_sum_as_total()


def other_level_weights(form: SmallForm, choose: Random) -> SmallForm | None:
    return _with_indicators(form, choose, ("output", "60"), ("benefit", "20"), ("satisfaction", "10"))


def heavy_indicator(form: SmallForm, choose: Random) -> SmallForm | None:
    execution = weight_in(form, form.funds[0]) or Fraction(0)
    return _with_indicators(form, choose, ("output", "50"), ("benefit", decimals(50 - execution, 0)))


def half_the_points(form: SmallForm, choose: Random) -> SmallForm | None:
    index, row, weight = _indicator(form, choose)
    if not row.missing:
        return None  # words and dates have no proportion
    half = decimals(weight / 2, 2)
    return form.with_indicator(index, score=half, reason="群众意见不一").with_sum_as_total()


def target_in_words(form: SmallForm, choose: Random) -> SmallForm | None:
    index, _, _ = _indicator(form, choose)
    return form.with_indicator(index, target="明显改善", actual="有所改善")


def copied_target(form: SmallForm, choose: Random) -> SmallForm | None:
    index, _, _ = _indicator(form, choose)
    return form.with_indicator(index, target="≥360天", actual="≥360天")


def late_at_full_score(form: SmallForm, choose: Random) -> SmallForm | None:
    index, _, _ = _indicator(form, choose)
    return form.with_indicator(index, target="2021年6月底前", actual="2021年9月")


def template_s_name(form: SmallForm, choose: Random) -> SmallForm | None:
    return replace(form, head=(("项目名称", "XX项目"), *form.head[1:]))


def budget_in_yuan(form: SmallForm, choose: Random) -> SmallForm | None:
    adjusted = number_in(form.funds[0].adjusted)
    if adjusted is None or adjusted < 20:
        return None
    return form.with_fund(0, initial=decimals(adjusted * 10_000, places_of(form.funds[0].adjusted)))


MISTAKES = (
    Mistake("FUND01", {"rates": "percent2", "score_from_rate": False, **EXACT}, wrong_rate),
    Mistake("FUND02", {"has_initial": True, "parts": 3, "nested": False}, wrong_part),
    Mistake("FUND03", {"parts": 0, "rates": "", **SCORED}, overspending),
    Mistake("FUND04", {"rates": "percent2", **EXACT, **SCORED}, wrong_execution_score),
    Mistake("FUND05", SCORED, blank_execution_score),
    Mistake("FUND06", {"low": True, **EXACT}, low_execution),
    Mistake("FUND07", {"has_initial": True, "parts": 2, "nested": False}, zero_total),
    Mistake("FUND08", {"has_initial": True, "parts": 0}, doubled_budget),
    Mistake("FUND09", {"rates": "percent2", **EXACT}, rate_as_fraction),
    Mistake("SCORE01", {"has_total": True}, wrong_total),
    Mistake("SCORE01", {"has_total": True, "total_places": 1}, total_off_by_a_point),
    Mistake("SCORE02", {"has_weights": True, "level_weights": False}, a_point_too_many),
    Mistake("SCORE03", {"has_weights": True}, score_above_weight),
    Mistake("SCORE04", {"has_weights": True}, blank_score),
    Mistake("SCORE05", {"has_total": True}, wrong_grade),
    Mistake(
        "SCORE06",
        {"has_weights": True, "has_levels": True, **SCORED},
        other_level_weights,
        policies=("mof-2020", "strict"),  # the others have other levels, or none
    ),
    Mistake("SCORE08", {"has_weights": True, **SCORED}, heavy_indicator),
    Mistake("SCORE07", {"has_weights": True, "has_levels": True, "level_weights": True}, wrong_label),
    Mistake("GOAL01", {"has_weights": True}, missed_target),
    Mistake("GOAL02", {"has_weights": True}, half_the_points),
    Mistake("GOAL04", {}, strange_unit),
    Mistake("GOAL05", {"has_weights": True, "has_reasons": True}, unexplained_loss),
    Mistake("GOAL06", {}, target_in_words),
    Mistake("GOAL07", {}, copied_target),
    Mistake("GOAL08", {"has_weights": True}, late_at_full_score),
    Mistake("GOAL09", {}, target_in_the_name),
    Mistake("TEXT01", {"parts": 0, "has_initial": False}, budget_told_wrong),
    Mistake("TEXT02", {"parts": 0}, spending_told_wrong),
    Mistake("TEXT03", {"rates": "percent2", "has_initial": False, **EXACT}, rate_told_wrong),
    Mistake("TEXT04", {"has_total": True}, score_told_wrong),
    Mistake("TEXT05", {"has_total": False}, grade_told_wrong),
    Mistake("TEXT06", {"parts": 0, "rates": "", **EXACT}, sentence_that_contradicts_itself),
    Mistake("FORM01", {}, blank_head),
    Mistake("FORM02", {}, template_s_name),
    Mistake("FORM03", {"has_initial": True, "parts": 0, "unit": "万元"}, budget_in_yuan),
    Mistake("READ01", {}, unknown_label),
    Mistake("READ02", {"has_initial": True}, broken_number),
    Mistake("READ03", {}, mistyped_label, retyped=("年度指标值", "年度指标标值")),
)
