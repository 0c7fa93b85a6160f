"""What a run over many files does with its checks across forms: choosing, counting, formats, files, and finding alike texts."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pytest

import zipingbiao as zpb
from zipingbiao.across import ACROSS, Across
from zipingbiao.across.clusters import clusters_of
from zipingbiao.across.facts import Facts, facts_of
from zipingbiao.checks import Finding
from zipingbiao.pipeline import Settings, read_rows
from zipingbiao.tables import Rows, empty_rows

ROOT = Path(__file__).parent.parent
FORMS = Path(__file__).with_name("cases") / "across" / "forms"
ROAD = (FORMS / "road.txt").read_text(encoding="utf-8")
REPORT = (FORMS / "report.txt").read_text(encoding="utf-8")
FORMATS = ("docx", "xlsx", "pdf", "txt", "html")


def written_to(folder: Path, **forms: str) -> list[Path]:
    """The forms as text files."""
    for name, form in forms.items():
        (folder / f"{name}.txt").write_text(form, encoding="utf-8")
    return [folder / f"{name}.txt" for name in forms]


def codes_of(found: zpb.Run) -> list[str]:
    """The codes of the findings across forms, in order."""
    return [str(row["code"]) for row in found.findings if str(row["code"]) in ACROSS]


# --- choosing and counting ---------------------------------------------------------------------------


def test_checks_across_forms_are_chosen_as_all_others_are(tmp_path: Path) -> None:
    paths = written_to(tmp_path, a=ROAD, b=ROAD.replace("甲县", "乙县"))
    assert codes_of(zpb.run(paths)) == ["CROSS01", "CROSS01"]
    assert codes_of(zpb.run(paths, select=["CROSS02", "FUND"])) == []
    assert codes_of(zpb.run(paths, ignore=["CROSS01"])) == []
    with pytest.raises(zpb.UnknownCode):
        zpb.run(paths, select=["CROSS99"])


def test_a_form_counts_what_stands_against_it(tmp_path: Path) -> None:
    paths = written_to(tmp_path, a=ROAD, b=ROAD.replace("甲县", "乙县"), c="没有表")
    alone, together = zpb.run(paths[:1]), zpb.run(paths)
    assert [form["errors"] for form in alone.forms] == [0]
    assert [form["errors"] for form in together.forms] == [1, 1]
    assert together.counts.severities["error"] == 2
    for row in together.findings:
        assert row["form_id"] in {form["form_id"] for form in together.forms}


def test_one_form_alone_has_no_finding_across_forms(tmp_path: Path) -> None:
    (path,) = written_to(tmp_path, a=ROAD)
    (record,) = zpb.records(path)
    found: list[Finding] = zpb.check(record, select=["CROSS"])
    assert found == [] and codes_of(zpb.run(path)) == []


def test_rows_stay_as_they_are_where_no_such_check_is_chosen() -> None:
    stage, rows = Across(Settings(select=("FUND",))), empty_rows()
    stage.look(rows, [])
    assert stage.amend(rows) is rows and not stage.compares


def test_the_order_of_files_decides_which_one_is_the_copy(tmp_path: Path) -> None:
    a, b = written_to(tmp_path, a=ROAD, b=ROAD)
    assert [row["source"] for row in zpb.run([b, a], select=["CROSS"]).findings] == [str(a)]
    (row,) = zpb.run([a, b], select=["CROSS"]).findings
    assert (row["code"], row["source"], row["severity"]) == ("CROSS06", str(b), "note")
    assert str(row["form_id"]).endswith("~2")


# --- formats and files -------------------------------------------------------------------------------


@pytest.mark.parametrize("sample", ["national", "sichuan", "department", "several", "transfer"])
def test_one_form_in_several_formats_is_noted_once_a_copy_and_nothing_else_is_said(sample: str) -> None:
    paths = [ROOT / "samples" / sample / f"form.{one}" for one in FORMATS]
    forms = len(zpb.run(paths[0]).forms)
    found = zpb.run(paths, select=["CROSS"])
    assert codes_of(found) == ["CROSS06"] * forms * (len(FORMATS) - 1)
    assert all(str(paths[0]) in str(row["message"]) for row in found.findings)


def test_all_samples_together_say_nothing_against_each_other() -> None:
    assert zpb.run(sorted(ROOT.glob("samples/*/form.docx")), select=["CROSS"]).findings == []


def test_a_copy_in_another_format_is_found_under_its_other_name(tmp_path: Path) -> None:
    word = ROOT / "samples" / "cohesion" / "form.docx"
    text = word.with_suffix(".txt").read_text(encoding="utf-8")
    assert "石堰乡" in text
    (copy,) = written_to(tmp_path, copy=text.replace("石堰乡", "白河镇"))
    found = zpb.run([word, copy])
    assert codes_of(found) == ["CROSS01", "CROSS01"]
    for row, other in zip(
        [row for row in found.findings if row["code"] == "CROSS01"], (copy, word), strict=True
    ):
        assert str(other) in str(row["message"])
        assert row["place"]


def test_the_cell_of_a_differing_figure_is_named_here_and_there(tmp_path: Path) -> None:
    a, b = written_to(tmp_path, a=ROAD, b=ROAD.replace("13.5%", "11.5%").replace("382.35", "383.35"))
    rows = zpb.run([a, b], select=["CROSS02"]).findings
    places = {row["subject"]: str(row["place"]) for row in rows if row["source"] == str(b)}
    assert places["fiscal"].startswith("表1 第5行 第4列")
    assert places["出行事故下降率"].startswith("表1 第11行 第5列")
    (said,) = [row for row in rows if row["source"] == str(a) and row["subject"] == "fiscal"]
    assert f"{b}” {places['fiscal']}" in str(said["message"])


# --- texts -------------------------------------------------------------------------------------------


def test_a_report_that_several_units_share_in_one_file_is_silent(tmp_path: Path) -> None:
    other = (
        REPORT.replace("甲县图书馆", "乙市博物馆")
        .replace("甲县文化局", "乙市文物局")
        .replace("310天", "290天")
    )
    apart = zpb.run(written_to(tmp_path, a=REPORT, b=other), select=["CROSS"])
    assert codes_of(apart) == ["CROSS03", "CROSS03"]
    assert all("4段共" in str(row["message"]) for row in apart.findings)
    assert [str(row["place"]).count(";") for row in apart.findings] == [3, 3]
    assert codes_of(zpb.run(written_to(tmp_path, both=f"{REPORT}\n{other}"))) == []


def test_the_goal_that_a_project_is_given_may_be_the_same_at_all_its_units(tmp_path: Path) -> None:
    goal = "；".join(
        f"为{what}开展技术培训和现场指导，发放资料并跟踪回访全年收成情况" for what in "稻麦豆菜果茶桑"
    )
    assert len(goal) > 200
    form = ROAD.replace("养护农村道路385公里，修补路面病害，保持道路畅通。", goal)
    other = form.replace("甲县", "乙县").replace("412.65", "411.65")
    third = (
        other.replace("| 农村道路养护 |", "| 农业技术推广 |")
        .replace("乙县", "丙县")
        .replace("411.65", "410.65")
    )
    assert codes_of(zpb.run(written_to(tmp_path, a=form, b=other))) == []
    found = zpb.run(written_to(tmp_path, a=form, b=other, c=third))
    assert [row["field"] for row in found.findings if row["code"] == "CROSS03"] == ["goal_planned"] * 3


def facts_with(texts: list[str]) -> list[Facts]:
    """A form a text."""
    forms: list[Facts] = []
    for number, text in enumerate(texts):
        rows: Rows = read_rows(str(FORMS / "road.txt"), Settings())
        paragraph = {
            "form_id": rows["forms"][0]["form_id"],
            "section": "narrative",
            "text": text,
            "place": "第9段",
        }
        forms += facts_of({**rows, "texts": [paragraph]}, number)
    return forms


@pytest.mark.parametrize("seed", range(3))
def test_texts_with_a_few_other_characters_meet_and_others_do_not(seed: int) -> None:
    chance = random.Random(seed)
    letters = [chr(one) for one in range(0x4E00, 0x5A00)]
    originals = ["".join(chance.choices(letters, k=chance.randint(60, 300))) for _ in range(12)]
    changed = []
    for text in originals:
        spots = set(chance.sample(range(len(text)), len(text) // 25))
        changed.append("".join(chance.choice(letters) if at in spots else one for at, one in enumerate(text)))
    found = clusters_of(facts_with([*originals, *changed]), Decimal("0.9"))
    # the goals of the form are in each of them, too
    met = {tuple(one.form for one in cluster) for cluster in found if cluster[0].field == "narrative"}
    assert met == {(number, number + len(originals)) for number in range(len(originals))}


def test_candidates_are_compared_by_their_characters() -> None:
    text = "".join(chr(one) for one in range(0x4E00, 0x4E00 + 200))
    other = text[:150] + "".join(chr(one) for one in range(0x6E00, 0x6E32))
    for ratio, met in ((Decimal("0.7"), 1), (Decimal("0.8"), 0)):
        found = clusters_of(facts_with([text, other]), ratio)
        assert sum(cluster[0].field == "narrative" for cluster in found) == met


def test_of_very_many_copies_each_names_a_few_others(tmp_path: Path) -> None:
    forms = {f"form{number}": ROAD.replace("甲县", f"第{number}县") for number in range(12)}
    found = zpb.run(written_to(tmp_path, **forms), select=["CROSS"])
    assert codes_of(found) == ["CROSS01"] * 12
    assert all("等11张表" in str(row["message"]) for row in found.findings)
    assert all(str(row["message"]).count(".txt") == 3 for row in found.findings)


def test_a_copy_that_leaves_its_unit_blank_is_of_either(tmp_path: Path) -> None:
    blank = ROAD.replace("| 主管部门 | 甲县交通局 | 实施单位 | 甲县公路站 |", "| 主管部门 | | 实施单位 | |")
    found = zpb.run(written_to(tmp_path, a=ROAD, b=blank), select=["CROSS"])
    assert codes_of(found) == ["CROSS06"]
