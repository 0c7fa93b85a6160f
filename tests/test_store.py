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
    tables = {name: {one.name: [] for one in columns} for name, columns in TABLES.items()}
    texts = {**{one.name: [None] for one in TABLES["texts"]}, "text": column}
    return zlib.compress(json.dumps({**tables, "texts": texts}).encode())


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
        ["", "[]", "{}", "nonsense", "[" * 100_000, '{"sources": 1}', '{"sources": [[1.5]]}', "1" * 5000],
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

    def test_what_is_packed_can_be_read_as_json_without_us(self) -> None:
        rows = {**empty_rows(), "cells": [blank("cells", text=text) for text in ("甲", "乙")]}
        assert json.loads(zlib.decompress(pack(rows, "a.txt")))["cells"]["text"] == "甲\x7f乙"

    @pytest.mark.parametrize("column", [["1"], "1", {"decimals": "1.50", "others": None}])
    def test_a_column_is_a_list_a_text_or_an_object(self, column: object) -> None:
        (row,) = unpack(tables_with(column), "a.txt")["texts"]
        assert str(row["text"]) in ("1", "1.50")

    @pytest.mark.parametrize(
        "column",
        [
            [["1"]], [{"a": 1}], [0.5], [[]], [True], [1, 2], [], None, 1, {},
            {"decimals": "no number", "others": None}, {"decimals": 1.5, "others": None},
            {"decimals": [1.5], "others": None}, {"decimals": "1.5"}, {"decimals": "1.5", "others": [None, None]},
            {"decimals": "", "others": [0.5]},
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
