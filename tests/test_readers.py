"""The reader is told from the content, and every refusal is one sentence that says what to do."""

from __future__ import annotations

import io
import os
import time
import zipfile
from importlib import import_module
from pathlib import Path

import docx
import pytest

from extract import readers
from extract.document import Grid, Line, ReadError
from extract.readers import FORMATS, find_format, load, read, read_bytes


def word_file(text: str = "项目支出绩效自评表") -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    document.add_table(1, 2).cell(0, 0).text = "项目名称"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def zipped(entries: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as container:
        for name, content in entries.items():
            container.writestr(name, content)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def ole(stream: str) -> bytes:
    return OLE + stream.encode("utf-16-le") + bytes(64)


def test_a_word_file_is_read_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "form.txt"
    path.write_bytes(word_file())
    blocks = read(path).blocks
    assert isinstance(blocks[0], Line) and blocks[0].text == "项目支出绩效自评表"
    assert isinstance(blocks[1], Grid)
    assert blocks[0].where.source == str(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_every_encoding(encoding: str) -> None:
    document = read_bytes("项目名称：道路养护\n主管部门：交通局\n".encode(encoding), "form.doc")
    assert [block.text for block in document.blocks if isinstance(block, Line)] == [
        "项目名称：道路养护",
        "主管部门：交通局",
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("docx", word_file()),
        ("docx", word_file()[:3000]),
        ("docx", zipped({"[Content_Types].xml": b"<Types/>"})),
        ("zip", zipped({"forms/a.docx": word_file()}, zipfile.ZIP_STORED)),
        ("xlsx", zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""})),
        ("pptx", zipped({"[Content_Types].xml": b"", "ppt/presentation.xml": b""})),
        ("odt", zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}, zipfile.ZIP_STORED)),
        ("ofd", zipped({"OFD.xml": b""})),
        ("zip", b"PK\x05\x06" + bytes(18)),
        ("zip", b"PK\x03\x04 nothing behind it"),
        ("7z", b"7z\xbc\xaf\x27\x1c\x00\x04"),
        ("rar", b"Rar!\x1a\x07\x01\x00"),
        ("gzip", b"\x1f\x8b\x08\x00"),
        ("doc", ole("WordDocument")),
        ("xls", ole("Workbook")),
        ("locked", ole("EncryptedPackage")),
        ("ole", OLE),
        ("pdf", b"%PDF-1.7\n"),
        ("pdf", b"\xef\xbb\xbf\r\n%PDF-1.4\n"),
        ("image", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
        ("image", b"\x89PNG\r\n\x1a\n"),
        ("image", b"BM\x36\x00\x00\x00\x00\x00\x00\x00"),
        ("rtf", b"{\\rtf1\\ansi}"),
        ("html", b"<!DOCTYPE html><html><body><table>"),
        ("html", "<!-- 导出 --><!-- --> <html>".encode("gbk")),
        ("html", b"\xef\xbb\xbf<html xmlns:o='urn:schemas-microsoft-com:office:office'>"),
        ("html", '<?xml version="1.0"?><!DOCTYPE html>'.encode("utf-16")),
        ("wordml", b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>'),
        ("mhtml", b"MIME-Version: 1.0\r\nContent-Type: multipart/related"),
        ("text", "BM是部门的缩写".encode()),
        ("text", "总分 %PDF-1.7 不是 PDF".encode()),
        ("text", "a < b 且 <table> 在正文里".encode()),
    ],
)
def test_a_format_is_told_from_the_content(name: str, data: bytes) -> None:
    assert find_format(data).name == name


@pytest.mark.parametrize(
    "known", [known for known in FORMATS if not known.reader], ids=lambda known: known.name
)
def test_a_format_that_nobody_reads_is_refused_by_name_and_with_advice(known: readers.Format) -> None:
    with pytest.raises(ReadError) as refused:
        known.read(b"", "form")
    zh, en = refused.value.message
    assert known.zh.strip() in zh and "；请" in zh and zh.endswith("。")
    assert known.en in en and en.endswith(".")


@pytest.mark.parametrize("known", [known for known in FORMATS if known.reader], ids=lambda known: known.name)
def test_every_reader_in_the_table_exists(known: readers.Format) -> None:
    module, _, function = known.reader.partition(":")
    assert callable(getattr(import_module(module), function))
    assert known.reader_name == module


@pytest.mark.parametrize("data", [b"", bytes(range(256)) * 8, b"\x00\x01\x02\x03" * 100, os.urandom(4096)])
def test_bytes_that_are_nothing_known_are_refused(data: bytes) -> None:
    with pytest.raises(ReadError):
        read_bytes(data, "form.docx")


@pytest.mark.parametrize(
    "data", [word_file()[:3000], zipped({"[Content_Types].xml": b""}), zipped({"word/settings.xml": b"<a/>"})]
)
def test_a_broken_word_file_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError):
        read_bytes(data, "form.docx")


def test_a_thousand_comments_take_no_time() -> None:
    begun = time.perf_counter()
    assert find_format(b"<!---->" * 9000 + b"x").name == "text"
    assert time.perf_counter() - begun < 1


class TestLoad:
    def test_what_is_missing_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match="不存在"):
            load(tmp_path / "form.docx")

    def test_a_folder_is_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match="文件夹"):
            load(tmp_path)

    def test_an_impossible_path_is_said(self) -> None:
        with pytest.raises(ReadError, match="无法打开"):
            load("a\0b")

    def test_a_file_above_the_limit_is_not_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "large.txt"
        path.write_bytes(b"12345")
        monkeypatch.setattr(readers, "MAX_FILE_BYTES", 4)
        monkeypatch.setattr(Path, "open", None)
        with pytest.raises(ReadError, match="MB"):
            load(path)

    def test_a_device_is_not_read(self) -> None:
        with pytest.raises(ReadError, match="普通文件"):
            load(os.devnull)

    def test_a_file_that_may_not_be_read_is_said(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object) -> None:
            raise PermissionError

        (tmp_path / "form.txt").write_text("甲")
        monkeypatch.setattr(Path, "open", refuse)
        with pytest.raises(ReadError, match="没有读取权限"):
            load(tmp_path / "form.txt")
