"""What is kept of a record is never told of another, however alike."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import zipingbiao as zpb
from normalize.record import Record
from zipingbiao.checks.precision import fund_half
from zipingbiao.recompute.scored import scored_together
from zipingbiao.remember import once_a_record

FORM = Path(__file__).parents[1] / "samples" / "national" / "form.docx"


def test_a_record_is_asked_once_and_each_other_anew() -> None:
    (record,) = zpb.records(FORM)
    asked: list[Record] = []

    @once_a_record
    def lines(record: Record) -> int:
        asked.append(record)
        return len(record.funds)

    equal, without = replace(record), replace(record, funds=())
    assert [lines(one) for one in (record, record, without, without, equal)] == [4, 4, 0, 0, 4]
    assert len(asked) == 3


def test_a_form_whose_lines_are_taken_away_has_other_answers() -> None:
    (record,) = zpb.records(FORM)
    assert str(fund_half(record)) == "0.005"
    assert str(fund_half(replace(record, funds=()))) == "0.5"
    assert scored_together(record) and not scored_together(replace(record, indicators=()))
