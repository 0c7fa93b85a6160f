"""An item costs only itself: whether its process dies, hangs, or takes all memory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from zipingbiao.engine.local import MAX_WORKER_BYTES, WINDOW, EngineError, Lost, run_in_pool

ROOT = Path(__file__).parents[1]


def act(item: str) -> str:
    """What a file can do to the process that reads it."""
    match item:
        case "exit":
            os._exit(3)
        case "leave":
            os._exit(0)  # as if all were well
        case "kill":
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(60)
        case "hang":
            time.sleep(60)
        case "hog":
            return str(len(bytes(2 * MAX_WORKER_BYTES)))
        case "quit":
            sys.exit(1)
        case "later":
            # dies when the task is done and no task runs
            import threading

            threading.Timer(0.3, os._exit, [5]).start()
    return item.upper()


def outcomes(items: list[str], jobs: int = 2, timeout: float = 30) -> list[str | Lost]:
    pairs = list(run_in_pool(act, items, jobs=jobs, timeout=timeout))
    assert [item for item, _ in pairs] == items
    return [outcome for _, outcome in pairs]


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_items(jobs: int) -> None:
    items = [f"item {number}" for number in range(3 * WINDOW)]
    assert outcomes(items, jobs) == [item.upper() for item in items]


@pytest.mark.parametrize("death", ["exit", "kill", "quit", "leave"])
def test_a_process_that_dies_costs_one_item(death: str) -> None:
    assert outcomes(["a", death, "b", death, "c"]) == ["A", Lost.DIED, "B", Lost.DIED, "C"]


def test_an_item_that_hangs_is_stopped() -> None:
    begun = time.monotonic()
    assert outcomes(["a", "hang", "b", "c"], timeout=1) == ["A", Lost.TIMEOUT, "B", "C"]
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_process_that_dies_when_nothing_runs_costs_nothing(jobs: int) -> None:
    def supply() -> Iterator[str]:
        yield "later"
        time.sleep(1.5)  # meanwhile the worker that did it dies, and with it the pool
        yield from "abc"

    assert [outcome for _, outcome in run_in_pool(act, supply(), jobs=jobs, timeout=30)] == ["LATER", *"ABC"]


def linger() -> None:
    time.sleep(1.5)


def test_what_a_process_begins_with_is_not_the_time_of_its_first_item() -> None:
    assert list(run_in_pool(act, ["a"], jobs=1, timeout=1, begin=linger)) == [("a", "A")]


def test_memory_is_bounded() -> None:
    pytest.importorskip("resource", reason="Windows bounds no address space")
    assert outcomes(["hog", "a"], jobs=1) == [Lost.DIED, "A"]


def test_only_so_many_items_are_taken_ahead_of_the_results() -> None:
    taken: list[int] = []

    def supply() -> Iterator[str]:
        for number in range(1000):
            taken.append(number)
            yield str(number)

    results = run_in_pool(act, supply(), jobs=1, timeout=30)
    next(results)
    results.close()
    assert len(taken) <= WINDOW


def test_no_items_start_no_process() -> None:
    assert list(run_in_pool(act, [], jobs=2, timeout=1)) == []


def test_a_script_that_cannot_be_imported_is_told_so(tmp_path: Path) -> None:
    """Workers import the main module: without its guard they would start workers of their own."""
    script = tmp_path / "script.py"
    script.write_text("import zipingbiao as zpb\nzpb.run(['a.txt', 'b.txt'], jobs=2)\n")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
        check=False,
    )
    assert ended.returncode != 0
    assert EngineError.__name__ in ended.stderr.splitlines()[-1]
    assert "__main__" in ended.stderr.splitlines()[-1]
