"""An OFD whose pages are pictures is read like a scanned PDF: wherever its pictures lie, whatever they are packed in."""

from __future__ import annotations

import io
import sys
from itertools import pairwise
from typing import Any

import numpy as np
import ofd_builder as ofd
import pytest
import scans
from jbig2_builder import LIGHT, MAGIC, jbig2
from ofd_builder import WITH_MEDIA, grids, media, paragraphs, picture, table, text
from PIL import Image
from test_ocr import holds_the_form, record_of

from extract.document import Grid, ReadError
from extract.ocr import choice
from extract.ocr.page import Sight, page_of
from extract.ofd import scan
from extract.ofd.read import read_ofd
from zipingbiao.pipeline import Settings, read_rows

#: millimetres: the sheet that is printed in `scans.page`
SIZE = (297, 414)
SEEN = "没有可用的文字层，文字由图像识别得出，可能有误。"


def sheet() -> scans.Picture:
    """Print on white, each corner different: a sheet of A4 at 100 dpi."""
    paper = np.full((1169, 827, 3), 255, np.uint8)
    paper[100:300, 80:400] = (0, 0, 0)
    paper[900:1000, 500:700] = (200, 30, 30)
    paper[500:510] = 90
    return paper


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[scans.Picture]:
    """The pages that were handed over to be recognized."""
    pages: list[scans.Picture] = []

    def keep(paper: scans.Picture, scale: float, number: int) -> Sight:
        pages.append(paper)
        size = paper.shape[1] / scale, paper.shape[0] / scale
        return Sight(page_of(number, size, (), (), 0), (), 1.0)

    monkeypatch.setattr(scan, "recognize", keep)
    return pages


def draw(data: bytes) -> None:
    """Read what nobody recognizes anything in."""
    with pytest.raises(ReadError) as refused:
        read_ofd(data, "scan.ofd")
    assert "没有文字层，需要文字识别" in refused.value.message.zh


def looks_like(paper: scans.Picture, expected: scans.Picture) -> bool:
    """Whether a page shows what it should, but for its edges, on which pixels are mixed."""
    wanted = np.asarray(
        Image.fromarray(expected).resize((paper.shape[1], paper.shape[0]), Image.Resampling.BOX), np.int32
    )
    return bool((np.abs(wanted - paper).max(axis=2) > 40).mean() < 0.005)


# --- read to the end


def test_a_scan_in_an_ofd_gives_the_form() -> None:
    data = scans.as_file(scans.page(), "JPEG", quality=85)
    document = read_ofd(ofd.scans(data, more=text(140, 405, "- 1 -"), size=SIZE), "scan.ofd")
    holds_the_form(record_of(document))
    assert [note.zh for note in document.notes] == [f"OFD 第1页{SEEN}"]
    # what the file has as text beside its picture is there as well
    assert [line.text for line in document.margins] == ["- 1 -"]


def test_a_run_says_that_text_was_recognized(tmp_path: Any) -> None:
    path = tmp_path / "scan.ofd"
    path.write_bytes(ofd.scans(scans.as_file(scans.page()), size=SIZE))
    rows = read_rows(str(path), Settings())
    assert (rows["sources"][0]["format"], rows["sources"][0]["status"]) == ("ofd", "partial")
    assert rows["forms"][0]["reader"] == "ocr"
    assert all(row["confidence"] is not None for row in rows["cells"])


# --- where pictures lie


LYING = {
    "filling the page": picture(),
    "without a scale": picture(ctm=""),
    "in its box": picture("-10 -10 230 317", ctm="210 0 0 297 10 10"),
    "in a group": f'<ofd:PageBlock ID="5">{picture()}</ofd:PageBlock>',
}


@pytest.mark.parametrize("lying", LYING.values(), ids=LYING)
def test_a_page_shows_its_picture_where_it_lies(lying: str, drawn: list[scans.Picture]) -> None:
    draw(ofd.ofd(lying, common=WITH_MEDIA, parts=media(scans.as_file(sheet()))))
    (paper,) = drawn
    assert paper.shape == (2339, 1654, 3)
    assert looks_like(paper, sheet())


@pytest.mark.parametrize(
    ("ctm", "turned"),
    [
        ("-210 0 0 -297 210 297", lambda page: np.rot90(page, 2)),
        ("0 297 -210 0 210 0", lambda page: np.rot90(page, 3)),
        ("-210 0 0 297 210 0", np.fliplr),
    ],
    ids=["upside down", "on its side", "mirrored"],
)
def test_a_picture_is_turned_as_its_matrix_says(ctm: str, turned: Any, drawn: list[scans.Picture]) -> None:
    draw(ofd.ofd(picture(ctm=ctm), common=WITH_MEDIA, parts=media(scans.as_file(sheet()))))
    assert looks_like(drawn[0], np.ascontiguousarray(turned(sheet())))


