"""Content decides what a file is: names lie, containers have parts, and text comes last."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from compound_builder import compound
from small_form import SMALL_FORM
from test_doc import VARIOUS

import zipingbiao as zpb
from extract.document import ReadError
from extract.readers import FORMATS, find_format, read_bytes

FILES = Path(__file__).parent / "files"


def zipped(*names: str, **contents: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        for name in names:
            container.writestr(name, contents.get(name, b"<x/>"))
    return out.getvalue()


def stored(kind: str) -> bytes:
    return zipped("mimetype", "content.xml", mimetype=b"application/vnd.oasis.opendocument." + kind.encode())


MAIL = b"Received: from x\r\nFrom: a@b.cn\r\nTo: c@d.cn\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
PARTS = b'Content-Type: multipart/related; boundary="x"\r\n\r\n--x--'


@pytest.mark.parametrize(
    ("name", "data"),
    [
        # zip by its parts
        ("docx", zipped("[Content_Types].xml", "word/document.xml")),
        ("docx", zipped("_rels/.rels", "word\\document.xml")),
        ("xlsx", zipped("[Content_Types].xml", "xl/workbook.xml", "word/embedded.xml")),
        ("xlsb", zipped("[Content_Types].xml", "xl/workbook.bin")),
        ("pptx", zipped("[Content_Types].xml", "ppt/presentation.xml")),
        ("odt", stored("text")),
        ("odt", stored("text-template")),
        ("ods", stored("spreadsheet")),
        ("odf", stored("graphics")),
        ("ofd", zipped("OFD.xml", "Doc_0/Document.xml")),
        ("zip", zipped("word/a.docx", "word/b.docx", "xl/c.xlsx")),
        ("zip", zipped("forms/ofd.xml")),
        ("zip", zipped("a.docx", **{"a.docx": zipped("[Content_Types].xml", "word/document.xml")})),
        ("zip", zipped("a.docx", **{"a.docx": zipped("[Content_Types].xml", "word/document.xml")})[:-30]),
        ("docx", zipped("[Content_Types].xml", "word/document.xml")[:-30]),
        # OLE by its streams
        ("doc", compound({"WordDocument": b"x", "ObjectPool/Workbook": b"x"})),
        ("doc", VARIOUS),
        ("ole", VARIOUS[:20000]),
        ("xls", compound({"Workbook": b"x", "MBD01/WordDocument": b"x"})),
        ("xls", compound({"Book": b"x"})),
        ("locked", compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"})),
        ("msg", compound({"__properties_version1.0": b"x"})),
        ("ppt", compound({"PowerPoint Document": b"x"})),
        ("ole", compound({"CONTENTS": b"x"})),
        # text by how it begins
        ("rtf", (FILES / "various.rtf").read_bytes()),
        ("rtf", b"\xef\xbb\xbf\r\n{\\rtf1}"),
        ("html", b"<style>td{}</style><table><tr><td>1</td></tr></table>"),
        ("mhtml", b"From: <Saved by Blink>\r\nSubject: x\r\nDate: x\r\nMIME-Version: 1.0\r\n" + PARTS),
        ("mhtml", b"MIME-Version: 1.0\r\n" + PARTS),
        ("eml", MAIL + PARTS),
        ("eml", MAIL + b"\r\n" + "正文".encode("gbk")),
        ("eml", "Subject: 自评表\r\nFrom: 甲\r\nDate: x\r\n\r\n正文".encode("gbk")),
        ("text", b"From: a\nTo: b\n\n" + "说明".encode()),
        ("text", "Subject: 项目名称\n主管部门: 交通局\n".encode()),
        ("text", "项目名称：道路，得分：90\n".encode("gb18030")),
        ("csv", "甲,乙,丙\n1,2,3\n4,5,6\n7,8,9\n".encode("gbk")),
        # the rest
        ("pdf", b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.4\n1 0 obj\nstartxref\n0\n%%EOF"),
        ("pdf", b"\0\0%PDF-1.7"),
        ("text", "说明：%PDF-1.7 是一种格式\n".encode()),
        ("guarded", b"b\x14#e\x0e\x00\x00\x00E-SafeNet\x00LOCK" + bytes(500)),
        ("tar", bytes(257) + b"ustar\x0000" + bytes(248)),
        ("gzip", b"\x1f\x8b\x08\x00"),
        ("image", b"RIFF\x00\x00\x00\x00WEBP"),
    ],
)  # fmt: skip
def test_a_format_is_told_from_the_content(name: str, data: bytes) -> None:
    assert find_format(data).name == name


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("form.doc", "<html><body><table border=1>{}</table></body></html>".format(
            "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line.strip("| ").split("|")) + "</tr>" for line in SMALL_FORM.splitlines())
        ).encode("gb18030")),
        ("form.docx", SMALL_FORM.encode("gb18030")),
        ("form.xls", SMALL_FORM.encode("utf-16")),
    ],
    ids=["a web page named .doc", "text named .docx", "text named .xls"],
)  # fmt: skip
def test_a_form_is_found_whatever_its_name_says(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    (source,) = zpb.run(path).sources
    assert source["forms"] == 1, source


@pytest.mark.parametrize("ending", ["doc", "odt", "rtf", "docx"])
def test_each_reader_is_found_by_the_content(ending: str) -> None:
    document = read_bytes((FILES / f"various.{ending}").read_bytes(), "form.txt")
    assert len(document.blocks) == 6


def test_a_locked_office_file_is_said_to_be_locked() -> None:
    with pytest.raises(ReadError, match="密码"):
        read_bytes(compound({"EncryptedPackage": b"x"}), "form.docx")


def test_what_nothing_claims_costs_no_time() -> None:
    for data in (b"a:\n" * 20_000, b"A: b\n c\n" * 8_000, b"<" * 60_000, b"%PDF" * 15_000):
        find_format(data)


def test_every_format_has_one_line_of_each_kind() -> None:
    names = [known.name for known in FORMATS]
    assert {name for name in names if names.count(name) > 1} == {"docx"}
    assert all(known.zh and known.en and known.advice.zh for known in FORMATS)
