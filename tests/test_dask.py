"""On a cluster comes out what comes out here; whoever dies there, a file, a worker or the scheduler, costs no other file."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
from small_form import SMALL_FORM

import zipingbiao as zpb
from zipingbiao.engine import dask as engine
from zipingbiao.engine.dask import AHEAD, FIRST_AHEAD, FIRST_ITEMS, run_on_dask
from zipingbiao.engine.local import EngineError, Lost

distributed = pytest.importorskip("distributed", reason="pip install 'zipingbiao[dask]'")

ROOT = Path(__file__).parents[1]
WORKERS = 2


def act(item: str) -> str:
    """What a file can do to the process that reads it, and to the worker behind that."""
    match item:
        case "exit":
            os._exit(3)
        case "hang":
            time.sleep(60)
        case "kill the worker":
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(60)
        case "nap":
            time.sleep(0.2)
    return item.upper()


def where(item: str) -> str:
    return os.getcwd()


@pytest.fixture(scope="module")
def cluster() -> Iterator[distributed.LocalCluster]:
    """Two workers, each a process that is started anew when it dies."""
    from dask import config

    with (
        config.set({"distributed.scheduler.allowed-failures": 1}),
        distributed.LocalCluster(
            n_workers=WORKERS, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0", silence_logs=60
        ) as started,
    ):
        yield started


@pytest.fixture(scope="module")
def scheduler(cluster: distributed.LocalCluster) -> str:
    return str(cluster.scheduler_address)


def outcomes(items: list[str], scheduler: str, timeout: float = 30) -> list[str | Lost]:
    pairs = list(run_on_dask(act, items, scheduler=scheduler, jobs=WORKERS, timeout=timeout))
    assert [item for item, _ in pairs] == items
    return [outcome for _, outcome in pairs]


class TestItems:
    def test_results_come_in_the_order_of_the_items(self, scheduler: str) -> None:
        items = [f"item {number}" for number in range(500)]
        assert outcomes(items, scheduler) == [item.upper() for item in items]

    def test_an_item_that_dies_or_hangs_costs_itself(self, scheduler: str) -> None:
        items = ["a", "exit", "b", "hang", "c", *"defghijk"]
        expected = ["A", Lost.DIED, "B", Lost.TIMEOUT, "C", *"DEFGHIJK"]
        assert outcomes(items, scheduler, timeout=1) == expected

    @pytest.mark.skipif(os.name == "nt", reason="kills as only Unix can")
    def test_an_item_that_takes_its_workers_along_costs_itself(self, scheduler: str) -> None:
        items = [*"abc", "kill the worker", *"def", *["nap"] * 40, "kill the worker", *["nap"] * 10]
        expected = [*"ABC", Lost.DIED, *"DEF", *["NAP"] * 40, Lost.DIED, *["NAP"] * 10]
        assert outcomes(items, scheduler) == expected

    @pytest.mark.skipif(os.name == "nt", reason="kills as only Unix can")
    def test_a_worker_that_is_killed_costs_nothing(self, cluster: distributed.LocalCluster) -> None:
        items = ["nap"] * 60
        results = run_on_dask(act, items, scheduler=cluster.scheduler_address, jobs=WORKERS, timeout=30)
        done = [next(results)]
        with distributed.Client(cluster, set_as_default=False) as client:
            victim = next(iter(client.run(os.getpid).values()))
        os.kill(victim, signal.SIGKILL)
        done += results
        assert done == [("nap", "NAP")] * len(items)

    def test_what_items_lead_to_comes_right_behind_them(self, scheduler: str) -> None:
        def more(item: str, result: str) -> list[str]:
            return [f"{item}1", f"{item}2"] if item in ("b", "b2") else []

        results = run_on_dask(act, "abc", scheduler=scheduler, jobs=WORKERS, timeout=30, more=more)
        assert [item for item, _ in results] == ["a", "b", "b1", "b2", "b21", "b22", "c"]

    def test_what_is_known_is_not_asked_for_again(self, scheduler: str) -> None:
        known = {"exit": "remembered"}
        results = run_on_dask(act, ["a", "exit"], scheduler=scheduler, jobs=1, timeout=30, known=known.get)
        assert list(results) == [("a", "A"), ("exit", "remembered")]

    def test_relative_paths_begin_where_the_client_is(
        self, scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        ((_, folder),) = run_on_dask(where, ["a"], scheduler=scheduler, jobs=1, timeout=30)
        assert os.path.samefile(str(folder), tmp_path)

    def test_without_an_address_workers_are_started_here_and_end_with_the_run(self) -> None:
        results = run_on_dask(pid_of_worker, ["a", "b"], scheduler=None, jobs=1, timeout=30)
        pids = {str(outcome) for _, outcome in results}
        assert len(pids) == 1
        with pytest.raises(OSError):
            os.kill(int(pids.pop()), 0)


def pid_of_worker(item: str) -> str:
    return str(os.getppid())


class TestBatches:
    @pytest.fixture
    def sent(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """How many items each batch had."""
        sizes: list[int] = []
        plain = engine._Batches._send

        def counting(self: engine._Batches[str, str], batch: engine._Batch[str, str]) -> None:
            sizes.append(len(batch.items))
            plain(self, batch)

        monkeypatch.setattr(engine._Batches, "_send", counting)
        return sizes

    def test_quick_items_go_in_ever_larger_batches(self, scheduler: str, sent: list[int]) -> None:
        items = ["a"] * 20_000
        assert outcomes(items, scheduler) == ["A"] * len(items)
        assert sum(sent) == len(items)
        assert sent[0] == FIRST_ITEMS and max(sent) > 10 * FIRST_ITEMS
        assert len(sent) < len(items) / FIRST_ITEMS / 3

    def test_slow_items_go_in_small_ones(self, scheduler: str, sent: list[int]) -> None:
        items = ["nap"] * 120
        outcomes(items, scheduler)
        assert min(sent[:-1]) < FIRST_ITEMS

    def test_large_items_go_in_small_ones(
        self, scheduler: str, sent: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(engine, "MAX_BYTES", 100)
        list(run_on_dask(act, ["a"] * 20, scheduler=scheduler, jobs=1, timeout=30, size_of=lambda _: 50))
        assert set(sent) == {2}

    def test_only_so_many_items_are_taken_ahead_of_the_results(self, scheduler: str) -> None:
        taken: list[int] = []

        def supply() -> Iterator[str]:
            for number in range(1_000_000):
                taken.append(number)
                yield str(number)

        results = run_on_dask(act, supply(), scheduler=scheduler, jobs=WORKERS, timeout=30)
        next(results)
        assert len(taken) <= WORKERS * FIRST_AHEAD * FIRST_ITEMS
        for _ in range(5_000):
            next(results)
        results.close()
        assert len(taken) <= 5_000 + WORKERS * AHEAD * engine.MAX_ITEMS


class TestClusters:
    def test_one_without_the_package_is_told_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(engine, "find_spec", lambda name: None)
        with pytest.raises(EngineError, match=re.escape('pip install "zipingbiao[dask]"')):
            list(run_on_dask(act, ["a"], scheduler=None, jobs=1, timeout=1))

    @pytest.mark.parametrize(
        "address", ["tcp://127.0.0.1:1", "nonsense://x", "127.0.0.1:notaport", "tls://x:1"]
    )
    def test_a_scheduler_that_cannot_be_reached_is_named(
        self, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(engine, "ANSWER", 0.5)
        with pytest.raises(EngineError, match=f"The scheduler {address} cannot be reached"):
            list(run_on_dask(act, ["a"], scheduler=address, jobs=1, timeout=1))

    @pytest.mark.parametrize("banner", [b"", b"SSH-2.0-OpenSSH_9.6\r\n" * 9])
    def test_so_is_a_port_where_something_else_answers(
        self, banner: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(engine, "ANSWER", 0.5)
        with socket.create_server(("127.0.0.1", 0)) as other:

            def answer() -> None:
                with suppress(OSError):
                    while True:
                        said.append(other.accept()[0])
                        said[-1].sendall(banner)

            said: list[socket.socket] = []
            Thread(target=answer, daemon=True).start()
            address = f"tcp://127.0.0.1:{other.getsockname()[1]}"
            with pytest.raises(EngineError, match=f"The scheduler {address} cannot be reached"):
                list(run_on_dask(act, ["a"], scheduler=address, jobs=1, timeout=1))
        assert said
        for one in said:
            one.close()

    def test_workers_of_another_version_are_refused(
        self, scheduler: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(engine, "product_digest", lambda: b"another version")
        with pytest.raises(EngineError, match=r"The worker tcp://.* another version than this machine"):
            list(run_on_dask(act, ["a"], scheduler=scheduler, jobs=1, timeout=1))

    def test_so_are_those_that_join_later(self, scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(engine, "product_digest", lambda: b"another version")
        monkeypatch.setattr(engine, "_require_alike", lambda *_: None)
        with pytest.raises(EngineError, match=r"The worker tcp://.* another version than this machine"):
            list(run_on_dask(act, ["a"], scheduler=scheduler, jobs=1, timeout=1))

    def test_files_that_workers_do_not_see_are_named(self, scheduler: str, tmp_path: Path) -> None:
        unseen = str(tmp_path / "only here.txt")
        with pytest.raises(EngineError, match=r"does not see .*only here\.txt"):
            list(run_on_dask(act, ["a"], scheduler=scheduler, jobs=1, timeout=1, must_see=[unseen]))

    def test_a_worker_that_joins_later_and_does_not_see_them_is_named(
        self, scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Otherwise all files that it is given would fail as missing."""
        unseen = str(tmp_path / "only here.txt")
        monkeypatch.setattr(engine, "_require_alike", lambda *_: None)
        with pytest.raises(EngineError, match=r"The worker tcp://.* does not see .*only here\.txt"):
            list(run_on_dask(act, ["a"], scheduler=scheduler, jobs=1, timeout=1, must_see=[unseen]))

    def test_one_without_workers_is_given_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(engine, "NO_WORKER", 1.0)
        with (
            distributed.LocalCluster(
                n_workers=0, host="127.0.0.1", dashboard_address=":0", silence_logs=60
            ) as empty,
            pytest.raises(EngineError, match="had no worker for 1 seconds"),
        ):
            list(run_on_dask(act, ["a"], scheduler=empty.scheduler_address, jobs=1, timeout=1))

    def test_nothing_that_dask_may_log_shows_files_or_passwords(self) -> None:
        from zipingbiao.engine.dask_worker import Batch, Done, Job

        job = Job("run", act, 1, None, "/home/somebody", b"")
        shown = repr((job, Batch(job, ("张三.docx",)), Done(["张三"])))
        assert "张三" not in shown and "somebody" not in shown


