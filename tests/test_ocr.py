"""Scans and photographs give the form that was printed, each cell with its place and confidence."""

from __future__ import annotations

import io
import sys
from decimal import Decimal
from pathlib import Path

import cv2
import numpy as np
import pytest
import scans
from PIL import Image

from extract.document import Document, Grid, ReadError
from extract.ocr import choice
from extract.ocr.clean import without_seals
from extract.ocr.engine import Sign
from extract.ocr.lone import read_lone_signs
from extract.ocr.page import find_ink
from extract.ocr.picture import read_picture
from extract.ocr.rulings import find_rules
from extract.ocr.straight import find_lean
from extract.ocr.words import Box, find_lines
from extract.pdf.lattice import find_lattices
from extract.pdf.read import read_pdf
from extract.readers import find_format, read_bytes
from normalize.layout import find_forms
from normalize.record import Record, number_of
from normalize.to_record import to_record
from zipingbiao.pipeline import Settings, check, read_rows

#: where seals lie, in points: over the scores, and over the total of them
OVER_SCORES, OVER_TOTAL = (630, 500), (630, 905)


def sealed(page: scans.Picture) -> scans.Picture:
    return scans.stamped(scans.stamped(page, *OVER_SCORES), *OVER_TOTAL)


def record_of(document: Document) -> Record:
    (form,) = find_forms(document)
    return to_record(form)


def holds_the_form(record: Record) -> None:
    """What is printed on the page of `scans.page`."""
    total = record.funds[0]
    assert [number_of(total.budget_initial), number_of(total.executed)] == [Decimal(23), Decimal("3.65")]
    assert number_of(total.execution_rate) == Decimal("0.16")
    assert record.year is not None and record.year.value == 2021
    printed = [
        ("上级文件宣传贯彻率", "100%", "20", "20"),
        ("履行派驻监督职能", "完成", "20", "20"),
        ("工作经费", "≤23万", "10", "10"),
        ("降低公职人员违规违纪", "降低", "15", "15"),
        ("改善机关工作作风", "改善", "15", "15"),
        ("机关人员满意度", "≥95%", "10", "10"),
    ]
    read = [
        (
            one.name,
            one.target.raw if one.target else "",
            str(number_of(one.weight)),
            str(number_of(one.score)),
        )
        for one in record.indicators
    ]
    assert read == printed
    assert number_of(record.total.score) == 100


@pytest.fixture(scope="module")
def plain() -> Document:
    return read_bytes(scans.as_file(scans.page()), "scan.png")


def test_a_picture_gives_the_form_that_was_printed(plain: Document) -> None:
    holds_the_form(record_of(plain))
    assert [note.zh for note in plain.notes] == ["文字由图片识别得出，可能有误。"]


def test_every_cell_with_text_has_its_confidence_and_its_box(plain: Document) -> None:
    (grid,) = (block for block in plain.blocks if isinstance(block, Grid))
    assert all((cell.confidence is not None) == bool(cell.text) for cell in grid.cells())
    assert all(cell.confidence is None or 0 < cell.confidence <= 1 for cell in grid.cells())
    (rate,) = (cell for cell in grid.rows[3] if cell.text == "16%")
    assert rate.where.page == 1 and rate.where.box is not None
    left, top, right, bottom = rate.where.box
    assert 0 < left < right < 600 and 0 < top < bottom < 300
    assert {cell.where.box[1] for cell in grid.rows[3] if cell.where.box and cell.text == "3.65"} == {top}


@pytest.mark.parametrize(
    "treat",
    [
        lambda page: scans.noisy(scans.leaning(page, 3.0)),
        lambda page: scans.leaning(sealed(page), 0.6),
        lambda page: np.ascontiguousarray(np.rot90(page, 2)),
        lambda page: scans.through_jpeg(scans.shadowed(scans.photographed(page)), 60),
    ],
    ids=["leaning, noisy", "sealed", "upside down", "photographed"],
)
def test_a_scan_in_a_pdf_gives_the_form_however_it_was_taken(treat: object) -> None:
    assert callable(treat)
    document = read_pdf(scans.as_pdf(treat(scans.page())), "scan.pdf")
    holds_the_form(record_of(document))
    assert [note.zh for note in document.notes] == [
        "PDF 第1页没有可用的文字层，文字由图像识别得出，可能有误。"
    ]


