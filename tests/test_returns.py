"""The command `return`: copies of the units' documents with the findings in them, and letters; nothing of theirs is touched."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
import sys
import zipfile
from importlib import util
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from remarks import HOSTILE, ZH, remark
from typer.testing import CliRunner, Result

from extract.document import Grid, ReadError
from extract.readers import read, read_bytes
from extract.word.docx import read_docx
from zipingbiao.cli import app
from zipingbiao.engine.local import Lost
from zipingbiao.explain import ALL_CHECKS
from zipingbiao.report.returns.cover import Returned, write_cover
from zipingbiao.report.returns.names import Names, common_folder, safe_step, steps
from zipingbiao.report.returns.one import Task, mark_one
from zipingbiao.report.returns.rendering import set_anew
from zipingbiao.report.returns.results import FormRow, ResultsError, read_results
from zipingbiao.report.returns.wording import Wording

SAMPLES = Path(__file__).parents[1] / "samples"
#: the execution score that is missing, and the total that is not the sum: two errors in each file
SEED = SAMPLES / "seed"
UNIT = "云岫市政协"


def say(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def texts_of(document: bytes | Path) -> str:
    paper = docx.Document(io.BytesIO(document) if isinstance(document, bytes) else str(document))
    cells = (cell.text for table in paper.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(p.text for p in paper.paragraphs), *cells])


def comments_of(path: Path) -> list[str]:
    return [comment.text for comment in docx.Document(str(path)).comments]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with submissions in ``in`` and the results of a run over them in ``out``."""
    office = tmp_path_factory.mktemp("office")
    (office / "in" / "甲局").mkdir(parents=True)
    for name in ("form.docx", "form.xlsx", "form.pdf", "form.txt"):
        shutil.copy(SEED / name, office / "in" / "甲局" / name)
    with zipfile.ZipFile(office / "in" / "补交.zip", "w", zipfile.ZIP_DEFLATED) as parcel:
        parcel.write(SEED / "form.odt", "二科/form.odt")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(office)
        assert say("run", "in", "--out", "out", "--quiet").exit_code == 0
    return office


