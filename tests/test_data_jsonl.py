"""``findings.jsonl``: a finding a line, with its places as a list, exact numbers as texts, and its form's names."""

from __future__ import annotations

import json
from pathlib import Path

from data_rows import HALF, HOSTILE, MARK, file_rows, hostile_files, row_of, written_files
from small_form import SMALL_FORM

import zipingbiao as zpb
from zipingbiao.columns import FINDINGS


def lines(out: Path) -> list[dict[str, object]]:
    """What another program reads, which takes any end of a line for one."""
    text = (out / "findings.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_a_finding_is_a_line_with_all_that_its_row_says(tmp_path: Path) -> None:
    (tmp_path / "form.txt").write_text(SMALL_FORM, encoding="utf-8")
    found = zpb.run(tmp_path / "form.txt", out=tmp_path / "out", tables=("jsonl",))
    said = lines(tmp_path / "out")
    assert len(said) == len(found.findings) == 4
    for line, row in zip(said, found.findings, strict=True):
        assert line["code"] == row["code"] and line["message"] == row["message"]
        assert line["project_name"] == "乡村道路养护" and line["implementing_unit"] == "某县公路站"
    (score,) = (line for line in said if line["code"] == "SCORE01")
    assert (score["reported"], score["expected"], score["difference"]) == ("100", "77.5", "22.5")


def test_keys_are_the_columns_with_places_as_a_list(tmp_path: Path) -> None:
    number, words = lines(written_files("jsonl", tmp_path, [file_rows()]))
    keys = ["places" if column.name == "place" else column.name for column in FINDINGS]
    assert list(number) == [*keys, "project_name", "implementing_unit", "department", "fiscal_year"]
    assert number["places"] == ["表1 第37行 第8列", "表1 第9行 第2列"]
    assert (number["reported"], number["expected"], number["difference"]) == ("100", "89.60", "10.40")
    assert (words["places"], words["expected"], words["fiscal_year"]) == ([], None, 2022)


def test_a_finding_without_a_form_has_null_for_its_names(tmp_path: Path) -> None:
    rows = {"findings": [row_of("findings", code="READ05", severity="note")]}
    (line,) = lines(written_files("jsonl", tmp_path, [rows]))
    assert (line["form_id"], line["project_name"], line["fiscal_year"]) == (None, None, None)


def test_texts_that_were_made_to_do_harm_come_back_as_they_are(tmp_path: Path) -> None:
    said = lines(written_files("jsonl", tmp_path, hostile_files()))
    assert [line["message"] for line in said[::2]] == list(HOSTILE.values())


def test_half_a_surrogate_pair_is_marked(tmp_path: Path) -> None:
    line, _ = lines(written_files("jsonl", tmp_path, [file_rows(1, HALF)]))
    assert line["message"] == f"a{MARK}b{MARK}"


def test_no_finding_is_an_empty_file(tmp_path: Path) -> None:
    assert (written_files("jsonl", tmp_path, []) / "findings.jsonl").read_bytes() == b""
