"""Value cells: the table of real and made-up texts, and what holds for every text."""

from __future__ import annotations

import csv
import re
import time
import tomllib
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.fold import _TRADITIONAL, compact, fold, squeeze
from normalize.values import parse as values
from normalize.values.parse import (
    Blank,
    Date,
    Day,
    Measure,
    Range,
    Unreadable,
    Value,
    Wording,
    fold_relation,
    parse_value,
)
from normalize.values.types import BLANK_KINDS, RELATIONS

HERE = Path(__file__).parent
NORMALIZE = Path(values.__file__).parent


def _unescape(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text)


def _table() -> list[dict[str, str]]:
    lines = (HERE / "values.tsv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(
        (line for line in lines if not line.startswith("# ")), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    return [{**row, "text": _unescape(row["text"])} for row in rows]


TABLE = _table()


def _written(day: Day | None) -> str:
    return "" if day is None else "-".join(str(part or "?") for part in (day.year, day.month, day.day))


def _columns(value: Value) -> tuple[str, str, str, str, str]:
    """A value as the table writes it: kind, number, high, relation, unit."""
    match value:
        case Measure(_, number, relation, unit):
            return "measure", str(number), "", relation, unit
        case Range(_, low, high, unit):
            return "range", str(low), str(high), "", unit
        case Date(_, start, end, relation):
            return "date", _written(start), _written(end), relation, ""
        case Wording():
            return "wording", "", "", "", ""
        case Blank(_, kind):
            return "blank", kind, "", "", ""
        case Unreadable(_, why):
            return "unreadable", why.en, "", "", ""


# --- the table ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["text"] or "nothing")
def test_a_text_says_what_the_table_says(row: dict[str, str]) -> None:
    expected = tuple(row[name] for name in ("kind", "number", "high", "relation", "unit"))
    assert _columns(parse_value(row["text"])) == expected


def test_the_table_is_large_has_no_text_twice_and_says_where_each_row_is_from() -> None:
    texts = [row["text"] for row in TABLE]
    assert len(texts) >= 350
    assert sorted(texts) == sorted(set(texts))
    assert all(row["note"] for row in TABLE)


def test_every_row_of_the_grammar_reads_a_text_of_the_table() -> None:
    used = set()
    for text in (row["text"] for row in TABLE):
        printed, folded = compact(text)
        for row in values.ROWS:
            match = row.regex.fullmatch(folded)
            if folded and match and row.build(match, text, printed) is not None:
                used.add(row.name)
                break
    assert used == {row.name for row in values.ROWS}


def test_no_two_rows_of_the_grammar_have_one_name() -> None:
    names = [row.name for row in values.ROWS]
    assert len(names) == len(set(names))


# --- what holds for every text -----------------------------------------------------------------------

# texts made of what cells are made of get further into the grammar than arbitrary ones
PIECES = [
    *"0123456789０５９.,，。-—–~～/:：%％‰()（）[]【】 \n\u3000\u200b<>=≥≤≧⩾＞＝*·#□_…+",
    *"年月日底前后至到约超第每个人次元万亿百千十一二两三零〇点分之成率度完无不未",
    *[
        "不少于",
        "控制在",
        "以上",
        "以内",
        "左右",
        "万元",
        "人次",
        "百分之",
        "指标",
        "已完成",
        "2022",
        "18 189",
        "字以内",
    ],
]
cell_like = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
any_text = st.one_of(cell_like, st.text(max_size=80))


@given(any_text)
def test_any_text_has_a_value_that_keeps_it(text: str) -> None:
    value = parse_value(text)
    assert value.raw == text
    match value:
        case Measure(relation=relation, unit=unit):
            assert relation in RELATIONS
            assert unit == squeeze(unit)
        case Date(relation=relation):
            assert relation in RELATIONS
        case Range(low=low, high=high):
            assert low <= high
        case Blank(kind=kind):
            assert kind in BLANK_KINDS
        case Unreadable(why=why):
            assert why.zh
            assert why.en


@given(any_text)
def test_the_digits_of_a_measure_are_those_of_the_text(text: str) -> None:
    value = parse_value(text)
    if isinstance(value, Measure):
        printed = re.sub("[^0-9]", "", fold(text))
        assert not printed or format(value.number.copy_abs(), "f").replace(".", "") in printed


@given(any_text)
def test_folding_a_text_first_changes_nothing_but_the_spelling(text: str) -> None:
    before, after = _columns(parse_value(text)), _columns(parse_value(fold(text)))
    assert before[:4] == after[:4]
    assert fold(before[4]) == fold(after[4])


@given(cell_like, st.sampled_from([" ", "\n", "\u3000", "  \n ", "\u200b", " " * 500]))
def test_white_space_around_a_text_changes_nothing(text: str, space: str) -> None:
    assert _columns(parse_value(space + text + space)) == _columns(parse_value(text))


SIGNS = {"": "", "=": "=", ">=": "≥", "<=": "≤", ">": ">", "<": "<", "about": "约"}


@given(
    st.sampled_from(sorted(SIGNS)),
    st.decimals(min_value=0, max_value=10**12, allow_nan=False, allow_infinity=False, places=2),
    st.sampled_from(["", "%", "‰", "人", "万元", "元/人·月", "㎡", "台（套）", "个月", "万页", "TB", "标兵"]),
    st.booleans(),
)
def test_a_measure_written_out_reads_back(relation: str, number: Decimal, unit: str, grouped: bool) -> None:
    written = f"{number:,f}" if grouped else f"{number:f}"
    value = parse_value(SIGNS[relation] + written + unit)
    assert value == Measure(SIGNS[relation] + written + unit, number, relation, unit)


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from(["%", "人", "万元"]))
def test_two_numbers_of_one_unit_are_a_range(first: int, second: int, unit: str) -> None:
    value = parse_value(f"{first}{unit}-{second}{unit}")
    assert isinstance(value, Range)
    assert [value.low, value.high] == sorted([Decimal(first), Decimal(second)])
    assert value.unit == unit


