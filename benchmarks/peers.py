"""What other libraries do with the same files: ``python benchmarks/peers.py FILE...`` prints a line of JSON for each.

It runs in an environment of its own, made by ``make bench`` from ``peers.txt``, and imports nothing of ours. Each peer
takes the path of a file and gives the texts of all table cells in it, as people use it for that; it is imported, and
has read each file once, before the clock runs.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

RUNS = 5
#: characters of what a peer says when it fails
LONGEST_REASON = 60
_MARKDOWN_CELL = re.compile(r"(?<!\\)\|")
#: the row between the head of a table and its body
_RULER = re.compile(r"[-: ]+")


class Peer(NamedTuple):
    """A way to read files of some endings; ``package`` is what `pip` calls the library."""

    name: str
    package: str
    endings: tuple[str, ...]
    cells: Callable[[Path], list[str]]


def python_docx(path: Path) -> list[str]:
    """A data frame a table, as people make them."""
    import docx
    import pandas

    frames = [
        pandas.DataFrame([[cell.text for cell in row.cells] for row in table.rows])
        for table in docx.Document(str(path)).tables
    ]
    return [text for frame in frames for text in frame.to_numpy().ravel() if isinstance(text, str)]


def pandas_excel(path: Path) -> list[str]:
    """All sheets as data frames of texts."""
    import pandas

    frames = pandas.read_excel(path, sheet_name=None, header=None, dtype=str)
    return [text for frame in frames.values() for text in frame.to_numpy().ravel() if isinstance(text, str)]


def openpyxl(path: Path) -> list[str]:
    """All values."""
    import openpyxl

    rows = (row for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows(values_only=True))
    return [str(value) for row in rows for value in row if value is not None]


def calamine(path: Path) -> list[str]:
    """All values of a workbook, old or new."""
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(path)
    rows = (row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python())
    return [str(value) for row in rows for value in row]


@lru_cache(maxsize=1)
def _markitdown() -> Any:
    from markitdown import MarkItDown

    return MarkItDown()


def markitdown(path: Path) -> list[str]:
    """The tables of the Markdown."""
    return _cells_of_markdown(_markitdown().convert(str(path)).text_content)


def docling(path: Path) -> list[str]:
    """The cells of its tables. Its backend for Word files is asked, since its converter would want torch for them."""
    from docling.backend.msword_backend import MsWordDocumentBackend
    from docling.datamodel.base_models import InputFormat
    from docling.datamodel.document import InputDocument

    opened = InputDocument(path_or_stream=path, format=InputFormat.DOCX, backend=MsWordDocumentBackend)
    return [cell.text for table in opened._backend.convert().tables for cell in table.data.table_cells]


def unstructured(path: Path) -> list[str]:
    """The cells of the tables that it partitions a file into."""
    from lxml import html
    from unstructured.partition.docx import partition_docx
    from unstructured.partition.xlsx import partition_xlsx

    parted = (partition_xlsx if path.suffix == ".xlsx" else partition_docx)(filename=str(path))
    tables = [one.metadata.text_as_html for one in parted if one.metadata.text_as_html]
    return [cell.text_content() for table in tables for cell in html.fromstring(table).iter("td", "th")]


def pdfplumber(path: Path) -> list[str]:
    """All tables of all pages."""
    import pdfplumber

    with pdfplumber.open(path) as document:
        rows = [row for page in document.pages for table in page.extract_tables() for row in table]
    return [text for row in rows for text in row if text]


def camelot(path: Path) -> list[str]:
    """All tables of all pages, by their lines."""
    import camelot

    tables = camelot.read_pdf(str(path), pages="all", flavor="lattice")
    return [str(text) for table in tables for text in table.df.to_numpy().ravel()]


def pymupdf(path: Path) -> list[str]:
    """`find_tables` on all pages."""
    import pymupdf

    with pymupdf.open(path) as document:
        rows = [row for page in document for table in page.find_tables() for row in table.extract()]
    return [text for row in rows for text in row if text]


def _cells_of_markdown(text: str) -> list[str]:
    rows = [line for line in text.splitlines() if line.startswith("|")]
    cells = [cell.strip() for row in rows for cell in _MARKDOWN_CELL.split(row.strip("| "))]
    return [cell for cell in cells if cell and not _RULER.fullmatch(cell)]


PEERS = (
    Peer("python-docx and pandas", "python-docx", ("docx",), python_docx),
    Peer("markitdown", "markitdown", ("docx", "xlsx", "pdf"), markitdown),
    Peer("docling, its Word backend", "docling-slim", ("docx",), docling),
    Peer("unstructured", "unstructured", ("docx", "xlsx"), unstructured),
    Peer("pandas, read_excel", "pandas", ("xlsx",), pandas_excel),
    Peer("openpyxl", "openpyxl", ("xlsx",), openpyxl),
    Peer("python-calamine", "python-calamine", ("xlsx", "xls"), calamine),
    Peer("pdfplumber, extract_tables", "pdfplumber", ("pdf",), pdfplumber),
    Peer("camelot, lattice", "camelot-py", ("pdf",), camelot),
    Peer("pymupdf, find_tables", "pymupdf", ("pdf",), pymupdf),
)


def measured(peer: Peer, ending: str, paths: list[Path]) -> dict[str, object]:
    """The processor time of each reading in milliseconds, and the cells of each file; or why there are none."""
    said: dict[str, object] = {"name": peer.name, "ending": ending, "version": "", "times": [], "cells": {}}
    try:
        said["version"] = version(peer.package)
        cells = {str(path): peer.cells(path) for path in paths}
    except PackageNotFoundError:
        return {**said, "missing": "not installed"}
    except Exception as err:  # noqa: BLE001  whatever a peer stumbles over is its result
        reason = (str(err) or type(err).__name__).partition("\n")[0]
        return {**said, "missing": f"fails: {reason[:LONGEST_REASON]}".replace("|", "/")}
    times = []
    for _ in range(RUNS):
        for path in paths:
            started = time.process_time()
            peer.cells(path)
            times.append((time.process_time() - started) * 1000)
    return {**said, "times": times, "cells": cells}


def all_measured(paths: list[Path]) -> Iterator[dict[str, object]]:
    """Each peer on the files of each of its endings."""
    for peer in PEERS:
        for ending in peer.endings:
            if alike := [path for path in paths if path.suffix == f".{ending}"]:
                yield measured(peer, ending, alike)


def main() -> None:
    """Read the files that were named."""
    logging.disable()
    out, sys.stdout = sys.stdout, sys.stderr  # some of them talk
    for said in all_measured([Path(name) for name in sys.argv[1:]]):
        out.write(json.dumps(said) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
