"""Take Rich Text Format apart: groups, control words and bytes of text, whatever a stranger wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from extract.document import ReadError

MAX_TOKENS = 4_000_000
"""Control words, groups and stretches of text. A form has some 20,000; each takes half a microsecond."""

_TOKEN = re.compile(
    rb"""(?P<text>[^\\{}\r\n\t]+)
       | \\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})?[ ]?
       | (?P<bytes>(?:\\'[0-9A-Fa-f]{2})+)      # \'d7\'d4: bytes of a character set
       | (?P<brace>[{}])
       | \\(?P<sign>[^A-Za-z0-9])               # \~ a blank that does not break, \{ a brace, \* a mark
       | (?P<tab>\t)
       | (?P<nothing>\\?[\r\n]+|\\)""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """``kind`` is ``text``, ``bytes``, ``word``, ``sign``, or a brace; ``number`` is None where there is none."""

    kind: str
    value: bytes
    number: int | None = None


def tokens(data: bytes) -> Iterator[Token]:
    """All tokens; what ``\\bin`` announces is stepped over. Raises ReadError for absurdly many."""
    at = 0
    for _ in range(MAX_TOKENS):
        found = _TOKEN.match(data, at)
        if found is None:
            if at < len(data):
                at += 1
                continue
            return
        at = found.end()
        kind, value = str(found.lastgroup), found[0]
        if kind == "number" or kind == "word":
            word, number = found["word"], int(found["number"]) if found["number"] else None
            if word == b"bin":
                at += max(number or 0, 0)
            yield Token("word", word, number)
        elif kind == "bytes":
            yield Token("bytes", bytes.fromhex(value.replace(b"\\'", b"").decode()))
        elif kind == "brace":
            yield Token(value.decode(), value)
        elif kind == "sign":
            yield Token("sign", found["sign"])
        elif kind == "tab":
            yield Token("word", b"tab")
        elif kind == "text":
            yield Token("text", value)
        elif value.startswith(b"\\") and len(value) > 1:
            yield Token("word", b"par")  # a backslash at the end of a line
    raise ReadError(
        "RTF 文档内容过大，超出读取上限；请去掉其中的图片，或另存为 .docx 后再试。",
        "The RTF document is larger than is read; remove its pictures, or save it as .docx.",
    )
