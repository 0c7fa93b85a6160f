"""The boxes in which Excel shows comments, in the language that it has for them (VML)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.document import ReadError

_ROOT = """<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"\
 xmlns:x="urn:schemas-microsoft-com:office:excel">
<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{blocks}"/></o:shapelayout>
</xml>
"""
_KIND = """<v:shapetype id="_x0000_t202zpb" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"\
 xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>
"""
#: begins below the row above, one column to the right, four columns wide and eight rows high
_SHAPE = """<v:shape id="_x0000_s{number}" type="#_x0000_t202zpb"\
 style="position:absolute;width:260pt;height:130pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"\
 xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"\
 xmlns:x="urn:schemas-microsoft-com:office:excel">
<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>
<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>
<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>\
<x:Anchor>{left}, 15, {top}, 2, {right}, 31, {bottom}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>\
<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>
"""
_NUMBER = re.compile(rb"_x0000_s([0-9]{1,9})")
#: the numbers of shapes come in blocks of so many; those of the first block begin with the second number
_BLOCK, _FIRST = 1024, 1025
#: a box does not reach beyond the last column
_LAST_COLUMN = 16_379


def with_shapes(vml: bytes, slots: Sequence[tuple[int, int]]) -> bytes:
    """A drawing with a box for the comment of each slot (row and column from 1); blank for a new drawing.

    An old drawing is added to as text: what Excel itself writes is often no XML. Raises ReadError where its
    end is not found.
    """
    blocks = ",".join(map(str, range(1, 2 + len(slots) // _BLOCK)))
    vml = vml or _ROOT.format(blocks=blocks).encode()
    head, end, rest = vml.rpartition(b"</xml>")
    if not end:
        raise ReadError(
            "工作簿中已有的批注图形已损坏。", "The shapes of the comments that the workbook has are damaged."
        )
    number = max(map(int, _NUMBER.findall(vml)), default=_FIRST - 1)
    shapes = "" if b"_x0000_t202zpb" in vml else _KIND
    for row, column in slots:
        number += 1
        shapes += _SHAPE.format(
            number=number,
            row=row - 1,
            column=column - 1,
            left=min(column, _LAST_COLUMN),
            right=min(column, _LAST_COLUMN) + 4,
            top=max(row - 2, 0),
            bottom=max(row - 2, 0) + 8,
        )
    return head + shapes.encode() + end + rest
