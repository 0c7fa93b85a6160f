"""Write the tables of very many forms, nothing read: how long each kind of file takes, how large it is, how much memory.

    python benchmarks/tables.py --forms 20000 --kinds csv,parquet,sqlite,jsonl,xlsx

The rows are those of the Word samples, each copy with numbers, names and paragraphs of its own. Each kind is written
in a process of its own; the seconds are those of the writer alone, on the clock and of the processor.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from zipingbiao.tables import Rows

ROOT = Path(__file__).parents[1]


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


def _own(row: dict[str, object], number: int) -> dict[str, object]:
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


def measure(kind: str, forms: int) -> dict[str, object]:
    """Write one kind in a process of its own."""
    command = [sys.executable, __file__, "--forms", str(forms), "--measured", kind]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def _measured(kind: str, forms: int) -> None:
    import resource

    from zipingbiao.report.draft import publish_all
    from zipingbiao.report.writers import WRITERS

    samples = sample_rows()
    rows = clock = processor = 0.0
    with TemporaryDirectory() as folder:
        writer = WRITERS[kind](Path(folder), "zh")

        def timed(step: object, *given: object) -> object:
            nonlocal clock, processor
            begun, used = time.perf_counter(), time.process_time()
            made = step(*given)  # type: ignore[operator]
            clock += time.perf_counter() - begun
            processor += time.process_time() - used
            return made

        for some in many_rows(samples, forms):
            rows += sum(map(len, some.values()))
            timed(writer.write, some)
        timed(lambda: publish_all(writer.finish()))
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
    print(  # noqa: T201  for the process that asked
        json.dumps(
            {
                "kind": kind,
                "rows": int(rows),
                "seconds": round(clock, 1),
                "cpu seconds": round(processor, 1),
                "megabytes on disk": size // 10**6,
                "megabytes in memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )


def main() -> None:
    """Measure one kind after another."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=20_000)
    parser.add_argument("--kinds", default="csv,parquet,sqlite,jsonl,xlsx")
    parser.add_argument("--measured", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measured:
        _measured(asked.measured, asked.forms)
        return
    for kind in asked.kinds.split(","):
        print(measure(kind, asked.forms), flush=True)  # noqa: T201  what it is for


if __name__ == "__main__":
    main()
