"""Write the tables of very many forms, nothing read: how long each kind of file takes, how large it is, how much memory.

    python benchmarks/tables.py --forms 20000 --kinds csv+xlsx,csv,xlsx,parquet,sqlite,jsonl

The rows are those of the Word samples, each copy with numbers, names and paragraphs of its own. Each kind is written
in a process of its own, or several together, as a run writes them; the seconds are those of the writers alone, on the
clock and of the processor.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from zipingbiao.columns import Row
from zipingbiao.tables import Rows

ROOT = Path(__file__).parents[1]
#: what is written at a time; first what a run writes unless it is told otherwise
KINDS = ("csv+xlsx", "csv", "xlsx", "parquet", "sqlite", "jsonl")
MEASURED = ("seconds", "cpu seconds", "megabytes on disk", "megabytes in memory")


def sample_rows() -> list[Rows]:
    """The rows of each Word sample."""
    import zipingbiao as zpb

    return [zpb.run(path).rows for path in sorted(ROOT.glob("samples/*/form.docx"))]


def many_rows(samples: list[Rows], forms: int) -> Iterator[Rows]:
    """The rows of so many forms, a file at a time."""
    count = number = 0
    while count < forms:
        sample = samples[number % len(samples)]
        yield {name: [_own(row, number) for row in table] for name, table in sample.items()}
        count += len(sample["forms"])
        number += 1


def _own(row: Row, number: int) -> Row:
    """A row of the ``number``-th copy of a sample."""
    own = dict(row)
    if own.get("form_id"):
        own["form_id"] = f"{number:08x}-{own['form_id']}"
    for name in ("source", "project_name", "implementing_unit"):
        if own.get(name):
            own[name] = f"{own[name]}{number // 10 if name == 'implementing_unit' else number}"
    if "section" in own:
        own["text"] = f"{own['text']}（第{number}份）"
    return own


def table(forms: int, kinds: Sequence[str] = KINDS) -> Iterator[str]:
    """What the tables of so many forms take, as a table."""
    yield f"| of {forms} forms | rows | seconds | of the processor | MB on disk | MB in memory |"
    yield "|---|---|---|---|---|---|"
    for kind in kinds:
        said = measure(kind, forms)
        yield f"| {kind} | {' | '.join(str(said[name]) for name in ('rows', *MEASURED))} |"


def measure(kinds: str, forms: int) -> dict[str, object]:
    """Write kinds of tables, with ``+`` between them, in a process of its own."""
    command = [sys.executable, __file__, "--forms", str(forms), "--measured", kinds]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def _measured(kinds: str, forms: int) -> None:
    import resource

    from zipingbiao.report.writers import ResultFiles

    samples = sample_rows()
    rows = clock = processor = 0.0
    with TemporaryDirectory() as folder:
        results = ResultFiles(Path(folder))

        def timed(step: object, *given: object) -> object:
            nonlocal clock, processor
            begun, used = time.perf_counter(), time.process_time()
            made = step(*given)  # type: ignore[operator]
            clock += time.perf_counter() - begun
            processor += time.process_time() - used
            return made

        timed(results.open, kinds.split("+"), "zh")
        for some in many_rows(samples, forms):
            rows += sum(map(len, some.values()))
            timed(results.write, some)
        timed(results.publish)
        size = sum(path.stat().st_size for path in Path(folder).rglob("*"))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    figures = (round(clock, 1), round(processor, 1), size // 10**6, memory)
    # for the process that asked
    print(json.dumps({"rows": int(rows), **dict(zip(MEASURED, figures, strict=True))}))  # noqa: T201


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=20_000)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--measured", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measured:
        _measured(asked.measured, asked.forms)
        return
    for line in table(asked.forms, asked.kinds.split(",")):
        print(line, flush=True)  # noqa: T201  what it is for


if __name__ == "__main__":
    main()
