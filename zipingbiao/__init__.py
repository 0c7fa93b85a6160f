"""Read filled Chinese budget self-evaluation forms (预算绩效自评表) into exact values, and check that they add up.

>>> import zipingbiao as zpb
>>> zpb.parse_value("≤23万").number
Decimal('23')
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extract.document import Cell, Document, Grid, Line, ReadError, Where
    from extract.readers import read
    from normalize.aliases import AliasError
    from normalize.record import Entry, FundLine, Indicator, Record
    from normalize.values.parse import Blank, Date, Measure, Range, Unreadable, Wording, parse_value
    from zipingbiao.batch.progress import Progress
    from zipingbiao.batch.run import Run, run
    from zipingbiao.checks import Finding
    from zipingbiao.engine.local import EngineError
    from zipingbiao.explain import UnknownCode
    from zipingbiao.known.earlier import BaselineError
    from zipingbiao.known.ignores import IgnoreError
    from zipingbiao.pipeline import check, records
    from zipingbiao.policy import Policy, PolicyError
    from zipingbiao.report.draft import WriteError

#: where each name is at home: imported at first use, so that `zipingbiao --help` need not wait for any of it
_HOMES = {
    "extract.document": ("Cell", "Document", "Grid", "Line", "ReadError", "Where"),
    "extract.readers": ("read",),
    "normalize.aliases": ("AliasError",),
    "normalize.record": ("Entry", "FundLine", "Indicator", "Record"),
    "normalize.values.parse": ("Blank", "Date", "Measure", "Range", "Unreadable", "Wording", "parse_value"),
    "zipingbiao.batch.run": ("Run", "run"),
    "zipingbiao.checks": ("Finding",),
    "zipingbiao.known.earlier": ("BaselineError",),
    "zipingbiao.engine.local": ("EngineError",),
    "zipingbiao.explain": ("UnknownCode",),
    "zipingbiao.known.ignores": ("IgnoreError",),
    "zipingbiao.pipeline": ("check", "records"),
    "zipingbiao.policy": ("Policy", "PolicyError"),
    "zipingbiao.batch.progress": ("Progress",),
    "zipingbiao.report.draft": ("WriteError",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AliasError",
    "BaselineError",
    "Blank",
    "Cell",
    "Date",
    "Document",
    "EngineError",
    "Entry",
    "Finding",
    "FundLine",
    "Grid",
    "IgnoreError",
    "Indicator",
    "Line",
    "Measure",
    "Policy",
    "PolicyError",
    "Progress",
    "Range",
    "ReadError",
    "Record",
    "Run",
    "UnknownCode",
    "Unreadable",
    "Where",
    "Wording",
    "WriteError",
    "check",
    "parse_value",
    "read",
    "records",
    "run",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
