"""Old Word files give the same lines and grids as the .docx they were saved from; damaged ones give a sentence."""

from __future__ import annotations

import struct
import time
from pathlib import Path

import pytest
from compound_builder import compound
from doc_builder import DELETED, HIDDEN, IN_TABLE, cells, row_end, word_file
from fuzzing import survives

from extract.document import Document, Grid, Line, ReadError
from extract.word import doc, office
from extract.word.compound import Compound
from extract.word.doc import read_doc
from extract.word.docx import read_docx

FILES = Path(__file__).parent / "files"
#: made by LibreOffice from various.docx, which has merged cells, a table in a table, changes and hidden text
VARIOUS = (FILES / "various.doc").read_bytes()


def shape(document: Document) -> list[object]:
    """Lines and grids without places; merged slots have the same number."""
    blocks: list[object] = []
    for block in document.blocks:
        if isinstance(block, Line):
            blocks.append(block.text.replace("\uf0fe", "☑"))
        else:
            numbers: dict[int, int] = {}
            blocks.append(
                [
                    [(numbers.setdefault(id(cell), len(numbers)), cell.text) for cell in row]
                    for row in block.rows
                ]
            )
    return blocks


def texts(data: bytes) -> list[list[list[str]] | str]:
    return [
        block.text if isinstance(block, Line) else [[cell.text for cell in row] for row in block.rows]
        for block in read_doc(data, "form.doc").blocks
    ]


def test_a_file_reads_as_the_docx_it_was_saved_from() -> None:
    old, new = read_doc(VARIOUS, "form"), read_docx((FILES / "various.docx").read_bytes(), "form")
    assert shape(old) == shape(new)
    assert old.notes == new.notes
    assert [(line.text, line.where.place) for line in old.margins] == [
        (line.text, line.where.place) for line in new.margins
    ]


def test_a_row_is_told_by_the_mark_at_its_end() -> None:
    data = word_file([("标题\r", b""), *cells("甲", "乙"), row_end([0, 100, 200]), ("末\r", b"")])
    assert texts(data) == ["标题", [["甲", "乙"]], "末"]


def test_text_of_one_byte_a_character_is_read() -> None:
    assert texts(word_file([("Total – 100 €\r", b"")], one_byte=True)) == ["Total – 100 €"]


def test_cells_share_columns_by_their_edges() -> None:
    data = word_file(
        [*cells("甲", "乙"), row_end([0, 1000, 3000]), *cells("a", "b", "c"), row_end([5, 1010, 2000, 2990])]
    )
    (grid,) = read_doc(data, "form").blocks
    assert isinstance(grid, Grid)
    assert [[cell.text for cell in row] for row in grid.rows] == [["甲", "乙", "乙"], ["a", "b", "c"]]
    assert grid.rows[0][1] is grid.rows[0][2]


def test_a_narrow_column_is_not_taken_for_an_inexact_edge() -> None:
    data = word_file([*cells("甲", "窄", "乙"), row_end([0, 1000, 1020, 3000])])
    assert texts(data) == [[["甲", "窄", "乙"]]]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (row_end([0, 1000, 2000], [0x60, 0]), row_end([0, 1000, 2000], [0x20, 0])),
        (
            row_end([0, 1000, 2000], (), struct.pack("<HBBB", 0xD62B, 2, 0, 3)),
            row_end([0, 1000, 2000], (), struct.pack("<HBBB", 0xD62B, 2, 0, 1)),
        ),
    ],
    ids=["in the row's shape", "changed afterwards"],
)
def test_cells_merged_downwards_are_one(first: tuple[str, bytes], second: tuple[str, bytes]) -> None:
    (grid,) = read_doc(word_file([*cells("竖", "1"), first, *cells("", "2"), second]), "form").blocks
    assert isinstance(grid, Grid)
    assert grid.rows[0][0] is grid.rows[1][0]
    assert [cell.text for cell in grid.cells()] == ["竖", "1", "2"]


@pytest.mark.parametrize(
    "end",
    [
        row_end([0, 1000, 2000, 3000], [1, 2, 0]),
        row_end([0, 1000, 2000, 3000], (), struct.pack("<HBB", 0x5624, 0, 2)),
    ],
    ids=["in the row's shape", "changed afterwards"],
)
def test_cells_merged_sideways_are_one(end: tuple[str, bytes]) -> None:
    (grid,) = read_doc(word_file([*cells("横", "", "末"), end]), "form").blocks
    assert isinstance(grid, Grid)
    assert grid.rows[0][0] is grid.rows[0][1]
    assert [cell.text for cell in grid.cells()] == ["横", "末"]


def test_a_shape_that_does_not_fit_its_row_costs_no_cell() -> None:
    assert texts(word_file([*cells("甲", "乙", "丙"), row_end([0, 100])])) == [[["甲", "乙", "丙"]]]
    assert texts(word_file([*cells("甲", "乙"), row_end([500, 100, 0])])) == [[["甲", "乙"]]]


def test_a_shape_too_long_for_its_page_is_found_in_the_other_stream() -> None:
    _, grpprl = row_end([0, 1000, 2000], [0x60, 0])
    elsewhere = struct.pack("<HI", 0x6646, 4)
    data = word_file(
        [*cells("甲", "乙"), ("\x07", elsewhere)],
        streams={"Data": b"xxxx" + struct.pack("<H", len(grpprl)) + grpprl},
    )
    assert texts(data) == [[["甲", "乙"]]]