def test_what_cannot_be_read_under_a_seal_is_named_and_no_number_is_wrong_in_silence() -> None:
    picture = scans.noisy(scans.leaning(sealed(scans.page()), 3.0))
    record = record_of(read_pdf(scans.as_pdf(picture), "scan.pdf"))
    named = {cell for one in check(record, select=["READ"]) for cell in one.problem.cells}
    printed = {"上级文件宣传贯彻率": 20, "履行派驻监督职能": 20, "工作经费": 10, "降低公职人员违规违纪": 15}
    printed |= {"改善机关工作作风": 15, "机关人员满意度": 10}
    assert {one.name for one in record.indicators} >= printed.keys()
    for one in record.indicators:
        for entry in (one.weight, one.score):
            assert entry is None or number_of(entry) == printed.get(one.name) or entry.cell in named, one.name


def test_a_run_says_that_text_was_recognized(tmp_path: Path) -> None:
    path = tmp_path / "scan.jpg"
    path.write_bytes(scans.as_file(scans.page(), "JPEG", quality=85))
    rows = read_rows(str(path), Settings())
    (form,) = rows["forms"]
    assert (
        form["reader"] == "ocr"
        and isinstance(form["confidence"], Decimal)
        and form["confidence"] > Decimal("0.9")
    )
    assert all(row["confidence"] is not None for row in rows["cells"])
    (source,) = rows["sources"]
    assert (source["format"], source["status"]) == ("image", "partial")
    # what the form gets wrong is found in its scan as well
    assert {row["code"] for row in rows["findings"]} >= {"FUND05", "SCORE01"}


def test_never_reads_no_picture_and_says_so(tmp_path: Path) -> None:
    for name, data in (("a.png", scans.as_file(scans.page())), ("a.pdf", scans.as_pdf(scans.page()))):
        (tmp_path / name).write_bytes(data)
        (source,) = read_rows(str(tmp_path / name), Settings(ocr="never"))["sources"]
        assert source["status"] == "failed" and "--ocr never" in str(source["error"])


