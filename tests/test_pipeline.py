"""A broken file costs only itself: its row says why in one sentence, and every other row is as without it."""

from __future__ import annotations

import io
import logging
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path

import docx
import pytest
from small_form import SMALL_FORM

import zipingbiao as zpb
from zipingbiao import pipeline
from zipingbiao.batch.inputs import find_files
from zipingbiao.batch.progress import Progress
from zipingbiao.columns import TABLES
from zipingbiao.engine import local
from zipingbiao.pipeline import Settings, read_rows
from zipingbiao.tables import Rows

NAMES = ["甲.txt", "乙.txt", "丙.txt"]

ENTITY_BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>
<w:t>&d;</w:t></w:r></w:p></w:body></w:document>"""


def container(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("[Content_Types].xml", "<Types/>")
        for name, content in parts.items():
            zipped.writestr(f"word/{name}.xml", content)
    return out.getvalue()


def word_file() -> bytes:
    out = io.BytesIO()
    docx.Document().save(out)
    return out.getvalue()


#: what is handed in beside good files, and a word that its sentence must have
BROKEN = {
    "empty.txt": (b"", "空"),
    "blanks.txt": (b" \r\n\t\n", "空"),
    "truncated.docx": (word_file()[:5000], "损坏"),
    "no_text.docx": (container(settings="<a/>"), "Word"),
    "entity_bomb.docx": (container(document=ENTITY_BOMB), "DOCTYPE"),
    "not_xml.docx": (container(document="<w:document"), "XML"),
    "binary.docx": (bytes(range(256)) * 40, "格式"),
    "zeros.txt": (bytes(4096), "格式"),
    "really_a_pdf.docx": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
    "picture.docx": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "图片"),
    "really_an_archive.docx": (b"Rar!\x1a\x07\x00", "压缩包"),
}


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    folder = tmp_path / "forms"
    folder.mkdir()
    for name in NAMES:
        text = SMALL_FORM.replace("乡村道路养护", name)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def without_time(rows: Rows) -> dict[str, list[dict[str, object]]]:
    return {
        name: [{key: value for key, value in row.items() if key != "seconds"} for row in table]
        for name, table in rows.items()
    }


@pytest.mark.parametrize("jobs", [1, 2])
def test_broken_files_do_not_touch_the_good_ones(forms: Path, jobs: int) -> None:
    alone = without_time(zpb.run(forms).rows)
    for number, (name, (data, _)) in enumerate(BROKEN.items()):
        (forms / f"{number % 3}{name}").write_bytes(data)
    found = zpb.run(forms, jobs=jobs)
    rows = without_time(found.rows)
    failed = [row for row in rows["sources"] if row["status"] == "failed"]
    assert len(failed) == len(BROKEN) == found.counts.statuses["failed"]
    rows["sources"] = [row for row in rows["sources"] if row["status"] != "failed"]
    assert rows == alone


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_a_row_with_one_sentence(name: str, tmp_path: Path) -> None:
    data, word = BROKEN[name]
    path = tmp_path / name
    path.write_bytes(data)
    rows = read_rows(str(path), Settings())
    (source,) = rows["sources"]
    assert list(source) == [column.name for column in TABLES["sources"]]
    assert (source["source"], source["status"], source["forms"]) == (str(path), "failed", 0)
    assert source["bytes"] == len(data)
    assert isinstance(source["seconds"], Decimal)
    error = str(source["error"])
    assert word in error and error.count("。") == 1 and "\n" not in error
    assert not any(rows[table] for table in TABLES if table != "sources")


def test_what_does_not_exist_is_a_row_too(tmp_path: Path) -> None:
    (source,) = zpb.run(tmp_path / "nowhere.docx", lang="en").sources
    assert (source["status"], source["error"]) == ("failed", "There is no such file; check the path.")


def test_a_source_says_how_it_was_read(forms: Path) -> None:
    source, *_ = zpb.run(forms).sources
    assert (source["format"], source["reader"], source["status"], source["forms"], source["error"]) == (
        "text", "extract.text.read", "ok", 1, "",
    )  # fmt: skip
    assert len(str(source["sha256"])) == 64


def test_a_file_without_a_form_keeps_its_text(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("关于报送材料的通知\n请于月底前报送。\n", encoding="utf-8")
    found = zpb.run(path)
    assert found.sources[0]["status"] == "no_form"
    assert "没有找到自评表" in str(found.sources[0]["error"])
    assert [(row["form_id"], row["text"], row["source"]) for row in found.rows["texts"]] == [
        ("", "关于报送材料的通知", str(path)),
        ("", "请于月底前报送。", str(path)),
    ]
    assert found.counts.statuses["failed"] == 0


def test_a_form_whose_reader_left_something_out_is_partial(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(0, 3)
    for texts in (("一级指标", "三级指标", "年度指标值"), ("产出指标", "里程", "3公里")):
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text
    document.add_paragraph().add_run("隐藏的说明").font.hidden = True
    document.sections[0].header.paragraphs[0].text = "附件1"
    document.save(str(tmp_path / "form.docx"))
    found = zpb.run(tmp_path / "form.docx")
    (source,) = found.sources
    assert (source["status"], source["forms"]) == ("partial", 1)
    assert "隐藏" in str(source["error"])
    assert [row["text"] for row in found.rows["texts"] if row["section"] == "margin"] == ["附件1"]


class TestOurOwnBugs:
    @pytest.fixture
    def buggy(self, forms: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        def fail(_: object) -> None:
            raise KeyError("丁一 0398-1234567")

        monkeypatch.setattr(pipeline, "find_forms", fail)
        return forms

    def test_are_said_with_their_spot_and_without_anything_of_the_form(
        self, buggy: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.DEBUG):
            found = zpb.run(buggy)
        errors = {str(source["error"]) for source in found.sources}
        assert len(found.sources) == len(NAMES) and len(errors) == 1
        (error,) = errors
        assert "KeyError, test_pipeline.py:" in error and "报告" in error
        for said in (error, caplog.text):
            assert "丁一" not in said and "0398" not in said
        assert "internal error: KeyError" in caplog.text

    def test_too_little_memory_is_no_bug(self, forms: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(_: object) -> None:
            raise MemoryError

        monkeypatch.setattr(pipeline, "find_forms", fail)
        assert "内存" in str(zpb.run(forms).sources[0]["error"])


class TestMany:
    def test_processes_read_the_same_in_the_same_order(self, forms: Path) -> None:
        here, there, alone = (zpb.run(forms, jobs=jobs, isolate=jobs == 1) for jobs in (0, 2, 1))
        assert without_time(here.rows) == without_time(there.rows) == without_time(alone.rows)

    @pytest.mark.parametrize(("lost", "word"), [(local.Lost.TIMEOUT, "--timeout"), (local.Lost.DIED, "终止")])
    def test_a_file_that_never_came_back_is_said(
        self, forms: Path, lost: local.Lost, word: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def lose_one(
            work: Callable[[str], object], items: Iterable[str], **_: object
        ) -> Iterator[tuple[str, object]]:
            for item in items:
                yield item, lost if NAMES[1] in item else work(item)

        monkeypatch.setattr(local, "run_in_pool", lose_one)
        found = zpb.run(forms, jobs=2)
        statuses = {Path(str(source["source"])).name: source["status"] for source in found.sources}
        assert statuses == {NAMES[0]: "ok", NAMES[1]: "failed", NAMES[2]: "ok"}
        (error,) = [str(source["error"]) for source in found.sources if source["error"]]
        assert word in error and error.count("。") == 1

    def test_progress_goes_to_the_number_of_files(self, forms: Path) -> None:
        steps: list[Progress] = []
        zpb.run(forms, progress=steps.append)
        read = [Progress(count, 3, 0, 0) for count in (1, 2, 3)]
        assert steps == read + [Progress(3, 3, 0, 0, count) for count in (1, 2, 3)]

    def test_a_second_copy_of_a_file_has_form_numbers_of_its_own(self, forms: Path) -> None:
        for name in ("copy.txt", "copy of copy.txt"):
            (forms / name).write_bytes((forms / NAMES[0]).read_bytes())
        found = zpb.run(forms)
        ids = [str(form["form_id"]) for form in found.forms]
        assert len(set(ids)) == len(ids) == 5
        assert sorted(one[13:] for one in ids) == ["1", "1", "1", "1~2", "1~3"]
        assert {finding["form_id"] for finding in found.findings} == set(ids)

    def test_rows_need_not_be_kept(self, forms: Path) -> None:
        found = zpb.run(forms, keep=False)
        assert found.counts.forms == 3 and not found.forms
        assert found.counts.severities["error"] == 6

    def test_checks_can_be_selected_and_ignored(self, forms: Path) -> None:
        def codes(**chosen: tuple[str, ...]) -> set[object]:
            return {finding["code"] for finding in zpb.run(forms, **chosen).findings}  # type: ignore[arg-type]

        assert codes() == {"FUND05", "SCORE01", "GOAL06", "SCORE08"}
        assert codes(select=("FUND",)) == {"FUND05"}
        assert codes(ignore=("FUND05", "GOAL", "SCORE08")) == {"SCORE01"}

    def test_a_policy_that_is_none_is_said_before_anything_is_read(self, forms: Path) -> None:
        with pytest.raises(zpb.PolicyError):
            zpb.run(forms, policy="none-such")

    def test_the_policy_of_each_form_is_named(self, forms: Path) -> None:
        assert {form["policy"] for form in zpb.run(forms).forms} == {"mof-2020"}
        assert {form["policy"] for form in zpb.run(forms, policy="strict").forms} == {"strict"}


class TestApi:
    def test_records_and_checks_of_a_file(self, forms: Path) -> None:
        (record,) = zpb.records(forms / NAMES[0])
        assert record.project_name == NAMES[0]
        assert [finding.code for finding in zpb.check(record)] == ["FUND05", "SCORE01", "GOAL06", "SCORE08"]
        assert [
            finding.code for finding in zpb.check(record, "strict", select=["SCORE0"], ignore=["SCORE08"])
        ] == ["SCORE01"]

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"tables": "csv"}, "tables must be a list of str, and is a str"),
            ({"tables": ["csv", "doc"]}, "tables must be one of csv, xlsx"),
            ({"select": "FUND01"}, "select must be a list of str"),
            ({"select": ["FUND99"]}, "no check “FUND99”"),
            ({"ignore": "FUND01"}, "ignore must be a list of str"),
            ({"ignore": [1]}, "ignore must be a list of str, and holds a int"),
            ({"passwords": "abc"}, "passwords must be a list of str"),
            ({"policy": "none-such"}, "none-such"),
            ({"policy": 10}, "a policy is named"),
            ({"lang": "fr"}, "lang must be one of zh, en"),
            ({"jobs": "2"}, "jobs must be a number"),
            ({"timeout": -1}, "timeout must not be below zero"),
            ({"paths": None}, "paths must be a list of str or Path"),
            ({"paths": b"form.docx"}, "paths must be a list of str or Path"),
        ],
    )
    def test_a_wrong_argument_is_one_error_before_anything_is_written(
        self, forms: Path, tmp_path: Path, wrong: dict[str, object], said: str
    ) -> None:
        with pytest.raises((TypeError, ValueError, zpb.PolicyError, zpb.UnknownCode)) as refused:
            zpb.run(**{"paths": forms, "out": tmp_path / "out", **wrong})  # type: ignore[arg-type]
        assert said in str(refused.value) and "abc" not in str(refused.value)
        assert not (tmp_path / "out").exists()

    def test_codes_of_checks_may_be_small_letters_but_not_unknown(self, forms: Path) -> None:
        (record,) = zpb.records(forms / NAMES[0])
        assert [finding.code for finding in zpb.check(record, select=["score01"])] == ["SCORE01"]
        with pytest.raises(zpb.UnknownCode, match="FUND"):
            zpb.check(record, ignore=["FUNDS"])

    def test_messages_come_in_english_too(self, forms: Path) -> None:
        assert str(zpb.run(forms, lang="en").findings[0]["message"]).startswith(
            "The execution score is blank"
        )


class TestFindFiles:
    def test_folders_are_walked_by_name_and_paths_stay_as_given(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("b.txt", "a.txt", "sub/c.txt", "sub/deep/d.txt", "z.txt"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).touch()
        monkeypatch.chdir(tmp_path)
        inner = os.path.join("sub", "deep", "d.txt")
        assert list(find_files(["z.txt", "."])) == [
            "z.txt", *(os.path.join(".", name) for name in ("a.txt", "b.txt", os.path.join("sub", "c.txt"), inner))
        ]  # fmt: skip
        assert list(find_files([Path("sub")])) == [os.path.join("sub", "c.txt"), inner]

    @pytest.mark.parametrize(
        "name",
        [
            ".hidden.docx",
            "~$form.docx",
            "~WRL0005.tmp",
            "Thumbs.db",
            "desktop.ini",
            ".git/config",
            "__MACOSX/form.docx",
        ],
    )
    def test_what_nobody_hands_in_is_passed_over(self, name: str, tmp_path: Path) -> None:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
        assert list(find_files([tmp_path])) == []

    def test_a_file_named_outright_is_read_whatever_its_name(self, tmp_path: Path) -> None:
        assert list(find_files([tmp_path / "~$form.docx"])) == [str(tmp_path / "~$form.docx")]

    def test_a_file_named_twice_is_read_once(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").touch()
        assert len(list(find_files([tmp_path, tmp_path / "a.txt", tmp_path]))) == 1

    def test_capitals_and_small_letters_are_one_name_where_the_system_says_so(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os.path, "normcase", str.lower)  # as on Windows
        assert list(find_files(["Form.docx", "form.DOCX"])) == ["Form.docx"]

    def test_links_in_a_circle_end(self, tmp_path: Path) -> None:
        (tmp_path / "a" / "b").mkdir(parents=True)
        (tmp_path / "a" / "form.txt").touch()
        try:
            (tmp_path / "a" / "b" / "back").symlink_to(tmp_path / "a", target_is_directory=True)
        except OSError:  # Windows asks for a privilege
            return
        assert list(find_files([tmp_path])) == [str(tmp_path / "a" / "form.txt")]

    def test_the_results_of_another_run_are_no_input_either(self, forms: Path) -> None:
        """Whoever keeps the results of each round beside the forms hands them in with the next one."""
        kinds = ("csv", "xlsx", "html", "sqlite", "jsonl")
        first = zpb.run(forms, out=forms / "first", tables=kinds, jobs=1)
        (forms / "first" / "late.txt").write_text(SMALL_FORM, encoding="utf-8")
        second = zpb.run(forms, out=forms / "second", tables=("csv",), jobs=1)
        assert second.counts.files == first.counts.files + 1
        # a table that somebody wants read all the same is named
        assert list(find_files([forms / "first" / "findings.csv"])) == [str(forms / "first" / "findings.csv")]

    def test_the_results_of_the_last_run_are_no_input(self, forms: Path) -> None:
        first = zpb.run(forms, out=forms)
        second = zpb.run(forms, out=forms)
        assert len(first.sources) == len(second.sources) == 3

    def test_a_folder_that_may_not_be_listed_is_a_failed_source(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        listed = os.listdir

        def refuse(folder: str) -> list[str]:
            if Path(folder) == tmp_path:
                raise PermissionError
            return listed(folder)

        monkeypatch.setattr(os, "listdir", refuse)
        (source,) = zpb.run(tmp_path, jobs=1).sources
        assert source["status"] == "failed" and "没有权限打开这个文件夹" in str(source["error"])

    def test_a_name_that_is_not_utf_8_can_be_written(self, tmp_path: Path) -> None:
        path = os.path.join(os.fsencode(tmp_path), b"\xb1\xed.txt")
        try:
            Path(os.fsdecode(path)).write_text(SMALL_FORM, encoding="utf-8")
        except OSError:  # this system takes only UTF-8
            return
        found = zpb.run(tmp_path, out=tmp_path / "out")
        assert str(found.sources[0]["source"]).endswith("\ufffd\ufffd.txt")
        assert found.counts.forms == 1
