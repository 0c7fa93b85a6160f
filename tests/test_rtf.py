"""RTF gives the same lines and grids as the .docx it was saved from; hostile files end in a sentence."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from fuzzing import survives
from test_doc import shape

from extract.document import Document, Grid, Line, ReadError
from extract.word import rtf_text, rtf_tokens
from extract.word.docx import read_docx
from extract.word.rtf import MAX_GROUPS, read_rtf

FILES = Path(__file__).parent / "files"
#: made by LibreOffice from various.docx
VARIOUS = (FILES / "various.rtf").read_bytes()
HEAD = rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}{\f1\fcharset0 Arial;}{\f2\fcharset2 Wingdings;}}"


def read(body: bytes) -> Document:
    return read_rtf(HEAD + body + b"}", "form.rtf")


def lines(body: bytes) -> list[str]:
    return [block.text for block in read(body).blocks if isinstance(block, Line)]


def grid(body: bytes) -> Grid:
    (block,) = read(body).blocks
    assert isinstance(block, Grid)
    return block


def texts(body: bytes) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid(body).rows]


def test_a_file_reads_as_the_docx_it_was_saved_from() -> None:
    new, docx = read_rtf(VARIOUS, "form"), read_docx((FILES / "various.docx").read_bytes(), "form")
    assert shape(new) == shape(docx)
    assert new.notes == docx.notes
    assert [(line.text, line.where.place) for line in new.margins] == [
        (line.text, line.where.place) for line in docx.margins
    ]


@pytest.mark.parametrize(
    "body",
    [
        rb"\f0 \'cf\'ee\'c4\'bf\par",
        "\\f0 项目\\par".encode("gbk"),
        rb"\uc1\u-26127 ?\u30446 ?\par",
        rb"\uc2\u-26127\'cf\'ee\u30446\'c4\'bf\par",
        rb"\uc0\u39033\u30446\par",
        rb"{\f1 \'cf\'ee\'c4\'bf}\par",
        b"\\f0 \\'cf\r\n\\'ee\\'c4\\'bf\\par",
    ],
    ids=[
        "bytes",
        "bare bytes",
        "numbers",
        "numbers with two bytes",
        "numbers alone",
        "a Western font",
        "broken line",
    ],
)
def test_chinese_is_read_in_every_way_that_programs_write_it(body: bytes) -> None:
    assert lines(body.replace(b"-26127", b"-26503")) == ["项目"]


def test_signs_are_characters() -> None:
    body = rb"a\tab b\line c\~d\_e\{f\}\\\emdash\ldblquote g\rdblquote\par"
    assert lines(body) == ["a\tb\nc\xa0d-e{f}\\—“g”"]


def test_a_symbol_is_told_from_its_font() -> None:
    assert lines(rb"{\f2 \'fe}\par") == ["☑"]


@pytest.mark.parametrize(
    "hidden",
    [
        rb"{\*\unknown 9}", rb"{\v 9}", rb"\v 9\v0 ", rb"{\deleted 9}", rb"{\pict 9}", rb"{\info{\title 9}}",
        rb"{\footnote 9}", rb"{\field{\*\fldinst 9}{\fldrslt }}", rb"{\stylesheet{\s0 9;}}", rb"{\*\generator 9;}",
        rb"\bin3 }9{",
    ],
)  # fmt: skip
def test_what_is_not_on_the_page_is_left_out(hidden: bytes) -> None:
    assert lines(b"1" + hidden + rb"0\par") == ["10"]


def test_the_result_of_a_field_and_inserted_text_are_read() -> None:
    document = read(rb"{\field{\*\fldinst PAGE}{\fldrslt 3}}{\revised 4}\par")
    assert [block.text for block in document.blocks if isinstance(block, Line)] == ["34"]
    assert len(document.notes) == 1


def test_merged_cells_are_one() -> None:
    body = (
        rb"\trowd\clvmgf\cellx1000\clmgf\cellx2000\clmrg\cellx3000\pard\intbl A\cell B\cell\cell\row"
        rb"\trowd\clvmrg\cellx1000\cellx2000\cellx3000\pard\intbl\cell 1\cell 2\cell\row\pard"
    )
    assert texts(body) == [["A", "B", "B"], ["A", "1", "2"]]
    assert len({id(cell) for row in grid(body).rows for cell in row}) == 4


def test_cells_share_columns_by_their_edges() -> None:
    body = (
        rb"\trowd\cellx1000\cellx3000\pard\intbl A\cell B\cell\row"
        rb"\trowd\cellx1000\cellx2000\cellx3000\pard\intbl 1\cell 2\cell 3\cell\row\pard"
    )
    assert texts(body) == [["A", "B", "B"], ["1", "2", "3"]]


def test_paragraphs_of_a_cell_are_lines_also_where_nobody_said_that_they_are_in_a_table() -> None:
    assert texts(rb"\trowd\cellx1000\pard\intbl A\par B\cell\row\pard") == [["A\nB"]]
    assert texts(rb"\trowd\cellx1000 A\par B\cell\row\pard") == [["A\nB"]]


def test_headers_are_margins() -> None:
    document = read(rb"{\header {\f0 \'b8\'bd\'bc\'fe}\par}{\footer 1}2\par")
    assert [(line.where.part, line.text) for line in document.margins] == [("页眉", "附件"), ("页脚", "1")]
    assert [block.text for block in document.blocks if isinstance(block, Line)] == ["2"]


class TestHarm:
    def test_groups_without_end_are_refused(self) -> None:
        with pytest.raises(ReadError, match="嵌套"):
            read(b"{" * (MAX_GROUPS + 1))

    def test_more_closed_than_opened_is_no_harm(self) -> None:
        assert lines(b"}}}}1\\par") == ["1"]

    def test_binary_data_that_never_comes_ends_the_file(self) -> None:
        assert lines(rb"1\par\bin999999999 2\par") == ["1"]
        assert lines(rb"1\par\bin-5 2\par") == ["1", "2"]

    def test_absurd_numbers_are_no_harm(self) -> None:
        body = rb"\trowd\trleft-9999999999\cellx9999999999\pard\intbl\itap99999\uc999999999\u9999999999 A\cell\row\pard\f-1 B\par"
        read(body)

    def test_more_words_than_are_read_are_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rtf_tokens, "MAX_TOKENS", 100)
        with pytest.raises(ReadError, match="过大"):
            read(rb"\par" * 200)

    def test_more_text_than_is_read_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rtf_text, "MAX_CHARACTERS", 100)
        with pytest.raises(ReadError, match="过大"):
            read(b"1" * 200)

    def test_a_row_of_too_many_blank_cells_is_refused(self) -> None:
        with pytest.raises(ReadError, match="表格过大"):
            read(rb"\trowd" + rb"\cellx9\cell" * 1_002 + rb"\row")

    def test_a_row_of_a_million_cells_is_refused(self) -> None:
        begun = time.perf_counter()
        with pytest.raises(ReadError):
            read(rb"\trowd\intbl" + rb"\cell" * 10**6 + rb"\row")
        assert time.perf_counter() - begun < 20

    @pytest.mark.parametrize("seed", range(2))
    def test_a_damaged_file_is_read_or_refused(self, seed: int) -> None:
        survives(read_rtf, VARIOUS, seed, count=30)
        body = rb"\trowd\clvmgf\cellx1000\clmgf\cellx2000\pard\intbl\itap2 A\nestcell{\nestrow}\u12345?\'b8\'bd\cell\row\pard"
        survives(read_rtf, HEAD + body + b"}", seed)