def make_forms(folder: Path, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        text = SMALL_FORM.replace("乡村", f"{number}村")
        (folder / f"{number:03}.txt").write_text(text, encoding="utf-8")


def test_the_tables_are_those_of_a_run_here(scheduler: str, tmp_path: Path) -> None:
    """Samples of several formats, an archive with a form in it and a broken file give the same files, byte for byte."""
    forms = tmp_path / "forms"
    make_forms(forms, 30)
    with zipfile.ZipFile(forms / "005.zip", "w") as archive:
        for sample in sorted(ROOT.glob("samples/*/form.docx"))[:3]:
            archive.write(sample, f"{sample.parent.name}/form.docx")
    (forms / "007.pdf").write_bytes(b"%PDF-1.7\nnothing")
    (forms / "008.xlsx").write_bytes((ROOT / "samples/seed/form.xlsx").read_bytes())
    here, there = tmp_path / "here", tmp_path / "there"
    local = zpb.run(forms, out=here, tables=("csv",))
    done = zpb.run(forms, out=there, tables=("csv",), engine="dask", scheduler=scheduler, jobs=2)
    assert done.counts.statuses == local.counts.statuses
    assert len(done.sources) == 36 and done.counts.statuses["failed"] == 1
    for rows in (*local.sources, *done.sources):
        rows["seconds"] = None
    assert done.rows == local.rows
    for path in here.glob("*.csv"):
        if path.name != "sources.csv":
            assert path.read_bytes() == (there / path.name).read_bytes(), path.name


@pytest.mark.skipif(os.name == "nt", reason="kills as only Unix can")
def test_when_the_scheduler_is_lost_the_next_run_goes_on(tmp_path: Path) -> None:
    forms, out = tmp_path / "forms", tmp_path / "out"
    make_forms(forms, 400)
    address = tmp_path / "scheduler.json"
    common = [sys.executable, "-m", "distributed.cli.dask_{}", "--scheduler-file", str(address)]
    started = [
        subprocess.Popen(
            [*[part.format(kind) for part in common], *more],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for kind, more in (
            ("scheduler", ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]),
            ("worker", ["--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1"]),
        )
    ]
    try:
        until = time.monotonic() + 60
        while not address.exists() or not (told := re.search(r"tcp://[\d.:]+", address.read_text())):
            assert time.monotonic() < until
            time.sleep(0.1)

        def kill(now: zpb.Progress) -> None:
            if now.read == 100:
                started[0].kill()

        from dask import config

        with config.set({"distributed.comm.timeouts.connect": "1s"}), pytest.raises(EngineError) as refused:
            zpb.run(
                forms, out=out, tables=("csv",), engine="dask", scheduler=told.group(), progress=kill, jobs=1
            )
        assert "The scheduler of the cluster is lost" in refused.value.message.en
    finally:
        for process in started:
            process.kill()
            process.wait()
    again = zpb.run(forms, out=out, tables=("csv",))
    assert again.counts.statuses == {"ok": 400}
    assert 100 <= again.counts.reused < 400
