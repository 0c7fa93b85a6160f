"""Measure what `docs/scale.md` reckons with: reading by format, the way through a cluster, and the passes over all files.

    python benchmarks/cluster.py

Reading and passes are seconds of processor time, which other programs do not change much; the way through the cluster is
the processor time of the one worker and of this process for items that need no work, a file.
"""

from __future__ import annotations

import pickle
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from many import make_forms

from zipingbiao.across import Across
from zipingbiao.batch.gist import Asked
from zipingbiao.batch.packed import Packed
from zipingbiao.batch.passes import amend, look
from zipingbiao.batch.reading import read_packed
from zipingbiao.batch.stages import early_tables
from zipingbiao.batch.store import Store
from zipingbiao.pipeline import Settings, prepare
from zipingbiao.report.writers import result_files

ROOT = Path(__file__).parents[1]
SECONDS = 3.0
FILES = 500
ITEMS = 20_000


@contextmanager
def timed(what: str, count: int, clock: Callable[[], float] = time.process_time) -> Iterator[None]:
    begun = clock()
    yield
    print(f"{what:30} {(clock() - begun) / count * 1000:8.2f} ms", flush=True)  # noqa: T201  what it is for


def measure_formats() -> None:
    """Read each sample of a format over and over, with what the first pass of a run that writes CSV asks for."""
    asked = Asked(True, early_tables([]))
    for ending in ("docx", "xlsx", "pdf", "txt"):
        files = [str(path) for path in sorted(ROOT.glob(f"samples/*/form.{ending}"))]
        rounds, until = 0, time.process_time() + SECONDS
        begun = time.process_time()
        while time.process_time() < until:
            for file in files:
                read_packed(file, Settings(), asked)
            rounds += 1
        each = (time.process_time() - begun) / rounds / len(files)
        print(f"{'read ' + ending:30} {each * 1000:8.2f} ms")  # noqa: T201  what it is for


def measure_cluster() -> None:
    """Send items that need no work through a cluster of one worker."""
    from zipingbiao.engine.dask import run_on_dask

    results = run_on_dask(abs, range(ITEMS), scheduler=None, jobs=1, timeout=60)
    next(results)
    with (
        timed("to a worker and back, wall", ITEMS - 1, time.perf_counter),
        timed("in this process", ITEMS - 1),
    ):
        for _ in results:
            pass


def measure_passes(folder: Path) -> None:
    """Take files through the two passes of a run that are not spread over workers."""
    make_forms(folder / "forms", FILES)
    for kinds in ((), ("csv",), ("parquet",), ("parquet-parts",), ("xlsx",)):
        asked = Asked(True, early_tables([]) if kinds == ("csv",) else ())
        files = [
            (str(path), read_packed(str(path), Settings(), asked))
            for path in sorted((folder / "forms").iterdir())
        ]
        size = sum(len(pickle.dumps(file)) for _, file in files) // FILES
        print(f"{'a file on its way':30} {size:8} bytes")  # noqa: T201  what it is for
        _measure_run(folder, files, kinds, asked)


def _measure_run(folder: Path, files: list[tuple[str, Packed]], kinds: tuple[str, ...], asked: Asked) -> None:
    stages = [Across(Settings())]
    with Store(folder, b"", fresh=True) as store, result_files(folder, kinds, "zh") as results:
        with timed("first pass", FILES):
            for _ in look(files, store, stages, asked, results.append):
                pass
        with timed(f"second pass, {','.join(kinds) or 'nothing written'}", FILES):
            for rows in amend(store, stages, asked):
                results.write(rows)
            results.publish()


def main() -> None:
    """Measure, and print."""
    prepare()
    folder = Path(tempfile.mkdtemp(prefix="zipingbiao-"))
    try:
        measure_formats()
        measure_passes(folder)
        measure_cluster()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
