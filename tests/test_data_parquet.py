"""Parquet files hold what the tables hold: exact decimals, blanks as null, and any text that UTF-8 can hold."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from data_rows import HALF, HOSTILE, MARK, file_rows, hostile_files, row_of, written_files
from small_form import SMALL_FORM

import zipingbiao as zpb
from zipingbiao.columns import TABLES
from zipingbiao.report import parquet, parquet_parts, parquet_spool
from zipingbiao.report.draft import WriteError, publish_all
from zipingbiao.report.parquet import ParquetFiles
from zipingbiao.report.parquet_parts import FOLDER, ParquetParts
from zipingbiao.report.writers import files_of
from zipingbiao.tables import Rows


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
    monkeypatch.setattr(parquet_spool, "GROUP_ROWS", 2)
    monkeypatch.setattr(parquet, "GROUP_ROWS", 2)
    given = [Decimal(1), None, Decimal("2.5"), Decimal("3.12345678"), Decimal(4)]
    assert weights(tmp_path, *given).to_pylist() == given
    assert pq.ParquetFile(tmp_path / "indicators.parquet").num_row_groups == 3


def test_long_texts_make_a_row_group_of_few_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_spool, "GROUP_CHARACTERS", 1_000)
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
    monkeypatch.setattr(parquet_spool, "find_spec", lambda name: None)
    (tmp_path / "form.txt").write_text(SMALL_FORM, encoding="utf-8")
    with pytest.raises(zpb.WriteError) as refused:
        zpb.run(tmp_path / "form.txt", out=tmp_path / "out", tables=("csv", "parquet"))
    assert 'pip install "zipingbiao[parquet]"' in refused.value.message.zh
    assert 'pip install "zipingbiao[parquet]"' in refused.value.message.en
    assert not [path for path in (tmp_path / "out").iterdir() if path.is_file()]


def of_years(*years: int | None) -> list[Rows]:
    """A file for each year, with a form of that year in it."""
    return [file_rows(number, fiscal_year=year) for number, year in enumerate(years, 1)]


def parts_of(out: Path, table: str) -> list[str]:
    """The files of a table, as paths in its folder."""
    folder = out / FOLDER / table
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet"))


class TestParts:
    """With ``parquet-parts``, a table is a folder that programs read as one."""

    def test_a_table_has_a_folder_for_each_year_of_its_forms(self, tmp_path: Path) -> None:
        written_files("parquet-parts", tmp_path, of_years(2023, 2022, None, 2023))
        years = [f"year={one}/part-00000.parquet" for one in (2022, 2023, "__HIVE_DEFAULT_PARTITION__")]
        for table in ("forms", "funds", "indicators", "findings", "cells"):
            assert parts_of(tmp_path, table) == years, table
        for table in ("sources", "unknown_labels"):
            assert parts_of(tmp_path, table) == ["part-00000.parquet"], table
        assert [path.name for path in tmp_path.iterdir()] == [FOLDER]

    def test_pyarrow_and_duckdb_read_it_as_one_with_a_column_of_years(self, tmp_path: Path) -> None:
        files = of_years(2023, 2022, None, 2023)
        written_files("parquet-parts", tmp_path, files)
        written_files("parquet", tmp_path, files)
        for table in TABLES:
            whole = pq.read_table(tmp_path / f"{table}.parquet")
            parts = ds.dataset(tmp_path / FOLDER / table, partitioning="hive")
            schema = pa.schema([field for field in parts.schema if field.name != "year"])
            assert schema.equals(whole.schema), table
            assert ("year" in parts.schema.names) == ("form_id" in whole.column_names and table != "texts")
            key = [(name, "ascending") for name in whole.column_names]
            assert parts.to_table(columns=whole.column_names).sort_by(key).equals(whole.sort_by(key)), table
        of_2023 = ds.dataset(tmp_path / FOLDER / "funds", partitioning="hive").to_table(
            filter=ds.field("year") == 2023
        )
        assert of_2023["form_id"].to_pylist() == ["a3f80c1e22b9-1", "a3f80c1e22b9-4"]
        spent = duckdb.sql(
            f"SELECT year, sum(executed_wan) FROM '{tmp_path}/{FOLDER}/funds/**/*.parquet' GROUP BY year ORDER BY year"
        )
        assert spent.fetchall() == [
            (2022, Decimal("3.650001")),
            (2023, Decimal("7.300002")),
            (None, Decimal("3.650001")),
        ]

    def test_where_no_form_has_a_year_there_are_no_folders_of_years(self, tmp_path: Path) -> None:
        written_files("parquet-parts", tmp_path, of_years(None, None))
        assert parts_of(tmp_path, "forms") == ["part-00000.parquet"]
        assert ds.dataset(tmp_path / FOLDER / "forms", partitioning="hive").count_rows() == 2

    def test_a_file_has_only_so_many_rows_and_all_have_the_same_decimals(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for module in (parquet_spool, parquet_parts):
            monkeypatch.setattr(module, "GROUP_ROWS", 2)
        monkeypatch.setattr(parquet_parts, "PART_ROWS", 4)
        files = [
            file_rows(
                number, fiscal_year=2022 + number % 2, total_weight=Decimal("100." + "0" * number + "1")
            )
            for number in range(20)
        ]
        written_files("parquet-parts", tmp_path, files)
        names = [f"year={year}/part-{part:05}.parquet" for year in (2022, 2023) for part in range(3)]
        assert parts_of(tmp_path, "forms") == names
        parts = [pq.ParquetFile(tmp_path / FOLDER / "forms" / name) for name in names]
        assert [part.metadata.num_rows for part in parts] == [4, 4, 2] * 2
        # those of a year come one by one, among others, and fill groups all the same
        assert [part.num_row_groups for part in parts] == [2, 2, 1] * 2
        assert {part.schema_arrow.field("total_weight").type for part in parts} == {pa.decimal128(38, 20)}
        read = ds.dataset(tmp_path / FOLDER / "forms", partitioning="hive").to_table()
        assert read["total_weight"].to_pylist() == [
            files[number]["forms"][0]["total_weight"] for number in (*range(0, 20, 2), *range(1, 20, 2))
        ]

    def test_a_run_with_fewer_forms_leaves_no_part_of_the_one_before(self, tmp_path: Path) -> None:
        written_files("parquet-parts", tmp_path, of_years(2021, 2022, 2023))
        (tmp_path / f".{FOLDER}.1.tmp").mkdir()  # and nothing of one that was killed
        written_files("parquet-parts", tmp_path, of_years(2022))
        assert parts_of(tmp_path, "forms") == ["year=2022/part-00000.parquet"]
        assert [path.name for path in tmp_path.iterdir()] == [FOLDER]

    def test_an_empty_run_has_tables_with_columns(self, tmp_path: Path) -> None:
        written_files("parquet-parts", tmp_path, [])
        for name in TABLES:
            table = ds.dataset(tmp_path / FOLDER / name, partitioning="hive").to_table()
            assert table.num_rows == 0 and set(table.column_names) >= {column.name for column in TABLES[name]}

    def test_equal_rows_give_equal_files(self, tmp_path: Path) -> None:
        files = of_years(2023, 2022, None, 2023)
        one, two = (written_files("parquet-parts", tmp_path / name, files) for name in ("one", "two"))
        paths = [path.relative_to(one) for path in one.glob(f"{FOLDER}/**/*.parquet")]
        # three years of five tables; sources, labels, and texts outside forms have none
        assert len(paths) == 5 * 3 + 3
        for path in paths:
            assert (one / path).read_bytes() == (two / path).read_bytes()

    def test_what_is_given_up_leaves_the_results_of_the_run_before(self, tmp_path: Path) -> None:
        written_files("parquet-parts", tmp_path, of_years(2022))
        parts = ParquetParts(tmp_path)
        parts.write(file_rows(2, fiscal_year=2023))
        drafts = parts.finish()
        parts.discard()
        assert parts_of(tmp_path, "forms") == ["year=2022/part-00000.parquet"]
        assert [path.name for path in tmp_path.iterdir()] == [FOLDER]
        with pytest.raises(WriteError, match="cannot be replaced"):
            publish_all(drafts)
        assert parts_of(tmp_path, "forms") == ["year=2022/part-00000.parquet"]

    def test_where_it_cannot_begin_nothing_is_left_behind(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as without:
            without.setattr(parquet_spool, "find_spec", lambda name: None)
            with pytest.raises(WriteError, match="zipingbiao\\[parquet\\]"):
                ParquetParts(tmp_path)
        assert not list(tmp_path.iterdir())
        waiting, out = tmp_path / "waiting", tmp_path / "no folder"
        waiting.mkdir()
        monkeypatch.setattr("tempfile.tempdir", str(waiting))
        with pytest.raises(WriteError, match="cannot be written"):
            ParquetParts(out)
        assert not list(waiting.iterdir())

    @pytest.mark.parametrize("named", ["{}", ".", "out/.."])
    def test_its_files_are_no_input_of_the_next_run_in_that_folder(
        self, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "form.txt").write_text(SMALL_FORM, encoding="utf-8")
        (tmp_path / "out").mkdir()
        monkeypatch.chdir(tmp_path)
        folder = Path(named.format(tmp_path))
        for _ in range(2):
            run = zpb.run(folder, out=folder, tables=("parquet-parts",))
            assert [Path(str(row["source"])).name for row in run.sources] == ["form.txt"]
        assert sum(path.is_file() for path in files_of(folder)) == len(TABLES)

    def test_the_question_in_the_documentation_has_an_answer(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        page = (Path(__file__).parents[1] / "docs" / "data.md").read_text(encoding="utf-8")
        (asked,) = (block for block in re.findall(r"```sql\n(.*?)```", page, re.DOTALL) if FOLDER in block)
        written_files("parquet-parts", tmp_path / "out", of_years(2022, 2023, 2023))
        monkeypatch.chdir(tmp_path)
        assert duckdb.sql(asked).fetchall() == [("乡村道路养护", Decimal("7.300002"))]
