"""The picture of how a PDF was read: each cell in the colour of what it was taken for, upright, within bounds."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from pdf_builder import Paper
from PIL import Image
from test_pdf_hostile import HELLO, one_page, packed
from typer.testing import CliRunner

from extract.document import Cell, Grid, ReadError
from extract.pdf.read import read_pdf
from extract.pdf.render import render_pages
from extract.readers import read
from zipingbiao.cli import app
from zipingbiao.picture import FIELD, GUESSED, LABEL, MAX_PAGES, NOBODY, TABLE, draw

SAMPLE = Path(__file__).parents[1] / "samples" / "national" / "form.pdf"
#: a small form, and a label in it that nobody knows
FORM = [
    ["项目名称", "乡村道路养护", "<", "<"],
    ["主管部门", "某县交通局", "实施单位", "某县公路站"],
    ["归口", "丙科", "<", "<"],
    ["一级指标", "三级指标", "年度指标值", "实际完成值"],
    ["产出指标", "养护里程", "≥40公里", "30公里"],
    ["总分", "100", "<", "98"],
]


def form(**options: object) -> bytes:
    paper = Paper(**options)  # type: ignore[arg-type]
    paper.text(200, 60, "项目支出绩效自评表")
    paper.table(60, 80, [100] * 4, FORM)
    return paper.bytes()


def drawn(data: bytes, folder: Path) -> tuple[Image.Image, list[int]]:
    (folder / "form.pdf").write_bytes(data)
    numbers = draw(folder / "form.pdf", folder / "form.png")
    with Image.open(folder / "form.png") as picture:
        return picture.convert("RGB"), numbers


def cells(path: Path) -> dict[str, Cell]:
    (grid,) = (block for block in read(path).blocks if isinstance(block, Grid))
    return {cell.text: cell for cell in grid.cells()}


def edge(picture: Image.Image, cell: Cell, page_width: float) -> tuple[int, ...]:
    """The colour of a cell's left edge, a quarter down: the scale is two pixels a point."""
    box = cell.where.box
    assert box is not None
    margin, head = (picture.width - 2 * page_width) / 2, picture.height - 2 * 842 - 16
    at = (round(margin + 2 * box[0]) + 1, round(head + 2 * box[1] + (box[3] - box[1]) / 2))
    colour = picture.getpixel(at)
    assert isinstance(colour, tuple)
    return colour


def test_every_cell_has_the_colour_of_what_it_was_read_as(tmp_path: Path) -> None:
    picture, numbers = drawn(form(), tmp_path)
    found = cells(tmp_path / "form.pdf")
    assert numbers == [1]
    expected = {
        "项目名称": LABEL,
        "乡村道路养护": FIELD,
        "某县公路站": FIELD,
        "三级指标": LABEL,
        "30公里": FIELD,
    }
    assert {text: edge(picture, found[text], 595.28) for text in expected} == expected
    assert NOBODY in {edge(picture, found[text], 595.28) for text in ("归口", "丙科")}


def test_what_a_page_of_a_form_says_can_be_read_in_the_picture(tmp_path: Path) -> None:
    with_marks, _ = drawn(SAMPLE.read_bytes(), tmp_path)
    (page,) = render_pages(SAMPLE.read_bytes(), [1])
    counts = {colour: count for count, colour in with_marks.getcolors(1 << 24) or []}
    assert counts[FIELD] > counts[LABEL] > 1000
    assert counts[NOBODY] == counts[GUESSED], "the legend has both colours, the page none of them"
    # rules take colours, and little of the text is hidden under names
    dark = [sum(image.convert("L").histogram()[:40]) for image in (page.image, with_marks)]
    assert dark[1] > 0.8 * dark[0] > 20_000


def test_text_of_fonts_that_are_not_embedded_is_drawn_and_not_the_boxes_it_is_read_with() -> None:
    read_pdf(form(), "form.pdf")
    with pypdfium2.PdfDocument(form()) as document:
        boxes = document[0].render(scale=2).to_pil().convert("RGB")
    (page,) = render_pages(form(), [1])
    assert page.image.size == boxes.size and page.image.tobytes() != boxes.tobytes()


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_that_is_turned_is_drawn_upright(tmp_path: Path, turns: int) -> None:
    upright, _ = drawn(form(), tmp_path)
    turned = form().replace(b"/Rotate 0", b"/Rotate %d" % (90 * turns))
    assert turned != form()
    picture, _ = drawn(turned, tmp_path)
    assert picture.size == upright.size
    found = cells(tmp_path / "form.pdf")
    assert edge(picture, found["项目名称"], 595.28) == LABEL
    assert edge(picture, found["30公里"], 595.28) == FIELD


def test_tables_without_a_form_are_outlined(tmp_path: Path) -> None:
    paper = Paper()
    paper.table(60, 80, [100, 100], [["甲", "乙"], ["丙", "丁"]])
    picture, numbers = drawn(paper.bytes(), tmp_path)
    assert numbers == [1]
    assert {edge(picture, cell, 595.28) for cell in cells(tmp_path / "form.pdf").values()} == {TABLE}


def test_only_so_many_pages_are_drawn(tmp_path: Path) -> None:
    paper = Paper((200, 200))
    for number in range(MAX_PAGES + 5):
        paper.table(20, 20, [60, 60], [[f"甲{number}", f"乙{number}"]])
        paper.next_page()
    picture, numbers = drawn(paper.bytes(), tmp_path)
    assert numbers == list(range(1, MAX_PAGES + 1))
    assert picture.height < (MAX_PAGES + 1) * 420


@pytest.mark.parametrize("box", [b"0 0 14000 14000", b"0 0 1e30 1e30", b"0 0 14000 3", b"0 0 0.001 0.001"])
def test_a_page_of_any_size_makes_a_picture_of_bounded_size(tmp_path: Path, box: bytes) -> None:
    try:
        picture, _ = drawn(one_page(packed(HELLO), box=box), tmp_path)
    except ReadError as refused:
        assert refused.message.zh in (
            "PDF 第1页无法画出。",
            "PDF 中没有文字；请确认文件，或索取原始的 Word 文件。",
        )
    else:
        assert 1000 < picture.width * picture.height < 14_000_000


def test_the_command_says_what_it_drew(tmp_path: Path) -> None:
    out = tmp_path / "form.png"
    done = CliRunner().invoke(app, ["show", str(SAMPLE), "--picture", str(out), "--lang", "en"])
    assert done.exit_code == 0 and done.stdout == f"{out} shows the pages 1.\n"
    with Image.open(out) as picture:
        assert picture.format == "PNG"


@pytest.mark.parametrize(
    ("file", "out", "code", "sentence"),
    [
        ("form.docx", "form.png", 1, "只有 PDF 能画图"),
        ("missing.pdf", "form.png", 1, "文件不存在"),
        ("form.pdf", "nowhere/form.png", 2, "不能写入"),
    ],
)
def test_what_cannot_be_drawn_ends_in_a_sentence(
    tmp_path: Path, file: str, out: str, code: int, sentence: str
) -> None:
    done = CliRunner().invoke(app, ["show", str(SAMPLE.parent / file), "--picture", str(tmp_path / out)])
    assert done.exit_code == code
    assert sentence in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / out).exists()
