"""``zipingbiao.sqlite``: the tables exactly, views to compute with, and nothing beside the file."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from data_rows import HALF, HOSTILE, MARK, file_rows, hostile_files, row_of, written_files
from small_form import SMALL_FORM

import zipingbiao as zpb
from zipingbiao.batch.stages import Twins
from zipingbiao.columns import TABLES
from zipingbiao.report.sqlite import FILE, SqliteFile

SAMPLES = Path(__file__).parents[1] / "samples"


def ask(out: Path, question: str) -> list[dict[str, object]]:
    """The rows that answer a question."""
    with closing(sqlite3.connect(out / FILE)) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(question)]


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, zpb.Run]:
    """All Word samples in a database, and the run that wrote it."""
    out = tmp_path_factory.mktemp("samples")
    return out, zpb.run(sorted(SAMPLES.glob("*/form.docx")), out=out, tables=("sqlite",))


def test_the_tables_hold_every_row_exactly(samples: tuple[Path, zpb.Run]) -> None:
    out, run = samples
    assert [path.name for path in out.iterdir() if path.is_file()] == [FILE]
    for name, columns in TABLES.items():
        asked = ", ".join(f'"{column.name}"' for column in columns)
        for row, stored in zip(
            run.rows[name], ask(out, f"SELECT {asked} FROM {name} ORDER BY rowid"), strict=True
        ):
            for column in columns:
                datum, kept = row[column.name], stored[column.name]
                if datum is None or datum == "":
                    assert kept is None
                elif isinstance(datum, Decimal):
                    assert isinstance(kept, str) and Decimal(kept) == datum
                else:
                    assert kept == datum and type(kept) is type(datum)


def test_every_reference_leads_to_a_row(samples: tuple[Path, zpb.Run]) -> None:
    out, _ = samples
    assert ask(out, "PRAGMA foreign_key_check") == []
    assert ask(out, "PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    links = {row["from"]: row["table"] for row in ask(out, "PRAGMA foreign_key_list(findings)")}
    assert links == {"form_id": "forms", "source": "sources"}


def test_a_reference_that_leads_nowhere_would_be_found(tmp_path: Path) -> None:
    rows = file_rows()
    rows["forms"] = []
    assert ask(written_files("sqlite", tmp_path, [rows]), "PRAGMA foreign_key_check")


def test_files_of_one_name_or_content_keep_their_rows_apart(tmp_path: Path) -> None:
    for name in (b"\xd7\xd4.txt", b"\xd7\xd5.txt", b"c.txt"):
        try:
            (tmp_path / Path(name.decode("utf-8", "surrogateescape"))).write_text(
                SMALL_FORM, encoding="utf-8"
            )
        except OSError:
            pytest.skip("this system has only names of UTF-8")
    zpb.run(tmp_path, out=tmp_path / "out", tables=("sqlite", "csv"))
    assert ask(tmp_path / "out", "PRAGMA foreign_key_check") == []
    counts = ask(tmp_path / "out", "SELECT source, COUNT(*) AS n FROM forms GROUP BY source ORDER BY source")
    assert len(counts) == 3 and {row["n"] for row in counts} == {1}
    assert {Path(str(row["source"])).name for row in counts} == {
        "c.txt",
        f"{MARK * 2}.txt",
        f"{MARK * 2}.txt~2",
    }


def test_digests_that_begin_alike_give_forms_of_different_numbers() -> None:
    """Anybody can make two files whose SHA-256 begin with the same twelve digits."""
    twins = Twins()
    made = []
    for digit, name in (("0", "甲"), ("1", "乙")):
        rows = file_rows(1, name)
        rows["sources"] = [{**rows["sources"][0], "sha256": "a3f80c1e22b9" + digit * 52}]
        made.append(twins.apart(rows))
    for table in ("forms", "funds", "cells"):
        assert [rows[table][0]["form_id"] for rows in made] == ["a3f80c1e22b9-1", "a3f80c1e22b9-1~2"]


def test_every_column_is_described_in_both_languages_with_its_unit(samples: tuple[Path, zpb.Run]) -> None:
    out, _ = samples
    described = {(row["table_name"], row["column_name"]): row for row in ask(out, "SELECT * FROM columns")}
    for name in TABLES:
        for column in ask(out, f"SELECT name FROM pragma_table_info('{name}') WHERE name <> 'id'"):
            assert described.pop((name, column["name"]))["en"]
    assert not described
    (one,) = ask(out, "SELECT * FROM columns WHERE table_name = 'funds' AND column_name = 'executed_wan'")
    assert (one["zh"], one["unit_zh"], one["unit_en"]) == ("全年执行数（万元）", "万元", "10,000 yuan")


def test_views_hold_numbers_to_compute_with(tmp_path: Path) -> None:
    files = [file_rows(1), file_rows(2)]
    files[1]["funds"] = [{**files[1]["funds"][0], "executed_wan": Decimal("9"), "form_id": "a3f80c1e22b9-2"}]
    out = written_files("sqlite", tmp_path, files)
    # as text, 9 would stand behind 3.65 but before 10
    assert ask(out, "SELECT COUNT(*) AS n FROM v_funds WHERE executed_wan < 10") == [{"n": 2}]
    assert ask(out, "SELECT MAX(executed_wan) AS most FROM v_funds") == [{"most": 9.0}]
    assert ask(out, "SELECT executed_wan FROM funds")[0] == {"executed_wan": "3.650001"}
    (fund, *_) = ask(out, "SELECT * FROM v_funds")
    assert (fund["project_name"], fund["fiscal_year"]) == ("乡村道路养护", 2022)


def test_totals_that_differ_are_in_a_view(tmp_path: Path) -> None:
    def form(number: int, *totals: str) -> dict[str, list[dict[str, object]]]:
        columns = ("total_score_reported", "total_score_summed", "total_score_recomputed")
        given = dict(zip(columns, map(Decimal, totals), strict=True))
        return file_rows(number, **given)  # type: ignore[arg-type,return-value]

    files = [
        form(1, "100", "100.00", "100.0"),
        form(2, "89.6", "89.6", "89.60"),
        form(3, "100", "90", "91.59"),
        form(4, "95", "95", "94.99"),
        # 0.1 + 0.2 in binary numbers is not 0.3
        form(5, "0.3", "0.30", "0.300"),
    ]
    out = written_files("sqlite", tmp_path, files)  # type: ignore[arg-type]
    rows = ask(out, "SELECT form_id, reported_less_summed, reported_less_recomputed FROM v_mismatch")
    assert [tuple(row.values()) for row in rows] == [
        ("a3f80c1e22b9-3", 10.0, 8.41),
        ("a3f80c1e22b9-4", 0.0, 0.01),
    ]


def test_units_are_summed_up_in_a_view(tmp_path: Path) -> None:
    one, two, other = (file_rows(number) for number in (1, 2, 3))
    two["funds"] = [
        *two["funds"],
        # a part of the total is in it already
        {**two["funds"][0], "item": "fiscal"},
    ]
    two["forms"] = [
        {**two["forms"][0], "total_score_summed": Decimal(100), "total_score_recomputed": Decimal(100)}
    ]
    other["forms"] = [{**other["forms"][0], "implementing_unit": "", "department": "某县水利局", "errors": 0}]
    other["funds"] = [{**other["funds"][0], "executed_wan": None}]
    out = written_files("sqlite", tmp_path, [one, two, other])
    first, second = ask(out, "SELECT * FROM v_unit_summary")
    assert first == {
        "unit": "乡村道路养护",
        "department": None,
        "forms": 2,
        "errors": 2,
        "warnings": 0,
        "notes": 0,
        "budget_wan": 46.0,
        "executed_wan": 7.300002,
        "execution_rate": 0.1587,
        "average_reported": 100.0,
        "average_recomputed": 95.6,
        "totals_that_differ": 1,
    }
    assert (second["unit"], second["budget_wan"], second["execution_rate"]) == ("某县水利局", 23.0, None)


def test_findings_name_project_and_unit_in_a_view(samples: tuple[Path, zpb.Run]) -> None:
    out, run = samples
    names = {form["form_id"]: form["project_name"] or None for form in run.forms}
    for view, row in zip(ask(out, "SELECT * FROM v_findings ORDER BY id"), run.findings, strict=True):
        assert (view["code"], view["project_name"]) == (row["code"], names[row["form_id"]])
        assert view["difference"] == (None if row["difference"] is None else float(row["difference"]))


def test_texts_that_were_made_to_do_harm_come_back_as_they_are(tmp_path: Path) -> None:
    out = written_files("sqlite", tmp_path, hostile_files())
    for table, column in (("forms", "project_name"), ("texts", "text"), ("v_forms", "implementing_unit")):
        kept = [row[column] for row in ask(out, f"SELECT {column} FROM {table}")]
        assert sorted(kept) == sorted(HOSTILE.values())
    assert ask(out, "PRAGMA foreign_key_check") == []


def test_half_a_surrogate_pair_is_marked(tmp_path: Path) -> None:
    out = written_files("sqlite", tmp_path, [file_rows(1, HALF)])
    assert ask(out, "SELECT text FROM texts") == [{"text": f"a{MARK}b{MARK}"}]


def test_equal_rows_give_an_equal_file_in_any_process(tmp_path: Path) -> None:
    here = written_files("sqlite", tmp_path / "here", hostile_files())
    statement = (
        "from pathlib import Path; from data_rows import *; "
        f"written_files('sqlite', Path({str(tmp_path / 'there')!r}), hostile_files())"
    )
    paths = f"import sys; sys.path[:0] = {[str(Path(__file__).parent), str(Path(__file__).parents[1])]!r}; "
    subprocess.run([sys.executable, "-c", paths + statement], check=True)
    assert (here / FILE).read_bytes() == (tmp_path / "there" / FILE).read_bytes()


def test_a_run_that_reads_nothing_anew_writes_the_same_bytes(tmp_path: Path) -> None:
    kinds, forms = ("csv", "parquet", "sqlite", "jsonl"), sorted(SAMPLES.glob("*/form.docx"))
    written = []
    for _ in range(2):
        zpb.run(forms, out=tmp_path, tables=kinds)
        written.append({path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()})
    assert len(written[0]) == 2 * len(TABLES) + 3
    assert written[0] == written[1]


def test_the_question_in_the_documentation_has_an_answer(samples: tuple[Path, zpb.Run]) -> None:
    page = (SAMPLES.parent / "docs" / "data.md").read_text(encoding="utf-8")
    (question,) = (block for block in re.findall(r"```sql\n(.*?)```", page, re.DOTALL) if "v_unit" in block)
    assert ask(samples[0], question)


def test_a_run_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    database = SqliteFile(tmp_path)
    for number in range(3_000):
        database.write(file_rows(number))
    database.discard()
    assert not list(tmp_path.iterdir())


def test_a_second_run_replaces_the_first(tmp_path: Path) -> None:
    written_files("sqlite", tmp_path, [file_rows(number) for number in range(20)])
    written_files("sqlite", tmp_path, [{"sources": [row_of("sources", source="a", status="failed")]}])
    assert ask(tmp_path, "SELECT COUNT(*) AS n FROM forms") == [{"n": 0}]
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_full_disk_is_said_in_one_sentence(tmp_path: Path) -> None:
    database = SqliteFile(tmp_path)
    database._db.execute("PRAGMA max_page_count = 60")  # as a disk that has room for no more
    with pytest.raises(OSError) as refused:
        for number in range(3_000):
            database.write(file_rows(number))
    assert refused.value.errno == 28
    database.discard()
    assert not list(tmp_path.iterdir())
