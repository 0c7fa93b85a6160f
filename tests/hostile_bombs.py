"""Files that are small and ask for masses: of bytes, of layers, of cells, of pages, of rounds without end."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator

import docx_builder
from compound_builder import SECTOR
from docx_builder import p, span, tbl, tc, tr
from hostile import FAILED, FILES, FORMLESS, OK, SAMPLE, Hostile, zipped
from ofd_builder import ofd, path, text
from sheet_builder import c, ods, rows, xlsx
from test_odt import odt
from test_ofd_hostile import cycle, tens
from test_ofd_hostile import many_pages as many_ofd_pages
from test_pdf_hostile import HELLO, form, one_page, packed, pdf

MUCH = 160_000_000
#: for what may be read within the bounds and holds nothing, or is refused
HARMLESS = ("failed", "no_form")
LAUGHS = (
    '<!DOCTYPE d [<!ENTITY a "{}"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">]>'
).format("哈" * 1000)


def docx(body: str) -> bytes:
    """A Word document, with the list of contents by which it is known as one."""
    return docx_builder.docx(body, {"[Content_Types].xml": b"<Types/>"})


def calc(body: str) -> bytes:
    """An OpenDocument spreadsheet, whose kind stands unpacked at its beginning."""
    return with_content(ods(body), str.encode)


def bombs() -> Iterator[Hostile]:
    """What unpacks to masses."""
    void = bytes(MUCH)
    deflated = zipped({"form.docx": void})
    yield Hostile("ratio.zip", deflated)
    yield Hostile("ratio.docx", zipped({"word/document.xml": void, "[Content_Types].xml": b"<Types/>"}))
    yield Hostile("small size.zip", declared(deflated, 100), ("ok", "failed"), FAILED)
    yield Hostile("large size.zip", declared(zipped({"form.docx": b"a"}), 0xFFFFFFF0))
    yield Hostile("small size.xlsx", declared(xlsx(rows(c("A1", "x" * 3_000_000))), 100))
    yield Hostile("ratio.ofd", ofd("", parts={"Doc_0/Pages/Page_0/Content.xml": void}))
    yield Hostile("void.gz", gzip.compress(void, 1))
    yield Hostile("void.bz2", bz2.compress(void, 1))
    yield Hostile("void.xz", lzma.compress(void, preset=0))
    yield Hostile("void.tgz", gzip.compress(tarred("form.docx", void), 1))
    yield Hostile("huge member.tar", tarred("form.docx", b"a" * 1000, 2**40))
    yield Hostile("many.zip", zipped({f"{number}.txt": b"" for number in range(12_000)}, zipfile.ZIP_STORED))
    yield Hostile("shared.zip", shared(zipped({"a.txt": b"a" * 100_000}, zipfile.ZIP_STORED), 3000))
    letter = docx(p("<w:r><w:t>x</w:t></w:r>"))
    yield Hostile("laughs.docx", with_content(letter, laughing, "word/document.xml"))
    yield Hostile("laughs.odt", with_content(odt("&e;"), laughing))
    yield Hostile("laughs.ods", with_content(calc("<table:table>&e;</table:table>"), laughing))
    yield Hostile("laughs.xlsx", with_content(xlsx(rows(c("A1", "x"))), laughing, "xl/worksheets/sheet1.xml"))
    yield Hostile(
        "laughs.ofd", with_content(ofd(text(20, 40, "x")), laughing, "Doc_0/Pages/Page_0/Content.xml")
    )
    yield Hostile(
        "laughs.html", f"{LAUGHS}<html><table><tr><td>&e;</td></tr></table></html>".encode(), HARMLESS
    )
    yield Hostile("laughs.xml", f"<?xml version='1.0'?>{LAUGHS}<d>&e;</d>".encode())
    yield Hostile("outside.docx", with_content(letter, spying, "word/document.xml"))
    yield Hostile("lines.pdf", one_page(packed(b"0 0 m 100 100 l S\n" * 1_000_000)))
    yield Hostile("letters.pdf", one_page(packed(b"BT /F1 10 Tf (%b) Tj ET" % (b"a" * 1_000_000))))
    yield Hostile("packed twice.pdf", one_page(packed(b" " * MUCH, times=2)))


def declared(data: bytes, size: int) -> bytes:
    """A zip archive whose files all lie about their size unpacked."""
    changed, at = bytearray(data), -1
    while (at := changed.find(b"PK\x01\x02", at + 1)) >= 0:
        struct.pack_into("<I", changed, at + 24, size)
    return bytes(changed)


def shared(data: bytes, times: int) -> bytes:
    """A zip archive whose directory names its one file many times."""
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    listed = data[start:end] * times
    return (
        data[:start]
        + listed
        + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, times, times, len(listed), start, 0)
    )


def tarred(name: str, content: bytes, size: int | None = None) -> bytes:
    """A tar archive of one file, which may lie about its size."""
    about = tarfile.TarInfo(name)
    about.size = len(content) if size is None else size
    return about.tobuf(tarfile.GNU_FORMAT) + content + bytes(-len(content) % 512 + 1024)


def laughing(xml: str, doctype: str = LAUGHS) -> bytes:
    """XML that declares entities, and shows the last of them somewhere."""
    xml = xml.replace("x</t>", "&e;</t>")
    head = xml.index("?>") + 2 if xml.startswith("<?xml") else 0
    return (xml[:head] + doctype + xml[head:]).encode()


def spying(xml: str) -> bytes:
    """XML that would show a file of the computer."""
    return laughing(xml, '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>')


def with_content(data: bytes, change: Callable[[str], bytes], name: str = "content.xml") -> bytes:
    """A container with one of its parts changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        parts = {entry: container.read(entry) for entry in container.namelist()}
    parts[name] = change(parts[name].decode())
    return zipped(parts, zipfile.ZIP_STORED)


