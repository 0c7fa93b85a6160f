"""Recomputed numbers are exact, and None wherever something is missing or open."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from small_form import SMALL_FORM

from extract.document import Cell, Where
from extract.readers import read_bytes
from normalize.layout import find_forms
from normalize.record import Entry, FundLine, Indicator, Number, Record
from normalize.to_record import to_record
from normalize.values.parse import parse_value
from normalize.values.types import Blank, Unreadable, Value
from zipingbiao.recompute import compute

CELL = Cell("", Where("test"))
SAMPLE = Path(__file__).parents[1] / "samples" / "seed" / "form.txt"


def record_of(text: str) -> Record:
    (form,) = find_forms(read_bytes(text.encode(), "form.txt"))
    return to_record(form)


def entry(value: Number) -> Entry[Number]:
    return Entry(value, "", CELL)


def said(text: str) -> Entry[Value]:
    return Entry(parse_value(text), text, CELL)


def indicator(target: str, actual: str, weight: str = "20", level2: str = "quantity") -> Indicator:
    name: Entry[str] = Entry("", "", CELL)
    return Indicator(
        1, "output", level2, None, None, "", name, said(target), said(actual), entry(Decimal(weight))
    )


class TestFunds:
    RECORD = record_of(SMALL_FORM)
    LABEL: Entry[str] = Entry("", "", CELL)

    def line(self, **entries: Entry[Number] | None) -> FundLine:
        return FundLine("total", self.LABEL, **entries)  # type: ignore[arg-type]

    def test_the_rate_has_four_decimals_and_the_score_two(self) -> None:
        line = self.line(
            budget_adjusted=entry(Decimal(23)), executed=entry(Decimal("3.65")), weight=entry(Decimal(10))
        )
        assert compute.execution_rate(self.RECORD, line) == Decimal("0.1587")
        assert compute.execution_score(self.RECORD, line) == Decimal("1.59")

    def test_the_score_comes_from_the_exact_rate_and_halves_go_up(self) -> None:
        line = self.line(
            budget_adjusted=entry(Decimal(8000)), executed=entry(Decimal(1)), weight=entry(Decimal(40))
        )
        assert compute.execution_score(self.RECORD, line) == Decimal("0.01")

    def test_nothing_beyond_the_budget_is_rewarded(self) -> None:
        line = self.line(
            budget_adjusted=entry(Decimal(2)), executed=entry(Decimal(3)), weight=entry(Decimal(10))
        )
        assert compute.execution_rate(self.RECORD, line) == Decimal("1.5000")
        assert compute.execution_score(self.RECORD, line) == 10

    @pytest.mark.parametrize("adjusted", [None, entry(Blank("", "empty")), entry(Blank("—", "em_dash"))])
    def test_the_initial_budget_stands_in_where_no_adjusted_one_is_written(
        self, adjusted: Entry[Number] | None
    ) -> None:
        line = self.line(budget_initial=entry(Decimal(5)), budget_adjusted=adjusted)
        assert compute.budget_of(self.RECORD, line) == line.budget_initial

    def test_an_unreadable_budget_is_not_replaced(self) -> None:
        unreadable = entry(Unreadable("7,00.0,77", parse_value("7,00.0,77").why))  # type: ignore[union-attr]
        line = self.line(
            budget_initial=entry(Decimal(5)), budget_adjusted=unreadable, executed=entry(Decimal(1))
        )
        assert compute.execution_rate(self.RECORD, line) is None

    @pytest.mark.parametrize("budget", [Decimal(0), Decimal(-1), Blank("", "empty")])
    def test_there_is_no_rate_without_a_budget(self, budget: Number) -> None:
        line = self.line(budget_adjusted=entry(budget), executed=entry(Decimal(1)))
        assert compute.execution_rate(self.RECORD, line) is None

    def test_the_weight_in_a_label_counts_for_the_total_without_a_weight_column(self) -> None:
        text = (
            "| 预算执行情况（20分） | 预算数(A) | 执行数(B) | 执行率(B/A) | 得分 |\n"
            "| 年度财政资金总额 | 100 | 50 | 50% | 10 |\n"
            "| 一级指标 | 二级指标 | 三级指标 | 年度目标值 | 实际完成值 | 得分 |\n"
            "| 产出指标 | 数量指标 | 次数 | 3 | 3 | 80 |\n"
        )
        record = record_of(text)
        (line,) = record.funds
        assert compute.execution_weight(record, line) == 20
        assert compute.execution_score(record, line) == 10


class TestIndicators:
    @pytest.mark.parametrize(
        ("target", "actual", "achievement", "score"),
        [
            ("≥80%", "64%", "0.8", "16"),
            ("≥80%", "100%", "1.25", "20"),
            ("12次", "96次", "8", "20"),
            ("90%", "60%", "0.6667", "13.33"),
            ("≤23万", "3.65万", "6.3014", "20"),
            ("≤20万元", "25万元", "0.8", "16"),
            ("≤5000元", "0.5万元", "1", "20"),
            ("≤0次", "2次", "0", "0"),
            ("0次", "0次", "1", "20"),
            ("=10个", "8个", "0.8", "16"),
            ("≥3公里", "1500米", "0.5", "10"),
            ("≥100人", "50", "0.5", "10"),
            ("3-5人", "4人", "1", "20"),
        ],
    )
    def test_a_number_gives_achievement_and_score(
        self, target: str, actual: str, achievement: str, score: str
    ) -> None:
        one = indicator(target, actual)
        assert compute.achievement(one) == Decimal(achievement)
        assert compute.indicator_score(one) == Decimal(score)

    @pytest.mark.parametrize(
        ("target", "actual"),
        [
            ("=10个", "12个"),  # beyond what was asked for exactly: the rules do not say
            ("10个", "≥10个"),  # the target copied
            ("3公里", "3人"),
            ("改善", "改善"),
            ("12月底前", "11月"),
            ("80%", ""),
            ("", "80%"),
            ("0次", "2次"),
            ("约30次", "20次"),
            ("3-5人", "6人"),
            ("≥-5%", "-8%"),
        ],
    )
    def test_what_cannot_be_compared_gives_nothing(self, target: str, actual: str) -> None:
        one = indicator(target, actual)
        assert compute.achievement(one) is None
        assert compute.indicator_score(one) is None

    def test_an_upper_limit_met_with_nothing_is_met(self) -> None:
        one = indicator("≤23万", "0万")
        assert compute.indicator_score(one) == 20
        assert compute.achievement(one) is None

    def test_of_a_cost_a_bare_number_leaves_open_what_is_better(self) -> None:
        one = indicator("23万元", "20万元", level2="cost")
        assert compute.achievement(one) is None
        assert compute.indicator_score(one) is None


class TestTotals:
    def test_the_seed_form_adds_up_to_90_and_recomputed_to_91_59(self) -> None:
        (form,) = find_forms(read_bytes(SAMPLE.read_bytes(), "form.txt"))
        record = to_record(form)
        assert compute.total_score_summed(record) == 90
        assert compute.total_score_recomputed(record) == Decimal("91.59")

    def test_a_form_without_scores_has_no_total(self) -> None:
        text = (
            "| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 |\n"
            "| 产出指标 | 数量指标 | 次数 | 3次 | 3次 |\n"
        )
        record = record_of(text)
        assert compute.total_score_summed(record) is None
        assert compute.total_score_recomputed(record) is None
