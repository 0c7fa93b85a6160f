"""The commands as people type them: what they print, and how they end."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest
from small_form import SMALL_FORM
from typer.testing import CliRunner, Result

import zipingbiao as zpb
from zipingbiao import terminal
from zipingbiao.batch.store import MEMORY
from zipingbiao.cli import app
from zipingbiao.explain import ALL_CHECKS
from zipingbiao.report.writers import files_of
from zipingbiao.terminal import printable

ROOT = Path(__file__).parents[1]


def say(*arguments: str | Path) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def type_in(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process of its own, as a shell does."""
    return subprocess.run(
        [sys.executable, "-m", "zipingbiao", *map(str, arguments)],
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=120,
        check=False,
    )


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "form.txt"
    path.write_text(SMALL_FORM, encoding="utf-8")
    return path


class TestRun:
    def test_the_summary_says_what_was_found_and_where_the_tables_are(
        self, form: Path, tmp_path: Path
    ) -> None:
        done = say("run", form, "--out", tmp_path / "out")
        assert done.exit_code == 0
        assert "文件 1 个（正常 1） · 自评表 1 张 · 疑点 4 项（错误 2，提示 2）" in done.stdout
        plain = re.sub(r"\s", "", done.stdout)
        assert "FUND05" in plain and "SCORE01" in plain and "100" in plain and "77.5" in plain
        assert "表1第10行" in plain and "form.txt乡村道路养护" in plain
        assert "findings.csv" in plain and "zipingbiao.xlsx" in plain
        assert max(map(len, done.stdout.splitlines())) <= 100

    def test_the_same_in_english(self, form: Path, tmp_path: Path) -> None:
        done = say("run", form, "--out", tmp_path / "out", "--lang", "en")
        assert "files 1 (ok 1) · forms 1 · findings 4 (error 2, note 2)" in done.stdout
        with (tmp_path / "out" / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
            assert next(csv.DictReader(file))["title"] == "execution score is missing"

    def test_quiet_is_quiet(self, form: Path, tmp_path: Path) -> None:
        done = say("run", form, "--out", tmp_path / "out", "--quiet")
        assert (done.exit_code, done.output) == (0, "")

    def test_only_the_tables_asked_for_are_written(self, form: Path, tmp_path: Path) -> None:
        say("run", form, "--out", tmp_path / "out", "--tables", "xlsx, xlsx")
        assert {path.name for path in (tmp_path / "out").iterdir()} == {"zipingbiao.xlsx", MEMORY.parts[0]}

    def test_results_of_an_earlier_run_are_not_passed_off_as_new(self, form: Path, tmp_path: Path) -> None:
        first = say("run", form, "--out", tmp_path / "out")
        assert "以前运行留下" not in first.stdout
        again = say("run", form, "--out", tmp_path / "out", "--tables", "csv")
        assert "以前运行留下、本次未更新: zipingbiao.xlsx" in again.stdout

    def test_input_that_cannot_be_read_is_named_and_ends_with_1(self, form: Path, tmp_path: Path) -> None:
        (tmp_path / "broken.docx").write_bytes(b"%PDF-1.7\n")
        done = say("run", tmp_path, "--out", tmp_path / "out")
        assert done.exit_code == 1
        plain = re.sub(r"\s", "", done.stdout)
        assert "未能读取1" in plain and "broken.docx:不是有效的PDF" in plain

    def test_what_the_summary_does_not_list_it_counts(self, form: Path, tmp_path: Path) -> None:
        for number in range(13):
            (tmp_path / f"broken {number}.docx").write_bytes(b"%PDF-1.7\n")
        stdout = say("run", tmp_path, "--out", tmp_path / "out").stdout
        assert "以上列出 2 项，全部 4 项见疑点清单" in stdout
        # each in one line, however long, so that its path can be copied
        assert sum(line.startswith(f"未能读取 {tmp_path}") for line in stdout.splitlines()) == 10
        assert "另有 3 个文件未能读取" in stdout and "没有找到自评表" not in stdout
        alone = say("run", tmp_path / "broken 1.docx", "--out", tmp_path / "out").stdout
        assert "另有" not in alone and "以上列出" not in alone
        (tmp_path / "letter.txt").write_text("各位同事：附件请查收。", encoding="utf-8")
        assert (
            "1 个文件中没有找到自评表"
            in say("run", tmp_path / "letter.txt", "--out", tmp_path / "out").stdout
        )

    def test_the_summary_lists_what_copies_repeat_behind_everything_else(
        self, form: Path, tmp_path: Path
    ) -> None:
        for name in ("a.txt", "b.txt"):
            (tmp_path / name).write_text(SMALL_FORM, encoding="utf-8")
        (tmp_path / "z.txt").write_text(SMALL_FORM.replace("乡村道路养护", "农田水利"), encoding="utf-8")
        counts = zpb.run(tmp_path, jobs=1).counts
        first = [one.form.split()[0] for one in counts.worst(20)]
        assert first == ["a.txt"] * 2 + ["z.txt"] * 2 + ["b.txt"] * 2 + ["form.txt"] * 2

    def test_a_folder_of_results_whose_name_is_too_long_is_said(self, form: Path, tmp_path: Path) -> None:
        done = say("run", form, "--out", tmp_path / ("长" * 300))
        assert done.exit_code == 2 and "不能写入结果文件夹" in done.stderr

    def test_an_address_that_nothing_can_write_to_is_said_before_anything_is_read(self, form: Path) -> None:
        done = say("run", form, "--out", "xyz://somewhere/out")
        assert done.exit_code == 2
        assert "结果不能送到 xyz://somewhere/out" in done.stderr and "保存在" not in done.stderr

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["--select", "FUND05", "--ignore", "fund"], "没有留下任何核查"),
            (["--scheduler", "tcp://10.0.0.1:8786"], "--engine dask"),
        ],
    )
    def test_options_that_cancel_each_other_are_wrong_usage(
        self, form: Path, tmp_path: Path, options: list[str], said: str
    ) -> None:
        """Such a run would say "no findings", or read on this machine, and the user would never know."""
        done = say("run", form, "--out", tmp_path / "out", *options)
        assert (done.exit_code, (tmp_path / "out").exists()) == (2, False)
        assert said in done.stderr

    @pytest.mark.parametrize(
        ("options", "code"),
        [
            (["--fail-on", "error"], 3),
            (["--fail-on", "warning"], 3),
            (["--fail-on", "never"], 0),
            (["--fail-on", "error", "--select", "GOAL"], 0),
            (["--fail-on", "error", "--ignore", "fund05,score01"], 0),
        ],
    )
    def test_findings_end_it_only_where_that_was_asked_for(
        self, form: Path, tmp_path: Path, options: list[str], code: int
    ) -> None:
        assert say("run", form, "--out", tmp_path / "out", *options).exit_code == code

    @pytest.mark.parametrize(
        ("options", "word"),
        [
            (["--tables", "doc"], "csv, xlsx"),
            (["--tables", ","], "csv, xlsx"),
            (["--select", "FUND99"], "FUND0"),
            (["--policy", "none-such"], "mof-2020"),
            (["--jobs", "0"], "jobs"),
            (["--lang", "fr"], "lang"),
        ],
    )
    def test_wrong_usage_ends_with_2_and_says_what_there_is(
        self, form: Path, tmp_path: Path, options: list[str], word: str
    ) -> None:
        done = say("run", form, "--out", tmp_path / "out", *options)
        assert done.exit_code == 2
        assert word in done.stderr
        assert "Traceback" not in done.stderr

    def test_an_empty_folder_is_wrong_usage(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        done = say("run", tmp_path / "empty", "--out", tmp_path / "out")
        assert done.exit_code == 2 and "没有找到" in done.stderr
        assert not (tmp_path / "out").exists()

    def test_results_that_cannot_be_written_are_said(self, form: Path) -> None:
        done = say("run", form, "--out", form)
        assert done.exit_code == 2
        assert done.stderr.count("\n") == 1 and "form.txt" in done.stderr

    @pytest.mark.skipif(os.name == "nt", reason="takes a shell that can close a stream")
    def test_with_nothing_to_print_on_it_writes_its_tables_all_the_same(
        self, form: Path, tmp_path: Path
    ) -> None:
        for number, closed in enumerate((">&-", ">&- 2>&-", "<&- >&- 2>&-")):
            out = tmp_path / f"out{number}"
            command = f'"{sys.executable}" -m zipingbiao run "{form}" --out "{out}" --tables csv {closed}'
            assert subprocess.run(command, shell=True, cwd=ROOT, timeout=60).returncode == 0
            assert (out / "findings.csv").exists()

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
    def test_output_that_goes_to_a_full_disk_ends_in_a_sentence(self, form: Path, tmp_path: Path) -> None:
        command = [sys.executable, "-m", "zipingbiao", "run", str(form), "--out", str(tmp_path / "out")]
        with open("/dev/full", "wb") as full:
            done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, timeout=60)
        assert done.returncode == 1
        assert done.stderr.decode().startswith("屏幕输出无法写入文件：磁盘已满")
        assert (tmp_path / "out" / "findings.csv").exists()

    @pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signal to a group of processes")
    @pytest.mark.parametrize("seconds", [0, 0.1, 0.3])
    def test_interrupted_on_the_terminal_no_process_says_more_than_the_one_sentence(
        self, form: Path, tmp_path: Path, seconds: float
    ) -> None:
        """Ctrl-C goes to all processes of a terminal, also to those that are still starting."""
        command = [sys.executable, "-m", "zipingbiao", "run", str(form), "--out", str(tmp_path / "out")]
        running = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True)
        while not list(tmp_path.glob("out/.zipingbiao.xlsx.*")) and running.poll() is None:
            time.sleep(0.01)
        time.sleep(seconds)
        os.killpg(running.pid, signal.SIGINT)
        _, errors = running.communicate(timeout=30)
        assert re.fullmatch(
            r"(已中断，没有写出结果(；1 个文件中已读 1 个，再次运行同一命令即可从此继续)?。\n)?",
            errors.decode(),
        )
        # whether it was sooner or Ctrl-C, it says so, and its tables are all there or none is
        written = {path.name for path in (tmp_path / "out").iterdir()} - {MEMORY.parts[0]}
        whole = {path.name for path in files_of(tmp_path / "out", ("csv", "xlsx"))}
        assert written == (set() if errors else whole)
        assert running.returncode == 130 or not errors

    @pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signal to one process")
    def test_interrupted_again_while_it_clears_away_it_still_stops_its_workers(
        self, form: Path, tmp_path: Path
    ) -> None:
        """Stands in for a second Ctrl-C that comes just as the workers are being stopped."""
        twice = (
            "import os, signal; from zipingbiao.cli import main; from zipingbiao.engine import local\n"
            "stop = local._stop\n"
            "def again(pool):\n    os.kill(os.getpid(), signal.SIGINT)\n    stop(pool)\n    print('stopped')\n"
            "def interrupt(*_):\n    os.kill(os.getpid(), signal.SIGINT)\n"
            "local._stop = again\nlocal.Pool.outcome = interrupt\n"
            "if __name__ == '__main__':\n    main()\n"
        )
        script = tmp_path / "twice.py"
        script.write_text(twice, encoding="utf-8")
        command = [sys.executable, str(script), "run", str(form), "--out", str(tmp_path / "out")]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=60)
        assert (done.returncode, done.stderr.decode()) == (130, "已中断，没有写出结果。\n")
        assert done.stdout.decode().split() == ["stopped"]

    @pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signal to one process")
    def test_interrupted_it_ends_at_once_and_leaves_nothing(self, tmp_path: Path) -> None:
        for number in range(3000):
            (tmp_path / f"{number}.txt").write_text(SMALL_FORM, encoding="utf-8")
        command = [sys.executable, "-m", "zipingbiao", "run", str(tmp_path), "--out", str(tmp_path / "out")]
        running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while sum(file.stat().st_size for file in tmp_path.glob("out/.zipingbiao/*")) < 100_000:
            time.sleep(0.05)  # until it has kept some of what it read
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=30)
        assert running.returncode == 130
        said = re.fullmatch(r"已中断.*；3000 个文件中已读 (\d+) 个，再次运行同一命令.*。\n", errors.decode())
        assert said
        assert [path.name for path in (tmp_path / "out").iterdir()] == [MEMORY.parts[0]]
        going_on = zpb.run(tmp_path, out=tmp_path / "out", tables=("csv",), jobs=2, keep=False)
        assert going_on.counts.reused >= int(said[1]) > 0


