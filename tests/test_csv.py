"""Comma-separated text: what a spreadsheet shows of it, and what must come out of the file."""

from __future__ import annotations

import random

import pytest

from extract.document import Document, Grid, Line, ReadError
from extract.sheets.csv import is_csv, read_csv, separator_of

TABLE = "项目支出绩效自评表,,,\n项目名称,绿化养护,,\n资金,预算数,执行数,得分\n总额,10,9.5,9.5\n"


def texts(text: str | bytes) -> list[list[str]]:
    """The texts of the one table of a file."""
    document = read_csv(text.encode() if isinstance(text, str) else text, "表.csv")
    (grid,) = (block for block in document.blocks if isinstance(block, Grid))
    return [[cell.text for cell in row] for row in grid.rows]


def test_the_cells_are_a_grid_and_a_title_alone_above_them_is_a_line() -> None:
    document = read_csv(TABLE.encode(), "表.csv")
    title, grid = document.blocks
    assert isinstance(title, Line) and title.text == "项目支出绩效自评表"
    assert isinstance(grid, Grid)
    assert [cell.text for cell in grid.rows[2]] == ["总额", "10", "9.5", "9.5"]
    assert grid.rows[0][1].where.place == "表1 第2行 第2列"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_is_told_from_the_bytes(encoding: str) -> None:
    assert texts(TABLE.encode(encoding))[0] == ["项目名称", "绿化养护", "", ""]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_makes_even_rows(separator: str) -> None:
    assert texts(TABLE.replace(",", separator))[2] == ["总额", "10", "9.5", "9.5"]
    assert separator_of(TABLE.replace(",", separator)) == separator


def test_a_file_may_tell_its_separator() -> None:
    assert texts("sep=;\na;b\nc,d;e\n") == [["a", "b"], ["c,d", "e"]]


def test_quoted_cells_keep_their_separators_quotes_and_line_ends() -> None:
    assert texts('"绩\r\n效","1,022.89","他说""好"""\r\na,b,c\r\nd,e,f\r\n')[0] == [
        "绩\n效",
        "1,022.89",
        '他说"好"',
    ]


def test_a_text_kept_from_being_a_number_loses_its_wrapping() -> None:
    assert texts('a,"=""00123""",c\n1,2,3\n')[0] == ["a", "00123", "c"]


def test_a_quote_that_is_never_closed_swallows_nothing() -> None:
    assert texts('a,"b,c\nd,e,f\n') == [["a", '"b', "c"], ["d", "e", "f"]]


def test_blank_columns_and_rows_at_the_end_are_left_out() -> None:
    assert texts("a,b,,,\nc,d,,,\n,,,,\n\n") == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (TABLE, True),
        (TABLE.replace(",", ";"), True),
        ("sep=,\na\n", True),
        (TABLE.replace(",", "\t"), False),  # the text reader's
        ("| a | b |\n|---|---|\n| 1 | 2 |\n", False),
        ("一、基本情况\n预算10万元，执行9.5万元。\n二、问题\n无\n", False),
        ("The goal, set in May, was met.\nAll is well.\nNo issue, so far, was found.\nEnd.\n", False),
        ("", False),
    ],
)
def test_text_is_told_from_cells_by_even_rows(text: str, verdict: bool) -> None:
    assert is_csv(text) is verdict


@pytest.mark.parametrize("data", [b"", b" \n\n", b",,,\n,,,\n", bytes(range(256)) * 4])
def test_a_file_without_any_text_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        read_csv(data, "x")
    assert caught.value.message.en.endswith(".")


@pytest.mark.parametrize(
    "text", ["," * 5000 + "x\n", "a,b,c\n" * 150_000, '"' * 900_001], ids=["wide", "long", "quotes"]
)
def test_a_file_made_to_do_harm_is_refused(text: str) -> None:
    with pytest.raises(ReadError):
        read_csv(text.encode(), "x")


def test_damaged_bytes_end_in_a_document_or_a_sentence() -> None:
    chance = random.Random(20210831)
    whole = (TABLE * 2).encode("gbk")
    for _ in range(500):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 3, 10))):
            at = chance.randrange(len(data))
            data[at : at + chance.choice((0, 1, 20))] = chance.choice(
                (b'"', b"\n", b"\0", b",", chance.randbytes(2))
            )
        try:
            assert isinstance(read_csv(bytes(data), "x"), Document)
        except ReadError as error:
            assert error.message.zh and error.message.en
