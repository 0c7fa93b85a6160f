"""PDF files that go back: the notes lie over their cells, and what was there stays byte for byte."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pdf_builder import Paper
from pypdf import PdfReader, PdfWriter
from remarks import HOSTILE, ZH, remark

from extract.document import Grid, ReadError
from extract.pdf.plane import read_frames
from extract.pdf.read import read_pdf
from zipingbiao.report.returns.pdf import mark_pdf

ROWS = (["项目资金", "全年预算数", "得分"], ["年度资金总额", "23", ""], ["总分", "100", "100"])


def paper() -> bytes:
    """A page with a table of three columns, 100 points wide each, from 50 points left and 100 from the top."""
    made = Paper()
    made.text(200, 60, "项目支出绩效自评表", 16)
    made.table(50, 100, [100, 100, 100], ROWS)
    made.text(50, 300, "本年度各项工作均已按计划完成，未发现重大问题。")
    return made.bytes()


def turned(data: bytes, degrees: int, moved: bool = False) -> bytes:
    """The same page turned by its own rotation; ``moved`` has its sheet begin elsewhere than at 0, 0."""
    writer = PdfWriter(clone_from=io.BytesIO(data))
    page = writer.pages[0]
    page.rotate(degrees)
    if moved:
        for box in (page.mediabox, page.cropbox):
            box.lower_left = (-30, -20)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def notes(content: bytes) -> list[Any]:
    return [
        one.get_object() for page in PdfReader(io.BytesIO(content)).pages for one in page.get("/Annots", ())
    ]


def texts_under(content: bytes) -> list[str]:
    """For each note the texts that lie under it, as pdf's own plane has them."""
    found: list[str] = []
    for page in PdfReader(io.BytesIO(content)).pages:
        pieces: list[tuple[float, float, str]] = []
        page.extract_text(
            visitor_text=lambda text, cm, tm, font, size, into=pieces: into.append(
                (tm[4], tm[5], text.strip())
            )
        )
        for note in (one.get_object() for one in page.get("/Annots", ())):
            points = [float(at) for at in note["/QuadPoints"]]
            xs, ys = points[::2], points[1::2]
            inside = (t for x, y, t in pieces if min(xs) < x < max(xs) and min(ys) < y < max(ys))
            found.append("".join(inside))
    return found


def marked(data: bytes, *places: str) -> bytes:
    return mark_pdf(data, "表.pdf", [remark(n, place) for n, place in enumerate(places, 1)], ZH).content


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("moved", [False, True])
def test_a_note_lies_over_its_cell_however_the_page_is_turned(degrees: int, moved: bool) -> None:
    data = turned(paper(), degrees, moved)
    places = {
        cell.text: cell.where.place
        for block in read_pdf(data, "").blocks
        if isinstance(block, Grid)
        for cell in block.cells()
    }
    assert texts_under(marked(data, places["年度资金总额"], places["全年预算数"])) == [
        "年度资金总额",
        "全年预算数",
    ]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_point_of_the_page_leads_back_to_the_same_point_of_the_file(degrees: int) -> None:
    frame = read_frames(turned(paper(), degrees, moved=True), [1])[1]
    assert frame.place(*frame.unplace(70.0, 110.0)) == pytest.approx((70.0, 110.0))


def test_a_note_has_the_text_of_the_finding_and_a_look_that_is_printed() -> None:
    (note,) = notes(marked(paper(), "第1页 表1 第2行 第3列"))
    assert note["/Contents"].startswith("【1】错误 SCORE01 总分不等于得分之和\n总分填报100分")
    assert (note["/Subtype"], note["/T"], note["/F"]) == ("/Highlight", "zipingbiao", 4)
    assert b"(1) Tj" in note["/AP"]["/N"].get_data()
    assert [round(float(at)) for at in note["/Rect"]] == [250, 842 - 140, 354, 842 - 116]


def test_findings_about_one_cell_share_a_note_and_other_places_are_highlighted() -> None:
    both = [remark(1, "第1页 表1 第3行 第3列", "第1页 表1 第2行 第2列"), remark(2, "第1页 表1 第3行 第3列")]
    first, second = notes(mark_pdf(paper(), "", both, ZH).content)
    assert "【1】" in first["/Contents"] and "【2】" in first["/Contents"]
    assert second["/Contents"] == "1"


def test_what_was_there_stays_byte_for_byte() -> None:
    done = marked(paper(), "第1页 表1 第2行 第3列")
    assert done.startswith(paper())
    before = [
        b.text if not isinstance(b, Grid) else [c.text for c in b.cells()]
        for b in read_pdf(paper(), "").blocks
    ]
    after = [
        b.text if not isinstance(b, Grid) else [c.text for c in b.cells()] for b in read_pdf(done, "").blocks
    ]
    assert after == before


def test_the_notes_that_a_pdf_has_stay() -> None:
    once = marked(paper(), "第1页 表1 第2行 第3列")
    twice = marked(once, "第1页 表1 第3行 第3列")
    assert len(notes(twice)) == 2


def test_a_place_that_is_not_there_is_named_in_a_note_in_the_corner_of_the_first_page() -> None:
    done = mark_pdf(paper(), "", [remark(1, "第9页 表7 第1行 第1列"), remark(2)], ZH)
    (note,) = notes(done.content)
    assert "位置：第9页 表7 第1行 第1列" in note["/Contents"] and "【2】" in note["/Contents"]
    assert done.astray == {1}


def test_a_protected_pdf_is_refused_in_a_sentence() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(paper()))
    writer.encrypt("", "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(ReadError) as refused:
        marked(out.getvalue(), "第1页 表1 第2行 第3列")
    assert "受保护" in refused.value.message.zh


@pytest.mark.parametrize("message", HOSTILE)
def test_whatever_a_form_says_does_no_harm_in_a_note(message: str) -> None:
    (note,) = notes(mark_pdf(paper(), "", [remark(1, "第1页 表1 第2行 第3列", message=message)], ZH).content)
    assert len(note["/Contents"]) <= 4_000
    assert not set(note["/Contents"]) & set("\x00\x0b\ufffe\u202e\u202c")
    assert set(note) <= {
        "/Type",
        "/Subtype",
        "/Rect",
        "/QuadPoints",
        "/C",
        "/F",
        "/T",
        "/Contents",
        "/AP",
        "/P",
    }
