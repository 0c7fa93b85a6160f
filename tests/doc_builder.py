"""Build Word 97 files for tests: the few structures of [MS-DOC] that a reader of text and tables needs."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from compound_builder import compound

PAGE = 512
TEXT_AT = 1024
IN_TABLE = struct.pack("<HB", 0x2416, 1)
ROW_END = IN_TABLE + struct.pack("<HB", 0x2417, 1)
DELETED = struct.pack("<HB", 0x0800, 1)
HIDDEN = struct.pack("<HB", 0x083C, 1)

#: a paragraph: its text with its mark, and the changes to its properties
Paragraph = tuple[str, bytes]


def row_end(edges: Sequence[int], flags: Sequence[int] = (), more: bytes = b"") -> Paragraph:
    """The end of a row: ``flags`` are those of its cells, ``more`` are changes behind its shape."""
    cells = b"".join(struct.pack("<H18x", flag) for flag in flags)
    shape = struct.pack(f"<B{len(edges)}h", len(edges) - 1, *edges) + cells
    return "\x07", ROW_END + struct.pack("<HH", 0xD608, len(shape) + 1) + shape + more


def cells(*texts: str) -> list[Paragraph]:
    """The cells of a row."""
    return [(text + "\x07", IN_TABLE) for text in texts]


def word_file(
    paragraphs: Sequence[Paragraph],
    runs: Sequence[tuple[str, bytes]] = (),
    *,
    magic: int = 0xA5EC,
    flags: int = 0x0200,
    one_byte: bool = False,
    font: str = "",
    streams: dict[str, bytes] | None = None,
) -> bytes:
    """A file with these paragraphs; ``runs`` are stretches of the text with changes to their characters."""
    text = "".join(text for text, _ in paragraphs)
    width = 1 if one_byte else 2
    raw = text.encode("cp1252" if one_byte else "utf-16-le")
    main = bytearray(TEXT_AT) + raw
    main += bytes(-len(main) % PAGE)
    spans: list[tuple[int, int, bytes]] = []
    at = TEXT_AT
    for content, grpprl in paragraphs:
        spans.append((at, at + width * len(content), grpprl))
        at = spans[-1][1]
    table = bytearray(b"\0")
    spots = {}
    for number, pages in (
        (13, [_paragraph_page(span) for span in spans]),
        (12, _run_pages(text, runs, width)),
    ):
        listed = [len(main) // PAGE + at for at in range(len(pages))]
        main += b"".join(pages)
        plc = struct.pack(f"<{len(pages) + 1}I", *range(len(pages) + 1)) + struct.pack(
            f"<{len(pages)}I", *listed
        )
        spots[number] = (len(table), len(plc) if pages else 0)
        table += plc
    where = TEXT_AT * 2 | 0x40000000 if one_byte else TEXT_AT
    pieces = struct.pack("<IIHIH", 0, len(text), 0, where, 0)
    spots[33] = (len(table), len(pieces) + 5)
    table += b"\x02" + struct.pack("<I", len(pieces)) + pieces
    if font:
        name = font.encode("utf-16-le") + bytes(2)
        fonts = struct.pack("<HHB", 1, 0, 39 + len(name)) + bytes(39) + name
        spots[15] = (len(table), len(fonts))
        table += fonts
    struct.pack_into("<H8xH", main, 0, magic, flags)
    struct.pack_into("<H", main, 32, 14)
    struct.pack_into("<H", main, 62, 22)
    struct.pack_into("<I", main, 64 + 12, len(text))
    struct.pack_into("<H", main, 152, 93)
    for number, spot in spots.items():
        struct.pack_into("<II", main, 154 + 8 * number, *spot)
    return compound({"WordDocument": bytes(main), "1Table": bytes(table), **(streams or {})})


def _paragraph_page(span: tuple[int, int, bytes]) -> bytes:
    """A page for one paragraph."""
    start, end, grpprl = span
    grpprl = b"\0\0" + grpprl
    grpprl += bytes(len(grpprl) % 2)
    papx = bytes([0, len(grpprl) // 2]) + grpprl
    page = bytearray(PAGE)
    struct.pack_into("<IIB", page, 0, start, end, 16)
    page[32 : 32 + len(papx)] = papx
    page[PAGE - 1] = 1
    assert len(page) == PAGE
    return bytes(page)


def _run_pages(text: str, runs: Sequence[tuple[str, bytes]], width: int) -> list[bytes]:
    pages = []
    for stretch, grpprl in runs:
        start = TEXT_AT + width * text.index(stretch)
        page = bytearray(PAGE)
        struct.pack_into("<IIB", page, 0, start, start + width * len(stretch), 16)
        page[32 : 33 + len(grpprl)] = bytes([len(grpprl)]) + grpprl
        page[PAGE - 1] = 1
        pages.append(bytes(page))
    return pages