@pytest.fixture
def desk(office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, to work in."""
    shutil.copytree(office, tmp_path / "office")
    monkeypatch.chdir(tmp_path / "office")
    return tmp_path / "office"


class TestReturn:
    def test_each_document_comes_back_in_the_tree_it_came_in_with_a_letter_to_the_unit(
        self, desk: Path
    ) -> None:
        before = digests(desk)
        done = say("return", "out", "--to", "back")
        assert done.exit_code == 0
        assert "标注稿 5 份（疑点 10 项），核查反馈函 1 份" in done.stdout
        assert set(digests(desk / "back")) == {
            f"核查反馈函-{UNIT}.docx", "甲局/form.docx", "甲局/form.xlsx", "甲局/form.pdf", "甲局/form.txt.docx",
            "补交.zip/二科/form.odt.docx",
        }  # fmt: skip
        assert {name: digests(desk)[name] for name in before} == before

    def test_each_copy_has_the_findings_at_their_cells(self, desk: Path) -> None:
        say("return", "out", "--to", "back")
        back = desk / "back"
        for name in ("甲局/form.docx", "甲局/form.txt.docx", "补交.zip/二科/form.odt.docx"):
            assert [text.split()[1] for text in comments_of(back / name)] == ["FUND05", "SCORE01"]
        sheet = openpyxl.load_workbook(back / "甲局" / "form.xlsx").worksheets[0]
        places = {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.comment}
        with (desk / "out" / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
            told = {
                row["place"].split("; ")[0].partition("!")[2]
                for row in csv.DictReader(file)
                if row["source"].endswith("form.xlsx") and row["severity"] == "error"
            }
        assert set(places) == told
        # the score that is missing is a blank cell, the total stands in its own
        assert {str(value or "") for value in places.values()} == {"", "100"}
        notes = [
            note.get_object()["/Contents"]
            for page in PdfReader(back / "甲局" / "form.pdf").pages
            for note in page.get("/Annots", ())
        ]
        assert sum("FUND05" in note for note in notes) == sum("SCORE01" in note for note in notes) == 1

    def test_the_letter_lists_what_to_correct(self, desk: Path) -> None:
        say("return", "out", "--to", "back")
        letter = texts_of(desk / "back" / f"核查反馈函-{UNIT}.docx")
        for told in (
            f"{UNIT}：", "5 份文件、5 张自评表", "共 10 项（错误 10 项）", "派驻纪检监察组公用、业务开展经费", "2021", "表1 第4行 第9列", "等 7 处",
            "执行率得分为空", "填报：100", "应为：90", "请重新计算得分和分值后更正。", "甲局/form.txt.docx",
            "＿＿＿＿年＿＿月＿＿日",
        ):  # fmt: skip
            assert told in letter

    def test_a_rate_goes_back_in_percent_as_the_unit_wrote_it(self, tmp_path: Path) -> None:
        for kind in ("csv", "xlsx"):
            results, back = tmp_path / kind, tmp_path / f"back-{kind}"
            say("run", SAMPLES / "levels" / "form.docx", "--out", results, "--tables", kind, "--quiet")
            assert say("return", results, "--to", back).exit_code == 0
            (letter,) = back.glob("核查反馈函*")
            assert "填报：98.5%\n应为：89.08%" in texts_of(letter)
            (said,) = [text for text in comments_of(back / "form.docx") if "FUND01" in text]
            assert "填报：98.5%" in said and "0.8908" not in said

    def test_the_pages_of_a_letter_are_numbered(self, desk: Path) -> None:
        say("return", "out", "--to", "back")
        foot = docx.Document(str(desk / "back" / f"核查反馈函-{UNIT}.docx")).sections[0].footer._element
        assert foot.xpath("string()") == "第 1 页 共 1 页"
        assert foot.xpath(".//w:fldSimple/@w:instr") == ["PAGE", "NUMPAGES"]

    @pytest.mark.skipif(sys.platform != "linux", reason="names of files are UTF-8 or UTF-16 elsewhere")
    def test_a_document_whose_name_is_no_utf8_comes_back(self, tmp_path: Path) -> None:
        """As a stick has them that an old system wrote; of two that the results write alike it is the one of that content."""
        folders = [os.fsencode(tmp_path / "in") + b"/" + name.encode("gbk") for name in ("某科", "总科")]
        for folder, sample, name in zip(folders, ("seed", "levels"), ("自评表", "自评"), strict=True):
            os.makedirs(folder)
            shutil.copy(SAMPLES / sample / "form.docx", folder + b"/" + name.encode("gbk") + b".docx")
        shutil.copy(SAMPLES / "hubei" / "form.docx", folders[1] + b"/" + "自表".encode("gbk") + b".docx")
        say("run", tmp_path / "in", "--out", tmp_path / "out", "--quiet")
        done = say("return", tmp_path / "out", "--to", tmp_path / "back")
        assert (done.exit_code, "标注稿 2 份" in done.stdout) == (0, True)
        copies = (tmp_path / "back").glob("*/*.docx")
        assert sorted("FUND05" in str(comments_of(copy)) for copy in copies) == [False, True]

    def test_only_findings_as_grave_as_asked_for_come_back(self, desk: Path) -> None:
        say("return", "out", "--to", "all", "--severity", "note")
        say("return", "out", "--to", "grave", "--severity", "error")
        grave, all_of_them = (comments_of(desk / to / "甲局" / "form.txt.docx") for to in ("grave", "all"))
        assert len(all_of_them) > len(grave) == 2
        assert any("提示" in text.split("\n")[0] for text in all_of_them)

    def test_a_document_that_has_changed_or_is_gone_is_named_and_the_others_go_on(self, desk: Path) -> None:
        with (desk / "in" / "甲局" / "form.txt").open("a", encoding="utf-8") as file:
            file.write("后来加的话\n")
        (desk / "in" / "补交.zip").unlink()
        done = say("return", "out", "--to", "back")
        assert done.exit_code == 1
        assert "标注稿 3 份（疑点 6 项）" in done.stdout
        assert "in/甲局/form.txt 文件在核查之后改动过" in done.stdout
        assert "in/补交.zip!/二科/form.odt 文件不存在" in done.stdout
        assert not (desk / "back" / "甲局" / "form.txt.docx").exists()
        assert "form.txt" not in texts_of(desk / "back" / f"核查反馈函-{UNIT}.docx")

    def test_documents_are_also_found_beside_the_results(
        self, desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert say("return", desk / "out", "--to", tmp_path / "back").exit_code == 0

    def test_in_english(self, desk: Path) -> None:
        done = say("return", "out", "--to", "back", "--lang", "en")
        assert "5 annotated copies (10 findings) and 1 letters in back." in done.stdout
        letter = texts_of(desk / "back" / f"Findings-{UNIT}.docx")
        assert "Findings on the budget self-evaluation forms" in letter
        assert "表1 第4行 第9列; 表1 第4行" in letter and "(Error: 10)" in letter

    def test_a_folder_that_holds_files_is_refused(self, desk: Path) -> None:
        before = digests(desk)
        done = say("return", "out", "--to", "in")
        assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
        assert "为免覆盖" in done.stderr
        assert digests(desk) == before

    def test_a_folder_without_results_is_refused(self, desk: Path) -> None:
        done = say("return", "in", "--to", "back")
        assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
        assert "没有核查结果" in done.stderr

    def test_a_document_that_takes_no_comments_is_set_anew(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            raise ReadError("太大。", "too large")

        monkeypatch.setattr("zipingbiao.report.returns.sheet.mark_sheet", refuse)
        digest = hashlib.sha256((SEED / "form.xlsx").read_bytes()).hexdigest()
        place = next(b.where.place for b in read(SEED / "form.xlsx").blocks if not isinstance(b, Grid))
        task = Task("a", (str(SEED / "form.xlsx"),), digest, "a", (remark(1, place),), "zh")
        done = mark_one(task)
        assert (done.is_set_anew, done.refusal, done.failure) == (True, ("太大。", "too large"), None)
        assert len(docx.Document(io.BytesIO(done.content)).comments) == 1

    def test_a_document_that_brings_its_process_down_costs_only_itself(
        self, desk: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "zipingbiao.report.returns.give_back.run_in_pool",
            lambda work, tasks, **_: (
                (one, Lost.DIED if one.source.endswith("txt") else work(one)) for one in tasks
            ),
        )
        done = say("return", "out", "--to", "back")
        assert done.exit_code == 1
        assert "标注稿 4 份" in done.stdout and "in/甲局/form.txt 标注时程序出错或超时" in done.stdout

    def test_where_nothing_was_found_nothing_comes_back(self, desk: Path) -> None:
        shutil.copy(SAMPLES / "national" / "form.docx", desk / "clean.docx")
        say("run", "clean.docx", "--out", "clean", "--quiet")
        done = say("return", "clean", "--to", "back")
        assert (done.exit_code, list((desk / "back").iterdir())) == (0, [])
        assert "没有需要退回的疑点" in done.stdout

    def test_a_protected_pdf_is_set_anew_and_said_so(self, desk: Path) -> None:
        writer = PdfWriter(clone_from=str(SEED / "form.pdf"))
        writer.encrypt("", "owner", algorithm="RC4-128")
        writer.write(str(desk / "锁.pdf"))
        say("run", "锁.pdf", "--out", "locked", "--quiet")
        done = say("return", "locked", "--to", "back")
        assert "锁.pdf PDF 受保护，不允许添加批注。" in done.stdout
        assert len(comments_of(desk / "back" / "锁.pdf.docx")) == 2

    def test_without_its_libraries_one_sentence_says_what_to_install(
        self, desk: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        there = util.find_spec
        monkeypatch.setattr(
            "zipingbiao.report.returns.give_back.find_spec",
            lambda name: None if name == "pypdf" else there(name),
        )
        done = say("return", "out", "--to", "back")
        assert done.exit_code == 2
        assert 'pip install "zipingbiao[return]"' in done.stderr


class TestResults:
    def test_csv_files_that_excel_has_saved_in_gbk_are_read(self, desk: Path) -> None:
        before = read_results(Path("out"), "warning")
        for name in ("sources", "forms", "findings"):
            file = Path("out") / f"{name}.csv"
            file.write_text(file.read_text(encoding="utf-8-sig"), encoding="gb18030")
        assert read_results(Path("out"), "warning") == before

    def test_the_workbook_alone_will_do(self, desk: Path) -> None:
        before = read_results(Path("out"), "warning")
        for file in Path("out").glob("*.csv"):
            file.unlink()
        after = read_results(Path("out"), "warning")
        assert after.digests == before.digests
        assert {s: [(r.code, r.places, r.message) for r in found] for s, found in after.remarks.items()} == {
            s: [(r.code, r.places, r.message) for r in found] for s, found in before.remarks.items()
        }

    def test_findings_that_were_accepted_do_not_come_back(self, desk: Path) -> None:
        file = Path("out") / "findings.csv"
        with file.open(encoding="utf-8-sig", newline="") as old:
            rows = [
                {**row, "ignore_reason": "已核实" if row["code"] == "FUND05" else ""}
                for row in csv.DictReader(old)
            ]
        with file.open("w", encoding="utf-8-sig", newline="") as new:
            writer = csv.DictWriter(new, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        found = read_results(Path("out"), "error").remarks
        assert {remark.code for remarks in found.values() for remark in remarks} == {"SCORE01"}

    def test_a_table_that_lost_its_columns_is_refused(self, desk: Path) -> None:
        (Path("out") / "forms.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
        with pytest.raises(ResultsError, match="forms"):
            read_results(Path("out"), "error")


class TestRendering:
    @pytest.mark.parametrize("ending", ["odt", "md", "html", "tsv", "txt"])
    def test_a_table_keeps_its_texts_and_each_comment_stands_at_its_cell(self, ending: str) -> None:
        document = read(SEED / f"form.{ending}")
        (grid, *_) = [block for block in document.blocks if isinstance(block, Grid)]
        cells = list(grid.cells())
        chosen = [cells[0], cells[len(cells) // 2], next(cell for cell in cells if not cell.text)]
        remarks = [remark(n, cell.where.place) for n, cell in enumerate(chosen, 1)]
        done = set_anew(document, remarks, ZH)
        assert done.astray == frozenset()
        (again, *_) = [block for block in read_docx(done.content, "").blocks if isinstance(block, Grid)]
        width = max(map(len, grid.rows))
        assert [[cell.text.strip() for cell in row] for row in again.rows] == [
            [cell.text.strip() for cell in row] + [""] * (width - len(row)) for row in grid.rows
        ]
        # cells that were merged still are
        assert len(set(again.cells())) == len(cells) + sum(width - len(row) for row in grid.rows)
        marks = docx.Document(io.BytesIO(done.content)).element.body.findall(".//{*}tc//{*}commentReference")
        found = [
            "".join(t.text or "" for t in mark.iterancestors("{*}tc").__next__().iter("{*}t"))
            for mark in marks
        ]
        assert sorted(found) == sorted(cell.text.replace("\n", "").replace("\t", "") for cell in chosen)

    def test_what_stands_nowhere_is_said_at_the_beginning(self) -> None:
        done = set_anew(read(SEED / "form.txt"), [remark(1, "表9 第1行 第1列"), remark(2)], ZH)
        first, second = docx.Document(io.BytesIO(done.content)).comments
        assert "位置：表9 第1行 第1列" in first.text and "位置" not in second.text
        assert done.astray == {1}

    @pytest.mark.parametrize("text", HOSTILE)
    def test_whatever_a_form_says_does_no_harm(self, text: str) -> None:
        page = "| 项目名称 | {} |\n| 主管部门 | 甲 |\n".format(text.replace("\x00", "").replace("\ud800", ""))
        document = read_bytes(page.encode("utf-8"), text)
        done = set_anew(document, [remark(1, "", message=text)], ZH)
        assert not set(texts_of(done.content)) & set("\x00\x0b\ufffe\u202e\u202c")


class TestLetter:
    def test_a_unit_that_writes_its_name_in_two_ways_gets_one_letter_for_all_its_documents(
        self, desk: Path
    ) -> None:
        file = Path("out") / "forms.csv"
        text = file.read_text(encoding="utf-8-sig")
        file.write_text(text.replace(UNIT, "云岫市 政协", 2), encoding="utf-8-sig")
        say("return", "out", "--to", "back")
        assert len(list(Path("back").glob("核查反馈函*.docx"))) == 1

    def test_a_unit_without_a_name_is_told_so(self) -> None:
        letter = write_cover("", [Returned("a", "a", [remark(1, "第1段")], [FormRow("", "", "")])], ZH)
        assert "（未填报单位名称）：" in texts_of(letter)

    @pytest.mark.parametrize("text", HOSTILE)
    def test_whatever_a_form_says_does_no_harm(self, text: str) -> None:
        documents = [Returned(text, text, [remark(1, text, message=text)], [FormRow(text, text, "2022")])]
        letter = texts_of(write_cover(text, documents, ZH))
        assert not set(letter) & set("\x00\x0b\ufffe\u202e\u202c")
        assert max(map(len, letter.split("\n"))) <= 700

    def test_every_check_has_something_to_do(self) -> None:
        general = Wording("zh").action("")
        assert [code for code in ALL_CHECKS if Wording("zh").action(code) == general] == []

    def test_every_word_is_there_in_both_languages(self) -> None:
        for section in ("document_columns", "remark_columns", "severity", "action"):
            for key, word in ZH.columns(section).items():
                assert word and Wording("en").columns(section)[key] not in ("", word)


class TestNames:
    @given(st.lists(st.one_of(st.text(max_size=300), st.text("甲😀.", min_size=200)), max_size=8))
    def test_a_path_is_new_lies_in_the_folder_and_holds_on_windows(self, sources: list[str]) -> None:
        folder = Path("back").absolute()
        names = Names(folder)
        paths = [names.path(steps(source)) for source in sources]
        assert len({str(path).casefold() for path in paths}) == len(sources)
        for path in paths:
            assert path.is_relative_to(folder) and ".." not in path.parts
            assert len(str(path)) <= 259
            for step in path.relative_to(folder).parts:
                assert not set(step) & set('<>:"|?*\\') and not step.endswith((".", " "))
                assert len(step.encode()) <= 230
                assert step.split(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9"}

    @pytest.mark.parametrize("name", ["con", "NUL.docx", "com1.tar.gz", "Lpt9"])
    def test_a_name_that_windows_keeps_for_itself_gets_a_line_in_front(self, name: str) -> None:
        assert safe_step(name) == f"_{name}"

    def test_names_that_differ_only_in_case_get_a_number(self) -> None:
        names = Names(Path("back"))
        assert [names.path([name]).name for name in ("表.docx", "表.DOCX", "表.docx")] == [
            "表.docx", "表-2.DOCX", "表-3.docx"
        ]  # fmt: skip

    def test_a_folder_that_is_too_deep_is_left_out(self) -> None:
        names = Names(Path("back"))
        paths = [names.path(["很深的文件夹" * 10] * 8 + [name]) for name in ("表.docx", "甲.docx")]
        assert all(path.parent == Path("back") for path in paths)
        assert len(set(paths)) == 2 and paths[0].name.startswith("表-")

    def test_what_all_sources_have_in_common_is_left_out(self) -> None:
        assert common_folder(["C:\\报送\\甲\\a.docx", "C:\\报送\\乙.zip!/b.docx"]) == ("报送",)
        assert common_folder(["a.docx"]) == ()