def depths() -> Iterator[Hostile]:
    """Layers upon layers."""
    layers = 5000
    yield Hostile("tables.docx", docx("<w:tbl><w:tr><w:tc>" * layers + "</w:tc></w:tr></w:tbl>" * layers))
    yield Hostile("tables.html", b"<html>" + b"<table><tr><td>" * layers + b"a", HARMLESS)
    yield Hostile("boxes.html", b"<html>" + b"<div>" * 200_000 + b"a", HARMLESS)
    yield Hostile("words.html", b"<html><p>" + b"<b><i>" * 100_000 + b"a", HARMLESS)
    yield Hostile("groups.rtf", b"{\\rtf1 " + b"{" * 200_000 + b"a", HARMLESS)
    yield Hostile(
        "tables.rtf", b"{\\rtf1 " + b"{\\*\\nesttableprops\\trowd\\itap9 a\\nestcell" * 20_000, HARMLESS
    )
    yield Hostile(
        "lists.odt", odt("<text:list><text:list-item>" * layers + "</text:list-item></text:list>" * layers)
    )
    yield Hostile("groups.ofd", ofd("<ofd:PageBlock>" * layers + "</ofd:PageBlock>" * layers))
    yield Hostile("sheet.xlsx", xlsx("<sheetData>" * 100_000 + "</sheetData>" * 100_000))
    yield Hostile("elements.xml", b"<?xml version='1.0'?>" + b"<a>" * 100_000)
    yield Hostile("arrays.pdf", one_page(packed(HELLO), b"/A " + b"[" * 100_000 + b"]" * 100_000), HARMLESS)
    parcel = (SAMPLE / "form.docx").read_bytes()
    for level in range(8):
        parcel = zipped({f"{level}.zip" if level else "form.docx": parcel}, zipfile.ZIP_STORED)
    yield Hostile("archives.zip", parcel, OK)
    wide = zipped({f"{number}.txt": bytes(100_000) for number in range(10)})
    for _ in range(3):
        wide = zipped({f"{number}.zip": wide for number in range(10)})
    yield Hostile("ten in ten in ten.zip", wide, ("ok", "failed"))
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(300))
    yield Hostile(
        "parts.eml", f"From: a@b.cn\nTo: c@d.cn\nSubject: x\nMIME-Version: 1.0\n{head}".encode(), HARMLESS
    )