class TestShow:
    def test_a_form_is_a_grid_with_its_fields(self, form: Path) -> None:
        done = say("show", form)
        assert done.exit_code == 0
        for word in (
            "乡村道路养护",
            "项目名称",
            "全年执行数",
            "标签",
            "产出指标 · 数量指标",
            ">= 40 公里 → 30 公里",
        ):
            assert word in done.stdout
        assert max(map(len, done.stdout.splitlines())) <= 100

    def test_a_cell_that_nobody_claimed_has_a_question_mark(self, tmp_path: Path) -> None:
        path = tmp_path / "form.txt"
        path.write_text(
            SMALL_FORM.replace("| 项目名称", "| 归口 | 复核 | 完 |\n| 项目名称"), encoding="utf-8"
        )
        assert "? 归口" in say("show", path).stdout

    def test_a_file_without_a_form_is_shown_all_the_same(self, tmp_path: Path) -> None:
        path = tmp_path / "list.txt"
        path.write_text("通讯录\n\n| 姓名 | 科室 |\n| 甲 | 办公室 |\n", encoding="utf-8")
        done = say("show", path)
        assert "没有找到自评表" in done.stdout and "? 办公室" in done.stdout

    def test_a_file_that_cannot_be_read_ends_with_1_and_a_sentence(self, tmp_path: Path) -> None:
        done = say("show", tmp_path / "nowhere.docx", "--lang", "en")
        assert (done.exit_code, done.stdout) == (1, "")
        assert "There is no such file" in done.stderr

    def test_a_picture_without_pillow_is_one_sentence_that_names_the_package(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "PIL", None)
        done = say("show", ROOT / "samples" / "seed" / "form.pdf", "--picture", tmp_path / "form.png")
        assert done.exit_code == 2 and done.stderr.count("\n") == 1
        assert "zipingbiao[picture]" in done.stderr

    def test_a_form_gives_the_terminal_no_orders(self, tmp_path: Path) -> None:
        path = tmp_path / "form.txt"
        path.write_text(SMALL_FORM.replace("改善 |", "[red]\x1b[31m改善 |"), encoding="utf-8")
        shown = say("show", path).stdout
        assert "\x1b" not in shown and "[red]" in shown
        assert printable("a\x1b]0;b\x07c\nd") == "a ]0;b c\nd"


