"""A run that was ended by whatever goes on where it stopped, and comes to the same tables."""

from __future__ import annotations

import csv
import io
import os
import random
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from small_form import SMALL_FORM
from typer.testing import CliRunner

import zipingbiao as zpb
from zipingbiao import pipeline
from zipingbiao.batch import packed
from zipingbiao.batch.fingerprint import fingerprint
from zipingbiao.batch.stages import LATE
from zipingbiao.batch.store import MEMORY, Store
from zipingbiao.cli import app
from zipingbiao.columns import TABLES
from zipingbiao.pipeline import Settings
from zipingbiao.tables import Rows

ROOT = Path(__file__).parents[1]


def write_forms(folder: Path, names: Iterable[object]) -> Path:
    """A form a name, each with a project of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.txt").write_text(SMALL_FORM.replace("乡村", f"{name}村"), encoding="utf-8")
    return folder


def zipped(names: Iterable[str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(f"{name}.txt", SMALL_FORM.replace("乡村", f"{name}村"))
    return packed.getvalue()


def tables_in(out: Path, without: str = "") -> dict[str, list[dict[str, str]]]:
    """The tables as they are written, without one column."""
    tables = {}
    for name in TABLES:
        with (out / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            tables[name] = [{k: v for k, v in row.items() if k != without} for row in csv.DictReader(file)]
    return tables


def tables_in_bytes(out: Path) -> dict[str, bytes]:
    """The tables as they are written, without the seconds that each file took."""
    found = {path.name: path.read_bytes() for path in out.glob("*.csv")}
    found["sources.csv"] = re.sub(rb"[^,\r\n]*(?=\r\n)", b"", found["sources.csv"])
    return found


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    return write_forms(tmp_path / "forms", "abc")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file is read."""
    times: Counter[str] = Counter()
    plain = pipeline._read

    def count(path: str, *others: object) -> pipeline.Reading:
        times[path[-5:]] += 1
        return plain(path, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "_read", count)
    return times


