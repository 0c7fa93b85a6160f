"""Units: kinds, exact conversion, and what can be compared with what."""

from __future__ import annotations

import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.fold import fold, squeeze
from normalize.values import units
from normalize.values.units import (
    comparable,
    in_base,
    is_known_unit,
    printed_unit,
    to_wan,
    unit_kind,
    unit_length,
)

TABLES = tomllib.loads((Path(units.__file__).parent / "units.toml").read_text(encoding="utf-8"))
SPELLINGS = [word for family in TABLES["family"] for group in family["units"].values() for word in group]


# --- the table ---------------------------------------------------------------------------------------


def test_no_unit_is_listed_twice() -> None:
    listed = [*SPELLINGS, *TABLES["plain"]["units"]]
    assert [word for word, times in Counter(listed).items() if times > 1] == []


def test_every_family_lists_units_and_has_its_base_among_them_with_factor_one() -> None:
    for family in TABLES["family"]:
        assert all(family["units"].values()), family
        base = family["base"]
        assert in_base(Decimal(1), base) == (Decimal(1), base), family


def test_every_factor_is_exact_and_positive() -> None:
    for family in TABLES["family"]:
        assert all(Decimal(factor) > 0 for factor in family["units"]), family


def test_units_are_listed_as_they_read_after_folding() -> None:
    listed = [*SPELLINGS, *TABLES["plain"]["units"], *TABLES["printed"], *TABLES["multipliers"]]
    assert [word for word in listed if fold(squeeze(word)) != word] == []


def test_kinds_named_elsewhere_in_the_table_exist() -> None:
    kinds = {family["kind"] for family in TABLES["family"]}
    assert {kind for pair in TABLES["near"] for kind in pair["kinds"]} <= kinds
    assert set(TABLES["of_things"]["kinds"]) <= kinds
    assert set(TABLES["classifiers"]) <= kinds


# --- kinds -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        ("元", "money"),
        ("万", "money"),
        ("万元", "money"),
        ("千元", "money"),
        ("百万元", "money"),
        ("亿元", "money"),
        ("元/人", "money"),
        ("元/人·月", "money"),
        ("元每人每月", "money"),
        ("元 / 平方米", "money"),
        ("M", "length"),
        ("km", "length"),
        ("KM", "length"),
        ("千米", "length"),
        ("㎡", "area"),
        ("m2", "area"),
        ("万平方米", "area"),
        ("亩", "area"),
        ("m3", "volume"),
        ("立方米", "volume"),
        ("千克", "weight"),
        ("亿斤", "weight"),
        ("微克/立方米", "weight"),
        ("年", "time"),
        ("个月", "time"),
        ("个工作日", "time"),
        ("％", "ratio"),
        ("百分比", "ratio"),
        ("%（百分比）", "ratio"),
        ("个百分点", "ratio"),
        ("‰", "ratio"),
        ("人", "people"),
        ("万人次", "people"),
        ("户", "people"),
        ("名教师", "people"),
        ("批次", "count"),
        ("台（套）", "count"),
        ("次/月", "count"),
        ("万页", "count"),
        ("个乡镇", "count"),
        ("千瓦时", "energy"),
        ("TB", "data"),
        ("分", "score"),
        ("T", None),
        ("度", None),
        ("标兵", None),
        ("", None),
    ],
)
def test_a_unit_has_its_kind(unit: str, kind: str | None) -> None:
    assert unit_kind(unit) == kind


# --- conversion --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "unit", "base"),
    [
        ("23", "万", "23 万元"),
        ("3.65", "元", "0.000365 万元"),
        ("128.79", "亿元", "1.2879E+6 万元"),
        ("530", "元/人·月", "0.0530 万元/人·月"),
        ("530", "元每人每月", "0.0530 万元/人·月"),
        ("100", "美元", "100 美元"),
        ("1.5", "公里", "1.5E+3 米"),
        ("50", "厘米", "0.50 米"),
        ("6000", "平方米", "6000 平方米"),
        ("1346.0088", "万平方米", "13460088 平方米"),
        ("2", "公顷", "2E+4 平方米"),
        ("5.5", "亩", "5.5 亩"),
        ("3", "亿斤", "1.5E+5 吨"),
        ("2", "年", "24 月"),
        ("3", "天", "259200 秒"),
        ("130", "分钟", "7800 秒"),
        ("0.5", "小时", "1800.0 秒"),
        ("5", "‰", "0.5 %"),
        ("58.9", "万页", "5.89E+5 个"),
        ("3", "万人次", "3E+4 人"),
        ("3", "个百分点", "3 百分点"),
    ],
)
def test_a_quantity_converts_exactly_to_its_base(number: str, unit: str, base: str) -> None:
    converted = in_base(Decimal(number), unit)
    assert converted is not None
    assert f"{converted[0]} {converted[1]}" == base


@pytest.mark.parametrize("unit", ["标兵", "T", "", "度", "名教师"])
def test_an_unknown_unit_has_no_base(unit: str) -> None:
    assert in_base(Decimal(1), unit) is None


