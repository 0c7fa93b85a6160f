"""OFD files made to do harm, and broken ones: each is refused in one sentence, or costs no more than what is wrong."""

from __future__ import annotations

import pytest
from ofd_builder import (
    ROOT,
    ROWS,
    glyphs,
    grids,
    lines,
    ofd,
    packed,
    page,
    parts_of,
    path,
    picture,
    read,
    table,
    text,
)

from extract.document import ReadError
from extract.ofd.read import read_ofd
from extract.readers import find_format, read_bytes

CELLS = [list(row) for row in ROWS]


def without(name: str) -> bytes:
    parts = parts_of(table())
    del parts[name]
    return packed(parts)


def with_document(old: str, new: str) -> bytes:
    parts = parts_of(table())
    assert old in parts["Doc_0/Document.xml"]
    return packed({**parts, "Doc_0/Document.xml": parts["Doc_0/Document.xml"].replace(old, new)})


def cycle() -> bytes:
    inner = '<ofd:CompositeObject ID="9" ResourceID="20" Boundary="0 0 9 9"/>'
    resources = (
        f'<ofd:Res {ROOT}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="20"><ofd:Content>{inner}'
        "</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>"
    )
    return ofd(inner, common="<ofd:PublicRes>R.xml</ofd:PublicRes>", parts={"Doc_0/R.xml": resources})


def tens() -> bytes:
    """Ten levels, each of which places the next one ten times."""
    units = "".join(
        f'<ofd:CompositeGraphicUnit ID="{20 + level}"><ofd:Content>'
        + f'<ofd:CompositeObject ID="9" ResourceID="{21 + level}" Boundary="0 0 9 9"/>' * 10
        + "</ofd:Content></ofd:CompositeGraphicUnit>"
        for level in range(10)
    )
    resources = f"<ofd:Res {ROOT}><ofd:CompositeGraphicUnits>{units}</ofd:CompositeGraphicUnits></ofd:Res>"
    placed = '<ofd:CompositeObject ID="9" ResourceID="20" Boundary="0 0 9 9"/>'
    return ofd(placed, common="<ofd:PublicRes>R.xml</ofd:PublicRes>", parts={"Doc_0/R.xml": resources})


def bomb() -> bytes:
    return ofd(table(), parts={"Doc_0/Pages/Page_0/Content.xml": b" " * 60_000_000})


def many_pages() -> bytes:
    entry = '<ofd:Page ID="100" BaseLoc="Pages/Page_0/Content.xml"/>'
    return with_document(entry, entry * 3001)


def entities() -> bytes:
    inside = f'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>{page(text(20, 40, "x")).replace("x<", "&e;<")}'
    return ofd(table(), parts={"Doc_0/Pages/Page_0/Content.xml": inside})


HARMFUL = {
    "path out": (with_document("Pages/Page_0", "../../../../etc"), "路径指向文件之外"),
    "encrypted": (ofd(table(), parts={"Encryptions.xml": "<a/>"}), "已加密"),
    "entities": (entities(), "DOCTYPE"),
    "unpacked": (bomb(), "过大"),
    "cycle": (cycle(), "没有尽头"),
    "tens": (tens(), "多得异常"),
    "letters": (ofd(text(20, 40, "字" * 60_001, "0")), "多得异常"),
    "objects": (ofd('<ofd:PathObject ID="1"/>' * 60_001), "多得异常"),
    "points": (ofd(path("M 0 0 " + "L 1 1 " * 200_001)), "多得异常"),
    "pages": (many_pages(), "3000 页"),
    "deep": (ofd("<ofd:PageBlock>" * 60 + "</ofd:PageBlock>" * 60), "没有尽头"),
    "no document": (without("Doc_0/Document.xml"), "缺少必要的部分"),
    "no page": (without("Doc_0/Pages/Page_0/Content.xml"), "第1页的内容缺失"),
    "no pages": (
        with_document('<ofd:Page ID="100" BaseLoc="Pages/Page_0/Content.xml"/>', ""),
        "缺少必要的部分",
    ),
    "no template": (ofd(page(table(), '<ofd:Template TemplateID="7"/>')), "模板缺失"),
    "empty": (packed({"OFD.xml": ""}), "XML"),
    "no body": (packed({"OFD.xml": "<OFD/>"}), "缺少必要的部分"),
    "blank": (ofd(lines()), "没有文字"),
    "scan": (ofd(picture(), picture()), "扫描件"),
    "glyphs only": (ofd(glyphs(30)), "只有字形"),
    "private meanings": (ofd(text(20, 40, "\ue123\ue124预算\ue125")), "只有字形"),
}


@pytest.mark.parametrize(("data", "said"), HARMFUL.values(), ids=HARMFUL)
def test_what_cannot_be_read_is_refused_in_one_sentence(data: bytes, said: str) -> None:
    assert find_format(data).name == "ofd"
    with pytest.raises(ReadError) as refused:
        read_ofd(data, "form.ofd")
    zh, en = refused.value.message
    assert said in zh and zh.endswith("。") and zh.count("。") == 1 and en.endswith(".")
    assert "passwd" not in zh


@pytest.mark.parametrize(
    "numbers", ["nan nan nan nan", "1e308 1e308 1e308 1e308", "a b c d", "", "1 2 3", "1;2;3;4"]
)
def test_numbers_that_are_none_cost_no_more_than_their_object(numbers: str) -> None:
    wild = path("M 0 0 L 5 5", at=numbers) + text(20, 80, "注", more=f'CTM="{numbers} 0 0"')
    wild += f'<ofd:ImageObject ID="9" Boundary="{numbers}"/>' + path(f"M {numbers} L {numbers} C X 9")
    assert CELLS in grids(read(wild + table()))


def test_a_cut_off_file_is_refused() -> None:
    data = ofd(table())
    with pytest.raises(ReadError):
        read_bytes(data[: len(data) // 2], "form.ofd")
