"""Read a web page that was saved as a single file (.mht, .mhtml): its HTML parts, and nothing else in it."""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from email.parser import BytesHeaderParser

from extract.document import CUT_OFF, Document, ReadError
from extract.limits import MAX_TEXT_BYTES
from extract.web.html import page_text, read_pages

MAX_ARCHIVE_BYTES = 2 * MAX_TEXT_BYTES
"""The size of the file, its pictures included, which are a third larger in it than they are."""

MAX_DEPTH = 4
"""Parts that hold parts. Browsers and Office write one level, mail programs up to three."""

_MOST_HEADER_BYTES = 64 * 1024
_HEADERS_END = re.compile(rb"\r?\n[ \t]*\r?\n")
_PAGES = ("text/html", "application/xhtml+xml")


def read_mht(data: bytes, source: str) -> Document:
    """Read the bytes of a single-file web page; its pages (Excel writes one a sheet) follow each other.

    Raises ReadError, and nothing else, for whatever the bytes are.
    """
    if len(data) > MAX_ARCHIVE_BYTES:
        raise ReadError(
            "单个文件网页过大，超出读取上限；请去掉其中的图片，或另存为 .docx 后再试。",
            "The single-file web page is larger than is read; remove its pictures, or save it as .docx.",
        )
    pages = list(_pages(data.lstrip(b"\r\n \t\xef\xbb\xbf"), MAX_DEPTH))
    if not pages:
        raise ReadError(
            "单个文件网页里没有网页内容，或文件不完整；请重新保存，或请提交人重新发送。",
            "The single-file web page holds no page, or is truncated; save it again, or ask for it again.",
        )
    document = read_pages(pages, source)
    boundary = _split(data)[0].get_boundary()
    if boundary and f"--{boundary}--".encode("utf-8", "replace") not in data:
        return replace(document, notes=(*document.notes, CUT_OFF))
    return document


def _pages(part: bytes, depth: int) -> Iterator[str]:
    """The HTML in a part and the parts that it holds."""
    headers, body = _split(part)
    boundary = headers.get_boundary() if headers.get_content_maintype() == "multipart" else None
    if boundary:
        if depth:
            edge = re.compile(
                rb"^--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(?:--)?[ \t]*\r?$", re.M
            )
            for inner in edge.split(body)[1:]:
                yield from _pages(inner.lstrip(b"\r\n"), depth - 1)
    elif headers.get_content_type() in _PAGES and not _is_tabs(headers):
        yield page_text(_decoded(body, headers), headers.get_content_charset("") or "")


def _is_tabs(headers: Message) -> bool:
    """Whether this is the page that Excel writes beside the sheets: links to them."""
    return str(headers.get("Content-Location", "")).lower().endswith("tabstrip.htm")


def _split(part: bytes) -> tuple[Message, bytes]:
    """The headers of a part, and what follows the blank line behind them."""
    end = _HEADERS_END.search(part, 0, _MOST_HEADER_BYTES)
    head, body = (part[: end.start()], part[end.end() :]) if end else (part[:_MOST_HEADER_BYTES], b"")
    return BytesHeaderParser().parsebytes(head), body


def _decoded(body: bytes, headers: Message) -> bytes:
    packing = str(headers.get("Content-Transfer-Encoding", "")).strip().lower()
    if packing == "quoted-printable":
        return quopri.decodestring(body)
    if packing != "base64":
        return body
    try:
        return binascii.a2b_base64(body)
    except binascii.Error as err:
        raise ReadError(
            "单个文件网页已损坏或不完整；请重新保存，或请提交人重新发送。",
            "The single-file web page is damaged or truncated; save it again, or ask for it to be sent again.",
        ) from err
