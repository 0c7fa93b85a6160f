"""Every check across forms: `cases/across/<CODE>.txt` holds sets of forms that pass and sets that fail.

A case goes the whole way: files, a run over all of them, the table of findings. The format of a case file:

    == fail: one sentence that says what is wrong
    policy: same_digits = 20
    finds: file | subject | field | reported | expected
    also: CROSS06

    --- a.txt like forms/road.txt
    --- b.txt like a.txt
    甲县 → 乙县

``like`` takes over a form, with each text replaced that stands below; without it, the form itself stands there.
``finds`` stands once for each expected finding of the file's own check, ``also`` names the other checks across
forms that must speak, ``policy`` a key of a user's policy.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from inspect import cleandoc
from pathlib import Path

import pytest

import zipingbiao as zpb
from zipingbiao.across import ACROSS
from zipingbiao.across.registry import across
from zipingbiao.checks import CHECKS, SEVERITIES
from zipingbiao.columns import FINDINGS, Row
from zipingbiao.tables import written

CASES = Path(__file__).with_name("cases") / "across"
_HEAD = re.compile(r"^== *(?P<verdict>pass|fail): *(?P<sentence>.+)$", re.MULTILINE)
_DIRECTIVE = re.compile(r"(?P<key>finds|also|policy):(?P<value>.*)")
_FILE = re.compile(r"^--- (?P<name>\S+)(?: like (?P<like>\S+))?$", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """Some forms by file name, and what the check must say of them."""

    code: str
    fails: bool
    sentence: str
    finds: tuple[tuple[str, ...], ...]
    also: frozenset[str]
    policy: str
    forms: dict[str, str]


def forms_of(text: str) -> dict[str, str]:
    """The forms of a case, by file name."""
    heads = list(_FILE.finditer(text))
    forms: dict[str, str] = {}
    for head, end in zip(heads, [*(later.start() for later in heads[1:]), len(text)], strict=True):
        body, like = text[head.end() : end].strip("\n"), head["like"]
        if like is not None:
            form = forms[like] if like in forms else (CASES / like).read_text(encoding="utf-8")
            for line in body.splitlines():
                old, new = line.split(" → ")
                assert old in form, f"{old!r} is not in {like}"
                form = form.replace(old, new)
            body = form
        forms[head["name"]] = body
    return forms


def read_cases(path: Path) -> Iterator[Case]:
    """The cases of a file."""
    text = path.read_text(encoding="utf-8")
    heads = list(_HEAD.finditer(text))
    assert len(heads) == f"\n{text}".count("\n=="), f"{path.name}: a head is neither == pass: nor == fail:"
    for head, end in zip(heads, [*(later.start() for later in heads[1:]), len(text)], strict=True):
        finds: list[tuple[str, ...]] = []
        named = {"also": "", "policy": ""}
        lines = text[head.end() : end].strip("\n").split("\n")
        while found := _DIRECTIVE.fullmatch(lines[0]):
            if found["key"] == "finds":
                finds.append(tuple(piece.strip() for piece in found["value"].split("|")))
            else:
                named[found["key"]] = found["value"].strip()
            del lines[0]
        yield Case(
            path.stem,
            head["verdict"] == "fail",
            head["sentence"].strip(),
            tuple(finds),
            frozenset(named["also"].split()),
            named["policy"],
            forms_of("\n".join(lines)),
        )


ALL_CASES = [case for path in sorted(CASES.glob("*.txt")) for case in read_cases(path)]


def findings_of(case: Case, folder: Path, lang: str = "zh") -> list[Row]:
    """The findings across forms of a run over the case's files."""
    for name, form in case.forms.items():
        (folder / name).write_text(form, encoding="utf-8")
    policy = None
    if case.policy:
        policy = str(folder / "own.toml")
        Path(policy).write_text(case.policy, encoding="utf-8")
    paths = [folder / name for name in case.forms]
    return zpb.run(paths, select=["CROSS"], policy=policy, lang=lang).findings


def matches(row: Row, expected: tuple[str, ...]) -> bool:
    """Whether a finding is what a ``finds`` line says."""
    found = (
        Path(str(row["source"])).name,
        *(written(row[name]) for name in ("subject", "field", "reported", "expected")),
    )
    return found == expected


@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: f"{case.code}: {case.sentence}")
def test_the_forms_lead_to_the_findings_that_their_case_names(case: Case, tmp_path: Path) -> None:
    rows = findings_of(case, tmp_path)
    own = [row for row in rows if row["code"] == case.code]
    for expected in case.finds:
        found = [row for row in own if matches(row, expected)]
        assert len(found) == 1, (expected, own)
        own.remove(found[0])
    assert own == []
    assert {row["code"] for row in rows} - {case.code} == case.also


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "case", [one for one in ALL_CASES if one.fails], ids=lambda case: f"{case.code}: {case.sentence}"
)
def test_a_finding_points_at_a_cell_here_and_at_another_form(case: Case, lang: str, tmp_path: Path) -> None:
    for row in findings_of(case, tmp_path, lang):
        assert set(row) == {column.name for column in FINDINGS}
        assert "第" in str(row["place"])
        message, own = str(row["message"]), Path(str(row["source"])).name
        others = [name for name in case.forms if name != own and str(tmp_path / name) in message]
        assert others, message
        assert re.search(r"\.txt” [^;，]*第\d", message), message
        assert message.endswith("。" if lang == "zh" else ".")


@pytest.mark.parametrize("code", sorted(ACROSS))
def test_a_check_has_passing_and_failing_cases_with_sentences_of_their_own(code: str) -> None:
    cases = [case for case in ALL_CASES if case.code == code]
    assert sum(not case.fails for case in cases) >= 3
    assert sum(case.fails for case in cases) >= 3 or code == "CROSS03"
    assert len({case.sentence for case in cases}) == len(cases)
    for case in cases:
        assert bool(case.finds) == case.fails, case.sentence
        assert len(case.forms) > 1, case.sentence


def test_a_case_file_belongs_to_a_check() -> None:
    assert {path.stem for path in CASES.glob("*.txt")} == set(ACROSS)


@pytest.mark.parametrize("code", sorted(ACROSS))
def test_a_check_is_documented_in_both_languages(code: str) -> None:
    documentation = cleandoc(ACROSS[code].documentation)
    places = [
        documentation.find(f"\n{section} ") for section in ("Why:", "Example:", "Tolerance:", "Source:")
    ]
    assert -1 not in places and places == sorted(places)
    text = files("zipingbiao").joinpath("checks/explain.zh.toml").read_text(encoding="utf-8")
    assert tuple(tomllib.loads(text)[code]) == ("what", "why", "example", "tolerance", "source")


def test_codes_and_titles_are_those_of_no_other_check() -> None:
    assert not set(ACROSS) & set(CHECKS)
    for lang in ("zh", "en"):
        titles = [one.title.in_language(lang) for one in (*CHECKS.values(), *ACROSS.values())]
        assert all(titles) and len(set(titles)) == len(titles)
    for code, one in ACROSS.items():
        assert one.code == code and one.find.__name__ == code.lower() and one.severity in SEVERITIES


def test_a_code_is_entered_once_and_with_a_severity_that_exists() -> None:
    with pytest.raises(ValueError, match="CROSS01"):
        across("CROSS01", "error", "重复", "taken")
    with pytest.raises(ValueError, match="grave"):
        across("CROSS99", "grave", "未知", "unknown")
    assert "CROSS99" not in ACROSS
