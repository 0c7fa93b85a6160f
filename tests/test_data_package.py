"""``datapackage.json`` describes the CSV files, and what checks such descriptions agrees."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from data_rows import HALF, HOSTILE, MARK, file_rows, hostile_files, row_of, written_files
from frictionless import Package, validate

import zipingbiao as zpb
from zipingbiao.columns import ABOUT, REFERENCES, TABLES, references
from zipingbiao.report.datapackage import FILE

SAMPLES = Path(__file__).parents[1] / "samples"
# what the other program uses warns of its own age
pytestmark = pytest.mark.filterwarnings("default")


def problems(out: Path) -> list[str]:
    """What is wrong with the tables and their description."""
    report = validate(str(out / FILE))
    return [error.message for task in report.tasks for error in task.errors] + [
        error.message for error in report.errors
    ]


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The tables of all samples, of every format, read twice so that each file has a copy."""
    out = tmp_path_factory.mktemp("samples")
    zpb.run(sorted(SAMPLES.glob("*/form.*")), out=out, tables=("csv",))
    yield out


def test_the_tables_of_the_samples_are_as_described(samples: Path) -> None:
    assert problems(samples) == []
    package = Package(str(samples / FILE))
    assert [resource.name for resource in package.resources] == list(TABLES)


def test_texts_that_were_made_to_do_harm_are_as_described(tmp_path: Path) -> None:
    written_files("csv", tmp_path, [*hostile_files(), file_rows(99, HALF)])
    assert problems(tmp_path) == []
    rows = Package(str(tmp_path / FILE)).get_resource("texts").read_rows()
    # only what Excel would compute has an apostrophe in front
    shown = [row["text"].removeprefix("'") if row["text"][1] in "=@" else row["text"] for row in rows]
    assert shown == [*HOSTILE.values(), f"a{MARK}b{MARK}"]
    assert rows[0]["text"].startswith("'=HYPERLINK")


def test_an_empty_run_is_as_described(tmp_path: Path) -> None:
    written_files("csv", tmp_path, [])
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("table", "wrong", "said"),
    [
        ("forms", {"total_weight": "一百"}, "number"),
        ("forms", {"form_id": ""}, "primary key"),
        ("findings", {"form_id": "nobody-1"}, "foreign"),
        ("sources", {"bytes": "2.5"}, "integer"),
    ],
)
def test_a_table_that_is_not_as_described_is_found(
    tmp_path: Path, table: str, wrong: dict[str, str], said: str
) -> None:
    """Each type, key and reference is described so that a wrong one is noticed."""
    rows = file_rows()
    rows[table] = [{**rows[table][0], **wrong}]
    written_files("csv", tmp_path, [rows])
    assert any(said in problem.lower() for problem in problems(tmp_path))


def test_a_table_that_was_changed_is_found(tmp_path: Path) -> None:
    written_files("csv", tmp_path, [file_rows()])
    path = tmp_path / "findings.csv"
    path.write_bytes(path.read_bytes().replace(b"89.60", b"98.60"))
    assert any("hash" in problem for problem in problems(tmp_path))


def test_every_column_has_type_and_meaning_and_numbers_their_unit(samples: Path) -> None:
    package = json.loads((samples / FILE).read_text(encoding="utf-8"))
    fields = {
        resource["name"]: {field["name"]: field for field in resource["schema"]["fields"]}
        for resource in package["resources"]
    }
    assert {name: list(some) for name, some in fields.items()} == {
        name: [column.name for column in columns] for name, columns in TABLES.items()
    }
    assert fields["funds"]["executed_wan"] == {
        "name": "executed_wan",
        "type": "number",
        "title": "全年执行数（万元）",
        "description": "spent in 10,000 yuan",
        "unit": "万元 (10,000 yuan)",
    }
    assert fields["findings"]["reported"]["type"] == "string"
    assert "unit" not in fields["findings"]["reported"]


def test_the_description_is_the_same_for_the_same_tables(tmp_path: Path) -> None:
    one, two = (written_files("csv", tmp_path / name, hostile_files()) for name in "ab")
    assert (one / FILE).read_bytes() == (two / FILE).read_bytes()


def test_keys_and_references_name_columns_that_are_there() -> None:
    assert list(ABOUT) == list(TABLES)
    names = {name: {column.name for column in columns} for name, columns in TABLES.items()}
    for table, about in ABOUT.items():
        assert about.zh and about.en and set(about.key) <= names[table]
        for column, other in references(table).items():
            assert (column,) == ABOUT[other].key
    assert all(column in names[table] for column, table in REFERENCES.items())


def test_a_blank_reference_is_none(tmp_path: Path) -> None:
    rows = {"texts": [row_of("texts", section="margin", text="页眉")]}
    written_files("csv", tmp_path, [rows])
    assert problems(tmp_path) == []
    with (tmp_path / "texts.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["form_id"] == ""
