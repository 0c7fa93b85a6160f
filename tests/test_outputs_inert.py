"""What a stranger wrote is text, whole, in every output: no formula, no markup, no placeholder, no path of its choosing.

The same forms, one for each text of `HOSTILE`, go through all tables, the returned documents and the working papers.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import docx
import lxml.html
import openpyxl
import pytest
import xlsxwriter
from small_form import SMALL_FORM
from typer.testing import CliRunner

import zipingbiao as zpb
from extract.word.office import find_office
from zipingbiao.across.names import name_key
from zipingbiao.cli import app
from zipingbiao.columns import TABLES
from zipingbiao.report.returns.wording import inert
from zipingbiao.report.workbook.texts import MAX_TEXT, fitting

for library in ("docxtpl", "pypdf", "pyarrow"):
    pytest.importorskip(library)

HOSTILE = {
    "a formula": '=HYPERLINK("http://x","y")',
    "a sum": "+1+cmd|'/c calc'!A0",
    "a difference": "-1+1",
    "a function": "@SUM(A1)",
    "a script": "<script>alert(1)</script>",
    "an image": '"><img src=x onerror="alert(1)">',
    "the end of a text in Word": "</w:t></w:r><w:br/>]]>&amp;",
    "the end of a text in Excel": "</t></is></c><c><f>1</f></c>",
    "a placeholder": "{{ 7*7 }}{{ 单位 }}",
    "a loop": "{%p for x in y %}{# gone #}{_{ a }_}",
    "a long one": "绩" * 32_768,
    "control characters": "前\x01中\x07后\x1b[31m\x7f终",
    "characters beyond the first plane": "😀👨‍👩‍👧🇨🇳𠮷",
    "turned around": "\u202etxt.exe\u200f",
    "a quote": '\'; DROP TABLE forms; -- "" ``',
    "a path": "..\\..\\../etc/C:\\x|?*",
}
#: of names of files, on systems that take them
NAMES = (
    "=HYPERLINK(A1)",
    "{{ 7*7 }}{%p x %}",
    "<img src=x onerror=alert(1)>",
    "\u202etxt.exe",
    "' OR 1=1 --",
)
KINDS = "csv,xlsx,html,parquet,sqlite,jsonl"


class Outputs(NamedTuple):
    """The folders of a run, of what is returned and of the papers, and the rows that they are made from."""

    tables: Path
    returned: Path
    papers: Path
    run: zpb.Run

    def said(self, table: str, column: str) -> list[str]:
        return [str(row[column]) for row in self.run.rows[table]]


def lines_of(text: str) -> list[list[str]]:
    """The small form with ``text`` wherever people write, as rows of cells."""
    rows = [line.strip("| ").split(" | ") for line in SMALL_FORM.splitlines()]
    names = ("乡村道路养护", "某县公路站", "养护里程", "★出行条件", "雨季停工")
    return [[text if cell.removeprefix("指标1：") in names else cell for cell in row] for row in rows]


def workbook(text: str) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("自评表")
        for at, row in enumerate(lines_of(text)):
            for col, cell in enumerate(row):
                sheet.write_string(at, col, cell)
    return out.getvalue()


def word(text: str) -> bytes:
    paper, rows = docx.Document(), lines_of(text)
    for row in rows[:3]:
        paper.add_paragraph("".join(row))
    table = paper.add_table(0, 8)
    for row in rows[4:]:
        for cell, said in zip(table.add_row().cells, row, strict=False):
            cell.text = said
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    desk = tmp_path_factory.mktemp("inert")
    forms = desk / "in"
    forms.mkdir()
    for number, text in enumerate(HOSTILE.values()):
        if len(text) <= MAX_TEXT:
            (forms / f"{number}.xlsx").write_bytes(workbook(text))
        (forms / f"{number}.txt").write_bytes(
            "\n".join(f"| {' | '.join(row)} |" for row in lines_of(text)).encode()
        )
        if not re.search("[\x00-\x1f]", text):
            (forms / f"{number}.docx").write_bytes(word(text))
    if os.name != "nt":
        for name in NAMES:
            (forms / f"{name}.txt").write_text(SMALL_FORM, encoding="utf-8")
    found = Outputs(
        desk / "结果",
        desk / "退回",
        desk / "底稿",
        zpb.run(forms, out=desk / "结果", tables=KINDS.split(",")),
    )
    for command, to in (("return", found.returned), ("paper", found.papers)):
        done = CliRunner().invoke(app, [command, str(found.tables), "--to", str(to), "--severity", "note"])
        assert done.exit_code == 0, done.output
    return found


def test_the_forms_say_it(outputs: Outputs) -> None:
    """Else nothing of what follows could fail."""
    for column in ("project_name", "implementing_unit"):
        assert set(HOSTILE.values()) <= set(outputs.said("forms", column))
    assert set(HOSTILE.values()) <= set(outputs.said("indicators", "name"))
    messages = "\n".join(outputs.said("findings", "message"))
    assert all(text[:20] in messages for text in HOSTILE.values())
    if os.name != "nt":
        assert {f"{name}.txt" for name in NAMES} <= {
            Path(source).name for source in outputs.said("sources", "source")
        }


def from_csv(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def from_sqlite(folder: Path, table: str) -> list[dict[str, str]]:
    base = sqlite3.connect(folder / "zipingbiao.sqlite")
    base.row_factory = sqlite3.Row
    return [dict(row) for row in base.execute(f"SELECT * FROM {table}")]


def from_parquet(folder: Path, table: str) -> list[dict[str, str]]:
    from pyarrow import parquet

    return list(parquet.read_table(folder / f"{table}.parquet").to_pylist())


@cache
def opened(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def from_workbook(folder: Path, table: str) -> list[dict[str, str]]:
    wanted = {column.name for column in TABLES[table] if not column.name.endswith("_formula")}
    for sheet in opened(folder / "zipingbiao.xlsx"):
        names = [str(cell.value).rpartition("\n")[2] for cell in sheet[1]]
        if wanted <= set(names) and (table == "findings") == ("about" in names):
            return [
                dict(zip(names, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)
            ]
    raise AssertionError(table)


@pytest.mark.parametrize("table", ["sources", "forms", "indicators", "findings"])
@pytest.mark.parametrize(
    ("read", "as_there"),
    [
        # what Excel would compute has an apostrophe in front
        (from_csv, lambda text: f"'{text}" if text.startswith(("=HYPER", "+1+", "-1+", "@SUM")) else text),
        (from_sqlite, str),
        (from_parquet, str),
        (from_workbook, fitting),
    ],
)
def test_a_table_has_every_text_whole(
    outputs: Outputs,
    read: Callable[[Path, str], list[dict[str, str]]],
    as_there: Callable[[str], str],
    table: str,
) -> None:
    rows = read(outputs.tables, table)
    for column in (
        one.name for one in TABLES[table] if one.kind == "text" and not one.name.endswith("_formula")
    ):
        assert [row[column] or "" for row in rows] == [
            as_there(text) for text in outputs.said(table, column)
        ], column


def test_no_text_is_a_formula_or_a_link_to_elsewhere_in_the_workbook(outputs: Outputs) -> None:
    for sheet in opened(outputs.tables / "zipingbiao.xlsx"):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert re.fullmatch(r"=(ROUND|MIN|MAX|[0-9.+*/(),-])+", str(cell.value))
                if cell.hyperlink is not None and cell.hyperlink.target:
                    assert cell.hyperlink.target.startswith(("../", "..\\", "file:"))


def test_a_line_of_findings_is_json_with_every_text_whole(outputs: Outputs) -> None:
    lines = (outputs.tables / "findings.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["message"] for line in lines] == outputs.said("findings", "message")


def test_the_description_of_the_tables_holds(outputs: Outputs) -> None:
    validate = pytest.importorskip("frictionless").validate
    report = validate(str(outputs.tables / "datapackage.json"))
    assert [error.message for task in report.tasks for error in task.errors] == [] and report.valid


def test_the_page_has_nothing_but_its_own_elements(outputs: Outputs) -> None:
    page = lxml.html.parse(str(outputs.tables / "report.html")).getroot()
    assert len(page.xpath("//script")) == 1 and not page.xpath(
        "//img | //iframe | //object | //link | //*[@src]"
    )
    assert not [name for name in page.xpath("//@*") if name.attrname.startswith("on")]
    assert all(re.fullmatch("#[nLFc0-9a-z]+", link) for link in page.xpath("//a/@href"))
    names = {cell.xpath("string(text())") for cell in page.xpath("//article//td[@data-en='project name']")}
    names |= {cell.xpath("string(div)") for cell in page.xpath("//article//td[@data-en='project name'][div]")}
    assert {re.sub("[\x01-\x1f\x7f]", "\ufffd", text) for text in HOSTILE.values()} <= names


def text_of(path: Path) -> str:
    """All text of a Word document, with its headers, its footers and its comments."""
    paper = docx.Document(str(path))
    parts = [paper.element.body, *(one._element for s in paper.sections for one in (s.header, s.footer))]
    parts += [comment._comment_elm for comment in paper.comments]
    return "\n".join("".join(part.itertext()) for part in parts)


def fields_of(path: Path) -> set[str]:
    """What Word computes, fetches or follows in a document."""
    body = docx.Document(str(path)).element.body
    names = ("instrText", "hyperlink", "object", "altChunk")
    return {name for name in names if next(body.iter(f"{{*}}{name}"), None) is not None}


def shown(text: str) -> str:
    """A text as a Word document holds it: without what XML cannot hold, nor what turns it around, and one line."""
    return inert(text).replace("\n", "")


def test_a_paper_has_every_text_whole(outputs: Outputs) -> None:
    papers = sorted(outputs.papers.iterdir())
    assert len(papers) == len(set(map(name_key, outputs.said("forms", "implementing_unit"))))
    texts = {paper: text_of(paper) for paper in papers}
    assert not [paper for paper in papers if fields_of(paper)]
    for text in HOSTILE.values():
        held = re.sub("[\x00-\x08\x0b-\x1f\x7f]", "\ufffd", text)
        # the unit's name, the project's, and the indicator's in the sentence of a finding
        assert any(said.count(held[:40]) >= 3 and held in said for said in texts.values()), text[:40]
    assert not any("49" in said for said in texts.values())


def test_a_returned_document_has_every_text_whole(outputs: Outputs) -> None:
    copies = [path for path in outputs.returned.rglob("*.docx") if not path.name.startswith("核查反馈函")]
    said = "\n".join(map(text_of, copies))
    assert not [path for path in copies if fields_of(path)]
    for text in HOSTILE.values():
        assert shown(text) in said, text[:40]
        assert f"“{shown(text)[:200]}" in said, "a comment names the indicator"


def test_a_returned_workbook_has_comments_of_text_and_no_formula(outputs: Outputs) -> None:
    said = []
    for path in outputs.returned.rglob("*.xlsx"):
        for row in openpyxl.load_workbook(path).active.iter_rows():
            assert not [cell.value for cell in row if cell.data_type == "f"]
            said += [cell.comment.text for cell in row if cell.comment is not None]
    for text in HOSTILE.values():
        if len(text) <= MAX_TEXT:
            assert any(f"“{shown(text)}" in comment for comment in said), text


def test_a_letter_names_unit_and_project_as_text(outputs: Outputs) -> None:
    letters = list(outputs.returned.glob("核查反馈函*.docx"))
    said = list(map(text_of, letters))
    assert not [path for path in letters if fields_of(path)]
    for text in HOSTILE.values():
        assert any(shown(text)[:500] in letter for letter in said), text[:40]


def test_every_file_lies_in_its_folder_under_a_name_that_windows_takes(outputs: Outputs) -> None:
    desk = outputs.tables.parent
    assert {path.name for path in desk.iterdir()} == {"in", "结果", "退回", "底稿"}
    for folder in (outputs.returned, outputs.papers):
        for path in folder.rglob("*"):
            assert not re.search('[<>:"|?*\\\\\x00-\x1f\u202a-\u202e]', path.name) and len(path.name) <= 100


@pytest.mark.skipif(not find_office(), reason="LibreOffice is not installed")
def test_libreoffice_opens_papers_letters_and_returned_documents(outputs: Outputs, tmp_path: Path) -> None:
    given = tmp_path / "in"
    given.mkdir()
    for number, text in enumerate(HOSTILE.values()):
        if len(text) < 1000:
            # by their numbers: the file's own name is another test's
            (copy,) = outputs.returned.glob(f"**/{number}.txt.docx")
            shutil.copy(copy, given / f"copy-{number}.docx")
    for kind, folder in (("paper", outputs.papers), ("letter", outputs.returned)):
        for number, path in enumerate(sorted(folder.glob("*-*.docx"))):
            shutil.copy(path, given / f"{kind}-{number}.docx")
    subprocess.run(
        [find_office(), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "txt:Text",
         "--outdir", str(tmp_path / "out"), *map(str, sorted(given.iterdir()))],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    read = {path.stem: path.read_text(encoding="utf-8-sig") for path in (tmp_path / "out").iterdir()}
    assert set(read) == {path.stem for path in given.iterdir()}
    for kind in ("copy", "paper", "letter"):
        said = "".join(text for name, text in read.items() if name.startswith(kind))
        for text in (
            "<script>alert(1)</script>",
            '=HYPERLINK("http://x","y")',
            "{{ 7*7 }}{{ 单位 }}",
            "</w:t></w:r>",
        ):
            assert text in said, (kind, text)
