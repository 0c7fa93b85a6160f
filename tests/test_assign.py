"""Cells and columns: rows whose borders miss the header's, that lost a cell, or that weigh levels too."""

from __future__ import annotations

from decimal import Decimal

from extract.document import Cell, Document, Grid, Where
from extract.text.read import read_text
from normalize.grids.assign import assign
from normalize.grids.header import Header
from normalize.grids.header_rows import find_header
from normalize.grids.rows import Row, rows_of
from normalize.layout import find_forms
from normalize.record import Record, number_of
from normalize.to_record import to_record
from zipingbiao.checks import chosen, run_checks
from zipingbiao.policy import policy_for

HEADS = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"]


def grid(*rows: list[tuple[str, int]]) -> Grid:
    """A grid of rows of texts, each with the number of slots that it takes; a text ``^`` goes on from above."""
    laid: list[tuple[Cell, ...]] = []
    for number, row in enumerate(rows, start=1):
        slots: list[Cell] = []
        for text, span in row:
            place = Where("表.html", "表1", number, len(slots) + 1)
            slots += [laid[-1][len(slots)] if text == "^" else Cell(text, place)] * span
        laid.append(tuple(slots))
    return Grid(tuple(laid))


def header_of(one: Grid) -> tuple[Header, list[Row]]:
    first, *rest = rows_of(one)
    header = find_header(first, rest[0])
    assert header is not None
    return header, rest


def texts(header: Header, row: Row) -> tuple[dict[str, str], list[str]]:
    """The text of each field that has one, and what is left over."""
    fields, others = assign(header, row)
    found = {name: "|".join(one.text for one in cells if one.text) for name, cells in fields.items()}
    return {name: text for name, text in found.items() if text}, [one.text for one in others if one.text]


def record(one: Grid) -> Record:
    (form,) = find_forms(Document("表.html", (one,)))
    return to_record(form)


def read(text: str) -> Record:
    (form,) = find_forms(read_text(text.encode(), "form.md"))
    return to_record(form)


def codes(one: Record) -> list[str]:
    found = run_checks(one, policy_for(one, None), chosen())
    return [
        finding.code for finding in found if finding.severity == "error" or finding.code.startswith("READ")
    ]


ROW = ["产出指标", "数量指标", "培训人次", "≥300人次", "295人次", "10", "9.8", "报名不足"]
FIELDS = ["level1", "level2", "name", "target", "actual", "weight", "score", "reason"]


def test_a_cell_stands_under_the_column_that_it_shares_most_with() -> None:
    # every border of the row is one slot off those of the header, to the right and then to the left
    for spans in ([4, 4, 4, 4, 4, 4, 4, 4], [5, 4, 4, 4, 4, 4, 4, 3], [3, 4, 4, 4, 4, 4, 4, 5]):
        header, (row,) = header_of(
            grid([(head, 4) for head in HEADS], list(zip(ROW, spans, strict=True))),
        )
        assert texts(header, row) == (dict(zip(FIELDS, ROW, strict=True)), [])


def test_a_cell_over_two_columns_still_speaks_for_both() -> None:
    header, (row,) = header_of(
        grid(
            [(head, 4) for head in HEADS],
            [("满意度指标", 9), ("满意度", 3), ("≥90%", 4), ("95%", 4), ("10", 4), ("9", 4), ("", 4)],
        )
    )
    fields, others = texts(header, row)
    assert (fields["level1"], fields["level2"], fields["name"]) == ("满意度指标", "满意度指标", "满意度")
    assert (fields["weight"], fields["score"], others) == ("10", "9", [])


def test_cells_that_lie_half_under_two_columns_stand_in_turn() -> None:
    blank_levels = ["", "", *ROW[2:]]
    header, (row, merged) = header_of(
        grid(
            [(head, 2) for head in HEADS],
            list(zip(blank_levels, [1, 2, 2, 2, 2, 2, 2, 3], strict=True)),
            list(zip(["满意度指标", *ROW[2:]], [3, 2, 2, 2, 2, 2, 3], strict=True)),
        )
    )
    whole = dict(zip(FIELDS[2:], ROW[2:], strict=True))
    assert texts(header, row) == (whole, [])
    fields, others = texts(header, merged)
    assert ({name: fields[name] for name in whole}, others) == (whole, [])
    assert fields["level1"] == "满意度指标"


