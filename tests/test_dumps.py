"""What common programs make of the sample forms: each dump in ``files/dumps`` says what its sample says, or nothing.

``<sample>.<program>.<ext>``: copied out of Word into a plain text; Excel's "Unicode text"; pandoc's grids, tables
between rulers, and HTML in Markdown; scripts that write a merged cell's text into every slot; pdftotext's layout.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

import zipingbiao as zpb

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent / "samples"
sys.path.insert(0, str(SAMPLES))

from golden import describe_all  # noqa: E402

DUMPS = sorted((HERE / "files" / "dumps").iterdir())
#: the columns of these are lost, and nothing of them may be read
REFUSED = ("two_tier.pdftotext-layout.txt",)
#: texts and their places differ: each program has its own paragraphs
COMPARED = ("year", "heading", "funds", "goals", "indicators", "total")


def said_by(path: Path) -> str:
    """What a file's forms say, without white space; three dashes are a dash's Markdown."""
    forms = [{name: form[name] for name in COMPARED} for form in describe_all(path)]
    said = json.dumps(forms, ensure_ascii=False, indent=0)
    return re.sub(r"\\n|[ \u3000]", "", said).replace("---", "—")


def found_in(path: Path) -> list[tuple[str, str]]:
    """What is found in a file's forms; what could not be read is the dump's, not the form's."""
    found = [one for record in zpb.records(path) for one in zpb.check(record)]
    return sorted((one.code, one.problem.subject) for one in found if not one.code.startswith("READ"))


@pytest.mark.parametrize(
    "path", [path for path in DUMPS if path.name not in REFUSED], ids=lambda path: path.name
)
def test_a_dump_says_what_its_form_says(path: Path) -> None:
    sample = SAMPLES / path.name.split(".")[0] / "form.docx"
    assert said_by(path) == said_by(sample)


@pytest.mark.parametrize(
    "path", [path for path in DUMPS if path.name not in REFUSED], ids=lambda path: path.name
)
def test_nothing_is_found_in_a_dump_that_is_not_in_its_form(path: Path) -> None:
    sample = SAMPLES / path.name.split(".")[0] / "form.docx"
    assert found_in(path) == found_in(sample)


@pytest.mark.parametrize("name", REFUSED)
def test_a_dump_that_lost_its_columns_is_not_read(name: str) -> None:
    assert zpb.records(HERE / "files" / "dumps" / name) == []
