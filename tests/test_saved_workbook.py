"""The workbook of a run is read back, however large it is and whoever has saved it since."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from small_form import SMALL_FORM

import zipingbiao as zpb
from extract import limits
from extract.document import ReadError
from zipingbiao.known.earlier import read_earlier
from zipingbiao.report.paper.facts import read_facts
from zipingbiao.saved_workbook import read_sheets


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The results of one form, with nothing but the workbook."""
    (tmp_path / "form.txt").write_text(SMALL_FORM.replace("250000.00", "12345678.50"), encoding="utf-8")
    zpb.run(tmp_path / "form.txt", out=tmp_path / "out", tables=("xlsx",))
    return tmp_path / "out"


def test_a_workbook_beyond_the_bounds_of_forms_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SLOTS", 10)
    monkeypatch.setattr(limits, "MAX_XML_BYTES", 10)
    assert [row["code"] for row in read_earlier(folder).findings].count("SCORE01") == 1
    assert [facts["预算合计"] for facts in read_facts(folder, "note")] == ["1234.56785"]


def test_numbers_are_those_of_the_tables(folder: Path) -> None:
    (funds,) = (rows for rows in read_sheets(folder / "zipingbiao.xlsx") if "资金项\nitem" in rows[0])
    row = dict(zip(funds[0], funds[1], strict=True))
    assert row["全年预算数（万元）\nbudget_adjusted_wan"] == "1234.56785"
    assert row["执行率\nexecution_rate"] == "0.5"
    assert row["得分\nscore"] == ""


def test_saved_by_another_program_it_says_the_same(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "saved.xlsx"
    openpyxl.load_workbook(folder / "zipingbiao.xlsx").save(other)
    assert read_earlier(other).findings == read_earlier(folder).findings


@pytest.mark.parametrize("content", [b"PK\x03\x04 cut off", None])
def test_what_cannot_be_opened_is_said_in_a_sentence(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "zipingbiao.xlsx"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ReadError):
        list(read_sheets(file))


def test_what_is_no_workbook_has_no_sheets(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("no workbook", encoding="utf-8")
    assert list(read_sheets(tmp_path / "a.xlsx")) == []
