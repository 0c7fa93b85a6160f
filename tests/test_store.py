"""What a run keeps of its files comes back exactly, only where it still holds, and only to one run at a time."""

from __future__ import annotations

import json
import sqlite3
import zlib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zipingbiao.batch.packed import Damaged, Packed, pack, unpack
from zipingbiao.batch.store import MEMORY, Store
from zipingbiao.columns import TABLES, Datum
from zipingbiao.report.draft import WriteError
from zipingbiao.tables import Rows, empty_rows

SETTINGS = b"settings"
#: whatever a table can hold: exact numbers, texts of any characters, blank
DATA = st.one_of(
    st.none(),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.text(st.characters()),
)


def rows_of(path: Path, sha256: str = "ab", status: str = "ok", text: Datum = "文字") -> Rows:
    """The rows of a file with one paragraph."""
    rows = empty_rows()
    rows["sources"] = [
        blank("sources", source=str(path), sha256=sha256, status=status, bytes=path.stat().st_size)
    ]
    rows["texts"] = [blank("texts", source=str(path), text=text)]
    return rows


def blank(table: str, **given: Datum) -> dict[str, Datum]:
    return {**{column.name: None for column in TABLES[table]}, **given}


def sha256_of(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def packed(path: Path, status: str = "ok", text: Datum = "文字") -> Packed:
    return Packed.of(str(path), rows_of(path, sha256_of(path), status, text))


def tables_with(column: object) -> bytes:
    """Packed tables: one text, whose column ``text`` is packed as it is given."""
    texts = [column if one.name == "text" else [None] for one in TABLES["texts"]]
    return packed_tables(texts=texts)


def packed_tables(**tables: object) -> bytes:
    """Packed tables, all but these without a row."""
    return zlib.compress("\n".join(json.dumps(tables.get(name, [])) for name in TABLES).encode())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("甲", encoding="utf-8")
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


class TestPacked:
    @given(DATA)
    def test_every_datum_comes_back_as_it_was(self, datum: Datum) -> None:
        rows = {**empty_rows(), "texts": [blank("texts", source="a.txt", text=datum)]}
        (row,) = unpack(pack(rows, "a.txt"), "a.txt")["texts"]
        assert row == rows["texts"][0]
        assert repr(row["text"]) == repr(datum)

    @pytest.mark.parametrize("number", ["1.50", "100", "1E+3", "1E-7", "-0", "0.00"])
    def test_a_decimal_keeps_its_digits(self, number: str) -> None:
        rows = {**empty_rows(), "cells": [blank("cells", confidence=Decimal(number))]}
        (row,) = unpack(pack(rows, "a.txt"), "a.txt")["cells"]
        assert str(row["confidence"]) == str(Decimal(number)) and isinstance(row["confidence"], Decimal)

    def test_a_binary_number_is_refused(self) -> None:
        rows = {**empty_rows(), "cells": [blank("cells", confidence=0.1)]}  # type: ignore[arg-type]
        with pytest.raises(Damaged):
            unpack(pack(rows, "a.txt"), "a.txt")

    def test_the_rows_of_a_file_that_has_moved_name_its_new_path(self, file: Path) -> None:
        rows = unpack(pack(rows_of(file, text=str(file)), str(file)), "b/a.txt")
        assert rows["sources"][0]["source"] == rows["texts"][0]["source"] == "b/a.txt"
        assert rows["texts"][0]["text"] == str(file)  # which is what the form says

    def test_all_tables_are_there_in_their_order(self, file: Path) -> None:
        assert list(unpack(pack(rows_of(file), str(file)), "a")) == list(TABLES)

    @pytest.mark.parametrize(
        "text",
        ["", "[]", "{}", "nonsense", "[" * 100_000, '{"sources": 1}', "1" * 5000, "[]\n[]", "\n" * 7],
    )
    def test_nonsense_is_damaged(self, text: str) -> None:
        with pytest.raises(Damaged):
            unpack(zlib.compress(text.encode()), "a.txt")
        with pytest.raises(Damaged):
            unpack(text.encode(), "a.txt")

    @given(st.lists(DATA, max_size=5))
    def test_a_column_of_different_data_comes_back_as_it_was(self, data: list[Datum]) -> None:
        rows = {**empty_rows(), "texts": [blank("texts", text=datum) for datum in data]}
        assert repr(unpack(pack(rows, "a.txt"), "a.txt")["texts"]) == repr(rows["texts"])

    @pytest.mark.parametrize("texts", [["a\x7fb", "c"], ["\x7f"], ["", ""], [""], ["\x7f", "", "\ud800"]])
    def test_a_text_may_hold_any_character_beside_others(self, texts: list[str]) -> None:
        rows = {**empty_rows(), "texts": [blank("texts", text=text) for text in texts]}
        assert [row["text"] for row in unpack(pack(rows, "a.txt"), "a.txt")["texts"]] == texts

    def test_what_is_packed_is_a_line_of_json_a_table(self) -> None:
        rows = {**empty_rows(), "cells": [blank("cells", text=text) for text in ("甲\n", Decimal("1.50"))]}
        lines = zlib.decompress(pack(rows, "a.txt")).decode().split("\n")
        tables = dict(zip(TABLES, map(json.loads, lines), strict=True))
        columns = [column.name for column in TABLES["cells"]]
        assert dict(zip(columns, tables.pop("cells"), strict=True))["text"] == ["甲\n", ["1.50"]]
        assert set(map(str, tables.values())) == {"[]"}

    @pytest.mark.parametrize(("column", "datum"), [(["1"], "1"), ([["1.50"]], Decimal("1.50")), ([7], 7)])
    def test_a_column_is_a_list_and_a_decimal_in_it_another(self, column: object, datum: Datum) -> None:
        (row,) = unpack(tables_with(column), "a.txt")["texts"]
        assert repr(row["text"]) == repr(datum)

    def test_some_tables_alone_come_back_as_they_do_with_all(self, file: Path) -> None:
        data = pack(rows_of(file, text=Decimal("1.50")), str(file))
        whole = unpack(data, "b.txt")
        assert unpack(data, "b.txt", ["texts", "cells"]) == {"texts": whole["texts"], "cells": []}
        assert unpack(data, "b.txt", ()) == {}

    @pytest.mark.parametrize(
        "table", [7, {}, None, [[]], [["a"]], [["a"], 7], [[None]] * len(TABLES["texts"]) + [[None]]]
    )
    def test_a_table_that_is_none_is_damaged(self, table: object) -> None:
        with pytest.raises(Damaged):
            unpack(packed_tables(texts=table), "a.txt")

    @pytest.mark.parametrize(
        "column",
        [
            [{"a": 1}], [0.5], [[]], [True], [1, 2], [], None, 1, {}, "1",
            [["no number"]], [[1.5]], [[1]], [["1", "2"]], [[["1"]]], [[None]], [["1" * 9, 2]],
        ],
    )  # fmt: skip
    def test_a_column_that_no_table_has_is_damaged(self, column: object) -> None:
        with pytest.raises(Damaged):
            unpack(tables_with(column), "a.txt")


class TestStore:
    def test_what_a_run_added_the_next_finds(self, file: Path, out: Path) -> None:
        with Store(out, SETTINGS) as store:
            assert store.find(str(file)) is None
            store.add(str(file), packed(file))
            first = list(store.rows())
        with Store(out, SETTINGS) as store:
            found = store.find(str(file))
            assert found
            store.add(str(file), found)
            assert list(store.rows()) == first == [rows_of(file, sha256_of(file))]
            assert (store.files, store.reused, store.failed) == (1, 1, 0)

    def test_a_file_that_has_moved_is_known_under_its_name(
        self, file: Path, out: Path, tmp_path: Path
    ) -> None:
        with Store(out, SETTINGS) as store:
            store.add(str(file), packed(file))
        (tmp_path / "b").mkdir()
        moved = file.rename(tmp_path / "b" / "a.txt")
        with Store(out, SETTINGS) as store:
            found = store.find(str(moved))
            assert found and found.rows(str(moved))["texts"][0]["source"] == str(moved)
            renamed = moved.rename(tmp_path / "b" / "a.md")  # which to the reader of texts is something else
            assert store.find(str(renamed)) is None

    @pytest.mark.parametrize("text", ["乙", "甲乙"])
    def test_a_file_that_has_changed_is_not_known(self, file: Path, out: Path, text: str) -> None:
        with Store(out, SETTINGS) as store:
            store.add(str(file), packed(file))
        file.write_text(text, encoding="utf-8")
        with Store(out, SETTINGS) as store:
            assert store.find(str(file)) is None

    def test_other_settings_know_nothing(self, file: Path, out: Path) -> None:
        with Store(out, SETTINGS) as store:
            store.add(str(file), packed(file))
        with Store(out, b"others") as store:
            assert store.find(str(file)) is None

    def test_a_file_that_failed_is_tried_again(self, file: Path, out: Path) -> None:
        with Store(out, SETTINGS) as store:
            store.add(str(file), packed(file, status="failed"))
            assert store.failed == 1
        with Store(out, SETTINGS) as store:
            assert store.find(str(file)) is None

    def test_each_copy_of_a_file_has_its_own_rows(self, file: Path, out: Path, tmp_path: Path) -> None:
        copies = [file]
        for folder in "bc":
            (tmp_path / folder).mkdir()
            copies.append(tmp_path / folder / file.name)
            copies[-1].write_bytes(file.read_bytes())
        with Store(out, SETTINGS) as store:
            for number, copy in enumerate(copies[:2]):
                store.add(str(copy), packed(copy, text=number))
        with Store(out, SETTINGS) as store:
            found = [store.find(str(copy)) for copy in copies]
            texts = [one.rows("")["texts"][0]["text"] if one else None for one in found]
            assert texts == [0, 1, None]

    def test_what_is_no_longer_there_is_forgotten(self, file: Path, out: Path, tmp_path: Path) -> None:
        other = tmp_path / "b.txt"
        other.write_text("乙乙", encoding="utf-8")
        with Store(out, SETTINGS) as store:
            for path in (file, other):
                store.add(str(path), packed(path))
            store.forget_others()
        with Store(out, SETTINGS) as store:
            found = store.find(str(file))
            assert found
            store.add(str(file), found)
            store.forget_others()
        with Store(out, SETTINGS) as store:
            assert store.find(str(file)) and store.find(str(other)) is None
        assert "乙乙".encode() not in (out / MEMORY).read_bytes()

    def test_fresh_forgets_all_at_once(self, file: Path, out: Path) -> None:
        with Store(out, SETTINGS) as store:
            store.add(str(file), packed(file))
        with Store(out, SETTINGS, fresh=True) as store:
            assert store.find(str(file)) is None
        with Store(out, SETTINGS) as store:
            assert store.find(str(file)) is None

    def test_without_a_folder_nothing_is_left(self, file: Path, tmp_path: Path) -> None:
        with Store(None, SETTINGS) as store:
            store.add(str(file), packed(file))
            assert len(list(store.rows())) == 1
        assert list(tmp_path.iterdir()) == [file]

    def test_only_one_run_uses_a_folder(self, out: Path) -> None:
        with Store(out, SETTINGS):
            with pytest.raises(WriteError) as refused:
                Store(out, SETTINGS)
            assert "另一个" in refused.value.message.zh and "Another run" in refused.value.message.en
        with Store(out, SETTINGS):
            pass

    @pytest.mark.parametrize("content", [b"nonsense" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
    def test_a_memory_that_is_none_is_begun_anew(self, file: Path, out: Path, content: bytes) -> None:
        (out / MEMORY).parent.mkdir(parents=True)
        (out / MEMORY).write_bytes(content)
        with Store(out, SETTINGS) as store:
            store.add(str(file), packed(file))
        with Store(out, SETTINGS) as store:
            assert store.find(str(file))

    @pytest.mark.parametrize(
        "change", ["data = x'00'", "data = 7", "members = '{'", "members = '3'", "unpacked = 'a'"]
    )
    def test_rows_that_somebody_damaged_are_read_anew(self, file: Path, out: Path, change: str) -> None:
        with Store(out, SETTINGS) as store:
            store.add(str(file), packed(file))
        db = sqlite3.connect(out / MEMORY)
        db.execute(f"UPDATE files SET {change}")
        db.commit()
        db.close()
        with Store(out, SETTINGS) as store:
            assert store.find(str(file)) is None

    def test_a_memory_of_another_layout_is_begun_anew(self, file: Path, out: Path) -> None:
        with Store(out, SETTINGS) as store:
            store.add(str(file), packed(file))
        db = sqlite3.connect(out / MEMORY)
        db.executescript("DROP TABLE files; CREATE TABLE files (a); PRAGMA user_version = 99")
        db.close()
        with Store(out, SETTINGS) as store:
            assert store.find(str(file)) is None

    def test_a_file_where_the_folder_should_be_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "out").touch()
        with pytest.raises(WriteError, match=r"a file has that name|a part of it is a file"):
            Store(tmp_path / "out", SETTINGS)