def test_a_fund_label_that_reaches_under_the_first_amount_stays_a_label() -> None:
    header, (row,) = header_of(
        grid(
            [("项目资金", 2), ("", 4), ("年初预算数", 4), ("全年预算数", 4), ("全年执行数", 4), ("得分", 4)],
            [("", 2), ("年度资金总额", 5), ("100", 3), ("120", 4), ("114", 4), ("9.5", 4)],
        )
    )
    fields, others = texts(header, row)
    assert fields == {"budget_initial": "100", "budget_adjusted": "120", "executed": "114", "score": "9.5"}
    assert others == ["年度资金总额"]


def test_two_numbers_under_one_header_are_never_one_number() -> None:
    one = record(
        grid(
            [(head, 2) for head in HEADS],
            [(text, 2) for text in ROW[:6]] + [("9", 1), ("8", 1), ("报名不足", 2)],
        )
    )
    assert [number_of(indicator.score) for indicator in one.indicators] == [Decimal(9)]
    assert [cell.text for cell in one.form.unclaimed] == ["8"]
    assert "READ01" in codes(one)


def test_a_sign_and_its_number_in_two_cells_are_one_target() -> None:
    header, (row,) = header_of(
        grid(
            [(head, 3) for head in HEADS],
            [(text, 3) for text in ROW[:3]]
            + [("≥", 1), ("300", 1), ("m2", 1)]
            + [(text, 3) for text in ROW[4:]],
        )
    )
    fields, others = texts(header, row)
    assert (fields["target"], others) == ("≥|300|m2", [])


def test_the_row_s_own_number_wins_over_one_that_is_merged_from_above() -> None:
    one = record(
        grid(
            [(head, 2) for head in HEADS],
            [(text, 2) for text in ROW[:5]] + [("10", 1), ("", 1), ("9.8", 2), ("", 2)],
            [(text, 2) for text in ROW[:5]] + [("^", 1), ("5", 1), ("4", 2), ("", 2)],
        )
    )
    assert [number_of(indicator.weight) for indicator in one.indicators] == [Decimal(10), Decimal(5)]


SECTIONED = [("绩效指标", 1), *((head, 1) for head in HEADS)]


def test_a_row_that_lost_the_cell_merged_from_above_is_read_from_its_right() -> None:
    blank = [*ROW[:6], "10", ""]
    header, rows = header_of(
        grid(
            SECTIONED,
            [*((text, 1) for text in ROW), ("", 1)],
            # the levels go on from above, still one column too far left
            [("^", 1), ("^", 1), *((text, 1) for text in ROW[2:]), ("", 1)],
            [*((text, 1) for text in blank), ("", 1)],
            # the levels are lost as well
            [*((text, 1) for text in ROW[2:]), ("", 1), ("", 1), ("", 1)],
        )
    )
    whole = dict(zip(FIELDS, ROW, strict=True))
    assert texts(header, rows[0]) == (whole, [])
    assert texts(header, rows[1]) == (whole, [])
    assert texts(header, rows[2]) == (dict(zip(FIELDS, blank[:7], strict=False)), [])
    assert texts(header, rows[3])[0] == {name: whole[name] for name in FIELDS[2:]}


