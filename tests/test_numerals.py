"""Chinese numerals, held against cn2an over many integers."""

from __future__ import annotations

from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.values.numerals import NUMERAL_CHARS, parse_numeral


def _spelt(number: int, financial: bool = False) -> str:
    return str(cn2an.an2cn(str(number), "up" if financial else "low"))


def test_small_numbers_are_read_as_cn2an_spells_them() -> None:
    wrong = [number for number in range(20_000) if parse_numeral(_spelt(number)) != number]
    assert wrong == []


def test_small_numbers_in_financial_characters_are_read() -> None:
    wrong = [
        number for number in range(0, 20_000, 7) if parse_numeral(_spelt(number, financial=True)) != number
    ]
    assert wrong == []


@given(st.integers(0, 10**16 - 1), st.booleans())
def test_large_numbers_are_read_as_cn2an_spells_them(number: int, financial: bool) -> None:
    assert parse_numeral(_spelt(number, financial)) == number


@given(st.integers(0, 9999), st.integers(0, 999))
def test_decimals_keep_their_places(whole: int, places: int) -> None:
    fraction = f"{places:03}"
    spelt = f"{_spelt(whole)}点{''.join('零一二三四五六七八九'[int(digit)] for digit in fraction)}"
    assert str(parse_numeral(spelt)) == f"{whole}.{fraction}"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("零", "0"),
        ("十", "10"),
        ("一十二", "12"),
        ("廿五", "25"),
        ("卅", "30"),
        ("两百", "200"),
        ("两万", "20000"),
        ("一百零五", "105"),
        ("一千零五十", "1050"),
        ("一千三十", "1030"),
        ("一万零五百", "10500"),
        ("一万五百", "10500"),
        ("五十万", "500000"),
        ("两亿五千万", "250000000"),
        ("一万亿", "1000000000000"),
        ("二〇二二", "2022"),
        ("二○二二", "2022"),
        ("一〇", "10"),
        ("三点五", "3.5"),
        ("零点零五", "0.05"),
        ("三点五万", "3.5E+4"),
        ("三点五亿", "3.5E+8"),
        ("壹佰贰拾叁", "123"),
        ("兩萬", "20000"),
    ],
)
def test_a_numeral_says_its_number(text: str, number: str) -> None:
    assert str(parse_numeral(text)) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "百",
        "万",
        "万一",
        "千万",
        "一百五",
        "一万五",
        "一千三",
        "一亿三",
        "三五",
        "一二",
        "十四五",
        "一百二百",
        "三千百",
        "十百",
        "一百零",
        "零五",
        "一百零零五",
        "一千零五百",
        "一百零五十",
        "二十零五",
        "一万零一千",
        "一亿亿",
        "点五",
        "三点",
        "三点五千",
        "三点十",
        "第一",
        "几十",
        "数百",
        "3百",
        "一 百",
    ],
)
def test_what_can_be_read_two_ways_or_not_at_all_is_refused(text: str) -> None:
    assert parse_numeral(text) is None


@given(st.one_of(st.text(), st.text(alphabet=NUMERAL_CHARS + "点", max_size=12)))
def test_any_text_is_a_number_or_none(text: str) -> None:
    number = parse_numeral(text)
    assert number is None or (isinstance(number, Decimal) and number >= 0)


def test_no_numeral_character_is_listed_twice() -> None:
    assert len(NUMERAL_CHARS) == len(set(NUMERAL_CHARS))
