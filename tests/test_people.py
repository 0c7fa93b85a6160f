"""Who answers for a form: names and numbers, in one field or in several."""

from __future__ import annotations

import pytest

from normalize.people import split_person


@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        ("甲某  0398-2821206", "甲某", "0398-2821206"),
        ("甲某 13800000000", "甲某", "13800000000"),
        ("甲某（138 0000 0000）", "甲某", "138 0000 0000"),
        ("0371—65501234 甲某", "甲某", "0371—65501234"),
        ("甲某（0371-65501234）", "甲某", "0371-65501234"),
        ("甲某(03712821206)", "甲某", "03712821206"),
        ("甲某、（0371）65501234", "甲某", "（0371）65501234"),
        ("甲某 2821206", "甲某", "2821206"),
        ("甲某 0371-65501234转801", "甲某", "0371-65501234转801"),
        ("甲某", "甲某", ""),
        ("", "", ""),
        ("2022", "2022", ""),
    ],
)
def test_name_and_number_are_parted(text: str, name: str, number: str) -> None:
    assert split_person(text) == (name, number)
