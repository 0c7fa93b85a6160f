"""A Word file can be anything: each of these ends in a document or in one plain sentence, and soon."""

from __future__ import annotations

import random
import re
import struct
import zipfile

import pytest
from docx_builder import (
    CONTINUE,
    RESTART,
    docx,
    grids,
    lines,
    p,
    part,
    r,
    read,
    slots,
    span,
    tbl,
    tc,
    tr,
    zipped,
)
from lxml import etree

from extract import package
from extract.document import Document, ReadError
from extract.limits import MAX_COLUMNS, MAX_PARTS, MAX_XML_BYTES
from extract.word import docx_grid, docx_tidy
from extract.word.docx import read_docx

DAMAGED = "文件不完整或已损坏（不是有效的压缩包），无法读取；请重新下载，或请提交人重新发送。"
NO_WORD = "压缩包内没有 Word 正文，不是 Word 文档；请确认文件格式，或用 Word 另存为 .docx 后再试。"
BROKEN_XML = "文件内部的 XML 已损坏，无法读取；请用办公软件打开修复并另存，或请提交人重新发送。"
LOCKED = "文件已加密或使用了不支持的压缩方式，无法读取；请取消密码并另存后再试。"
TOO_LARGE = "文件内容过大，超出读取上限；请拆分为几个文件，或用办公软件另存后再试。"
TOO_DEEP = "文件内容嵌套层数过多，正常文档没有，不予读取；请用办公软件另存后再试。"
TABLE_TOO_LARGE = "表格过大（行数或列数异常），超出读取上限；请检查表格，或拆分为几个文件。"
TOO_MANY = "文档的修订、文本框或表格过多，超出读取上限；请接受全部修订后另存，或拆分为几个文件。"


def refusal(data: bytes) -> str:
    """The Chinese sentence with which a file is refused; the English one says something too."""
    with pytest.raises(ReadError) as caught:
        read_docx(data, "x")
    assert caught.value.message.en.endswith(".")
    return caught.value.message.zh


def with_xml(xml: bytes) -> bytes:
    return zipped({"word/document.xml": xml})


# No Word document


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"PK\x05\x06", b"\xd0\xcf\x11\xe0" + bytes(600), "绩效自评表".encode()]
)
def test_what_is_no_zip_container_is_refused(data: bytes) -> None:
    assert refusal(data) == DAMAGED


def test_a_truncated_file_is_refused_wherever_it_was_cut() -> None:
    whole = docx(p("标题") + tbl(tr("a", "b")))
    assert {refusal(whole[:length]) for length in range(0, len(whole), 7)} == {DAMAGED}


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"xl/workbook.xml": b"<workbook/>"},
        {"word/document.xml": b"<html/>"},
        {"word/document.xml": part("hdr", p("a"))},
        {"word/document.xml": part("document", "")},
        {"_rels/.rels": b"<x Type='a/officeDocument' Target='missing.xml'/>"},
    ],
)
def test_a_container_without_a_word_body_is_refused(parts: dict[str, bytes]) -> None:
    assert refusal(zipped(parts)) == NO_WORD


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"\x00\x01",
        part("document", "<w:body><w:p></w:body>"),
        part("document", "<w:body>&nbsp;</w:body>"),
        part("document", "<w:body>\ufffd</w:body>").replace("\ufffd".encode(), b"\xff"),
        part("document", "<w:body/>")[:-9],
    ],
)
def test_broken_xml_is_refused(xml: bytes) -> None:
    assert refusal(with_xml(xml)) == BROKEN_XML


def test_broken_xml_in_a_header_is_refused_too() -> None:
    assert refusal(docx(p("a"), {"word/header1.xml": b"<w:hdr>"})) == BROKEN_XML


# The container


def directory_field(data: bytes, offset: int, form: str, value: int) -> bytes:
    """``data`` with a field of its first directory entry changed."""
    changed = bytearray(data)
    struct.pack_into(form, changed, changed.index(b"PK\x01\x02") + offset, value)
    return bytes(changed)


@pytest.mark.parametrize("declared", [0, 10, 100_000, MAX_XML_BYTES])
def test_an_entry_that_lies_about_its_size_is_refused(declared: int) -> None:
    bomb = docx(p(" " * 1_000_000))
    assert refusal(directory_field(bomb, 24, "<I", declared)) == DAMAGED


def test_an_entry_that_unpacks_to_more_than_is_read_is_refused_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bomb = directory_field(docx(p("a")), 24, "<I", MAX_XML_BYTES + 1)
    monkeypatch.setattr("extract.package.zlib.decompressobj", None)
    assert refusal(bomb) == TOO_LARGE