def test_deleted_and_hidden_text_is_left_out_with_a_note() -> None:
    data = word_file([("得分90分，隐藏，完\r", b"")], [("90", DELETED), ("，隐藏", HIDDEN)])
    document = read_doc(data, "form")
    assert [block.text for block in document.blocks if isinstance(block, Line)] == ["得分分，完"]
    assert len(document.notes) == 2


def test_a_deleted_end_of_a_paragraph_joins_two_but_that_of_a_cell_stays() -> None:
    data = word_file(
        [("甲\r", b""), ("乙\r", b""), *cells("丙"), row_end([0, 100])],
        [("\r乙", DELETED), ("\x07\x07", DELETED)],
    )
    assert texts(data) == ["甲", [["丙"]]]


@pytest.mark.parametrize(("font", "shown"), [("Wingdings", "☑"), ("", "\uf0fe")])
def test_a_symbol_is_told_from_its_font(font: str, shown: str) -> None:
    symbol = struct.pack("<HHH", 0x6A09, 0, 0xF0FE)
    assert texts(word_file([("完成(\r", b"")], [("(", symbol)], font=font)) == ["完成" + shown]


def test_fields_show_their_results() -> None:
    assert texts(word_file([("第\x13 PAGE \x143\x15页\x13 XE \x15\r", b"")])) == ["第3页"]


def test_a_character_beyond_the_first_plane_is_one() -> None:
    assert texts(word_file([("姓𠮷\r", b"")])) == ["姓𠮷"]


def test_blanks_of_layout_stay() -> None:
    assert texts(word_file([(" 甲\t乙\x0b丙\x1e1\x1f\r", b"")])) == [" 甲\t乙\n丙-1"]


class TestRefused:
    def test_a_locked_file(self) -> None:
        with pytest.raises(ReadError, match="密码"):
            read_doc(word_file([("甲\r", b"")], flags=0x0300), "form")

    def test_a_file_of_word_95_without_libreoffice(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(office, "find_office", lambda: "")
        with pytest.raises(ReadError, match="LibreOffice"):
            read_doc(word_file([("甲\r", b"")], magic=0xA5DC), "form")

    @pytest.mark.parametrize(
        "streams",
        [{"WordDocument": b""}, {"WordDocument": b"\xec\xa5" + bytes(600)}, {"other": b"x"}],
        ids=["no header", "no tables", "no text"],
    )
    def test_a_file_without_its_parts(self, streams: dict[str, bytes]) -> None:
        with pytest.raises(ReadError):
            read_doc(compound(streams), "form")

    def test_a_chain_of_sectors_that_runs_in_a_circle_ends(self) -> None:
        data = bytearray(compound({"WordDocument": bytes(5000), "1Table": b""}))
        table = data.rindex(struct.pack("<II", 1, 2))
        struct.pack_into("<I", data, table + 8, 0)
        begun = time.perf_counter()
        assert len(Compound(bytes(data)).stream("WordDocument")) == 5000
        struct.pack_into("<I", data, table, 0)
        with pytest.raises(ReadError):
            read_doc(bytes(data), "form")
        assert time.perf_counter() - begun < 1

    def test_a_directory_that_runs_in_a_circle_ends(self) -> None:
        data = bytearray(compound({"a": b"1", "b": b"2"}))
        at = data.index("b".encode("utf-16-le") + bytes(60))
        struct.pack_into("<III", data, at + 68, 1, 1, 1)
        assert set(Compound(bytes(data)).streams) == {"a", "b"}

    def test_more_text_than_is_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("extract.word.doc_file.MAX_CHARACTERS", 10)
        with pytest.raises(ReadError, match="过大"):
            read_doc(word_file([("一二三四五六七八九十一\r", b"")]), "form")

    def test_tables_within_tables_without_end(self) -> None:
        deep = struct.pack("<HI", 0x6649, 10**6)
        (grid,) = read_doc(word_file([("甲\r", IN_TABLE + deep)]), "form").blocks
        assert isinstance(grid, Grid) and grid.rows[0][0].text == "甲"


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_file_is_read_or_refused(seed: int) -> None:
    assert survives(read_doc, VARIOUS, seed) > 10
    assert survives(read_doc, word_file([*cells("甲", "乙"), row_end([0, 100, 200], [0x60, 0])]), seed) > 5


@pytest.mark.skipif(not office.find_office(), reason="LibreOffice is not installed (make system)")
class TestLibreOffice:
    def test_reads_what_has_no_reader_here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        assert shape(office.read_by_office(VARIOUS, "form"))[1] == shape(read_doc(VARIOUS, "form"))[1]
        assert list(tmp_path.iterdir()) == []

    def test_is_ended_with_all_its_processes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        monkeypatch.setattr(office, "MAX_SECONDS", 0.3)
        with pytest.raises(ReadError, match="中止"):
            office.read_by_office(VARIOUS, "form")
        running = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
        assert not any(str(tmp_path).encode() in command for command in running)


def test_without_libreoffice_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_office", lambda: "")
    with pytest.raises(ReadError, match="LibreOffice"):
        doc.read_by_office(b"", "form")
