"""A number and the way to it agree: each formula, computed in fractions, gives the number that stands beside it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from form_builder import honest_form
from hypothesis import given, settings
from hypothesis import strategies as st
from small_form import SMALL_FORM

from extract.document import Bilingual, Cell, Where
from extract.readers import read, read_bytes
from normalize.layout import find_forms
from normalize.record import Entry, FundLine, Indicator, Number, Record
from normalize.to_record import to_record
from normalize.values.parse import parse_value
from normalize.values.types import Blank, Unreadable, Value
from zipingbiao.recompute import comparing, compute
from zipingbiao.recompute.formula import Working, digits, is_formula

SAMPLES = Path(__file__).parents[1] / "samples"
HONEST_FORMS = 150
few = settings(derandomize=True, deadline=None, max_examples=500)


# --- a spreadsheet in a few lines, exact -----------------------------------------------------------------------


def computed(formula: str) -> Fraction:
    """What a formula gives, in fractions and without any code of the product."""

    def value(node: ast.expr) -> Fraction:
        match node:
            case ast.Constant():
                return Fraction(str(ast.get_source_segment(formula, node)))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -value(operand)
            case ast.BinOp(left=left, op=sign, right=right):
                return apply(sign, value(left), value(right))
            case ast.Call(func=ast.Name(id="ROUND"), args=[number, places]):
                return half_up(value(number), int(value(places)))
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return {"MIN": min, "MAX": max}[name](map(value, arguments))
        raise ValueError(ast.dump(node))

    return value(ast.parse(formula, mode="eval").body)


def apply(sign: ast.operator, left: Fraction, right: Fraction) -> Fraction:
    match sign:
        case ast.Add():
            return left + right
        case ast.Mult():
            return left * right
        case ast.Div():
            return left / right
    raise ValueError(sign)


def half_up(number: Fraction, places: int) -> Fraction:
    """Rounded to so many decimals, halves away from zero."""
    scaled = abs(number) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if number >= 0 else -whole, 10**places)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("ROUND(10*MIN(3.65/23,1),2)", Fraction("1.59")),
        ("ROUND(0.005,2)", Fraction("0.01")),
        ("ROUND((-0.005),2)", Fraction("-0.01")),
        ("ROUND(10*MAX((-5)/23,0),2)", Fraction(0)),
        ("ROUND(1500/(3*1000),4)", Fraction(1, 2)),
    ],
)
def test_the_spreadsheet_of_these_tests_computes_as_one_does(formula: str, value: Fraction) -> None:
    assert computed(formula) == value


# --- records ---------------------------------------------------------------------------------------------------

CELL = Cell("", Where("test"))


def record_of(text: str) -> Record:
    (form,) = find_forms(read_bytes(text.encode(), "form.txt"))
    return to_record(form)


RECORD = record_of(SMALL_FORM)


def entry(value: Number | None) -> Entry[Number] | None:
    return None if value is None else Entry(value, "", CELL)


def indicator(
    target: str, actual: str, weight: Number | None = Decimal(20), level2: str = "quantity"
) -> Indicator:
    name: Entry[str] = Entry("", "", CELL)
    wanted: Entry[Value] = Entry(parse_value(target), target, CELL)
    reached: Entry[Value] = Entry(parse_value(actual), actual, CELL)
    return Indicator(1, "output", level2, None, None, "", name, wanted, reached, entry(weight))


def workings_of(record: Record) -> Iterator[Working]:
    worked = compute.work_out(record)
    yield from (*worked.rates, *worked.line_scores, *worked.achievements, *worked.indicator_scores)
    yield from (worked.summed, worked.recomputed)


def check(working: Working) -> None:
    """Hold a working to its promises: a formula that gives its number, or a reason and nothing else."""
    assert working.rule.zh and working.rule.en
    if working.number is None:
        assert working.formula == working.spoken == ""
        return
    assert is_formula(working.formula)
    assert computed(working.formula) == Fraction(working.number)


# --- each formula gives its number -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*/form.docx")), ids=lambda path: path.parent.name)
def test_of_every_sample(path: Path) -> None:
    worked = [one for form in find_forms(read(path)) for one in workings_of(to_record(form))]
    assert sum(one.number is not None for one in worked) >= 3
    for one in worked:
        check(one)


def test_of_forms_that_nobody_wrote_down() -> None:
    formulas = 0
    for seed in range(HONEST_FORMS):
        for one in workings_of(record_of(honest_form(Random(seed)).text())):
            check(one)
            formulas += one.number is not None
    assert formulas > 5 * HONEST_FORMS


amounts = st.decimals(0, 1_000_000, places=4) | st.decimals(-10, 1000, places=2)
weights = st.integers(0, 100).map(Decimal) | st.decimals(0, 100, places=3)


@few
@given(executed=amounts, budget=amounts, weight=weights)
def test_of_any_fund_line(executed: Decimal, budget: Decimal, weight: Decimal) -> None:
    line = FundLine(
        "total",
        Entry("", "", CELL),
        budget_adjusted=entry(budget),
        executed=entry(executed),
        weight=entry(weight),
    )
    rate, score = compute.work_out_rate(RECORD, line), compute.work_out_execution(RECORD, line)
    check(rate)
    check(score)
    assert (rate.number is None) == (score.number is None) == (budget <= 0)
    if budget > 0:
        share = min(max(Fraction(executed) / Fraction(budget), Fraction(0)), Fraction(1))
        assert Fraction(score.number or 0) == half_up(Fraction(weight) * share, 2)


@few
@given(
    relation=st.sampled_from(["", "=", "≥", "＞", "≤", "＜", "约", "不低于"]),
    numbers=st.tuples(
        *[st.decimals(0, 5000, places=places) | st.integers(0, 200).map(Decimal) for places in (2, 1)]
    ),
    units=st.sampled_from(
        [
            ("公里", "米"),
            ("元", "万元"),
            ("%", ""),
            ("", "%"),
            ("人", "人次"),
            ("万", ""),
            ("亿元", "元"),
            ("个", "个"),
        ]
    ),
    weight=weights,
    level2=st.sampled_from(["quantity", "cost", "timeliness"]),
)
def test_of_any_indicator(
    relation: str, numbers: tuple[Decimal, Decimal], units: tuple[str, str], weight: Decimal, level2: str
) -> None:
    target, actual = (f"{number:f}{unit}" for number, unit in zip(numbers, units, strict=True))
    one = indicator(relation + target, actual, weight, level2)
    fraction, score = compute.work_out_achievement(one), compute.work_out_indicator(one)
    check(fraction)
    check(score)
    if score.number is not None:
        assert 0 <= score.number <= max(weight, score.number.quantize(Decimal("0.01")))


@settings(few, max_examples=100)
@given(scores=st.lists(st.decimals(-20, 100, places=3) | st.integers(0, 60).map(Decimal), max_size=40))
def test_of_any_sum(scores: list[Decimal]) -> None:
    rows = "".join(f"| 产出指标 | 数量指标 | 第{i}项 | 改善 | 改善 | {s:f} |\n" for i, s in enumerate(scores))
    text = "| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 得分 |\n" + (
        rows or "| 产出指标 | | 甲 | 乙 | 丙 | |\n"
    )
    record = record_of(text)
    for working in (compute.work_out_sum(record), compute.work_out_total(record)):
        check(working)
    printed = [
        one.score.value for one in record.indicators if one.score and isinstance(one.score.value, Decimal)
    ]
    summed = compute.work_out_sum(record).number
    assert summed == (sum(printed, Decimal(0)) if printed else None)


def test_a_half_stays_a_half_whatever_is_divided() -> None:
    """0.001 ÷ 7 cut off after any number of digits, times 35, falls short of the 0.005 that it is."""
    line = FundLine(
        "total",
        Entry("", "", CELL),
        budget_adjusted=entry(Decimal(7)),
        executed=entry(Decimal("0.001")),
        weight=entry(Decimal(35)),
    )
    working = compute.work_out_execution(RECORD, line)
    assert working.number == Decimal("0.01") and working.formula == "ROUND(35*MIN(0.001/7,1),2)"


def test_a_number_that_a_spreadsheet_would_compute_otherwise_has_no_formula() -> None:
    exact = Decimal("0.00499999999999999999999")
    near = Working(Decimal("0.00"), compute.SUM, digits(exact), exact)
    assert near.formula == ""
    assert Working(Decimal("0.01"), compute.SUM, "0.005", Decimal("0.005")).formula == "ROUND(0.005,2)"
    long = Decimal("1234567890123456.7")
    assert Working(long, compute.SUM, digits(long), long).formula == ""


# --- which rule, and why none ----------------------------------------------------------------------------------

INDICATORS: list[tuple[str, str, str, Bilingual]] = [
    ("≥80%", "64%", "20*MIN(64/80,1)", compute.IN_PROPORTION),
    ("≥80%", "100%", "20*MIN(100/80,1)", compute.MET),
    ("≤20万元", "25万元", "20*MIN(20/25,1)", compute.IN_PROPORTION),
    ("≥3公里", "1500米", "20*MIN(1500/(3*1000),1)", compute.IN_PROPORTION),
    ("≤5000元", "0.6万元", "20*MIN((5000/10000)/0.6,1)", compute.IN_PROPORTION),
    ("≤0次", "2次", "20*MIN(0/2,1)", compute.IN_PROPORTION),
    ("≤23万", "0万", "20", compute.MET),
    ("0次", "0次", "20", compute.MET),
    ("3-5人", "4人", "20", compute.MET),
    ("≥-5%", "-3%", "20", compute.MET),
    ("改善", "5人", "", comparing.TARGET_WORDS),
    ("5人", "改善", "", comparing.ACTUAL_WORDS),
    ("12月底前", "11月", "", comparing.TARGET_DATE),
    ("5人", "11月30日", "", comparing.ACTUAL_DATE),
    ("", "80%", "", comparing.NO_TARGET),
    ("80%", "—", "", comparing.NO_ACTUAL),
    ("7,00.0,77", "80%", "", comparing.TARGET_UNREADABLE),
    ("80%", "7,00.0,77", "", comparing.ACTUAL_UNREADABLE),
    ("10个", "≥10个", "", comparing.ACTUAL_OPEN),
    ("10个", "8-9个", "", comparing.ACTUAL_RANGE),
    ("3-5人", "6人", "", comparing.BEYOND_RANGE),
    ("3公里", "3人", "", comparing.OTHER_UNIT),
    ("3亩", "3平方米", "", comparing.UNKNOWN_UNIT),
    ("12次", "每月1次", "", comparing.OTHER_SHARE),
    ("96%", "0.9", "", comparing.TWO_READINGS),
    ("≥-5%", "-8%", "", comparing.NEGATIVE),
    ("约30次", "20次", "", comparing.ABOUT),
    ("=10个", "12个", "", comparing.BEYOND_EXACT),
    ("0次", "2次", "", comparing.ZERO),
]


@pytest.mark.parametrize(("target", "actual", "text", "rule"), INDICATORS)
def test_an_indicator_has_its_rule_or_the_reason_why_none(
    target: str, actual: str, text: str, rule: Bilingual
) -> None:
    working = compute.work_out_indicator(indicator(target, actual))
    assert (working.text, working.rule) == (text, rule)
    check(working)


def test_every_reason_has_a_case() -> None:
    reasons = {name for name, one in vars(comparing).items() if isinstance(one, Bilingual)}
    told = {name for name in reasons for case in INDICATORS if case[3] is getattr(comparing, name)}
    # how a fraction is formed is no reason; what is open has the test below
    assert reasons - told == {"FORWARD", "REVERSED", "WITHIN", "OPEN"}


def test_of_a_cost_a_bare_number_says_why_it_is_open() -> None:
    one = indicator("23万元", "20万元", level2="cost")
    assert compute.work_out_indicator(one).rule == compute.work_out_achievement(one).rule == comparing.OPEN


@pytest.mark.parametrize(
    ("target", "actual", "text", "rule"),
    [
        ("≥80%", "64%", "64/80", comparing.FORWARD),
        ("≤20万元", "25万元", "20/25", comparing.REVERSED),
        ("3-5人", "4人", "1", comparing.WITHIN),
        ("≤23万", "0万", "", comparing.ZERO),
    ],
)
def test_an_achievement_says_what_was_divided(target: str, actual: str, text: str, rule: Bilingual) -> None:
    working = compute.work_out_achievement(indicator(target, actual))
    assert (working.text, working.rule) == (text, rule)


@pytest.mark.parametrize(
    ("weight", "rule"),
    [
        (None, compute.NO_WEIGHT),
        (Blank("—", "em_dash"), compute.NO_WEIGHT),
        (Unreadable("1,0.", Bilingual("", "")), compute.UNREADABLE),
    ],
)
def test_without_a_weight_there_is_no_score_but_an_achievement(
    weight: Number | None, rule: Bilingual
) -> None:
    one = indicator("≥80%", "64%", weight)
    assert compute.work_out_indicator(one).rule == rule
    assert compute.achievement(one) == Decimal("0.8")


@pytest.mark.parametrize(
    ("budget", "executed", "rule"),
    [
        (None, Decimal(1), compute.NO_BUDGET),
        (Blank("", "empty"), Decimal(1), compute.NO_BUDGET),
        (Decimal(1), None, compute.NO_EXECUTED),
        (Decimal(1), Blank("/", "slash"), compute.NO_EXECUTED),
        (Decimal(0), Decimal(1), compute.BUDGET_NOT_POSITIVE),
        (Unreadable("1,0.", Bilingual("", "")), Decimal(1), compute.UNREADABLE),
        (Decimal(1), Unreadable("1,0.", Bilingual("", "")), compute.UNREADABLE),
    ],
)
def test_a_rate_that_is_none_says_why(
    budget: Number | None, executed: Number | None, rule: Bilingual
) -> None:
    line = FundLine(
        "total",
        Entry("", "", CELL),
        budget_adjusted=entry(budget),
        executed=entry(executed),
        weight=entry(Decimal(10)),
    )
    for working in (compute.work_out_rate(RECORD, line), compute.work_out_execution(RECORD, line)):
        assert (working.number, working.rule) == (None, rule)


def test_indicators_under_one_merged_weight_are_not_recomputed_one_by_one() -> None:
    record = record_of(
        "<table><tr><td>一级指标<td>三级指标<td>年度指标值<td>实际完成值<td>分值<td>得分</tr>"
        "<tr><td rowspan=3>产出指标<td>甲<td>≥10次<td>5次<td rowspan=2>20<td rowspan=2>18</tr>"
        "<tr><td>乙<td>≥10次<td>10次</tr><tr><td>丙<td>≥10次<td>9次<td>10<td>10</tr></table>"
    )
    worked = compute.work_out(record)
    shared = [
        one
        for one, score in zip(record.indicators, worked.indicator_scores, strict=True)
        if score.rule == compute.SHARED
    ]
    assert [one.seq for one in shared] == [1, 2]
    assert worked.recomputed.text == "18+9"


def test_indicators_that_share_only_a_score_are_recomputed_by_their_own_weights() -> None:
    record = record_of(
        "<table><tr><td>一级指标<td>三级指标<td>年度指标值<td>实际完成值<td>分值<td>得分</tr>"
        "<tr><td rowspan=3>产出指标<td>甲<td>≥10次<td>5次<td>12<td rowspan=2>18</tr>"
        "<tr><td>乙<td>≥10次<td>10次<td>8</tr><tr><td>丙<td>≥10次<td>9次<td>10<td>10</tr></table>"
    )
    worked = compute.work_out(record)
    assert [score.number for score in worked.indicator_scores] == [6, 8, 9]
    assert worked.recomputed.text == "6+8+9" and worked.summed.text == "18+10"


def test_a_working_names_the_cells_of_its_numbers() -> None:
    worked = compute.work_out(RECORD)
    assert worked.line_scores[0].place == "; ".join(f"表1 第4行 第{col}列 (文本第8行)" for col in (5, 4, 3))
    assert {cell.text for cell in worked.summed.cells} == {"37.5", "20"} and len(worked.summed.cells) == 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1+1",
        "ROUND(A1,2)",
        "ROUND(1,2)+A1",
        "ROUND(SUM(1),2)",
        "=ROUND(1,2)",
        "ROUND(1,2)\n",
        "ROUND('x'!1,2)",
    ],
)
def test_what_is_not_plain_arithmetic_is_no_formula(text: str) -> None:
    assert not is_formula(text)