class TestReuse:
    def test_a_second_run_reads_nothing_and_writes_the_same_bytes(
        self, forms: Path, tmp_path: Path, read: Counter[str]
    ) -> None:
        write_forms(forms / "copies", "ab")
        (forms / "list.zip").write_bytes(zipped("de"))
        out = tmp_path / "out"
        first = zpb.run(forms, out=out, tables=("csv",))
        before = {path.name: path.read_bytes() for path in out.glob("*.csv")}
        read.clear()
        second = zpb.run(forms, out=out, tables=("csv",))
        assert not read
        assert {path.name: path.read_bytes() for path in out.glob("*.csv")} == before
        assert second.rows == first.rows
        assert (first.counts.reused, second.counts.reused, second.counts.files) == (0, 8, 8)

    def test_however_it_is_run_the_bytes_are_the_same(self, forms: Path, tmp_path: Path) -> None:
        """Each file's CSV made in its worker, in this process, from what is remembered, or of all rows at the end."""
        write_forms(forms / "copies", "ab")
        (forms / "list.zip").write_bytes(zipped("de"))
        (forms / "no form.txt").write_text('=1+1\n-A1\n"a, b"', encoding="utf-8")
        (forms / "broken.docx").write_bytes(b"PK no Word file")
        out = tmp_path / "out"
        written = []
        for settings in (
            {"jobs": 2, "keep": False},
            {"jobs": 1, "keep": False},
            {"jobs": 1, "keep": True},
            {"jobs": 2, "keep": False, "fresh": True},
            {"jobs": 1, "keep": False, "fresh": True},
        ):
            zpb.run(forms, out=out, tables=("csv",), **settings)  # type: ignore[arg-type]
            written.append(tables_in_bytes(out))
        assert all(tables == written[0] for tables in written)
        assert b"CROSS06" in written[0]["findings.csv"] and b"~2" in written[0]["cells.csv"]
        assert b"'=1+1" in written[0]["texts.csv"]

    def test_with_a_baseline_and_accepted_findings_as_well(self, forms: Path, tmp_path: Path) -> None:
        ignores = tmp_path / "ignores.toml"
        ignores.write_text('[[ignore]]\ncode = "SCORE"\nreason = "checked"', encoding="utf-8")
        zpb.run(forms / "a.txt", out=tmp_path / "earlier", tables=("csv",))
        written = []
        for keep in (True, False):
            zpb.run(
                forms,
                out=tmp_path / "out",
                tables=("csv",),
                keep=keep,
                baseline=tmp_path / "earlier",
                ignore_file=ignores,
            )
            written.append(tables_in_bytes(tmp_path / "out"))
        assert written[0] == written[1]
        found = tables_in(tmp_path / "out")["findings"]
        assert {row["source"][-5:] for row in found if row["severity"] != "ignored"} == {"b.txt", "c.txt"}

    def test_a_file_too_long_to_wait_is_written_when_its_turn_comes(
        self, forms: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        zpb.run(forms, out=tmp_path / "short", tables=("csv",), keep=False)
        monkeypatch.setattr("zipingbiao.batch.gist.MAX_TEXT", 0)
        zpb.run(forms, out=tmp_path / "long", tables=("csv",), keep=False)
        assert tables_in_bytes(tmp_path / "long") == tables_in_bytes(tmp_path / "short")

    def test_what_goes_into_csv_files_is_not_unpacked_but_for_what_findings_change(
        self, forms: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        unpacked: list[tuple[str, ...]] = []
        plain = packed.unpack

        def note(data: bytes, path: str, tables: Iterable[str] = TABLES) -> Rows:
            unpacked.append(tuple(tables))
            return plain(data, path, tables)

        monkeypatch.setattr(packed, "unpack", note)
        zpb.run(forms, out=tmp_path / "out", tables=("csv",), keep=False)
        assert unpacked == [LATE] * 3
        unpacked.clear()
        zpb.run(forms, out=tmp_path / "out", tables=("csv",), keep=False)
        assert unpacked == [tuple(TABLES)] * 3 + [LATE] * 3

    def test_only_what_is_new_or_has_changed_is_read(
        self, forms: Path, tmp_path: Path, read: Counter[str]
    ) -> None:
        zpb.run(forms, out=tmp_path / "out")
        read.clear()
        write_forms(forms, "d")
        (forms / "b.txt").write_text(SMALL_FORM.replace("乡村", "某村"), encoding="utf-8")
        (forms / "c.txt").unlink()
        again = zpb.run(forms, out=tmp_path / "out")
        assert read == {"b.txt": 1, "d.txt": 1}
        assert [Path(str(row["source"])).name for row in again.sources] == ["a.txt", "b.txt", "d.txt"]
        assert [str(form["project_name"])[:2] for form in again.forms] == ["a村", "某村", "d村"]

    def test_the_members_of_an_archive_are_known_with_it(self, tmp_path: Path, read: Counter[str]) -> None:
        folder = tmp_path / "forms"
        folder.mkdir()
        (folder / "1.zip").write_bytes(zipped("ab"))
        first = zpb.run(folder, out=tmp_path / "out", jobs=1)
        read.clear()
        moved = folder.rename(tmp_path / "moved")
        again = zpb.run(moved, out=tmp_path / "out", jobs=2)
        assert not read and again.counts.reused == 3
        for before, after in zip(first.sources, again.sources, strict=True):
            assert str(after["source"]) == str(before["source"]).replace("forms", "moved")
            assert {**before, "source": ""} == {**after, "source": ""}
        (moved / "1.zip").write_bytes(zipped("abc"))
        assert zpb.run(moved, out=tmp_path / "out").counts.reused == 0
        assert read == {"1.zip": 1, "a.txt": 1, "b.txt": 1, "c.txt": 1}

    def test_what_could_not_be_read_is_tried_again(
        self, forms: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        plain = pipeline.find_forms

        def fail(document: object) -> object:
            raise MemoryError

        with monkeypatch.context() as patched:
            patched.setattr(pipeline, "find_forms", fail)
            assert zpb.run(forms, out=tmp_path / "out").counts.statuses == {"failed": 3}
        assert pipeline.find_forms is plain
        again = zpb.run(forms, out=tmp_path / "out")
        assert again.counts.statuses == {"ok": 3} and again.counts.reused == 0

    def test_fresh_reads_all(self, forms: Path, tmp_path: Path, read: Counter[str]) -> None:
        zpb.run(forms, out=tmp_path / "out")
        read.clear()
        assert zpb.run(forms, out=tmp_path / "out", fresh=True).counts.reused == 0
        assert read.total() == 3

    @pytest.mark.parametrize(
        "changed",
        [{"lang": "en"}, {"select": ["FUND"]}, {"ignore": ["FUND01"]}, {"policy": "strict"}],
        ids=str,
    )
    def test_other_settings_read_anew(self, forms: Path, tmp_path: Path, changed: dict[str, object]) -> None:
        zpb.run(forms, out=tmp_path / "out")
        assert zpb.run(forms, out=tmp_path / "out", **changed).counts.reused == 0  # type: ignore[arg-type]
        assert zpb.run(forms, out=tmp_path / "out", **changed).counts.reused == 3  # type: ignore[arg-type]

    def test_a_policy_of_ones_own_is_told_by_what_stands_in_it(self, tmp_path: Path) -> None:
        policy = tmp_path / "own.toml"
        policy.write_text("low_execution = 0.95", encoding="utf-8")
        first = fingerprint(Settings(str(policy)))
        assert fingerprint(Settings(str(policy))) == first
        policy.write_text("low_execution = 0.90", encoding="utf-8")
        assert fingerprint(Settings(str(policy))) != first

    def test_passwords_leave_no_trace(self) -> None:
        assert fingerprint(Settings(passwords=("secret",))) == fingerprint(Settings())

    def test_a_changed_product_reads_anew(
        self, forms: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        zpb.run(forms, out=tmp_path / "out")
        monkeypatch.setattr("zipingbiao.batch.fingerprint._product", lambda: b"another version")
        assert zpb.run(forms, out=tmp_path / "out").counts.reused == 0

    def test_the_summary_says_how_much_was_known(self, forms: Path, tmp_path: Path) -> None:
        command = ["run", str(forms), "--out", str(tmp_path / "out"), "--jobs", "1"]
        assert "沿用" not in CliRunner().invoke(app, command).stdout
        write_forms(forms, "d")
        assert (
            "3 个文件与上次相同，沿用上次的读取结果；本次读取 1 个" in CliRunner().invoke(app, command).stdout
        )
        english = CliRunner().invoke(app, [*command, "--fresh", "--lang", "en"])
        assert "known from an earlier run" not in english.stdout
        english = CliRunner().invoke(app, [*command, "--lang", "en"])
        assert "4 known from an earlier run · 0 read" in english.stdout


class TestKilled:
    """Killed at any moment: by the system, by a power cut of the office's own making, by the task manager."""

    def begin(self, forms: Path, out: Path, errors: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "zipingbiao", "run", str(forms), "--out", str(out), "--jobs", "2"]
        return subprocess.Popen(
            [*command, "--tables", "csv"], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=errors
        )

    @pytest.mark.parametrize("seed", range(3))
    def test_the_next_run_comes_to_the_same_tables(self, tmp_path: Path, seed: int) -> None:
        forms = write_forms(tmp_path / "forms", range(60))
        (forms / "list.zip").write_bytes(zipped("ab"))
        begun = time.monotonic()
        assert self.begin(forms, tmp_path / "whole").wait(120) == 0
        most = time.monotonic() - begun
        chance = random.Random(seed)
        for _ in range(2):
            running = self.begin(forms, tmp_path / "out")
            time.sleep(chance.uniform(0, most))
            running.kill()
            running.wait(30)
        assert self.begin(forms, tmp_path / "out").wait(120) == 0
        whole, resumed = (tables_in(tmp_path / name, without="seconds") for name in ("whole", "out"))
        assert resumed == whole
        assert len(whole["sources"]) == 63
        # nor is anything left of those that were killed
        names = {path.name for path in (tmp_path / "out").iterdir()}
        assert names == {f"{name}.csv" for name in TABLES} | {"datapackage.json", MEMORY.parts[0]}

    @pytest.mark.skipif(os.name == "nt", reason="Windows tells no process that its parent has ended")
    def test_its_processes_end_with_it(self, tmp_path: Path) -> None:
        forms = write_forms(tmp_path / "forms", range(500))
        running = self.begin(forms, tmp_path / "out", errors=subprocess.PIPE)
        while not (tmp_path / "out" / MEMORY).exists():
            assert running.poll() is None
            time.sleep(0.05)
        time.sleep(1.5)
        running.kill()
        # the workers share the error stream: reading it ends with the last of them, or runs out of time
        running.communicate(timeout=30)
        assert running.returncode == -signal.SIGKILL

    def test_what_was_read_before_is_not_read_again(self, tmp_path: Path) -> None:
        """Killed in the middle of the first pass: the memory holds all but the last seconds."""
        forms = write_forms(tmp_path / "forms", range(20))
        with Store(tmp_path / "out", fingerprint(Settings())) as store:
            for path in sorted(forms.iterdir())[:12]:
                store.add(str(path), read_one(path))
        assert zpb.run(forms, out=tmp_path / "out", tables=("csv",)).counts.reused == 12


def read_one(path: Path):  # type: ignore[no-untyped-def]
    from zipingbiao.batch.reading import read_packed

    return read_packed(str(path), Settings())


class TestTwoRuns:
    def test_in_one_folder_the_second_is_refused_in_a_sentence(self, forms: Path, tmp_path: Path) -> None:
        out = tmp_path / "out"
        before = zpb.run(forms, out=out).counts.files
        tables = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
        with Store(out, b"another run"):
            refused = CliRunner().invoke(app, ["run", str(forms), "--out", str(out)])
            assert refused.exit_code == 2
            assert (
                refused.stderr == f"另一个运行正在使用结果文件夹 {out}；请等它结束，或用 --out 另选文件夹。\n"
            )
            assert {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} == tables
        assert zpb.run(forms, out=out).counts.reused == before
