"""What `show` prints: every cell of every sample at its row and column; with ``--audit``, the way to each number."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console
from small_form import SMALL_FORM
from typer.testing import CliRunner

from extract.readers import read
from normalize.layout import find_forms
from normalize.to_record import to_record
from zipingbiao.audit import audit
from zipingbiao.cli import app
from zipingbiao.policy import load_policy
from zipingbiao.recompute.compute import work_out
from zipingbiao.show import CELL, show

SAMPLES = Path(__file__).parents[1] / "samples"
FORMS = sorted(path for path in SAMPLES.glob("*/form.*") if path.suffix != ".xml")


def printed(path: Path) -> str:
    paper = StringIO()
    show(path, Console(width=4000, file=paper), "zh")
    return paper.getvalue()


def cells_in(text: str) -> set[tuple[str, str, str]]:
    """Row, column and text of each cell of the printed grids."""
    found: set[tuple[str, str, str]] = set()
    columns: list[str] = []
    number = ""
    for line in text.splitlines():
        if line.startswith("┌"):
            columns = []
        if not line.startswith("│"):
            continue
        lead, *texts = (part.strip() for part in line.split("│")[1:-1])
        if not columns:
            columns = texts
            continue
        number = lead or number
        found |= {(number, column, one) for column, one in zip(columns, texts, strict=True) if one}
    return found


@pytest.mark.parametrize("path", FORMS, ids=lambda path: f"{path.parent.name}-{path.suffix[1:]}")
def test_each_cell_stands_at_its_own_row_and_column(path: Path) -> None:
    shown = cells_in(printed(path))
    cells = {
        (str(cell.where.row), str(cell.where.col), text)
        for form in find_forms(read(path))
        for grid in form.grids
        for cell in grid.cells()
        if (text := "".join(cell.text.split("\n")).strip()) and len(text) < CELL
    }
    assert cells and not cells - shown


def test_the_total_is_not_called_like_the_sum_of_the_funds() -> None:
    names = [line.split()[0] for line in printed(SAMPLES / "seed" / "form.txt").splitlines() if line.split()]
    assert names.count("年度资金总额") == 1 and names.count("总分") == 1


def audited(path: Path, lang: str = "zh", width: int = 200) -> str:
    paper = StringIO()
    audit(path, Console(width=width, file=paper), lang)
    return paper.getvalue()


class TestAudit:
    SEED = SAMPLES / "seed" / "form.docx"

    @pytest.mark.parametrize("path", FORMS, ids=lambda path: f"{path.parent.name}-{path.suffix[1:]}")
    def test_each_number_of_the_tables_is_there_with_the_way_to_it(self, path: Path) -> None:
        text = audited(path, width=4000)
        for form in find_forms(read(path)):
            worked = work_out(to_record(form))
            told = (*worked.rates, *worked.line_scores, *worked.indicator_scores, worked.summed)
            for working in (*told, worked.recomputed):
                if working.number is None:
                    continue
                assert f"  {working.spoken} " in text
            for score in worked.indicator_scores:
                assert score.rule.zh in text

    @pytest.mark.parametrize("lang", ["zh", "en"])
    @pytest.mark.parametrize("width", [40, 60, 90, 100, 300])
    def test_at_any_width_no_number_is_broken_and_nothing_is_cut(self, width: int, lang: str) -> None:
        lines = audited(self.SEED, lang, width).splitlines()
        assert max(map(cell_len, lines)) <= width
        folded = "".join("".join(lines).split())
        for code in ("FUND05", "SCORE01", "GOAL06"):
            assert any(code in line for line in lines)
        assert any("15.87%" in line for line in lines)
        assert any("91.59" in line for line in lines)
        if width < 90:  # in a table, the lines of a cell stand among those of its neighbours
            assert "10×min(3.65÷23,1)=1.59" in folded

    def test_a_rate_names_its_numbers_and_their_cells(self) -> None:
        assert "3.65 ÷ 23 = 15.87%" in audited(self.SEED)
        assert "(表1 第4行 第5、6列)" in audited(self.SEED)

    def test_a_finding_marks_the_row_that_it_is_about_and_is_told_with_all_its_places(self) -> None:
        text = audited(self.SEED)
        marked = [line for line in text.splitlines() if "FUND05" in line]
        assert "年度资金总额 得分" in marked[0] and "1.59" in marked[0]
        assert "执行率得分为空" in marked[1] and "表1 第4行 第9列" in marked[1]
        assert len(marked) == 2

    def test_what_cannot_be_recomputed_says_why(self) -> None:
        (line,) = [line for line in audited(self.SEED, "en").splitlines() if "履行派驻监督职能  " in line]
        assert "the target is words, not a number" in line

    def test_without_weights_the_achievement_is_told_and_what_is_missing(self) -> None:
        lines = audited(SAMPLES / "transfer" / "form.docx").splitlines()
        at = next(index for index, line in enumerate(lines) if "耕地轮作面积  " in line)
        assert "9.02 ÷ 9 = 100.22%" in lines[at]
        assert "没有分值" in lines[at + 2]

    def test_a_comparator_from_a_column_of_its_own_stands_with_its_number(self) -> None:
        assert "<= 24 小时 → 18 小时 (133.33%)" in audited(SAMPLES / "sichuan" / "form.docx")

    def test_totals_show_their_addends_and_the_grade_its_band(self) -> None:
        text = audited(self.SEED)
        assert "20 + 20 + 10 + 15 + 15 + 10" in text
        assert "1.59 + 20 + 20 + 10 + 15 + 15 + 10" in text
        assert "91.59 ≥ 90，办法 mof-2020" in text

    def test_the_band_of_a_lower_grade_has_two_ends_by_the_policy_that_was_named(self) -> None:
        paper = StringIO()
        policy = replace(load_policy(), name="own", grades={"甲": Decimal(95), "乙": Decimal(70)})
        audit(self.SEED, Console(width=200, file=paper), "zh", policy)
        assert "70 ≤ 91.59 < 95，办法 own" in paper.getvalue()

    def test_several_forms_each_have_a_part(self) -> None:
        path = SAMPLES / "several" / "form.docx"
        forms = find_forms(read(path))
        assert len(forms) > 1
        text = audited(path)
        assert [f"{number}/{len(forms)}" in text for number in range(1, len(forms) + 1)] == [True] * len(
            forms
        )
        assert sum(line.startswith("  得分合计  ") for line in text.splitlines()) == len(forms)

    def test_a_file_without_a_form_is_shown_as_it_is(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("会议纪要", encoding="utf-8")
        assert "没有找到自评表" in audited(tmp_path / "a.txt") and "会议纪要" in audited(tmp_path / "a.txt")

    def test_a_text_of_a_form_cannot_steer_the_terminal(self, tmp_path: Path) -> None:
        text = SMALL_FORM.replace("养护里程", "养护\x1b[2J里程").replace("30公里", "30\x07公里")
        (tmp_path / "a.txt").write_text(text, encoding="utf-8")
        assert not {"\x1b", "\x07"} & set(audited(tmp_path / "a.txt"))

    def test_the_command_prints_it_in_the_language_and_by_the_policy_asked_for(self) -> None:
        asked = ["show", str(self.SEED), "--audit", "--lang", "en", "--policy"]
        done = CliRunner().invoke(app, [*asked, "strict"])
        assert done.exit_code == 0 and "policy strict" in done.output
        wrong = CliRunner().invoke(app, [*asked, "none-such"])
        assert wrong.exit_code == 2 and "none-such" in wrong.output
