"""Parquet files hold what the tables hold: exact decimals, blanks as null, and any text that UTF-8 can hold."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from data_rows import HALF, HOSTILE, MARK, file_rows, hostile_files, row_of, written_files
from small_form import SMALL_FORM

import zipingbiao as zpb
from zipingbiao.columns import TABLES
from zipingbiao.report import parquet
from zipingbiao.report.draft import publish_all
from zipingbiao.report.parquet import ParquetFiles


def weights(out: Path, *numbers: Decimal | None) -> pa.ChunkedArray:
    """The column of weights of indicators that weigh so much."""
    rows = [row_of("indicators", form_id="a", seq=seq, weight=one) for seq, one in enumerate(numbers, 1)]
    written_files("parquet", out, [{"indicators": rows}])
    return pq.read_table(out / "indicators.parquet")["weight"]


def test_every_table_is_a_file_with_its_columns_and_nothing_else_is_left(tmp_path: Path) -> None:
    (tmp_path / "form.txt").write_text(SMALL_FORM, encoding="utf-8")
    found = zpb.run(tmp_path / "form.txt", out=tmp_path / "out", tables=("parquet",))
    files = {path.name for path in (tmp_path / "out").iterdir() if path.is_file()}
    assert files == {f"{name}.parquet" for name in TABLES}
    for name, rows in found.rows.items():
        table = pq.read_table(tmp_path / "out" / f"{name}.parquet")
        asked = [column.name for column in TABLES[name]]
        assert [one for one in table.column_names if not one.endswith("_number")] == asked
        # blank is null in a column of any kind, and all else is as it was
        assert table.select(asked).to_pylist() == [
            {
                column.name: None
                if row[column.name] in (None, "")
                else str(row[column.name])
                if column.kind == "value"
                else row[column.name]
                for column in TABLES[name]
            }
            for row in rows
        ]


def test_types_are_those_of_the_columns(tmp_path: Path) -> None:
    out = written_files("parquet", tmp_path, [file_rows()])
    schema = pq.read_schema(out / "findings.parquet")
    assert schema.field("reported").type == pa.string()
    assert schema.field("reported_number").type == pa.decimal128(38, 6)
    assert schema.field("difference").type == pa.decimal128(38, 6)
    assert pq.read_schema(out / "forms.parquet").field("fiscal_year").type == pa.int64()


def test_words_and_numbers_of_a_finding_are_told_apart(tmp_path: Path) -> None:
    out = written_files("parquet", tmp_path, [file_rows(text="95")])
    number, words = pq.read_table(out / "findings.parquet").to_pylist()
    assert (number["expected"], number["expected_number"]) == ("89.60", Decimal("89.6"))
    assert (words["reported"], words["reported_number"]) == ("95", None)


@pytest.mark.parametrize(
    ("numbers", "kind"),
    [
        (["50", "-0.5", None], pa.decimal128(38, 6)),
        # a column has as many decimals as its longest number
        (["50", "0.123456789", None], pa.decimal128(38, 9)),
        (["1E-30", "99999999"], pa.decimal128(38, 30)),
        (["-" + "9" * 32], pa.decimal128(38, 6)),
        (["1E+31"], pa.decimal128(38, 6)),
        # and is text where no decimal of 38 digits holds them all
        (["9" * 33], pa.string()),
        (["1E-30", "999999999"], pa.string()),
        (["1E+2000", "0.5"], pa.string()),
        (["1E-2000", "0.5"], pa.string()),
    ],
)
def test_no_number_is_ever_rounded(tmp_path: Path, numbers: list[str | None], kind: pa.DataType) -> None:
    given = [None if number is None else Decimal(number) for number in numbers]
    column = weights(tmp_path, *given)
    assert column.type == kind
    assert [None if one is None else Decimal(one) for one in column.to_pylist()] == given


def test_a_number_that_needs_more_digits_may_come_in_any_row_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "GROUP_ROWS", 2)
    given = [Decimal(1), None, Decimal("2.5"), Decimal("3.12345678"), Decimal(4)]
    assert weights(tmp_path, *given).to_pylist() == given
    assert pq.ParquetFile(tmp_path / "indicators.parquet").num_row_groups == 3


def test_long_texts_make_a_row_group_of_few_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP_CHARACTERS", 1_000)
    written_files("parquet", tmp_path, [file_rows(number, "长" * 600) for number in range(4)])
    assert pq.ParquetFile(tmp_path / "texts.parquet").num_row_groups == 4
    assert pq.read_table(tmp_path / "texts.parquet").num_rows == 4


def test_columns_say_what_they_mean(tmp_path: Path) -> None:
    written_files("parquet", tmp_path, [file_rows()])
    schema = pq.read_schema(tmp_path / "funds.parquet")
    field = schema.field("executed_wan").metadata
    assert field[b"zh"].decode() == "全年执行数（万元）" and field[b"unit"].decode() == "万元 (10,000 yuan)"
    meanings = json.loads(schema.metadata[b"zipingbiao:columns"])
    assert list(meanings) == [column.name for column in TABLES["funds"]]
    assert all(meaning["zh"] and meaning["en"] for meaning in meanings.values())


def test_texts_that_were_made_to_do_harm_come_back_as_they_are(tmp_path: Path) -> None:
    out = written_files("parquet", tmp_path, hostile_files())
    for table, column in (("forms", "project_name"), ("texts", "text"), ("unknown_labels", "label")):
        assert pq.read_table(out / f"{table}.parquet")[column].to_pylist() == list(HOSTILE.values())


def test_half_a_surrogate_pair_is_marked(tmp_path: Path) -> None:
    out = written_files("parquet", tmp_path, [file_rows(1, HALF), file_rows(2, "😀")])
    assert pq.read_table(out / "texts.parquet")["text"].to_pylist() == [f"a{MARK}b{MARK}", "😀"]


def test_equal_rows_give_equal_files(tmp_path: Path) -> None:
    one, two = (written_files("parquet", tmp_path / name, hostile_files()) for name in ("one", "two"))
    for name in TABLES:
        assert (one / f"{name}.parquet").read_bytes() == (two / f"{name}.parquet").read_bytes()


def test_a_run_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    files = ParquetFiles(tmp_path)
    files.write(file_rows())
    files.discard()
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_finished_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = ParquetFiles(tmp_path)
    files.write(file_rows())

    def full(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    with pytest.raises(OSError, match="no space"):
        files.finish()
    files.discard()
    assert not list(tmp_path.iterdir())


def test_an_empty_run_has_tables_with_columns(tmp_path: Path) -> None:
    publish_all(ParquetFiles(tmp_path).finish())
    table = pq.read_table(tmp_path / "cells.parquet")
    assert (table.num_rows, table.column_names) == (0, [column.name for column in TABLES["cells"]])


def test_without_pyarrow_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "find_spec", lambda name: None)
    (tmp_path / "form.txt").write_text(SMALL_FORM, encoding="utf-8")
    with pytest.raises(zpb.WriteError) as refused:
        zpb.run(tmp_path / "form.txt", out=tmp_path / "out", tables=("csv", "parquet"))
    assert "pip install 'zipingbiao[parquet]'" in refused.value.message.zh
    assert "pip install 'zipingbiao[parquet]'" in refused.value.message.en
    assert not [path for path in (tmp_path / "out").iterdir() if path.is_file()]
