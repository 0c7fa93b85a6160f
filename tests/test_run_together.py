"""Numbers that ran together: parted where the arithmetic admits one reading, refused otherwise, never guessed."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from extract.text.read import read_text
from normalize.layout import find_forms
from normalize.record import FundLine, Record, number_of
from normalize.to_record import to_record
from normalize.values.parse import Measure, Unreadable
from zipingbiao.checks import chosen, run_checks
from zipingbiao.policy import policy_for

HEAD = "项目名称\t道路养护\t\t\t\t\t\t\n主管部门\t县交通局\t\t\t\t\t\t\n"
FUNDS = "\t项目资金（万元）\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分\n"
INDICATORS = "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因\n"
COLUMNS = ("budget_initial", "budget_adjusted", "executed", "weight", "execution_rate", "score")


def read(text: str) -> Record:
    (form,) = find_forms(read_text(text.encode(), "form.txt"))
    return to_record(form)


def fund(*cells: str) -> FundLine:
    """The total's line of a form, whose number cells are these; what lacks is blank."""
    blank = [""] * (len(COLUMNS) - len(cells))
    row = "\t".join(["", "年度资金总额", *cells, *blank])
    indicator = "产出指标\t数量指标\t养护里程\t≥40公里\t41公里\t90\t90\t"
    return read(f"{HEAD}{FUNDS}{row}\n{INDICATORS}{indicator}\n").funds[0]


def numbers(line: FundLine) -> list[str]:
    found = [number_of(getattr(line, name)) for name in COLUMNS]
    return ["" if number is None else str(number) for number in found]


def form(rows: list[str], total: str = "", execution: str = "100\t100\t100\t10\t100%\t10") -> Record:
    """A form with indicators, each of which is the text of the cells from 分值 on."""
    lines = [f"产出指标\t数量指标\t{number}号指标\t完成\t完成\t{row}" for number, row in enumerate(rows, 1)]
    body = "\n".join([*lines, f"总分\t\t\t\t\t{total}\t\t"])
    return read(f"{HEAD}{FUNDS}\t年度资金总额\t{execution}\n{INDICATORS}{body}\n")


def points(record: Record) -> list[tuple[str, str]]:
    pairs = [(one.weight, one.score) for one in record.indicators]
    return [tuple(str(number_of(entry) or "") for entry in pair) for pair in pairs]  # type: ignore[misc]


def findings(record: Record, code: str) -> list[str]:
    found = run_checks(record, policy_for(record, None), chosen())
    return [finding.message.zh for finding in found if finding.code == code]


# ---- a row of funds ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        # all cells of the row in one
        (["870187018570.491098.5%9.85"], ["8701", "8701", "8570.49", "10", "0.985", "9.85"]),
        (["20202010100.00%10"], ["20", "20", "20", "10", "1.0000", "10"]),
        # dashes part numbers: a line without a weight
        (["783178317713.54—98.5%—"], ["7831", "7831", "7713.54", "", "0.985", ""]),
        # two cells in one; the blank one is what is left of the second
        (
            ["8701", "87018570.49", "", "10", "98.5%", "9.85"],
            ["8701", "8701", "8570.49", "10", "0.985", "9.85"],
        ),
        (
            ["8701", "8701", "8570.49", "1098.5%", "", "9.85"],
            ["8701", "8701", "8570.49", "10", "0.985", "9.85"],
        ),
        (["8701", "8701", "8570.49", "10", "98.5%9.85"], ["8701", "8701", "8570.49", "10", "0.985", "9.85"]),
        # two cells in one, and all behind them a column too far left
        (["8701", "87018570.49", "10", "98.5%", "9.85"], ["8701", "8701", "8570.49", "10", "0.985", "9.85"]),
        # blanks between the numbers, but no cells
        (["8701 8701 8570.49 10 98.5% 9.85"], ["8701", "8701", "8570.49", "10", "0.985", "9.85"]),
    ],
)
def test_parted(cells: list[str], expected: list[str]) -> None:
    assert numbers(fund(*cells)) == expected


def test_parts_keep_the_cell_they_are_printed_in() -> None:
    line = fund("870187018570.491098.5%9.85")
    assert line.executed is not None
    assert line.executed.raw == "8570.49"
    assert line.executed.cell.text == "870187018570.491098.5%9.85"