@given(st.dates())
def test_a_day_written_in_three_ways_is_one_day(day: Any) -> None:
    if not 1900 <= day.year < 2100:
        return
    expected = Day(day.year, day.month, day.day)
    for text in (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
        day.isoformat(),
    ):
        assert parse_value(text) == Date(text, None, expected, "")


def test_a_long_text_is_words_even_where_numbers_stand_in_it() -> None:
    assert isinstance(parse_value("完成培训12次，参训人员达到300人，" * 5), Wording)


@pytest.mark.parametrize(
    "text",
    [
        "9" * 10**5,
        "9 " * 50_000,
        "9," * 50_000,
        "1.\n" * 30_000,
        "一" * 10**5,
        "≥" * 10**5,
        "(含" * 50_000,
        "（说明" * 30_000,
        "每年" * 50_000,
        "2022年" * 20_000,
        " " * 10**5,
        "9" * 60,
        "9 9" * 20,
        "12月" * 20,
        "完成" * 29 + "9",
        "说明,情况" * 12,
        "\u200b" * 10**5 + "95%",
    ],
    ids=lambda text: f"{text[:4]!r}*{len(text)}",
)
def test_a_hostile_text_takes_no_time(text: str) -> None:
    start = time.perf_counter()
    assert parse_value(text).raw == text
    assert time.perf_counter() - start < 0.5


# --- folding -----------------------------------------------------------------------------------------


@given(st.text())
def test_folding_keeps_the_length_and_is_done_at_once(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


def test_folding_invents_no_digit_and_no_letter() -> None:
    alone = {char for char in map(chr, range(0x110000)) if fold(char) != char and fold(char).isalnum()}
    full_width = {chr(code) for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()}
    traditional = {char for char in alone if "\u4e00" <= char <= "\u9fff"}
    assert alone == full_width | traditional
    numerals = [char for char in traditional if unicodedata.numeric(char, None) is not None]
    assert all(
        unicodedata.numeric(fold(char), 2) == unicodedata.numeric(char) for char in numerals
    )  # 两 has none


def test_each_traditional_character_has_one_simplified_one() -> None:
    pairs = [(word[0], char) for word in _TRADITIONAL.split() for char in word[1:]]
    assert len(pairs) > 300
    assert len({char for _, char in pairs}) == len(pairs)
    assert {plain for plain, _ in pairs}.isdisjoint(char for _, char in pairs)


@pytest.mark.parametrize("char", "①²½㎡㎞Ⅲ")
def test_characters_that_are_no_look_alikes_stay(char: str) -> None:
    assert fold(char) == char


@given(st.text())
def test_compacting_keeps_the_two_texts_in_step(text: str) -> None:
    printed, folded = compact(text)
    assert len(printed) == len(folded)
    assert squeeze(printed) == squeeze(text)
    assert squeeze(fold(printed)) == squeeze(folded)


@given(st.text())
def test_squeezed_text_has_no_white_space(text: str) -> None:
    assert not re.search(r"[\s\u200b\ufeff]", squeeze(text))


# --- a comparator's own cell -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("≥", ">="),
        ("≧", ">="),
        ("⩾", ">="),
        (" ＞＝ ", ">="),
        (">=", ">="),
        ("大于等于", ">="),
        ("不低于", ">="),
        ("以上", ">="),
        ("≤", "<="),
        ("控制在", "<="),
        ("以内", "<="),
        ("=", "="),
        ("＝", "="),
        ("等于", "="),
        ("＞", ">"),
        ("<", "<"),
        ("约", "about"),
        ("左右", "about"),
        ("定性", ""),
        ("定量", ""),
        ("正向", ">="),
        ("正向指标", ">="),
        ("反向", "<="),
        ("逆向", "<="),
        ("负向指标", "<="),
        ("", ""),
        ("95%", ""),
        ("≥≤", ""),
    ],
)
def test_a_comparator_in_its_own_cell_is_read(text: str, relation: str) -> None:
    assert fold_relation(text) == relation


@given(any_text)
def test_any_text_can_be_asked_for_its_comparator(text: str) -> None:
    assert fold_relation(text) in RELATIONS


# --- the word lists ----------------------------------------------------------------------------------


def _lists(table: Any, name: str = "") -> Iterator[tuple[str, list[Any]]]:
    if isinstance(table, list):
        yield name, table
    elif isinstance(table, dict):
        assert table, name
        for key, inner in table.items():
            yield from _lists(inner, f"{name}.{key}")


WORDINGS = tomllib.loads((NORMALIZE / "wordings.toml").read_text(encoding="utf-8"))


def test_word_lists_are_filled_and_name_no_word_twice() -> None:
    for name, words in _lists(WORDINGS):
        assert words, name
        assert all(word == squeeze(word) != "" for word in words if isinstance(word, str)), name
        assert len(words) == len(set(words)), name


@pytest.mark.parametrize("table", [("before", "before_weak"), ("after",), ("more",)])
def test_a_comparing_word_has_one_meaning(table: tuple[str, ...]) -> None:
    words = [word for name in table for group in WORDINGS[name].values() for word in group]
    assert len(words) == len(set(words))
    assert all(relation in RELATIONS for name in table for relation in WORDINGS[name])


def test_words_are_listed_as_they_read_after_folding() -> None:
    for name, words in _lists(WORDINGS):
        assert all(fold(word) == word for word in words if isinstance(word, str)), name
