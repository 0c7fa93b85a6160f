"""Names of indicators without the template's numbering."""

from __future__ import annotations

import pytest

from normalize.names import clean_name, is_placeholder


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("指标1：长效机制", "长效机制"),
        ("指标 2 、长效机制", "长效机制"),
        ("指标1长效机制", "长效机制"),
        ("指标12 长效机制", "长效机制"),
        ("★（2）带动增收", "带动增收"),
        ("3、满意度", "满意度"),
        ("②知晓率", "知晓率"),
        ("指标3项", "指标3项"),
        ("指标2022年完成率", "指标2022年完成率"),
        ("1.5公里道路硬化", "1.5公里道路硬化"),
        ("5G基站验收合格率", "5G基站验收合格率"),
        ("12345热线办结时间", "12345热线办结时间"),
    ],
)
def test_numbering_is_taken_off_and_numbers_are_kept(printed: str, name: str) -> None:
    assert clean_name(printed) == name


@pytest.mark.parametrize("printed", ["指标1：", "指标2", "……", "2.", "—", ""])
def test_a_numbering_without_a_name_is_a_placeholder(printed: str) -> None:
    assert is_placeholder(printed)
