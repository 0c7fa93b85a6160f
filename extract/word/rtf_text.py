"""The text of an RTF file while its tokens come by: bytes of many character sets, and numbers of Unicode."""

from __future__ import annotations

from extract.document import ReadError
from extract.marks import raised
from extract.word.docx_words import _symbol as symbol_of  # the same fonts, under the same codes
from extract.word.rtf_words import CODECS, SYMBOL_CHARSET, Group, codec_of_page

MAX_CHARACTERS = 4_000_000
"""The characters of the text."""

MAX_FONTS = 5_000
"""The fonts of a file. Word lists some hundred."""


class Text:
    """The text since it was last taken; ``group`` is the one that it stands in.

    ``met`` has what was met in it: ``deleted``, ``inserted``, ``hidden``, ``struck``.
    """

    def __init__(self) -> None:
        self.group = Group()
        self.met: set[str] = set()
        # the number of a font, its character set and its name
        self._fonts: dict[int, tuple[int, str]] = {}
        self._code_page = "cp1252"
        self._pieces: list[str] = []
        # bytes whose characters may go on in the next token
        self._bytes = bytearray()
        self._skip = 0
        self._length = 0

    def set_code_page(self, number: int) -> None:
        """Take a character set for all text whose font says none."""
        self._code_page = codec_of_page(number)

    def end_skipping(self) -> None:
        """What stands instead of a character ends with its group."""
        self._skip = 0

    def describe_font(self, word: bytes, number: int | None) -> None:
        """Follow a word of the table of fonts."""
        if number is None or len(self._fonts) >= MAX_FONTS:
            return
        if word == b"f":
            self.group.font = number
        elif word == b"fcharset":
            _, name = self._fonts.get(self.group.font, (0, ""))
            self._fonts[self.group.font] = (number, name)

    def add_bytes(self, raw: bytes) -> None:
        """Add bytes of the font's character set."""
        if self._skip:
            # what stands for a character that was given before: a byte, or one of a pair
            skipped = min(self._skip, len(raw))
            self._skip -= skipped
            raw = raw[skipped:]
        if raw and not self.group.is_unseen:
            self._bytes += raw

    def add_unicode(self, number: int) -> None:
        """Add a character by its number; older programs show what stands behind it instead."""
        self.flush()
        if not self.group.is_unseen:
            self.add(chr(number % 0x10000))
        self._skip = self.group.skipped

    def flush(self) -> None:
        """Decode the bytes that came by under one font."""
        if not self._bytes:
            return
        raw = bytes(self._bytes)
        self._bytes.clear()
        charset, name = self._fonts.get(self.group.font, (0, ""))
        if self.group.is_fonts:
            name = raw.decode("latin-1").partition(";")[0].strip()
            if len(self._fonts) < MAX_FONTS:
                self._fonts[self.group.font] = (charset, name)
        elif charset == SYMBOL_CHARSET and not raw.isascii():
            self.add("".join(symbol_of(name, f"{code:x}") for code in raw))
        else:
            self.add(raw.decode(CODECS.get(charset, self._code_page), "replace"))

    def add(self, text: str) -> None:
        """Add characters."""
        if self._bytes:
            self.flush()
        group = self.group
        if group.is_unseen or group.is_fonts:
            return
        if group.change:
            self.met.add(group.change)
            if group.change != "inserted":
                return
        if group.is_struck and text.strip():
            self.met.add("struck")
            return
        if group.is_raised:
            text = raised(text)
        self._length += len(text)
        if self._length > MAX_CHARACTERS:
            raise ReadError(
                "RTF 文档内容过大，超出读取上限；请拆分为几个文件。",
                "The RTF document is larger than is read; split it.",
            )
        self._pieces.append(text)

    def take(self) -> str:
        """What has come by since the last call."""
        self.flush()
        text = "".join(self._pieces)
        self._pieces.clear()
        if not text.isascii():
            # \u gives characters beyond the first plane as two
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return text