def giants() -> Iterator[Hostile]:
    """Numbers that anyone can write, and masses that really are there."""
    cell = "<w:r><w:t>1</w:t></w:r>"
    yield Hostile("span.docx", docx(tbl(tr(tc(cell, span(1_000_000_000))))))
    yield Hostile("slots.docx", docx(tbl(*[tr(tc(p("1"), span(900)))] * 600)))
    yield Hostile("tables.docx", docx(tbl(tr("1")) * 21_000))
    yield Hostile("dimension.xlsx", xlsx('<dimension ref="A1:XFD1048576"/>' + rows(c("A1", "1"))), FORMLESS)
    yield Hostile(
        "far corner.xlsx",
        xlsx(
            rows(c("A1", "1")).replace(
                "</row>", '</row><row r="1048576">' + c("XFD1048576", "1") + "</row>", 1
            )
        ),
        HARMLESS,
    )
    yield Hostile(
        "merged.xlsx",
        xlsx(rows(c("A1", "1")) + '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        HARMLESS,
    )
    full = rows(
        *(
            "".join(c(f"{letter}{number}", 1) for letter in "ABCDEFGHIJKLMNOPQRST")
            for number in range(1, 25_001)
        )
    )
    yield Hostile("cells.xlsx", xlsx(full), HARMLESS)
    row = '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>1</text:p></table:table-cell></table:table-row>'
    yield Hostile("repeated.ods", calc(f'<table:table table:name="a">{row}</table:table>'), HARMLESS)
    yield Hostile("repeated.odt", odt(f"<table:table>{row}</table:table>"))
    for name, attribute in (("colspan", "colspan"), ("rowspan", "rowspan")):
        page = f'<html><table><tr><td {attribute}="1000000000">1<td {attribute}="65534">2</table>' * 100
        yield Hostile(f"{name}.html", page.encode(), HARMLESS)
    yield Hostile("cells.html", b"<html><table>" + b"<tr>" + b"<td>1" * 600_000, HARMLESS)
    yield Hostile("rows.csv", b"1,2,3,4\n" * 300_000, HARMLESS)
    yield Hostile("text.txt", "绩效自评\n".encode() * 3_000_000)
    yield Hostile("table.md", b"| 1 | 2 |\n" * 300_000, HARMLESS)
    yield Hostile("cells.rtf", b"{\\rtf1 \\trowd" + b"\\cellx9\\cell" * 300_000 + b"\\row}", HARMLESS)
    yield Hostile("steps.ofd", ofd(text(20, 40, "字" * 50_000, "g 4000000000 1e-9")), HARMLESS)
    yield Hostile("letters.ofd", ofd(text(20, 40, "字" * 3_000_000, "0")))
    yield Hostile("lines.ofd", ofd(path("M 0 0 L 9 9 " * 400_000)))
    yield Hostile("thousands of pages.ofd", many_ofd_pages())
    yield Hostile("no pages.pdf", pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"))
    yield Hostile(
        "billions of pages.pdf",
        pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 2000000000>>"),
    )
    yield Hostile("thousand pages.pdf", many_pages(1000), FORMLESS)
    yield Hostile("four thousand pages.pdf", many_pages(4000))
    yield Hostile(
        "wild.pdf", one_page(packed(b"1e38 0 0 1e38 1e38 1e38 cm BT /F1 1e30 Tf (a) Tj ET")), HARMLESS
    )


def many_pages(count: int) -> bytes:
    """Pages that all show the same word."""
    kids = b" ".join(b"%d 0 R" % number for number in range(5, count + 5))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 3 0 R/Resources<</Font<</F1 4 0 R>>>>>>"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    pages = b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count)
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", pages, packed(HELLO), font, *[page] * count)


def loops() -> Iterator[Hostile]:
    """What leads back to itself."""
    inner = b"/XObject<</X 6 0 R>>"
    yield Hostile("form.pdf", one_page(packed(b"/X Do " + HELLO), inner, form(b"/X Do", inner)), HARMLESS)
    yield Hostile("pieces.ofd", cycle())
    yield Hostile("ten times ten.ofd", tens())
    levels = [form(b"/X Do " * 10, b"/XObject<</X %d 0 R>>" % number) for number in range(7, 16)]
    yield Hostile("forms.pdf", one_page(packed(b"/X Do " * 10), inner, *levels, form(HELLO)))
    yield Hostile(
        "pages.pdf", pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 5>>")
    )
    whole = one_page(packed(HELLO))
    table = int(whole.split(b"startxref\n")[1].split()[0])
    yield Hostile("tables.pdf", whole.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % table), HARMLESS)
    yield Hostile("length.pdf", one_page(b"<</Length 4 0 R>>stream\n" + HELLO + b"\nendstream"), HARMLESS)
    old = bytearray((FILES / "various.doc").read_bytes())
    first = (struct.unpack_from("<I", old, 76)[0] + 1) * SECTOR
    for entry in range(SECTOR // 4):
        struct.pack_into("<I", old, first + 4 * entry, entry)
    yield Hostile("sectors.doc", bytes(old))
