"""What is imported when: a command that needs little starts at once, and no run loads what it does not use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FORM = Path(__file__).parents[1] / "samples" / "national" / "form.docx"
#: what takes long to import, each needed for one thing
RARE = {
    "PIL", "dask", "datasketch", "distributed", "docx", "fsspec", "jinja2", "msoffcrypto", "numpy", "openpyxl",
    "pandas", "pyarrow", "pypdf", "pypdfium2", "rensa", "xlrd", "xlsxwriter",
}  # fmt: skip
#: what reading a form needs, and its own process does
READING = {"jieba", "lxml", "rapidfuzz"}


def loaded_after(code: str, *arguments: str) -> set[str]:
    """The top-level modules that a process has loaded at the end of ``code``."""
    report = "\nprint('\\n', *{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}{report}", *arguments],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())


def loaded_by_command(*arguments: str) -> set[str]:
    command = "from zipingbiao.cli import main\ntry:\n    main()\nexcept SystemExit as end:\n    assert not end.code"
    return loaded_after(command, *arguments)


def test_help_loads_neither_readers_nor_writers() -> None:
    loaded = loaded_by_command("--help")
    assert "typer" in loaded  # so that the list is one
    assert not loaded & (RARE | READING | {"pebble", "multiprocessing", "sqlite3"})


def test_a_run_that_writes_csv_reads_in_another_process_and_loads_no_other_writer(tmp_path: Path) -> None:
    loaded = loaded_by_command("run", str(FORM), "--out", str(tmp_path), "--tables", "csv", "--quiet")
    assert (tmp_path / "forms.csv").exists() and "pebble" in loaded
    assert not loaded & (RARE | READING)


@pytest.mark.parametrize("tables", ["csv", "sqlite", "jsonl"])
def test_what_reads_a_word_file_loads_the_reader_of_no_other_format(tmp_path: Path, tables: str) -> None:
    code = f"import zipingbiao as zpb\nzpb.run(sys.argv[1], out=sys.argv[2], tables=['{tables}'])"
    loaded = loaded_after(code, str(FORM), str(tmp_path))
    assert "lxml" in loaded and any(tmp_path.iterdir())
    assert not loaded & (RARE | {"pebble"})


def test_the_workbook_loads_its_writer_alone(tmp_path: Path) -> None:
    loaded = loaded_by_command("run", str(FORM), "--out", str(tmp_path), "--tables", "xlsx", "--quiet")
    assert "xlsxwriter" in loaded
    assert not loaded & ((RARE - {"xlsxwriter"}) | READING)
