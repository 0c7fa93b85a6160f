"""The sample forms: every format reads alike, and what is read and found is what a person has reviewed.

A new layout needs a folder with a source, a new format a ``form.<ext>`` in the folders: neither needs a change here.
"""

from __future__ import annotations

import json
import os
import re
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import zipingbiao as zpb
from zipingbiao.recompute.compute import total_score_recomputed

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
sys.path.insert(0, str(SAMPLES))  # its two modules are scripts of the samples, not part of a package

from golden import FINDINGS, RECORD, describe_all, make_golden, read_only_record  # noqa: E402
from make import WRITERS, layouts, make_forms  # noqa: E402

LAYOUTS = layouts()
#: nothing was planted in these
HONEST = ("cohesion", "department", "hubei", "national", "national2021", "parts", "transfer")
OTHER_FORMATS = [
    path for folder in LAYOUTS for path in sorted(folder.glob("form.*")) if path.suffix != ".docx"
]

each_layout = pytest.mark.parametrize("folder", LAYOUTS, ids=lambda folder: folder.name)


def read_sample(name: str) -> zpb.Record:
    return read_only_record(SAMPLES / name / "form.docx")


def count_cells(record: zpb.Record) -> tuple[int, int]:
    """The cells of a form's tables that hold text, and how many of them a field claimed."""
    filled = [cell for grid in record.form.grids for cell in grid.cells() if cell.text.strip()]
    return len(filled), sum(cell in record.form.roles for cell in filled)


def with_plain_blanks(described: object) -> object:
    """Each run of blanks in what was read as a single one."""
    return re.sub(r"[ \u3000]+", " ", json.dumps(described, ensure_ascii=False))


def require_reviewed(path: Path, content: bytes) -> None:
    """Compare with a golden file. A missing one is written, except in CI, and fails until someone has read it."""
    if not path.exists():
        where = f"{path.parent.name}/{path.name}"
        if os.environ.get("CI"):
            pytest.fail(f"{where} is missing: run `make golden`, review the file and commit it")
        path.write_bytes(content)
        pytest.fail(f"{where} was missing and has been written: review it by eye")
    assert content.decode() == path.read_text(encoding="utf-8")


def test_there_are_at_least_ten_layouts() -> None:
    assert len(LAYOUTS) >= 10
    assert set(HONEST) < {folder.name for folder in LAYOUTS}


@pytest.mark.parametrize("path", OTHER_FORMATS, ids=lambda path: f"{path.parent.name}.{path.suffix[1:]}")
def test_every_format_gives_the_record_of_the_word_file(path: Path) -> None:
    read, expected = describe_all(path), describe_all(path.with_name("form.docx"))
    if path.suffix in (".pdf", ".ofd"):
        # a page has gaps, and does not say which blanks they are
        read, expected = map(with_plain_blanks, (read, expected))
    assert read == expected


@each_layout
@pytest.mark.parametrize("name", [RECORD, FINDINGS])
def test_what_is_read_and_found_is_what_was_reviewed(folder: Path, name: str) -> None:
    require_reviewed(folder / name, make_golden(folder)[name])


def test_a_missing_golden_file_is_written_and_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.fail.Exception, match="review"):
        require_reviewed(tmp_path / RECORD, b"{}")
    require_reviewed(tmp_path / RECORD, b"{}")


def test_ci_never_writes_a_golden_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="make golden"):
        require_reviewed(tmp_path / RECORD, b"{}")
    assert not (tmp_path / RECORD).exists()


def test_nearly_every_filled_cell_is_claimed() -> None:
    counts = [count_cells(record) for folder in LAYOUTS for record in zpb.records(folder / "form.docx")]
    filled, claimed = (sum(column) for column in zip(*counts, strict=True))
    assert Decimal(claimed) / filled >= Decimal("0.99")


def test_every_filled_cell_of_the_seed_is_claimed() -> None:
    filled, claimed = count_cells(read_sample("seed"))
    assert claimed == filled > 100


@each_layout
def test_the_forms_are_made_from_their_source_byte_for_byte(folder: Path) -> None:
    made = make_forms(folder)
    assert sorted(made) == sorted(WRITERS)
    for name, content in made.items():
        assert (folder / name).read_bytes() == content, f"{name}: run `make golden`"


@pytest.mark.parametrize("name", HONEST)
def test_nothing_is_found_in_an_honest_form(name: str) -> None:
    assert zpb.check(read_sample(name)) == []


def test_the_forms_of_one_file_are_read_and_checked_each_for_itself() -> None:
    honest, wrong = zpb.records(SAMPLES / "several" / "form.docx")
    assert (honest.heading["project_name"].value, zpb.check(honest)) == ("社区矫正对象教育帮扶", [])
    assert wrong.heading["project_name"].value == "人民调解以案定补"
    assert {finding.code for finding in zpb.check(wrong)} == {"SCORE01", "SCORE02"}
    assert all("表2" in finding.place for finding in zpb.check(wrong))


def test_the_seed_is_read_as_a_careful_person_would() -> None:
    record = read_sample("seed")
    assert record.year is not None and record.year.value == 2021
    assert record.heading["preparer"].value == "周明远"
    assert record.heading["contact"].value == "0130-5550182"
    assert [one.name for one in record.indicators] == [
        "上级文件宣传贯彻率",
        "履行派驻监督职能",
        "工作经费",
        "降低公职人员违规违纪",
        "改善机关工作作风",
        "机关人员满意度",
    ]


def test_the_seed_hides_its_execution_score_in_a_round_total() -> None:
    record = read_sample("seed")
    problems = {finding.code: finding.problem for finding in zpb.check(record)}
    assert problems["FUND05"].expected == Decimal("1.59")
    assert (problems["SCORE01"].reported, problems["SCORE01"].expected) == (100, 90)
    assert total_score_recomputed(record) == Decimal("91.59")
