"""Add up the labels that nobody knew over all files of a run: each once, with how often and where it occurs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from zipingbiao.columns import Row
from zipingbiao.tables import Rows, empty_rows

#: labels that are told apart, so that memory stays flat; further ones are still in the tables cells and findings
MOST = 10_000
TABLE = "unknown_labels"


class _Key(NamedTuple):
    """What makes two labels the same: the text, whether it was read by likeness, and the scope it stands in."""

    label: str
    status: str
    scope: str


@dataclass
class _Tally:
    """The row of a label's first occurrence, and how often it occurs in how many files."""

    row: Row
    count: int = 0
    files: int = 0


@dataclass
class UnknownLabels:
    """The labels of the files read so far."""

    tallies: dict[_Key, _Tally] = field(default_factory=dict)

    def taken_from(self, rows: Rows) -> Rows:
        """Count the labels of a file, and return the rows of all other tables."""
        labels = rows[TABLE]
        keys = [_key_of(row) for row in labels]
        for key, row in zip(keys, labels, strict=True):
            if key in self.tallies or len(self.tallies) < MOST:
                self.tallies.setdefault(key, _Tally(row)).count += 1
        for key in set(keys) & self.tallies.keys():
            self.tallies[key].files += 1
        return {name: [] if name == TABLE else added for name, added in rows.items()}

    def rows(self) -> Rows:
        """The table ``unknown_labels``, what nobody knew and what occurs most in front; all other tables blank."""
        tallies = sorted(self.tallies.values(), key=lambda one: (one.row["status"] == "similar", -one.count))
        return {
            **empty_rows(),
            TABLE: [{**one.row, "count": one.count, "files": one.files} for one in tallies],
        }


def _key_of(row: Row) -> _Key:
    return _Key(str(row["label"]), str(row["status"]), str(row["toml"]).partition(".")[0])