def test_strips_of_a_page_are_put_together(drawn: list[scans.Picture]) -> None:
    cuts = [*range(0, 1169, 150), 1169]
    strips, placed = [], ""
    for at, (first, last) in enumerate(pairwise(cuts)):
        strips.append(scans.as_file(sheet()[first:last]))
        top, high = first / 1169 * 297, (last - first) / 1169 * 297
        placed += picture(f"0 {top} 210 {high}", number=7 + at, ctm=f"210 0 0 {high} 0 0")
    draw(ofd.ofd(placed, common=WITH_MEDIA, parts=media(*strips)))
    assert looks_like(drawn[0], sheet())


def test_what_lies_outside_its_box_is_cut_off(drawn: list[scans.Picture]) -> None:
    draw(ofd.ofd(picture("0 0 210 150"), common=WITH_MEDIA, parts=media(scans.as_file(sheet()))))
    upper = sheet()
    upper[590:] = 255
    assert looks_like(drawn[0], upper)


def test_a_seal_on_a_clear_ground_covers_only_what_is_stamped(drawn: list[scans.Picture]) -> None:
    seal = np.zeros((200, 200, 4), np.uint8)
    seal[90:110] = (220, 20, 30, 255)
    placed = picture() + picture("50 100 50 50", number=8, ctm="50 0 0 50 0 0")
    draw(ofd.ofd(placed, common=WITH_MEDIA, parts=media(scans.as_file(sheet()), scans.as_file(seal))))
    stamped = sheet()
    top, left, size = (round(millimetres / 297 * 1169) for millimetres in (100, 50, 50))
    stamped[top + round(size * 0.45) : top + round(size * 0.55), left : left + size] = (220, 20, 30)
    assert looks_like(drawn[0], stamped)


def test_a_template_may_be_the_picture(drawn: list[scans.Picture]) -> None:
    called = ofd.page("", '<ofd:Template TemplateID="5"/>')
    common = WITH_MEDIA + '<ofd:TemplatePage ID="5" BaseLoc="T.xml"/>'
    parts = media(scans.as_file(sheet())) | {"Doc_0/T.xml": ofd.page(picture())}
    draw(ofd.ofd(called, common=common, parts=parts))
    assert looks_like(drawn[0], sheet())


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("Res", "p{}"),
        ("Res", "Res/p{}"),
        ("", "Res/p{}"),
        ("/Doc_0/Res", "p{}"),
        ("Res", " P{}\n"),
        ("Res", "./p{}"),
    ],
)
def test_a_picture_is_found_however_its_path_is_written(
    folder: str, said: str, drawn: list[scans.Picture]
) -> None:
    draw(ofd.ofd(picture(), common=WITH_MEDIA, parts=media(scans.as_file(sheet()), folder=folder, said=said)))
    assert looks_like(drawn[0], sheet())


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "TIFF", "GIF"])
def test_a_picture_may_be_of_any_common_format(kind: str, drawn: list[scans.Picture]) -> None:
    draw(ofd.scans(scans.as_file(sheet(), kind)))
    assert looks_like(drawn[0], sheet())


def test_black_and_white_pages_are_unpacked(drawn: list[scans.Picture]) -> None:
    draw(ofd.scans(jbig2(sheet())))
    # all of the print is darker than what counts as white, also where it is red
    black = (sheet() <= LIGHT).any(axis=2, keepdims=True)
    assert looks_like(drawn[0], np.where(black, 0, 255).astype(np.uint8).repeat(3, axis=2))


def test_grey_pictures_and_those_in_colours_of_print_are_read(drawn: list[scans.Picture]) -> None:
    grey = Image.fromarray(sheet()).convert("L")
    inks = io.BytesIO()
    Image.fromarray(sheet()).convert("CMYK").save(inks, "JPEG", quality=95)
    draw(ofd.scans(scans.as_file(np.asarray(grey)), inks.getvalue()))
    assert looks_like(drawn[0], np.asarray(grey.convert("RGB")))
    assert looks_like(drawn[1], sheet())


# --- which pages are recognized


def test_a_scanned_page_among_others_is_read_and_named() -> None:
    head = scans.page()[150:700]
    paper = np.full((1654, head.shape[1], 3), 255, np.uint8)
    paper[60 : 60 + len(head)] = head
    document = ofd.read(table(), picture(), common=WITH_MEDIA, parts=media(scans.as_file(paper)))
    assert [list(row) for row in ofd.ROWS] in grids(document)
    assert [note.zh for note in document.notes] == [f"OFD 第2页{SEEN}"]
    places = [cell.where for block in document.blocks if isinstance(block, Grid) for cell in block.cells()]
    assert {place.page for place in places} == {1, 2}


def laid_over() -> bytes:
    words = text(20, 40, "项目名称：道路养护预算", more='Alpha="0"')
    return ofd.scans(scans.as_file(sheet()), more=words)


def test_text_that_another_program_recognized_is_taken_unless_all_shall_be_recognized(
    drawn: list[scans.Picture],
) -> None:
    assert paragraphs(read_ofd(laid_over(), "a.ofd")) == ["项目名称：道路养护预算"]
    assert not drawn
    with choice.recognizing("always"):
        read_ofd(laid_over(), "a.ofd")
    assert len(drawn) == 1