class TestExplain:
    def test_without_a_code_all_checks_are_listed(self) -> None:
        lines = say("explain").stdout.splitlines()
        assert [line.split()[0] for line in lines] == sorted(ALL_CHECKS)

    @pytest.mark.parametrize("code", sorted(ALL_CHECKS))
    @pytest.mark.parametrize(("lang", "word"), [("zh", "为什么："), ("en", "Why:")])
    def test_every_check_is_explained_in_both_languages(self, code: str, lang: str, word: str) -> None:
        done = say("explain", code.lower(), "--lang", lang)
        assert done.exit_code == 0
        assert done.stdout.startswith(code) and word in done.stdout

    def test_an_unknown_code_ends_with_2_and_the_nearest_ones(self) -> None:
        done = say("explain", "FUNDO1")
        assert done.exit_code == 2 and "FUND01" in done.stderr


class TestParse:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("≤23万", "number\t<= 23 万"),
            ("-3.5%", "number\t-3.5 %"),
            ("--", "blank\t空白（double_dash）"),
            ("3-5人", "range\t3 – 5 人"),
            ("2022年12月底前", "date\t<= 2022-12-31"),
            ("明显提升", "wording\t明显提升"),
        ],
    )
    def test_a_value_is_said_in_a_line(self, text: str, shown: str) -> None:
        arguments = ["parse", "--", text] if text == "--" else ["parse", text]
        assert say(*arguments).stdout == f"{text}\t{shown}\n"

    def test_json_has_exact_numbers_as_text(self) -> None:
        done = say("parse", "--json", "≥1,022.890万元", "7,00.0,77", "9月至11月")
        number, broken, months = json.loads(done.stdout)
        assert number == {
            "raw": "≥1,022.890万元",
            "kind": "number",
            "relation": ">=",
            "number": "1022.890",
            "unit": "万元",
        }
        assert broken["kind"] == "unreadable"
        assert (months["start"], months["end"]) == ("--09", "--11")

    def test_without_a_text_it_is_wrong_usage(self) -> None:
        assert say("parse").exit_code == 2


