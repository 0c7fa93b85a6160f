"""Numbers recognized in a picture are doubted where they should be, and never repaired."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extract.document import Cell, Document, Grid, Where
from normalize.layout import find_forms
from normalize.record import number_of
from normalize.to_record import to_record
from zipingbiao.checks import Finding
from zipingbiao.pipeline import check

HEAD = ("资金来源", "全年预算数", "全年执行数", "执行率")
INDICATOR_HEAD = ("三级指标", "年度指标值", "实际完成值", "分值", "得分")
SURE = "0.99"


def findings_of(
    *rows: tuple[str, ...], unsure: str = "", confidence: str | None = SURE
) -> tuple[list[Finding], Decimal | None]:
    """The findings of a table that was recognized with ``confidence``, and its first rate; ``unsure`` is one text in it."""

    def cell(text: str, row: int, col: int) -> Cell:
        known = None if confidence is None else Decimal("0.55" if text == unsure else confidence)
        return Cell(text, Where("x", "表1", row, col, page=1), known if text else None)

    grid = Grid(
        tuple(tuple(cell(text, r, c) for c, text in enumerate(row, 1)) for r, row in enumerate(rows, 1))
    )
    (form,) = find_forms(Document("x", (grid,)))
    record = to_record(form)
    return check(record), number_of(record.funds[0].execution_rate) if record.funds else None


def doubts(findings: list[Finding]) -> list[tuple[object, object]]:
    return [(one.problem.reported, one.problem.expected) for one in findings if one.code == "READ04"]


def test_a_digit_that_was_lost_is_exposed_by_the_arithmetic() -> None:
    # 77.45 % of 1000 is 774.5: recognized as 77.05 with full confidence
    found, rate = findings_of(HEAD, ("年度资金总额", "1000", "774.5", "71.45%"))
    assert rate == Decimal("0.7145"), "nothing is repaired"
    assert doubts(found) == [("71.45", "77.45")]
    (wrong,) = (one for one in found if one.code == "FUND01")
    assert wrong.severity == "warning"
    assert "若原件为“77.45”则相符，请核对原件" in wrong.message.zh and "77.45" in wrong.message.en


def test_a_lost_decimal_point_is_exposed_by_the_arithmetic() -> None:
    found, _ = findings_of(HEAD, ("年度资金总额", "520.8", "5208", "100%"))
    assert ("5208", "520.8") in doubts(found)
    assert {one.severity for one in found if one.code.startswith("FUND")} == {"warning"}


def test_an_error_that_no_misreading_explains_stays_an_error() -> None:
    found, _ = findings_of(HEAD, ("年度资金总额", "430.3", "430.3", "52%"))
    assert [one.severity for one in found if one.code == "FUND01"] == ["error"]
    assert doubts(found) == []


def test_the_same_form_as_text_has_its_error_and_no_doubt() -> None:
    found, _ = findings_of(HEAD, ("年度资金总额", "1000", "774.5", "71.45%"), confidence=None)
    assert [one.severity for one in found if one.code == "FUND01"] == ["error"]
    assert doubts(found) == []


def test_a_number_of_low_confidence_is_named_even_where_all_adds_up() -> None:
    found, _ = findings_of(HEAD, ("年度资金总额", "430.3", "430.30", "100%"), unsure="430.30")
    assert doubts(found) == [("430.30", "")]
    assert "0.55" in next(one.message.zh for one in found if one.code == "READ04")


def test_words_of_low_confidence_are_no_doubtful_number() -> None:
    found, _ = findings_of(INDICATOR_HEAD, ("工作机制", "健全", "基本健全", "100", "100"), unsure="基本健全")
    assert doubts(found) == []


@pytest.mark.parametrize(("read", "meant"), [("290%", "≥90%"), ("890%", "≥90%")])
def test_a_percentage_out_of_range_may_be_a_sign_read_as_a_digit(read: str, meant: str) -> None:
    found, _ = findings_of(INDICATOR_HEAD, ("满意度", read, "95%", "100", "100"))
    assert doubts(found) == [(read, meant)]


@pytest.mark.parametrize("stroke", ["一", "二"])
def test_a_score_that_is_but_a_stroke_may_have_been_a_dash(stroke: str) -> None:
    head = (*HEAD, "分值", "得分")
    rows = (
        ("年度资金总额", "1000", "774.5", "77.45%", "10", "7.75"),
        (
            "其中：财政拨款",
            "1000",
            "774.5",
            "77.45%",
            "—",
            stroke,
        ),
    )
    found, _ = findings_of(head, *rows)
    assert (stroke, "—") in doubts(found)
    said = next(one.message.zh for one in found if one.code == "READ04")
    assert "原件可能是“—”，请核对原件" in said
    assert not [one for one in findings_of(head, *rows, confidence=None)[0] if one.code == "READ04"]


def test_a_percentage_that_no_sign_explains_is_named_as_out_of_range() -> None:
    found, _ = findings_of(INDICATOR_HEAD, ("满意度", "370%", "95%", "100", "100"))
    assert doubts(found) == [("370%", "370%")]
    assert "超出常见范围" in next(one.message.zh for one in found if one.code == "READ04")


def test_a_recognized_form_that_is_clean_has_no_doubt() -> None:
    found, _ = findings_of(
        HEAD, ("年度资金总额", "1000", "774.5", "77.45%"), ("其中：财政拨款", "1000", "774.5", "77.45%")
    )
    assert doubts(found) == [] and not [one for one in found if one.severity == "error"]
