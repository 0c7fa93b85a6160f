"""Word documents that go back: the comments stand at their cells, and nothing else has changed."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx_builder import CONTINUE, RESTART, p, r, span, tbl, tc, tr
from docx_builder import docx as bare_docx
from remarks import HOSTILE, ZH, remark

from extract.document import Grid, ReadError
from extract.word.docx import read_docx
from extract.word.office import find_office
from zipingbiao.report.returns.remark import Marked
from zipingbiao.report.returns.word import mark_word

SAMPLES = Path(__file__).parents[1] / "samples"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TEXT_BOX = (
    f'<w:r {_WORD} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
    "<w:txbxContent><w:p><w:r><w:t>框内文字</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice>"
    "<mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>框内文字</w:t></w:r></w:p></w:txbxContent></w:pict>"
    "</mc:Fallback></mc:AlternateContent></w:r>"
)


def document(*body: str) -> bytes:
    """A document that Word opens, with this XML as its body."""
    paper = docx.Document()
    for xml in body:
        paper.element.body.insert(len(paper.element.body) - 1, parse_xml(xml.replace(">", f" {_WORD}>", 1)))
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def marked(data: bytes, *places: str) -> Marked:
    return mark_word(data, "表.docx", [remark(n, place) for n, place in enumerate(places, 1)], ZH)


def commented(content: bytes) -> list[tuple[str, str]]:
    """For each comment its text, and the text of what it is about, cells parted by ``|``."""
    paper = docx.Document(io.BytesIO(content))
    return [
        (comment.text, _between(paper.element.body, str(comment.comment_id))) for comment in paper.comments
    ]


def _between(body: Any, key: str) -> str:
    texts: list[str] = []
    inside = False
    cell = None
    for node in body.iter():
        if node.tag == f"{W}commentRangeStart" and node.get(f"{W}id") == key:
            inside = True
            cell = next(node.iterancestors(f"{W}tc"), None)
        elif node.tag == f"{W}commentRangeEnd" and node.get(f"{W}id") == key:
            assert inside, "the range ends before it begins"
            assert next(node.iterancestors(f"{W}tc"), None) is cell, "the range leaves the cell"
            return "".join(texts)
        elif node.tag == f"{W}t" and inside:
            texts.append(node.text or "")
    raise AssertionError("no such range")


def content_of(data: bytes) -> list[list[list[str]] | str]:
    """All that is read of a document."""
    return [
        [[cell.text for cell in row] for row in block.rows] if isinstance(block, Grid) else block.text
        for block in read_docx(data, "").blocks
    ]


FORM = (
    p("自评表"),
    tbl(
        tr(tc("项目", RESTART), tc("资金总额", span(2)), "得分"),
        tr(tc("", CONTINUE), "23", "3.65", ""),
        tr("总分", tc("", span(2)), tc(p("90") + p("分"))),
    ),
    p(r("说明", "<w:b/>")),
)


def test_a_comment_stands_at_the_cell_of_its_place_merged_blank_or_of_several_paragraphs() -> None:
    done = marked(document(*FORM), "表1 第1行 第1列", "表1 第1行 第2列", "表1 第2行 第4列", "表1 第3行 第4列")
    assert [about for _, about in commented(done.content)] == ["项目", "资金总额", "", "90分"]
    assert done.astray == frozenset()


@pytest.mark.parametrize("sample", sorted(path.parent.name for path in SAMPLES.glob("*/form.docx")))
def test_in_every_sample_the_comment_of_every_cell_and_paragraph_is_about_its_text(sample: str) -> None:
    data = (SAMPLES / sample / "form.docx").read_bytes()
    blocks = read_docx(data, "").blocks
    pieces = [piece for b in blocks for piece in (b.cells() if isinstance(b, Grid) else (b,))]
    done = marked(data, *(piece.where.place for piece in pieces))
    assert done.astray == frozenset()
    with zipfile.ZipFile(io.BytesIO(done.content)) as container:
        body = parse_xml(container.read("word/document.xml"))
    about: dict[int, str] = {}
    for mark in body.iter(f"{W}commentReference"):
        tags = (f"{W}tc", f"{W}p")
        holder = next(holder for tag in tags for holder in mark.iterancestors(tag))
        about[int(mark.get(f"{W}id"))] = "".join(text.text or "" for text in holder.iter(f"{W}t"))
    told = [about[number].split() for number in range(len(pieces))]
    assert told == ["".join(piece.text.split("\n")).split() for piece in pieces]


def test_the_blank_cell_that_is_commented_on_is_the_one_of_the_place() -> None:
    done = marked(document(*FORM), "表1 第2行 第4列")
    table = docx.Document(io.BytesIO(done.content)).tables[0]
    cells = [[bool(cell._tc.findall(f".//{W}commentReference")) for cell in row.cells] for row in table.rows]
    assert [(r, c) for r, row in enumerate(cells) for c, found in enumerate(row) if found] == [(1, 3)]


def test_a_paragraph_outside_tables_is_commented_on() -> None:
    done = marked(document(*FORM), "第2段")
    assert [about for _, about in commented(done.content)] == ["说明"]


def test_a_comment_says_what_was_found_and_what_was_expected() -> None:
    ((text, _),) = commented(
        mark_word(document(*FORM), "", [remark(3, "第1段", "表1 第1行 第2列")], ZH).content
    )
    assert text.split("\n") == [
        "【3】错误 SCORE01 总分不等于得分之和",
        "总分填报100分，各项得分合计90分。",
        "填报：100",
        "应为：90",
        "相关位置：表1 第1行 第2列",
    ]


def test_nothing_but_the_comments_changes() -> None:
    before = document(*FORM)
    done = marked(before, "表1 第2行 第4列", "第1段").content
    assert content_of(done) == content_of(before)
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(done)) as new:
        changed = {
            name for name in new.namelist() if name not in old.namelist() or old.read(name) != new.read(name)
        }
        assert set(old.namelist()) <= set(new.namelist())
        # what is marked can be taken out again: then the body is what it was
        body = parse_xml(new.read("word/document.xml"))
        for tag in ("commentRangeStart", "commentRangeEnd", "commentReference"):
            for node in list(body.iter(W + tag)):
                holder = node.getparent() if tag == "commentReference" else node
                holder.getparent().remove(holder)
        original = parse_xml(old.read("word/document.xml"))
    assert changed == {
        "word/document.xml", "word/comments1.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"
    }  # fmt: skip
    assert [(n.tag, n.text, dict(n.attrib)) for n in body.iter()] == [
        (n.tag, n.text, dict(n.attrib)) for n in original.iter()
    ]


def test_a_table_in_a_cell_is_commented_on() -> None:
    inner = tbl(tr("内甲", "内乙"))
    done = marked(
        document(tbl(tr("外甲", tc(p("外乙") + inner + p())))), "表2 第1行 第2列", "表1 第1行 第2列"
    )
    texts = commented(done.content)
    assert texts[0][1] == "内乙"
    assert texts[1][1].startswith("外乙")
    assert done.astray == frozenset()


def test_a_content_control_that_nobody_filled_in_is_commented_on() -> None:
    control = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>单击输入</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>"
    )
    done = marked(document(tbl(tr("单位", tc("").replace("<w:p></w:p>", control)))), "表1 第1行 第2列")
    assert commented(done.content)[0][1] == "单击输入"
    assert done.astray == frozenset()


def test_within_a_text_box_the_comment_hangs_on_the_paragraph_of_the_box_and_names_the_place() -> None:
    paper = docx.Document()
    paper.add_paragraph("一")
    paper.add_paragraph("二").runs[0]._r.addnext(parse_xml(TEXT_BOX))
    out = io.BytesIO()
    paper.save(out)
    assert [line.text for line in read_docx(out.getvalue(), "").blocks if not isinstance(line, Grid)] == [
        "一", "二", "框内文字",
    ]  # fmt: skip
    done = marked(out.getvalue(), "第2段")
    body = docx.Document(io.BytesIO(done.content)).element.body
    (start,) = body.iter(f"{W}commentRangeStart")
    assert not list(start.iterancestors(f"{W}txbxContent"))
    assert done.astray == frozenset()


def test_a_place_that_is_not_there_is_named_in_a_comment_on_the_first_cell_of_its_table() -> None:
    done = marked(document(*FORM), "表1 第9行 第9列", "页眉 第1行")
    (near, about), (top, title) = commented(done.content)
    assert (about, title) == ("项目", "自评表")
    assert "位置：表1 第9行 第9列" in near and "位置：页眉 第1行" in top
    assert done.astray == {1, 2}


def test_a_finding_about_the_whole_form_stands_at_its_beginning() -> None:
    done = marked(document(*FORM), "")
    assert commented(done.content)[0][1] == "自评表"
    assert done.astray == frozenset()


def test_the_comments_that_a_document_has_stay() -> None:
    paper = docx.Document(io.BytesIO(document(*FORM)))
    run = paper.paragraphs[0].runs[0]
    paper.add_comment([run], text="科长：已阅", author="科长")
    out = io.BytesIO()
    paper.save(out)
    texts = [text for text, _ in commented(marked(out.getvalue(), "第2段", "第1段").content)]
    assert texts[0] == "科长：已阅"
    assert [text[:3] for text in texts[1:]] == ["【1】", "【2】"]


@pytest.mark.parametrize("message", HOSTILE)
def test_whatever_a_form_says_does_no_harm_in_a_comment(message: str) -> None:
    done = mark_word(document(*FORM), "", [remark(1, "第1段", message=message)], ZH)
    ((text, _),) = commented(done.content)
    assert not set(text) & set("\x00\x0b\ufffe\u202e\u202c")
    assert len(text) <= 4_000
    assert content_of(done.content) == content_of(document(*FORM))


def test_a_document_that_unpacks_to_more_than_is_copied_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO(document(*FORM))
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as container:
        container.writestr("word/media/image1.bmp", bytes(3_000_000))
    assert commented(marked(packed.getvalue(), "第1段").content)
    monkeypatch.setattr("zipingbiao.report.returns.container._MOST_COPIED", 2_000_000)
    with pytest.raises(ReadError):
        marked(packed.getvalue(), "第1段")


def test_a_document_that_lacks_the_list_of_its_parts_is_refused_in_a_sentence() -> None:
    with pytest.raises(ReadError):
        marked(bare_docx(p("甲")), "第1段")


@pytest.mark.skipif(not find_office(), reason="LibreOffice is not installed")
def test_libreoffice_opens_it_with_the_comments(tmp_path: Path) -> None:
    (tmp_path / "表.docx").write_bytes(marked(document(*FORM), "表1 第2行 第4列", "第1段").content)
    subprocess.run(
        [find_office(), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to",
         "fodt", "--outdir", str(tmp_path), str(tmp_path / "表.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    saved = (tmp_path / "表.fodt").read_text(encoding="utf-8")
    assert saved.count("<office:annotation ") == 2
    assert "总分不等于得分之和" in saved
