"""The report for the browser says what the tables say: each cell in its place, each finding at its cell, no markup of others."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from pathlib import Path

import pytest
from lxml import html
from small_form import SMALL_FORM

import zipingbiao as zpb
from extract.document import Cell, Grid, Where
from normalize.layout import find_forms
from zipingbiao.batch.run import Run
from zipingbiao.report.draft import publish_all
from zipingbiao.report.page import writer
from zipingbiao.report.page.drawing import Drawing
from zipingbiao.report.page.writer import Page
from zipingbiao.report.writers import files_of
from zipingbiao.slots import Slot, slots_of

SAMPLES = Path(__file__).parents[1] / "samples"
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></script><!--",
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
    "道路😀‮养护\u202c",
)


def report(tmp_path: Path, *files: Path, lang: str = "zh") -> tuple[html.HtmlElement, Run]:
    """The page of a run over files, and the run."""
    run = zpb.run(list(files), out=tmp_path / "out", tables=("html",), lang=lang)
    return opened(tmp_path / "out" / "report.html"), run


def opened(path: Path) -> html.HtmlElement:
    return html.fromstring(path.read_text(encoding="utf-8"))


def written_form(path: Path, text: str = SMALL_FORM) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def said(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def own_text(cell: html.HtmlElement) -> str:
    """What a cell of a form says, without the findings in it."""
    inner = cell.find("div[@class='long']")
    return str((cell if inner is None else inner).text or "")


def spread(table: html.HtmlElement) -> list[list[str]]:
    """The text in each slot of a table, as a browser lays it out."""
    slots: dict[tuple[int, int], str] = {}
    for at, row in enumerate(table.iter("tr")):
        col = 0
        for cell in row.iter("td"):
            while (at, col) in slots:
                col += 1
            for down in range(int(cell.get("rowspan", 1))):
                for right in range(int(cell.get("colspan", 1))):
                    assert (at + down, col + right) not in slots, "cells overlap"
                    slots[at + down, col + right] = own_text(cell)
    wide = max(col for _, col in slots) + 1
    return [[slots[row, col] for col in range(wide)] for row in range(max(row for row, _ in slots) + 1)]


class TestTables:
    @pytest.mark.parametrize(
        "name",
        [
            *(f"{name}/form.docx" for name in ("hubei", "several", "two_tier", "levels", "parts")),
            *(f"seed/form.{ending}" for ending in ("docx", "xlsx", "pdf", "html", "md")),
        ],
    )
    def test_a_form_looks_as_in_its_file(self, name: str, tmp_path: Path) -> None:
        """Each slot has the text that it has there, but that rows and columns in which no text begins are left out."""
        file = SAMPLES / name
        page, _ = report(tmp_path, file)
        forms = find_forms(zpb.read(file))
        articles = page.xpath("//article")
        assert len(articles) == len(forms) > 0
        for form, article in zip(forms, articles, strict=True):
            own = set(form.cells)
            drawn = [without_blank(spread(table)) for table in article.xpath(".//div[@class='page']/table")]
            assert drawn == [in_the_file(grid, own) for grid in form.grids if own & set(grid.cells())]

    def test_each_cell_says_what_it_was_read_as(self, tmp_path: Path) -> None:
        page, run = report(tmp_path, SAMPLES / "seed" / "form.docx")
        shown = Counter(own_text(cell) for cell in page.xpath("//article//td[@data-en]"))
        read = Counter(
            str(row["text"]) for row in run.rows["cells"] if row["role"] not in ("label", "unclaimed")
        )
        assert shown == read
        (cell,) = [one for one in page.xpath("//article//td[@data-en='budget adjusted']") if one.get("id")]
        assert own_text(cell) == "23" and cell.get("data-zh") == "全年预算数"

    def test_what_nobody_claimed_is_marked(self, tmp_path: Path) -> None:
        text = SMALL_FORM.replace("| 主管部门 |", "| 某某 | 甲乙丙丁 |\n| 主管部门 |")
        page, run = report(tmp_path, written_form(tmp_path / "form.txt", text))
        unclaimed = [row["text"] for row in run.rows["cells"] if row["role"] == "unclaimed"]
        assert unclaimed
        assert [own_text(cell) for cell in page.xpath("//td[contains(@class, 'nobody')]")] == unclaimed


def in_the_file(grid: Grid, own: set[Cell]) -> list[list[str]]:
    """The texts of a form in a table, slot by slot, but for rows and columns in which none of its cells begins."""
    begin = [slot for cell, slot in slots_of(grid).items() if cell in own]
    rows, cols = sorted({slot.row for slot in begin}), sorted({slot.col for slot in begin})
    cells = [[grid.rows[row - 1][col - 1] for col in cols] for row in rows]
    return without_blank([[cell.text if cell in own else "" for cell in row] for row in cells])


def without_blank(rows: list[list[str]]) -> list[list[str]]:
    """Without rows and columns that are blank: a page has one where a finding is about a blank cell."""
    rows = [row for row in rows if any(row)]
    cols = [col for col in range(len(rows[0])) if any(row[col] for row in rows)]
    return [[row[col] for col in cols] for row in rows]


class TestSlots:
    def test_a_merged_cell_covers_rows_and_columns(self) -> None:
        one, other, rest = (Cell(text, Where("x")) for text in "abc")
        grid = Grid(((one, one, other), (one, one, rest)))
        assert slots_of(grid) == {one: Slot(1, 1, 2, 2), other: Slot(1, 3, 1, 1), rest: Slot(2, 3, 1, 1)}

    def test_the_table_says_where_each_cell_stands(self, tmp_path: Path) -> None:
        _, run = report(tmp_path, SAMPLES / "seed" / "form.docx")
        for row in run.rows["cells"]:
            assert row["place"] == f"表1 第{row['row']}行 第{row['col']}列" and row["table_index"] == 1
        (title,) = [row for row in run.rows["cells"] if str(row["text"]).replace("\n", "") == "绩效指标"]
        (other,) = [row for row in run.rows["cells"] if row["text"] == "总分"]
        assert (title["col_span"], other["row_span"]) == (1, 1)
        assert (title["row_span"], other["col_span"]) == (28, 6)

    @pytest.mark.parametrize(
        ("place", "col"),
        [("表1 第7行 第{}列", 6), ("Sheet1!{}7", "F"), ("第2页 表1 第7行 第{}列 (文本第9行)", 6)],
    )
    def test_a_blank_cell_is_found_by_its_row(self, place: str, col: object) -> None:
        begin = 2 if isinstance(col, int) else "B"
        cell = {"place": place.format(begin), "text": "a", "role": "label", "match": "exact"}
        drawing = Drawing([{**cell, "table_index": 1, "row": 3, "col": 1, "row_span": 1, "col_span": 1}])
        blank = drawing.box_at(place.format(col))
        assert blank is not None and blank is drawing.box_at(place.format(col))
        blank.anchor = "here"
        assert [[box.anchor for box in row] for row in drawing.tables()[0]] == [["", "here"]]
        assert drawing.box_at("表9 第7行 第6列") is None and drawing.box_at("第3段") is None

    def test_a_blank_cell_is_found_though_each_cell_has_a_line_of_its_own(self) -> None:
        """As in a text that was copied out of Word cell by cell."""
        cell = {"place": "表1 第4行 第7列 (文本第31行)", "text": "a", "role": "weight", "match": "exact"}
        drawing = Drawing([{**cell, "table_index": 1, "row": 4, "col": 7, "row_span": 1, "col_span": 1}])
        assert drawing.box_at("表1 第4行 第8列 (文本第32行)") is not None
        assert drawing.box_at("表1 第5行 第8列 (文本第32行)") is None


class TestFindings:
    def test_list_form_and_cell_lead_to_each_other(self, tmp_path: Path) -> None:
        page, run = report(tmp_path, written_form(tmp_path / "form.txt"), SAMPLES / "seed" / "form.docx")
        names = page.xpath("//@id")
        assert len(names) == len(set(names))
        links = page.xpath("//a/@href")
        assert len(links) > 20 and {link[1:] for link in links} <= set(names)
        rows = page.xpath("//table[@id='list']/tbody/tr")
        assert len(rows) == len(run.findings) > 5
        for row in rows:
            for link in row.xpath("td[8]//a/@href"):
                (cell,) = page.xpath(f"//td[@id='{link[1:]}']")
                (code,) = row.xpath("td[2]//code/text()")
                assert code in cell.xpath(".//code/text()")
        for back in page.xpath("//ol[@class='found']/li/a[1]/@href"):
            assert page.xpath(f"//tr[@id='{back[1:]}']")

    def test_a_finding_stands_at_its_cell_with_what_was_expected(self, tmp_path: Path) -> None:
        page, _ = report(tmp_path, SAMPLES / "seed" / "form.docx")
        (total,) = [
            cell for cell in page.xpath("//td[contains(@class, 'has-error')]") if "100 → 90" in said(cell)
        ]
        assert own_text(total) == "100" and "总分填报100分" in said(total)

    def test_a_rate_is_shown_in_percent_as_people_write_it(self, tmp_path: Path) -> None:
        page, run = report(tmp_path, SAMPLES / "levels" / "form.docx")
        (finding,) = [row for row in run.rows["findings"] if row["code"] == "FUND01"]
        assert (str(finding["reported"]), str(finding["expected"])) == ("0.985", "0.8908")
        (row,) = [row for row in page.xpath("//table[@id='list']/tbody/tr") if "FUND01" in said(row)]
        assert [said(cell) for cell in row.xpath("td")[4:6]] == ["98.5%", "89.08%"]
        assert "98.5% → 89.08%" in said(page.xpath("//ol[@class='found']")[0])

    def test_the_policy_is_called_by_the_name_of_its_document(self, tmp_path: Path) -> None:
        page, run = report(tmp_path, SAMPLES / "seed" / "form.docx")
        assert run.rows["forms"][0]["policy"] == "mof-2020"
        assert "财预〔2020〕10号" in said(page.xpath("//article/dl")[0])
        own = tmp_path / "某市.toml"
        own.write_text('based_on = "mof-2020"\nlow_execution = 0.95\n', encoding="utf-8")
        zpb.run([SAMPLES / "seed" / "form.docx"], out=tmp_path / "own", tables=("html",), policy=str(own))
        assert "适用办法policy某市" in said(opened(tmp_path / "own" / "report.html").xpath("//article/dl")[0])

    def test_a_missing_score_is_marked_in_its_blank_cell(self, tmp_path: Path) -> None:
        page, _ = report(tmp_path, SAMPLES / "seed" / "form.docx")
        (blank,) = page.xpath("//td[contains(@class, 'blank') and contains(@class, 'has-error')]")
        assert "FUND05" in said(blank) and "1.59" in said(blank)

    def test_the_gravest_stand_first_and_numbers_agree(self, tmp_path: Path) -> None:
        page, run = report(tmp_path, written_form(tmp_path / "form.txt"), SAMPLES / "levels" / "form.docx")
        ranks = [int(rank) for rank in page.xpath("//table[@id='list']/tbody/tr/td[1]/@data-key")]
        assert ranks == sorted(ranks) and len(set(ranks)) > 1
        totals = {
            item.get("class"): item.find("b").text for item in page.xpath("//ul[@class='totals']/li[@class]")
        }
        assert totals["error"] == str(run.counts.severities["error"])
        by_check = page.xpath("//table[@class='chart'][3]//tbody/tr")
        assert sum(int(row.xpath("td[1]")[0].text) for row in by_check) == len(run.findings)

    def test_a_clean_form_has_none(self, tmp_path: Path) -> None:
        page, run = report(tmp_path, SAMPLES / "hubei" / "form.docx")
        assert not run.findings and not page.xpath("//*[contains(@class, 'has-')][not(ancestor::ul)]")
        assert "没有疑点" in said(page.xpath("//article")[0])


class TestFiles:
    def test_a_file_that_was_not_read_is_there_with_the_reason(self, tmp_path: Path) -> None:
        (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04 no archive")
        page, run = report(tmp_path, tmp_path / "broken.docx", written_form(tmp_path / "form.txt"))
        (row,) = page.xpath("//section[@id='unread']//tbody/tr")
        (failed,) = [source for source in run.sources if source["status"] == "failed"]
        assert str(failed["error"]) in said(row) and "broken.docx" in said(row)

    def test_where_nothing_was_read_it_does_not_say_that_nothing_was_found(self, tmp_path: Path) -> None:
        (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04 no archive")
        page, _ = report(tmp_path, tmp_path / "broken.docx")
        assert "没有可以核查的自评表" in said(page) and "没有疑点" not in said(page)

    def test_many_forms_have_pages_beside_that_go_when_they_are_few(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writer, "WHOLE", 2)
        monkeypatch.setattr(writer, "PART", 2)
        forms = [
            written_form(tmp_path / f"{one}.txt", SMALL_FORM.replace("乡村道路养护", f"养护{one}"))
            for one in range(5)
        ]
        page, run = report(tmp_path, *forms)
        out = tmp_path / "out"
        names = [path.name for path in sorted((out / "report").iterdir())]
        assert names == ["forms-0001.html", "forms-0002.html", "forms-0003.html"]
        assert not page.xpath("//article")
        known = {"report.html": page, **{f"report/{name}": opened(out / "report" / name) for name in names}}
        assert sum(len(one.xpath("//article")) for one in known.values()) == 5
        for link in page.xpath("//table[@class='list']//a/@href"):
            file, _, anchor = link.partition("#")
            assert known[file].xpath(f"//*[@id='{anchor}']"), link
        for name in names:
            for link in known[f"report/{name}"].xpath("//article//a/@href"):
                file, _, anchor = link.partition("#")
                there = known[f"report/{name}"] if not file else known[file.removeprefix("../")]
                assert there.xpath(f"//*[@id='{anchor}']"), link
        assert len(page.xpath("//table[@id='list']/tbody/tr")) == len(run.findings)
        monkeypatch.chdir(tmp_path)
        for folder in (out, Path("out")):
            assert set(files_of(folder, ["html"])) == {folder / name for name in known}
        page, _ = report(tmp_path, *forms[:2])
        assert len(page.xpath("//article")) == 2 and not list((out / "report").iterdir())

    def test_the_pages_of_an_earlier_run_are_no_input(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writer, "WHOLE", 0)
        written_form(tmp_path / "form.txt")
        for _ in range(2):
            assert len(zpb.run(tmp_path, out=tmp_path, tables=("html",)).sources) == 1

    def test_discarded_it_leaves_nothing(self, tmp_path: Path) -> None:
        run = zpb.run(written_form(tmp_path / "form.txt"))
        (tmp_path / "out").mkdir()
        page = Page(tmp_path / "out", "zh")
        page.write(run.rows)
        assert all(draft.path.exists() for draft in page.finish())
        page.discard()
        assert not list((tmp_path / "out").iterdir())

    def test_beyond_its_bound_the_list_says_where_the_rest_is(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writer, "LISTED", 1)
        page, run = report(tmp_path, SAMPLES / "levels" / "form.docx")
        listed = [row.xpath("td[1]/@data-key")[0] for row in page.xpath("//table[@id='list']/tbody/tr")]
        assert len(listed) == len(set(listed)) < len(run.findings)
        assert "findings.csv" in said(page.xpath("//section[@id='findings']")[0])
        assert len(page.xpath("//ol[@class='found']/li")) == len(run.findings)

    def test_a_run_without_a_form_has_a_page(self, tmp_path: Path) -> None:
        (tmp_path / "note.txt").write_text("会议通知", encoding="utf-8")
        page, _ = report(tmp_path, tmp_path / "note.txt")
        assert "没有找到自评表" in said(page.xpath("//section[@id='index']")[0])


class TestSafety:
    @pytest.mark.parametrize("text", HOSTILE)
    def test_nothing_of_a_file_becomes_markup(self, text: str, tmp_path: Path) -> None:
        plain, _ = report(tmp_path, written_form(tmp_path / "form.txt"))
        form = SMALL_FORM.replace("乡村道路养护", text).replace("某县公路站", text).replace("养护里程", text)
        page, run = report(tmp_path, written_form(tmp_path / "form.txt", form))
        assert run.forms[0]["project_name"] == text
        assert Counter(e.tag for e in page.iter() if e.tag in ("script", "style", "img", "svg")) == Counter(
            e.tag for e in plain.iter() if e.tag in ("script", "style", "img", "svg")
        )
        assert text in [own_text(cell) for cell in page.xpath("//td[@data-en='project name']")]
        assert {name for e in page.iter() for name in e.attrib if name.startswith("on")} == set()
        assert not [link for link in page.xpath("//a/@href") if not re.match(r"(report/[\w.-]+)?#\w+$", link)]

    def test_what_no_page_can_hold_is_replaced(self, tmp_path: Path) -> None:
        run = zpb.run(written_form(tmp_path / "form.txt"))
        cells = [{**row, "text": f"a\x00\x1b\ud800\ufffe{'长' * 32_768}"} for row in run.rows["cells"]]
        (tmp_path / "out").mkdir()
        page = Page(tmp_path / "out", "zh")
        page.write({**run.rows, "cells": list(cells)})
        publish_all(page.finish())
        shown = opened(tmp_path / "out" / "report.html").xpath("//article//td")
        assert {own_text(cell) for cell in shown} >= {"a" + "\ufffd" * 4 + "长" * 32_768}

    def test_the_policy_allows_the_script_and_the_style_of_the_page_and_nothing_else(
        self, tmp_path: Path
    ) -> None:
        page, _ = report(tmp_path, written_form(tmp_path / "form.txt"))
        (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
        for tag in ("style", "script"):
            (element,) = page.xpath(f"//{tag}")
            digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
            assert rules[f"{tag}-src"] == f"'sha256-{digest}'"
        assert not page.xpath("//@src | //link | //*/@style")


class TestLanguages:
    def test_both_are_there_and_the_one_of_the_run_is_open(self, tmp_path: Path) -> None:
        form = written_form(tmp_path / "form.txt")
        for lang in ("zh", "en"):
            page, run = report(tmp_path, form, lang=lang)
            assert page.get("lang") == lang
            assert page.xpath("//span[@lang='zh']") and page.xpath("//span[@lang='en']")
            assert str(run.findings[0]["message"]) in said(page.xpath("//article")[0])

    def test_each_text_in_one_language_has_the_other_beside_it(self, tmp_path: Path) -> None:
        page, _ = report(tmp_path, written_form(tmp_path / "form.txt"), SAMPLES / "levels" / "form.docx")
        for one in page.xpath("//span[@lang='zh']"):
            other = one.getnext()
            assert other is not None and other.get("lang") == "en" and said(other)