def test_the_parts_of_a_file_share_the_bound_of_their_size(monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {f"word/header{n}.xml": part("hdr", p(" " * 400)) for n in range(9)}
    data = docx(p("正文"), headers)
    assert lines(read_docx(data, "x")) == ["正文"]
    monkeypatch.setattr(package, "MAX_XML_BYTES", 5_000)
    assert refusal(data) == TOO_LARGE


def test_encrypted_entries_and_packings_that_cannot_be_bounded_are_refused() -> None:
    assert refusal(directory_field(docx(p("a")), 8, "<H", 1)) == LOCKED
    parts = {"word/document.xml": part("document", f"<w:body>{p('a')}</w:body>")}
    assert refusal(zipped(parts, zipfile.ZIP_BZIP2)) == LOCKED
    assert refusal(zipped(parts, zipfile.ZIP_LZMA)) == LOCKED
    assert lines(read_docx(zipped(parts, zipfile.ZIP_STORED), "x")) == ["a"]


def test_a_container_of_too_many_entries_is_refused_before_its_directory_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crowd = zipped({f"word/media/image{n}.png": b"" for n in range(MAX_PARTS + 1)})
    monkeypatch.setattr("extract.package.zipfile.ZipFile", None)
    assert refusal(crowd) == TOO_LARGE


# The XML

LAUGHS = (
    '<!DOCTYPE d [<!ENTITY a "{}"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
).format("哈" * 1000)


@pytest.mark.parametrize(
    "doctype",
    [
        LAUGHS,
        '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE d [<!ENTITY c SYSTEM "file:///etc/passwd">]>',
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_document_type_declarations_are_refused_unread(doctype: str, charset: str) -> None:
    xml = part("document", f"<w:body>{p('<w:r><w:t>&c;</w:t></w:r>')}</w:body>").decode()
    data = with_xml(xml.replace("?>", f"?>{doctype}", 1).replace("UTF-8", charset).encode(charset))
    assert "DOCTYPE" in refusal(data)


def test_a_declared_charset_is_not_believed() -> None:
    xml = part("document", f"<w:body>{p('+ADw-/w:p+AD4-')}</w:body>").replace(b"UTF-8", b"UTF-7")
    assert lines(read_docx(with_xml(xml), "x")) == ["+ADw-/w:p+AD4-"]


@pytest.mark.parametrize(
    "layer",
    [
        ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"),
        ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"),
        ("<w:p><w:r><w:txbxContent>", "</w:txbxContent></w:r></w:p>"),
        ("<w:ins>", "</w:ins>"),
    ],
)
def test_5000_layers_are_refused_and_80_are_read(layer: tuple[str, str]) -> None:
    begin, end = layer
    assert refusal(docx(begin * 5000 + end * 5000)) == TOO_DEEP
    document = read(begin * 80 + p("底") + end * 80)
    inside = lines(document) or [slots(grids(document)[-1])[0][0]]
    assert inside == ["底"]


@pytest.mark.parametrize(
    "unit",
    [
        "<a/>",
        "<a>b</a>c",
        "<a>></a>>",
        "<a>b>></a>c><a/>",
        "<a b='' c='=' d='>'/>",
        "<!-- > -->a<?b c?>d<![CDATA[>]]>",
        "\n  <w:t xml:space='preserve'>1</w:t>\n",
    ],
)
def test_the_memory_of_a_tree_is_never_estimated_too_low(unit: str) -> None:
    xml = part("document", unit * 50)
    tree = etree.fromstring(xml)
    elements = list(tree.iter())
    texts = sum(bool(text) for element in elements for text in (element.text, element.tail))
    attributes = sum(len(element.attrib) for element in elements)
    assert package._tree_bytes(xml) >= (len(elements) + texts) * 128 + attributes * 240


def test_xml_whose_tree_would_take_too_much_memory_is_refused_unparsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(package, "MAX_TREE_BYTES", 100_000)
    assert lines(read(p("a") * 50)) == ["a"] * 50
    monkeypatch.setattr("extract.package.etree.fromstring", None)
    assert refusal(docx(p("a") * 500)) == TOO_LARGE


# Tables and changes


@pytest.mark.parametrize("columns", [MAX_COLUMNS + 1, 1_000_000_000, "9" * 5000])
@pytest.mark.parametrize("name", ["gridSpan", "gridBefore", "gridAfter"])
def test_an_absurd_number_of_columns_is_refused_before_they_are_made(columns: int | str, name: str) -> None:
    number = f'<w:{name} w:val="{columns}"/>'
    row = tr(tc("a", number)) if name == "gridSpan" else tr("a", properties=number)
    assert refusal(docx(tbl(row))) == TABLE_TOO_LARGE


def test_rows_padded_to_the_width_of_one_count_as_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx_grid, "MAX_SLOTS", 1000)
    wide, short = tr(tc("a", span(100))), tr("b")
    assert len(grids(read(tbl(wide, *[short] * 9)))[0].rows) == 10
    assert refusal(docx(tbl(wide, *[short] * 10))) == TABLE_TOO_LARGE
    assert refusal(docx(tbl(wide, *[short] * 4) * 3)) == TABLE_TOO_LARGE


def test_too_many_tables_or_changes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx_tidy, "MAX_TABLES", 5)
    monkeypatch.setattr(docx_tidy, "MAX_CHANGES", 5)
    change = "<w:ins>" + r("a") + "</w:ins>"
    assert lines(read(p(change * 5))) == ["aaaaa"]
    assert refusal(docx(p(change * 6))) == TOO_MANY
    assert len(grids(read(tbl(tr("a")) * 5))) == 5
    assert refusal(docx(tbl() * 6)) == TOO_MANY


# Whatever else

SAMPLE = (
    p("标题")
    + p(r("甲") + f"<w:r><w:pict><w:txbxContent>{p('盒')}{tbl(tr('格'))}</w:txbxContent></w:pict></w:r>")
    + tbl(
        tr(tc("a", RESTART + span(2)), tc("b", "<w:hMerge/>"), tc("c", "<w:cellDel/>")),
        tr(tc("", CONTINUE), tc(p("d") + tbl(tr("e"))), properties='<w:gridAfter w:val="2"/>'),
        tr("f", properties="<w:del/>"),
    )
    + p("<w:del>" + r("旧") + "</w:del>" + r("新") + r("隐", "<w:vanish/>"), "<w:rPr><w:del/></w:rPr>")
    + f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{p('提示')}</w:sdtContent></w:sdt>"
    + p('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>')
)


def damaged_bytes(chance: random.Random) -> bytes:
    """A file with some bytes changed, often at its end, where the directory is; or cut short."""
    data = bytearray(docx(SAMPLE, {"word/footer1.xml": part("ftr", p("脚"))}))
    first = chance.choice([0, len(data) - 300])
    for _ in range(chance.randint(1, 6)):
        data[chance.randrange(first, len(data))] = chance.randrange(256)
    return bytes(data[: chance.choice([len(data), len(data), chance.randrange(len(data))])])


def damaged_xml(chance: random.Random) -> bytes:
    """A sound container around XML with tags renamed, moved, repeated and lost, and values changed."""
    names = [
        "tbl",
        "tr",
        "tc",
        "p",
        "r",
        "t",
        "sdt",
        "ins",
        "del",
        "tcPr",
        "rPr",
        "pPr",
        "txbxContent",
        "vanish",
    ]
    pieces = re.split(r"(<[^>]*>)", part("document", f"<w:body>{SAMPLE}</w:body>").decode())
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(pieces))
        match chance.randrange(4):
            case 0:
                pieces.insert(place, pieces.pop(chance.randrange(len(pieces))))
            case 1:
                pieces.insert(place, chance.choice(pieces))
            case 2:
                value = chance.choice(["", "-1", "999999999999", "restart", "D800", "110000", "文"])
                pieces = [re.sub('w:(val|char)="[^"]*"', f'w:\\1="{value}"', piece) for piece in pieces]
            case _:
                old, new = chance.sample(names, 2)
                pieces = [re.sub(f"^(</?w:){old}\\b", f"\\1{new}", piece) for piece in pieces]
    return with_xml("".join(pieces).encode())


@pytest.mark.parametrize("damage", [damaged_bytes, damaged_xml])
def test_a_damaged_file_is_read_or_refused_and_nothing_else(damage) -> None:  # type: ignore[no-untyped-def]
    chance = random.Random(20240315)
    outcomes = [outcome(damage(chance)) for _ in range(400)]
    assert "read" in outcomes and "refused" in outcomes


def outcome(data: bytes) -> str:
    try:
        document = read_docx(data, "x")
    except ReadError as refused:
        assert refused.message.zh.endswith("。") and "\n" not in refused.message.zh
        return "refused"
    assert isinstance(document, Document)
    for table in grids(document):
        (width,) = {len(row) for row in table.rows}
        assert width > 0
    return "read"