@pytest.mark.parametrize(
    "cells",
    [
        # spent 3.65 at a weight of 10, or 3.651 at 0, or 3.6510: without a score nobody knows
        ["23233.651016%"],
        # a rate that fits no way to part them
        ["202010150.00%10"],
        # a rate among the amounts, and nothing fits
        ["8701", "8701", "98.5%"],
        # more digits than any budget has
        ["60100100100100100"],
    ],
)
def test_refused(cells: list[str]) -> None:
    line = fund(*cells)
    entries = [getattr(line, name) for name in COLUMNS]
    assert not any(numbers(line))
    assert isinstance(entries[0].value, Unreadable)
    assert all(text in entries[0].raw for text in cells)


def test_a_refused_row_is_one_finding() -> None:
    record = form(["90\t90"], execution="23233.651016%")
    assert findings(record, "READ02") == [
        "“年度资金总额”的年初预算数“23233.651016%”无法作为数值读取（几个数连在一起，无法确定从哪里分开）。"
    ]
    assert not findings(record, "FUND01") + findings(record, "FUND05") + findings(record, "SCORE02")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        # a budget, and nothing more
        (["123123"], ["123123", "", "", "", "", ""]),
        # a rate that is wrong is a finding, not a reason to part amounts
        (["23", "23", "3.65", "10", "26%"], ["23", "23", "3.65", "10", "0.26", ""]),
        (["2323", "", "3.65", "10", "26%"], ["2323", "", "3.65", "10", "0.26", ""]),
        # without a blank cell there is nothing to part
        (["23", "23", "3.65", "10", "1016%", "1.6"], ["23", "23", "3.65", "10", "10.16", "1.6"]),
        # one cell that cannot be read does not take the others with it
        (["7,00.0,77", "700", "350", "10", "50%"], ["", "700", "350", "10", "0.5", ""]),
    ],
)
def test_left_alone(cells: list[str], expected: list[str]) -> None:
    assert [number.rstrip("0") if "." in number else number for number in numbers(fund(*cells))] == expected


def test_a_long_run_is_refused_in_no_time() -> None:
    rows = "\n".join(f"\t其中：财政拨款\t{'123456789' * 6}{number:03}%\t\t\t\t\t" for number in range(300))
    text = f"{HEAD}{FUNDS}{rows}\n{INDICATORS}产出指标\t数量指标\t养护里程\t≥40公里\t41公里\t90\t90\t\n"
    start = time.perf_counter()
    record = read(text)
    assert time.perf_counter() - start < 5
    assert not any(number for line in record.funds for number in numbers(line))


# ---- weights and scores --------------------------------------------------------------------------------


def test_weights_and_scores_are_parted_by_their_sums() -> None:
    record = form(["3030", "3028.5", "3030"], "100\t98.5")
    assert points(record) == [("30", "30"), ("30", "28.5"), ("30", "30")]
    assert not findings(record, "READ02")


def test_the_total_may_have_run_together_too() -> None:
    record = form(["3030", "3028.5", "3030"], "10098.5")
    assert points(record) == [("30", "30"), ("30", "28.5"), ("30", "30")]
    assert (str(number_of(record.total.weight)), str(number_of(record.total.score))) == ("100", "98.5")


def test_a_small_pair_is_parted_where_another_one_shows_it() -> None:
    record = form(["8080", "55", "5\t5"], "100\t100")
    assert points(record) == [("80", "80"), ("5", "5"), ("5", "5")]


@pytest.mark.parametrize("total", ["", "100\t97"])
def test_without_a_total_that_proves_them_they_are_refused(total: str) -> None:
    record = form(["3030", "3028.5", "30\t30"], total)
    assert points(record) == [("", ""), ("", ""), ("30", "30")]
    assert len(findings(record, "READ02")) == 2
    assert not findings(record, "SCORE01") + findings(record, "SCORE02") + findings(record, "SCORE04")


def test_several_readings_are_refused() -> None:
    # either 21.1 can be a weight of 21.1 without a score, and the other one 2 and 1.1
    record = form(["21.1", "21.1", "76.976.9"], "100\t78", execution="\t\t\t\t\t")
    assert points(record) == [("", "")] * 3
    one = form(["21.1", "21.1\t21.1", "76.976.9"], "100\t99.1", execution="\t\t\t\t\t")
    assert points(one) == [("2", "1.1"), ("21.1", "21.1"), ("76.9", "76.9")]