def test_a_row_with_all_its_cells_is_left_where_it_is_though_its_last_ones_are_blank() -> None:
    header, rows = header_of(
        grid(
            SECTIONED,
            [
                ("^", 1),
                ("产出指标", 1),
                ("数量指标", 1),
                ("座数", 1),
                ("12", 1),
                ("13", 1),
                ("10", 1),
                ("", 1),
                ("", 1),
            ],
            [
                ("", 1),
                ("自设一级", 1),
                ("自设二级", 1),
                ("座数", 1),
                ("12", 1),
                ("13", 1),
                ("10", 1),
                ("", 1),
                ("", 1),
            ],
            [("^", 1), ("^", 1), ("^", 1), ("2.", 1), ("", 1), ("", 1), ("", 1), ("", 1), ("", 1)],
            [("", 1), ("", 1), ("", 1), ("2.", 1), ("3", 1), ("", 1), ("", 1), ("", 1), ("", 1)],
        )
    )
    for row, name in zip(rows, ["座数", "座数", "2.", "2."], strict=True):
        assert texts(header, row)[0]["name"] == name
    assert texts(header, rows[1])[0]["weight"] == "10"


def test_a_fund_line_that_lost_its_section_is_read_from_its_right() -> None:
    header, (row, whole) = header_of(
        grid(
            [
                ("项目资金", 1),
                ("", 1),
                ("年初预算数", 1),
                ("全年预算数", 1),
                ("全年执行数", 1),
                ("执行率", 1),
                ("得分", 1),
            ],
            [("年度资金总额", 1), ("100", 1), ("120", 1), ("114", 1), ("95%", 1), ("9.5", 1), ("", 1)],
            [("1", 1), ("财政拨款", 1), ("100", 1), ("120", 1), ("114", 1), ("95%", 1), ("", 1)],
        )
    )
    names = ["budget_initial", "budget_adjusted", "executed", "execution_rate", "score"]
    numbers = ["100", "120", "114", "95%", "9.5"]
    assert texts(header, row) == (dict(zip(names, numbers, strict=True)), ["年度资金总额"])
    assert texts(header, whole)[0] == dict(zip(names[:4], numbers[:4], strict=True))


WEIGHED = (
    "| 一级指标 | 分值 | 二级指标 | 分值 | 三级指标 | 分值 | 指标值 | 完成值 | 得分 |\n"
    "| 产出指标 | 50 | 数量指标 | 20 | 培训人数 | 10 | ≥20人 | 20人 | 10 |\n"
    "| | | | | 培训场次 | 10 | ≥2场 | 2场 | 10 |\n"
    "| | | 质量指标 | 30分 | 合格率 | {weight} | ≥90% | 95% | {weight} |\n"
    "| 效益指标 | 50 | 社会效益指标 | 50 | 知晓率 | 50 | ≥90% | 95% | 50 |\n"
)


def test_of_three_weights_the_one_beside_level_3_is_the_indicator_s() -> None:
    one = read(WEIGHED.format(weight="30"))
    assert [number_of(indicator.weight) for indicator in one.indicators] == [10, 10, 30, 50]
    assert [i.level1_label.weight for i in one.indicators if i.level1_label] == [50, 50, 50, 50]
    assert [i.level2_label.weight for i in one.indicators if i.level2_label] == [20, 20, 30, 50]
    assert one.form.unclaimed == ()
    assert codes(one) == []


def test_weights_may_name_their_level() -> None:
    named = ("一级指标权重", "二级指标权重", "三级指标权重")
    text = WEIGHED.format(weight="30")
    for name in named:
        text = text.replace("| 分值 |", f"| {name} |", 1)
    one = read(text)
    assert [number_of(indicator.weight) for indicator in one.indicators] == [10, 10, 30, 50]
    assert codes(one) == []


def test_the_weight_beside_a_level_is_held_against_its_indicators() -> None:
    assert codes(read(WEIGHED.format(weight="25"))) == ["SCORE02", "SCORE07", "SCORE07"]


def test_of_two_weights_the_deeper_level_has_the_indicator_s() -> None:
    one = read(
        "| 一级指标 | 权重 | 三级指标 | 权重 | 指标值 | 完成值 | 得分 |\n"
        "| 产出指标 | 60 | 培训人数 | 60 | ≥20人 | 20人 | 60 |\n"
        "| 效益指标 | 40 | 知晓率 | 40 | ≥90% | 95% | 40 |\n"
    )
    assert [number_of(indicator.weight) for indicator in one.indicators] == [60, 40]
    assert codes(one) == []
