"""PDFs that are broken, locked, empty of text, or made to do harm: one sentence each, soon."""

from __future__ import annotations

import contextlib
import random
import re
import time
import zlib

import pytest

from extract.document import ReadError
from extract.ocr.choice import recognizing
from extract.pdf.read import read_pdf
from tests.pdf_builder import Paper, grids

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
HELLO = b"BT /F1 10 Tf 10 10 Td (hello) Tj ET"


def pdf(*objects: bytes) -> bytes:
    """A file of these objects, numbered from 1; the first is its catalogue."""
    body, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return body + end % (len(objects) + 1, table, len(objects) + 1, len(body))


def packed(content: bytes, entries: bytes = b"", times: int = 1) -> bytes:
    """A stream, packed."""
    for _ in range(times):
        content = zlib.compress(content, 9)
    head = b"<<%b/Filter[%b]/Length %d>>" % (entries, b"/FlateDecode" * times, len(content))
    return head + b"stream\n" + content + b"\nendstream"


def one_page(content: bytes, resources: bytes = b"", *more: bytes, box: bytes = b"0 0 600 800") -> bytes:
    """A file of one page; further objects are numbered from 6."""
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[%b]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>%b>>>>"
        % (box, resources),
        content,
        FONT,
        *more,
    )


def form(content: bytes, inner: bytes = b"") -> bytes:
    """Content that pages and other forms can place."""
    entries = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F1 5 0 R>>%b>>" % inner
    return packed(content, entries)


def refused(data: bytes) -> str:
    """The sentence that a file is refused with, which must not take long."""
    start = time.perf_counter()
    with pytest.raises(ReadError) as error:
        read_pdf(data, "x.pdf")
    assert time.perf_counter() - start < 5
    zh, en = error.value.message
    assert zh.endswith("。") and en.endswith(".")
    return zh


def good(**options: object) -> bytes:
    """A small form."""
    paper = Paper(**options)  # type: ignore[arg-type]
    paper.table(60, 80, [80, 80], [["项目名称", "道路"], ["总额", "12.5"]])
    return paper.bytes()


def test_what_is_no_pdf_is_said_to_be_none() -> None:
    for data in (b"", b"%PDF-1.4", b"%PDF-1.4 nothing of the kind", b"plain text" * 100):
        assert "不是有效的 PDF" in refused(data)


def test_a_locked_pdf_says_so_and_opens_with_the_password() -> None:
    data = good(encrypt="geheim")
    assert "打开密码" in refused(data)
    assert grids(read_pdf(data, "x", "geheim")) == [[["项目名称", "道路"], ["总额", "12.5"]]]


def test_a_pdf_cut_off_anywhere_is_refused() -> None:
    data = good()
    for tenth in range(1, 10):
        refused(data[: len(data) * tenth // 10])


def test_flipped_bits_never_raise_anything_else() -> None:
    data, chance = good(), random.Random(7)
    for _ in range(60):
        broken = bytearray(data)
        for _ in range(chance.randint(1, 30)):
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        with contextlib.suppress(ReadError):
            read_pdf(bytes(broken), "x")


def test_a_scan_is_called_a_scan() -> None:
    picture = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>>stream\n0\nendstream"
    data = one_page(packed(b"600 0 0 800 0 0 cm /I Do"), b"/XObject<</I 6 0 R>>", picture)
    assert "是扫描件，没有文字层，需要文字识别" in refused(data)


def test_a_pdf_with_nothing_on_it_is_refused() -> None:
    assert "没有文字" in refused(one_page(packed(b"")))


def test_text_without_a_meaning_is_called_a_scan_in_effect() -> None:
    encoding = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[6 0 R]>>"
    heir = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>"
    data = one_page(packed(b"BT /F1 10 Tf 10 10 Td <000100020003000400050006> Tj ET"), b"", heir).replace(
        FONT, encoding
    )
    with recognizing("never"):
        assert "等同扫描件" in refused(pdf(*re.findall(rb"\d+ 0 obj\n(.*?)\nendobj", data, re.DOTALL)))


def test_a_scanned_page_among_others_is_noted() -> None:
    paper = Paper()
    paper.table(60, 80, [80, 80], [["项目名称", "道路"]])
    paper.next_page()
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    paper.canvas.drawImage(ImageReader(Image.new("L", (2, 2), 200)), 0, 0, paper.width, paper.height)
    document = paper.read()
    assert [note.zh for note in document.notes] == ["PDF 第2页是扫描图像，没有文字层，未读取。"]


@pytest.mark.parametrize("count", [2_000_000_000, -1, 5])
def test_a_page_count_that_is_a_lie_is_bounded(count: int) -> None:
    refused(pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count %d>>" % count))


def test_more_pages_than_anyone_sends_are_refused() -> None:
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3503))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    assert "页" in refused(
        pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%b]/Count 3500>>" % kids, *[page] * 3500)
    )


def test_a_form_within_itself_is_read_once() -> None:
    inner = b"/XObject<</X 6 0 R>>"
    data = one_page(packed(b"/X Do " + HELLO), inner, form(b"/X Do", inner))
    with contextlib.suppress(ReadError):
        read_pdf(data, "x")


def test_forms_that_multiply_are_refused() -> None:
    levels = [form(b"/X Do " * 10, b"/XObject<</X %d 0 R>>" % number) for number in range(7, 16)]
    data = one_page(packed(b"/X Do " * 10), b"/XObject<</X 6 0 R>>", *levels, form(HELLO))
    assert "大得异常" in refused(data)


def test_forms_that_pages_really_use_are_read() -> None:
    data = one_page(packed(b"/X Do " * 50 + HELLO), b"/XObject<</X 6 0 R>>", form(b"0 0 m 9 9 l S"))
    assert [block.text for block in read_pdf(data, "x").blocks] == ["hello"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "content",
    [
        packed(b"0 0 m 100 100 l S\n" * 1_000_000),
        packed(b"0 0 m " + b"10 10 l " * 1_000_000 + b"S"),
        packed(b"BT /F1 10 Tf " + b"(%b) Tj " % (b"a" * 60) * 60_000 + b"ET"),
        packed(b"BT /F1 10 Tf (%b) Tj ET" % (b"a" * 1_000_000)),
        packed(b" " * 200_000_000),
        packed(b" " * 200_000_000, times=2),
        packed(b"0 0 m 1 1 l S\n" * 100_000),
        packed(b"0 0 m " + b"1 1 l " * 300_000 + b"S"),
    ],
    ids=["lines", "one path", "texts", "one text", "blanks", "packed twice", "many lines", "many points"],
)
def test_content_that_unpacks_to_masses_is_refused(content: bytes) -> None:
    assert "异常" in refused(one_page(content))


def test_coordinates_beyond_all_measure_do_no_harm() -> None:
    wild = b"1e38 0 0 1e38 1e38 1e38 cm BT /F1 1e30 Tf 1e38 10 Td (hello) Tj ET 1e38 1e38 m 1e38 0 l S"
    refused(one_page(packed(wild)))
    read_pdf(one_page(packed(HELLO), box=b"0 0 1e30 1e30"), "x")
    read_pdf(one_page(packed(HELLO), box=b"600 800 0 0"), "x")


def test_a_page_full_of_lines_is_read_or_refused_soon() -> None:
    lines = b"".join(
        b"%g 0 m %g 800 l S 0 %g m 600 %g l S\n" % (n * 3.5, n * 3.5, n * 3.5, n * 3.5) for n in range(170)
    )
    start = time.perf_counter()
    read_pdf(one_page(packed(lines + HELLO)), "x")
    assert time.perf_counter() - start < 5
