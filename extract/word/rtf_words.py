"""The words of Rich Text Format that matter here, and what holds while they come by: in a group, for a row."""

from __future__ import annotations

from dataclasses import dataclass, field

from extract.word.doc_flow import RowShape

MAX_CELLS = 1_000
"""The cells of a row."""

SYMBOL_CHARSET = 2
"""The character set of fonts of signs."""

#: character sets by their number; Western ones are read as the document's own: Chinese programs write them wrongly
CODECS = {77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 204: "cp1251"}
_CODE_PAGES = {936: "gb18030", 54936: "gb18030", 950: "cp950", 65001: "utf-8", 10000: "mac_roman"}
CHARACTERS = {
    b"tab": "\t", b"line": "\n", b"lbr": "\n", b"page": "\n", b"emdash": "—", b"endash": "–", b"bullet": "•",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"emspace": "\u2003",
    b"enspace": "\u2002", b"qmspace": "\u2005",
}  # fmt: skip
SIGNS = {b"~": "\xa0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}"}
#: groups whose text is not on the page
UNSEEN = frozenset({
    b"colortbl", b"stylesheet", b"info", b"pict", b"footnote", b"annotation", b"fldinst", b"objdata", b"themedata",
    b"datastore", b"listtable", b"listoverridetable", b"rsidtbl", b"generator", b"xmlnstbl", b"nonesttables", b"tc",
    b"xe", b"ftnsep", b"ftnsepc", b"aftnsep", b"aftnsepc", b"listtext", b"pntext", b"upr", b"sp", b"atnid",
    b"atnauthor", b"bkmkstart", b"bkmkend", b"shprslt",
})  # fmt: skip
#: groups that say of themselves that older programs may skip them, and whose text is on the page
SEEN = frozenset({b"nesttableprops", b"shpinst", b"shptxt", b"ud", b"fldrslt", b"dptxbxtext"})
MARGINS = {
    b"header": "页眉", b"headerl": "页眉", b"headerr": "页眉", b"headerf": "页眉",
    b"footer": "页脚", b"footerl": "页脚", b"footerr": "页脚", b"footerf": "页脚",
}  # fmt: skip
_WINDOWS = (874, 932, 949, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258, 437, 850)


def codec_of_page(number: int) -> str:
    """The codec of a Windows code page; that of Western Europe for one that nobody knows."""
    return _CODE_PAGES.get(number, f"cp{number}" if number in _WINDOWS else "cp1252")


@dataclass(slots=True)
class Group:
    """What holds within a pair of braces; an inner pair begins with a copy."""

    is_unseen: bool = False
    is_fonts: bool = False
    margin: str = ""
    font: int = -1
    skipped: int = 1  # the characters behind a \u that older programs show instead
    change: str = ""
    is_struck: bool = False
    is_raised: bool = False
    in_table: bool = False
    depth: int = 0


@dataclass(slots=True)
class RowDraft:
    """A row's shape while its words come by; they stand in front of each cell's right edge."""

    left: int = 0
    edges: list[int] = field(default_factory=list)
    down: list[str] = field(default_factory=list)
    across: list[str] = field(default_factory=list)
    next_down: str = ""
    next_across: str = ""

    def end_cell(self, right: int) -> None:
        """End a cell at its right edge."""
        if len(self.edges) < MAX_CELLS:
            self.edges.append(right)
            self.down.append(self.next_down)
            self.across.append(self.next_across)
        self.next_down = self.next_across = ""

    def shape(self) -> RowShape | None:
        """The shape of a row with these cells; None where there are none."""
        if not self.edges:
            return None
        left = min(self.left, self.edges[0] - 1)
        return RowShape([left, *self.edges], list(self.down), list(self.across))