def test_a_weight_without_a_score_is_left_alone() -> None:
    record = form(["55\t", "35\t35"], "100\t45")
    assert points(record) == [("55", ""), ("35", "35")]
    assert findings(record, "SCORE04")


def test_a_score_that_cannot_be_read_does_not_take_the_others_with_it() -> None:
    record = form(["40\t3,5", "30\t", "20\t20"], "100\t93")
    assert points(record) == [("40", ""), ("30", ""), ("20", "20")]


def test_many_cells_that_may_be_two_are_refused_in_no_time() -> None:
    start = time.perf_counter()
    record = form(["22.1", "11.1", "5.5"] * 1000 + ["8080"], "100\t97.3")
    assert time.perf_counter() - start < 10
    assert points(record)[-1] == ("", "")


def test_a_total_without_its_point_stays_a_finding() -> None:
    record = form(["45\t45", "45\t43.5"], "100\t985")
    assert str(number_of(record.total.score)) == "985"
    assert findings(record, "SCORE01")


# ---- text without structure ----------------------------------------------------------------------------

CELLS = [
    *["项目名称", "道路养护", "项目资金", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    *[
        "年度资金总额",
        "23",
        "23",
        "3.65",
        "10",
        "16%",
        "1.6",
        "一级指标",
        "三级指标",
        "年度指标值",
        "实际完成值",
    ],
    *["分值", "得分", "产出指标", "养护里程", "≥40公里", "41公里", "90", "90", "总分", "100", "91.6"],
]


@pytest.mark.parametrize("cells", [CELLS, CELLS[::2] + CELLS[1::2], sorted(CELLS)])
@pytest.mark.parametrize("gap", ["\n", "", " ", "\n\t"])
def test_cells_without_a_table_are_no_form(cells: list[str], gap: str) -> None:
    assert find_forms(read_text(gap.join(cells).encode(), "form.txt")) == ()


def test_texts_with_the_same_gap_between_them_are_no_table() -> None:
    rows = [
        "项目资金  年初预算数  全年预算数  全年执行数  分值  执行率  得分",
        "年度资金总额  8701  8701  8570.49  10  98.5%  9.85",
        "其中：财政拨款  7831  7713.54  98.5%",
        "三级指标  年度指标值  实际完成值  分值  得分",
        "养护里程  ≥40公里  41公里  90  90",
    ]
    assert find_forms(read_text("\n".join(rows).encode(), "form.txt")) == ()


# ---- cells in no order ---------------------------------------------------------------------------------


def test_indicators_in_no_order_give_no_numbers() -> None:
    rows = [
        "产出指标\t15\t≥40公里\t养护里程\t数量指标\t41公里\t15\t",
        "15\t产出指标\t数量指标\t12座\t≥12座\t修桥\t15\t",
        "质量指标\t合格率\t98%\t15\t产出指标\t15\t≥95%\t",
        "效益指标\t社会效益指标\t满意度\t≥90%\t96%\t45\t45\t",
    ]
    record = read(HEAD + INDICATORS + "\n".join(rows) + "\n")
    for one in record.indicators:
        for entry in (one.target, one.actual, one.weight, one.score):
            assert entry is None or not isinstance(entry.value, Decimal | Measure)
    assert any("单元格的次序已乱" in message for message in findings(record, "READ02"))


def test_a_column_of_words_is_no_disorder() -> None:
    rows = [f"产出指标\t数量指标\t{name}\t≥40公里\t41公里\t见附件\t25\t" for name in "甲乙丙丁"]
    record = read(HEAD + INDICATORS + "\n".join(rows) + "\n")
    assert [str(number_of(one.score)) for one in record.indicators] == ["25"] * 4
    assert all(isinstance(one.target and one.target.value, Measure) for one in record.indicators)


@pytest.mark.parametrize(
    "row",
    [
        # a rate among the amounts, in a row without a blank cell
        "\t年度资金总额\t98.5%\t8701\t8570.49\t10\t8701\t9.85",
        # the label of the line among the amounts
        "\t8701\t8701\t年度资金总额\t8570.49\t98.5%\t10\t9.85",
    ],
)
def test_funds_in_no_order_give_no_numbers(row: str) -> None:
    indicator = "产出指标\t数量指标\t养护里程\t≥40公里\t41公里\t90\t90\t"
    record = read(f"{HEAD}{FUNDS}{row}\n{INDICATORS}{indicator}\n")
    assert not any(number for line in record.funds for number in numbers(line))