@pytest.mark.parametrize(
    ("number", "unit", "wan"),
    [
        ("250000.00", "元", "25.000000"),
        ("18189", "万元", "18189"),
        ("23", "万", "23"),
        ("5", "千元", "0.5"),
        ("3", "百万元", "3E+2"),
        ("128.79", "亿元", "1.2879E+6"),
        ("3.5", "亿", "3.5E+4"),
        ("0.00", "元", "0.000000"),
        ("-3.65", "万元", "-3.65"),
        ("3", "万 元", "3"),
    ],
)
def test_money_comes_in_wan_with_its_digits(number: str, unit: str, wan: str) -> None:
    assert str(to_wan(Decimal(number), unit)) == wan


@pytest.mark.parametrize("unit", ["人", "美元", "元/人", "%", "", "万人", "标兵"])
def test_what_is_no_amount_has_no_wan(unit: str) -> None:
    assert to_wan(Decimal(1), unit) is None


@given(st.integers(-(10**60), 10**60), st.integers(0, 30), st.sampled_from(["元", "万元", "亿元", "万亿元"]))
def test_conversion_never_rounds(digits: int, places: int, unit: str) -> None:
    number = Decimal(digits).scaleb(0) if not places else Decimal(f"{digits}E-{places}")
    wan = to_wan(number, unit)
    assert wan is not None
    assert wan.as_tuple().digits == number.as_tuple().digits


# --- comparing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        ("万元", "亿元", True),
        ("元", "万元", True),
        ("万", "万元", True),
        ("米", "公里", True),
        ("人", "人次", True),
        ("人", "户", True),
        ("名", "人", True),
        ("个", "批次", True),
        ("台（套）", "台", True),
        ("％", "%", True),
        ("百分比", "%", True),
        ("元/人", "元", True),
        ("元/人·月", "元/人/月", True),
        ("年", "个月", True),
        ("天", "小时", True),
        ("标兵", "标兵", True),
        ("", "", True),
        ("公里", "人", False),
        ("公里", "万元", False),
        ("万元", "公里", False),
        ("%", "人", False),
        ("%", "万元", False),
        ("平方米", "公里", False),
        ("次", "万元", False),
        ("人", "", None),
        ("标兵", "人", None),
        ("亩", "平方米", None),
        ("年", "天", None),
        ("工作日", "天", None),
        ("元/人", "元/户", None),
        ("元", "美元", None),
        ("个", "人", None),
        ("%", "分", None),
        ("%", "百分点", None),
        ("万", "万人", None),
        ("T", "吨", None),
    ],
)
def test_units_are_comparable_or_not_or_nobody_can_say(a: str, b: str, verdict: bool | None) -> None:
    assert comparable(a, b) is verdict
    assert comparable(b, a) is verdict


@given(st.sampled_from(SPELLINGS), st.sampled_from(SPELLINGS))
def test_units_that_compare_convert_to_one_base(a: str, b: str) -> None:
    assert comparable(a, b) is comparable(b, a)
    if comparable(a, b):
        base_a, base_b = in_base(Decimal(1), a), in_base(Decimal(1), b)
        assert base_a is not None
        assert base_b is not None
        assert base_a[1] == base_b[1]


@given(st.sampled_from(SPELLINGS))
def test_a_unit_compares_with_itself(unit: str) -> None:
    assert comparable(unit, unit) is True
    assert comparable(unit, f"{unit} ") is True


# --- finding the unit --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("人次", "人次"),
        ("㎡", "㎡"),
        ("台(套)", "台(套)"),
        ("万平方米", "万平方米"),
        ("元/人.月", "元/人.月"),
        ("m3/天", "m3/天"),
        ("标兵", "标兵"),
        ("宿舍楼", "宿舍楼"),
        ("亩果园", "亩"),
        ("万元资金", "万元"),
        ("个行政村", "个"),
        ("名工作人员", "名"),
        ("吨公里", "吨公里"),
        ("培训", ""),
        ("的群众", ""),
        ("等奖", ""),
        ("年项目", ""),
        ("G基站", ""),
        ("个三等奖", ""),
        ("A", ""),
        ("", ""),
        ("/月", ""),
        ("人，次", ""),
    ],
)
def test_the_unit_is_found_behind_the_number(text: str, unit: str) -> None:
    assert text[: unit_length(text)] == unit


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("％", "%"),
        ("百分比", "%"),
        ("%(百分比)", "%"),
        ("个百分点", "百分点"),
        ("台 （套）", "台（套）"),
        ("㎡", "㎡"),
    ],
)
def test_only_percent_is_respelt(printed: str, shown: str) -> None:
    assert printed_unit(printed) == shown


@given(st.one_of(st.text(), st.text(alphabet="万亿千百元人次/·每个()（）月台套mM2%", max_size=30)))
def test_any_text_can_be_asked_as_a_unit(text: str) -> None:
    assert 0 <= unit_length(text) <= len(text)
    assert is_known_unit(text) in (True, False)
    assert (in_base(Decimal("1.5"), text) is None) or unit_kind(text) is not None
    assert comparable(text, "人") in (True, False, None)


def test_a_very_long_text_is_no_unit() -> None:
    assert unit_kind("万" * 10**5) is None
    assert unit_length("万" * 10**5) == 0