def test_a_page_with_text_and_a_photograph_is_not_recognized(drawn: list[scans.Picture]) -> None:
    photograph = picture("0 100 210 150", ctm="210 0 0 150 0 0")
    parts = media(scans.as_file(sheet()))
    with choice.recognizing("always"):
        document = ofd.read(table() + photograph, common=WITH_MEDIA, parts=parts)
    assert grids(document) == [[list(row) for row in ofd.ROWS]] and not drawn


# --- what is not read


def said_of(data: bytes) -> tuple[str, str]:
    with pytest.raises(ReadError) as refused:
        read_ofd(data, "scan.ofd")
    zh, en = refused.value.message
    assert zh.endswith("。") and zh.count("。") == 1 and en.endswith(".")
    return zh, en


def test_without_the_packages_the_sentence_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    zh, en = said_of(ofd.scans(scans.as_file(sheet())))
    assert "扫描件" in zh and 'pip install "zipingbiao[ocr]"' in zh and 'pip install "zipingbiao[ocr]"' in en


def test_without_the_packages_glyphs_ask_for_the_original_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    zh, _ = said_of(ofd.ofd(ofd.glyphs(30)))
    assert "Word" in zh and "pip" not in zh


def test_never_reads_no_picture_and_says_so() -> None:
    with choice.recognizing("never"):
        assert "--ocr never" in said_of(ofd.scans(scans.as_file(sheet())))[0]


GOOD = scans.as_file(sheet())
UNREADABLE = {
    "missing": (ofd.ofd(picture()), "图像不在文件中"),
    "no such number": (ofd.ofd(picture(number=99), common=WITH_MEDIA, parts=media(GOOD)), "图像不在文件中"),
    "path out": (
        ofd.ofd(
            picture(), common=WITH_MEDIA, parts=media(GOOD, folder="../../..", said="../../../../etc/passwd")
        ),
        "路径指向文件之外",
    ),
    "cut off": (ofd.scans(GOOD[: len(GOOD) // 2]), "已损坏"),
    "no picture": (ofd.scans(b"<svg/>"), "已损坏"),
    "empty": (ofd.scans(b""), "已损坏"),
    "random order": (ofd.scans(jbig2(sheet(), sequential=False)), "JBIG2"),
    "cut off jbig2": (ofd.scans(jbig2(sheet())[:30]), "JBIG2"),
    "jbig2 of nothing": (ofd.scans(MAGIC), "JBIG2"),
    "boundless jbig2": (
        ofd.scans(jbig2(sheet()).replace(b"\x00\x00\x03\x3b\x00\x00\x04\x91", b"\x00\x01\x86\xa0" * 2, 1)),
        "百万像素",
    ),
    "too many": (ofd.ofd(picture() * 2001, common=WITH_MEDIA, parts=media(GOOD)), "多得异常"),
    "too large": (ofd.ofd(picture() * 110, common=WITH_MEDIA, parts=media(GOOD)), "百万像素"),
}


@pytest.mark.parametrize(("data", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_scan_that_cannot_be_read_is_refused_in_one_sentence(data: bytes, said: str) -> None:
    zh, _ = said_of(data)
    assert said in zh and "passwd" not in zh


def test_a_page_that_cannot_be_read_costs_itself_alone() -> None:
    document = ofd.read(table(), picture(), common=WITH_MEDIA, parts=media(b"no picture"))
    assert grids(document) == [[list(row) for row in ofd.ROWS]]
    first, second = (note.zh for note in document.notes)
    assert first == "OFD 第2页是扫描图像，没有文字层，未读取。"
    assert second.startswith("OFD 第2页是扫描件，但图像已损坏")


@pytest.mark.parametrize(
    "ctm", ["nan 0 0 1 0 0", "1e308 0 0 1e308 0 0", "0 0 0 0 0 0", "1 1 1 1 1e300 0", "x"]
)
def test_a_picture_whose_place_is_nonsense_covers_no_more_than_a_millimetre(
    ctm: str, drawn: list[scans.Picture]
) -> None:
    draw(ofd.ofd(picture(ctm=ctm), common=WITH_MEDIA, parts=media(GOOD)))
    (paper,) = drawn
    assert np.count_nonzero((paper < 255).any(axis=2)) <= (paper.shape[1] / 210 + 2) ** 2


def test_pictures_do_not_count_as_text_of_the_container(drawn: list[scans.Picture]) -> None:
    """Ten pages of 12 MB each are more than the XML of an OFD may have."""
    noise = np.random.default_rng(3).integers(0, 255, (2000, 2000, 3), np.uint8)
    page = scans.as_file(noise, "BMP")
    assert len(page) * 10 > 100_000_000
    draw(ofd.ofd(*[picture()] * 10, common=WITH_MEDIA, parts=media(page)))
    assert len(drawn) == 10