@pytest.mark.parametrize("package", ["onnxruntime", "cv2"])
def test_without_the_packages_the_sentence_names_them(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    for data in (scans.as_file(scans.page()), scans.as_pdf(scans.page())):
        with pytest.raises(ReadError) as caught:
            read_bytes(data, "scan")
        assert 'pip install "zipingbiao[ocr]"' in caught.value.message.zh
        assert 'pip install "zipingbiao[ocr]"' in caught.value.message.en


def test_always_without_the_packages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with choice.recognizing("always"), pytest.raises(ReadError, match="--ocr always"):
        read_pdf(scans.as_pdf(scans.page()), "x.pdf")


def test_formats_are_told_by_content() -> None:
    small = np.full((30, 500, 3), 255, np.uint8)
    for kind in ("PNG", "JPEG", "TIFF", "BMP"):
        assert find_format(scans.as_file(small, kind)).name == "image"


def test_damaged_and_absurd_pictures_end_in_a_sentence() -> None:
    good = scans.as_file(scans.page()[:600])
    for data, said in (
        (good[: len(good) // 2], "损坏"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "损坏"),
        (scans.as_file(np.zeros((60, 60, 3), np.uint8)), "太小"),
        (scans.as_file(np.full((500, 500, 3), 255, np.uint8)), "没有识别出文字"),
    ):
        with pytest.raises(ReadError) as caught:
            read_picture(data, "x")
        assert said in caught.value.message.zh


def test_a_picture_that_unpacks_to_too_much_is_refused() -> None:
    data = io.BytesIO()
    Image.new("1", (20_000, 6_000)).save(data, "PNG")
    assert len(data.getvalue()) < 100_000
    with pytest.raises(ReadError) as caught:
        read_picture(data.getvalue(), "x")
    assert "像素" in caught.value.message.zh


@pytest.mark.parametrize("degrees", [-5.0, -0.6, 0.0, 1.3, 5.0])
def test_the_lean_of_a_page_is_found_to_a_tenth_of_a_degree(degrees: float) -> None:
    grey = cv2.cvtColor(scans.leaning(scans.page(), degrees), cv2.COLOR_RGB2GRAY)
    assert find_lean(np.asarray(grey, np.uint8)) == pytest.approx(degrees, abs=0.1)


@pytest.fixture(scope="module")
def under_seals() -> Record:
    """The form with a blue seal over its scores and a red one over their total, as a copier stores it."""
    page = scans.stamped(scans.page(), *OVER_SCORES, colour=scans.BLUE)
    page = scans.through_jpeg(scans.stamped(page, *OVER_TOTAL), 40)
    return record_of(read_bytes(scans.as_file(page), "scan.png"))


def test_numbers_are_read_under_seals_of_either_ink(under_seals: Record) -> None:
    holds_the_form(under_seals)


def test_a_number_under_a_seal_is_named_and_one_beside_it_is_not(under_seals: Record) -> None:
    named = {cell for one in check(under_seals, select=["READ04"]) for cell in one.problem.cells}
    assert under_seals.total.score is not None
    assert under_seals.total.score.cell in named
    assert under_seals.total.score.cell.confidence == Decimal("0.50")
    first = under_seals.funds[0].executed
    assert first is not None and first.cell not in named


@pytest.mark.parametrize("colour", [scans.RED, scans.BLUE], ids=["red", "blue"])
def test_a_seal_goes_and_the_print_under_it_stays(colour: tuple[int, int, int]) -> None:
    page = scans.page()
    stamped = scans.stamped(scans.stamped(page, *OVER_SCORES, colour=colour), *OVER_TOTAL, colour=colour)
    assert (stamped != page).any(axis=2).sum() > 10_000
    ink = find_ink(without_seals(stamped, scans.SCALE).grey, scans.SCALE) > 0
    printed = find_ink(without_seals(page, scans.SCALE).grey, scans.SCALE) > 0
    assert (ink & printed).sum() > 0.98 * printed.sum()
    assert (ink & ~printed).sum() < 0.02 * printed.sum()


def test_red_print_is_no_seal() -> None:
    page = np.full((800, 800, 3), 255, np.uint8)
    cv2.putText(page, "98.50", (100, 300), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (220, 30, 30), 2)
    clean = without_seals(page, scans.SCALE)
    assert (clean.grey < 180).sum() > 200 and not clean.seals.any()


def test_a_coloured_area_with_white_print_is_no_seal() -> None:
    page = np.full((800, 1000, 3), 255, np.uint8)
    page[100:300, 100:600] = scans.BLUE
    cv2.putText(page, "98.50", (150, 230), cv2.FONT_HERSHEY_SIMPLEX, 1.6, scans.WHITE, 3)
    clean = without_seals(page, scans.SCALE)
    assert not clean.seals.any()
    assert (clean.grey[100:300, 100:600] < 120).mean() > 0.8, "the print stands out as before"


def test_where_a_seal_lay_is_known_to_the_point() -> None:
    clean = without_seals(scans.stamped(scans.page(), *OVER_TOTAL), scans.SCALE)
    rows, columns = np.nonzero(clean.seals)
    x, y = (side * scans.SCALE for side in OVER_TOTAL)
    far = np.hypot(columns - x, rows - y) / scans.SCALE
    assert far.max() == pytest.approx(59, abs=2)


def drawn(page: scans.Picture, xs: tuple[int, ...], ys: tuple[int, ...]) -> scans.Picture:
    for y in ys:
        cv2.line(page, (xs[0], y), (xs[-1], y), 0, 2)
    for x in xs:
        cv2.line(page, (x, ys[0]), (x, ys[-1]), 0, 2)
    return page


def test_a_line_with_gaps_is_one_line() -> None:
    page = drawn(np.full((1200, 1000), 255, np.uint8), (100, 500, 900), (200, 400, 700))
    page[280:298, 490:510] = 255  # 6 points down
    page[390:410, 300:330] = 255  # 11 points across
    (lattice,) = find_lattices(find_rules(find_ink(page, scans.SCALE), scans.SCALE))
    assert len(lattice.cells) == 4


def test_the_short_last_pieces_of_worn_lines_count() -> None:
    page = drawn(np.full((1200, 1000), 255, np.uint8), (100, 500, 900), (200, 400, 700))
    for x in (100, 500, 900):
        page[670:677, x - 5 : x + 6] = 255  # what is left below is 8 points
    for y in (200, 400, 700):
        page[y - 5 : y + 6, 128:135] = 255  # and on the left, 10
    (lattice,) = find_lattices(find_rules(find_ink(page, scans.SCALE), scans.SCALE))
    assert len(lattice.cells) == 4
    assert lattice.box == pytest.approx([side / scans.SCALE for side in (100, 200, 900, 700)], abs=1)


def test_a_line_that_ends_for_a_row_is_not_bridged() -> None:
    page = drawn(np.full((1200, 1000), 255, np.uint8), (100, 500, 900), (200, 400, 430, 700))
    page[403:428, 490:510] = 255  # a row of 11 points, the lowest there is, over both columns
    (lattice,) = find_lattices(find_rules(find_ink(page, scans.SCALE), scans.SCALE))
    assert [tuple(cell) for cell in lattice.cells if cell.top == 1] == [(1, 0, 2, 2)]


def test_strokes_of_text_under_a_line_are_none_of_it() -> None:
    page = drawn(np.full((1200, 1000), 255, np.uint8), (100, 500, 900), (200, 400, 700))
    page[203:398, 490:510] = 255  # the first row is one cell
    page[360:390, 499:502] = 0  # a stroke of 11 points right over the line, as of 中
    (lattice,) = find_lattices(find_rules(find_ink(page, scans.SCALE), scans.SCALE))
    assert [tuple(cell) for cell in lattice.cells if cell.top == 0] == [(0, 0, 1, 2)]


class TwoMinds:
    """Reads a sign one way by itself, and another way before digits."""

    def __init__(self, beside: str) -> None:
        self.beside = beside

    def read(self, lines: list[scans.Picture]) -> list[list[Sign]]:
        return [[Sign(sign, 0.99, 0.1) for sign in f"{self.beside}292"] for _ in lines]


@pytest.mark.parametrize(("top", "confidence"), [(34, 0.5), (20, 0.98)], ids=["slash", "one"])
def test_a_one_that_leans_as_a_slash_is_not_sure(top: int, confidence: float) -> None:
    crop = np.full((48, 48), 255, np.uint8)
    cv2.line(crop, (20, 44), (top, 4), 0, 3)
    found = [[Sign("1", 0.98, 0.5)], [Sign(sign, 0.99, 0.5) for sign in "292"]]
    (stroke,), _ = read_lone_signs(TwoMinds("1"), [crop, crop], found)  # type: ignore[arg-type]
    assert (stroke.text, min(stroke.confidence, 0.98)) == ("1", confidence)


def test_the_stripes_of_a_screen_are_no_ink() -> None:
    page = cv2.cvtColor(scans.page(), cv2.COLOR_RGB2GRAY)
    seen = cv2.cvtColor(scans.noisy(scans.screened(scans.page())), cv2.COLOR_RGB2GRAY)
    ink, found = (find_ink(np.asarray(one, np.uint8), scans.SCALE) > 0 for one in (page, seen))
    near = cv2.dilate(ink.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    assert (found & ~near).mean() < 0.001
    assert (found & ink).sum() > 0.95 * ink.sum()


@pytest.mark.parametrize(
    ("beside", "read", "confidence"), [("/", "/", 0.5), ("1", "1", 0.99)], ids=["two readings", "one reading"]
)
def test_a_stroke_that_is_read_in_two_ways_is_not_sure(beside: str, read: str, confidence: float) -> None:
    crop = np.full((40, 40), 255, np.uint8)
    found = [[Sign("1", 0.98, 0.5)], [Sign(sign, 0.99, 0.5) for sign in "292"]]
    stroke, number = read_lone_signs(TwoMinds(beside), [crop, crop], found)  # type: ignore[arg-type]
    assert [(sign.text, sign.confidence) for sign in stroke] == [(read, confidence)]
    assert "".join(sign.text for sign in number) == "292"


def test_the_grid_of_a_picture_is_that_of_the_page() -> None:
    page = np.full((1200, 1000), 255, np.uint8)
    for y in (200, 240, 400, 700):
        cv2.line(page, (100, y), (900, y), 0, 2)
    for x, top in ((100, 200), (500, 240), (900, 200)):
        cv2.line(page, (x, top), (x, 700), 0, 2)
    cv2.putText(page, "HE", (100, 150), cv2.FONT_HERSHEY_SIMPLEX, 3, 0, 6)
    (lattice,) = find_lattices(find_rules(find_ink(page, scans.SCALE), scans.SCALE))
    assert [tuple(cell) for cell in lattice.cells] == [
        (0, 0, 1, 2),
        (1, 0, 2, 1),
        (1, 1, 2, 2),
        (2, 0, 3, 1),
        (2, 1, 3, 2),
    ]


def test_lines_are_cut_at_blank_strips_and_strokes_stay_together() -> None:
    ink = np.zeros((100, 300), np.uint8)
    ink[10:12, 10:40] = ink[20:22, 10:40] = 255  # two strokes of one character
    ink[50:70, 10:60] = 255
    ink[50:70, 150:200] = 255
    boxes = list(find_lines(ink, Box(0, 0, 300, 100), 20.0))
    assert boxes == [Box(10, 10, 40, 22), Box(10, 50, 60, 70), Box(150, 50, 200, 70)]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP"])
def test_pictures_of_all_formats_are_opened(kind: str) -> None:
    blank = np.full((500, 500, 3), 255, np.uint8)
    with pytest.raises(ReadError) as caught:
        read_picture(scans.as_file(blank, kind), "x")
    assert "没有识别出文字" in caught.value.message.zh