class TestTerminal:
    @pytest.mark.parametrize("encoding", ["ascii", "gbk", "cp437", "utf-8"])
    def test_any_encoding_can_be_printed_to(self, form: Path, tmp_path: Path, encoding: str) -> None:
        for command in (["run", form, "--out", tmp_path / "out"], ["show", form], ["explain", "FUND01"]):
            done = type_in(*command, PYTHONIOENCODING=encoding, PYTHONUTF8="0", LC_ALL="C")
            assert done.returncode == 0
            assert done.stdout and not done.stderr

    def test_a_narrow_terminal_gets_lines_instead_of_a_table(
        self, form: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(terminal, "PAGE", 40)
        lines = say("run", form, "--out", tmp_path / "out").stdout.splitlines()
        assert "文件 form.txt 乡村道路养护" in lines and "填报 100" in lines and "应为 77.5" in lines
        assert max(map(len, lines)) <= 40

    def test_help_comes_at_once(self) -> None:
        begun = time.perf_counter()
        done = type_in("--help")
        assert done.returncode == 0 and "parse" in done.stdout.decode()
        assert time.perf_counter() - begun < 2  # 0.1 on a quiet machine

    def test_no_command_is_help(self) -> None:
        assert b"Usage" in type_in().stdout + type_in().stderr

    def test_a_bug_is_one_line(self, tmp_path: Path) -> None:
        script = (
            "import zipingbiao.cli, zipingbiao.explain as explain\n"
            "def fail(lang): raise KeyError('丁一')\n"
            "explain.list_checks = fail\n"
            "import sys; sys.argv = ['zipingbiao', 'explain']\n"
            "zipingbiao.cli.main()\n"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, cwd=ROOT, check=False)
        errors = done.stderr.decode()
        assert done.returncode == 1 and errors.count("\n") == 1
        assert "KeyError" in errors and "丁一" not in errors


def test_the_version_is_that_of_the_package() -> None:
    assert say("--version").output == f"zipingbiao {version('zipingbiao')}\n"


def test_the_pages_of_a_report_of_many_forms_are_named_by_their_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run of 3,000 forms has thirty of them."""
    monkeypatch.setattr("zipingbiao.report.page.writer.WHOLE", 0)
    (tmp_path / "form.txt").write_text(SMALL_FORM, encoding="utf-8")
    said = say("run", tmp_path / "form.txt", "--out", tmp_path / "out", "--tables", "html").output
    assert [path.name for path in (tmp_path / "out" / "report").iterdir()] == ["forms-0001.html"]
    assert "report.html, report/" in "".join(said.splitlines()) and "forms-0001" not in said
