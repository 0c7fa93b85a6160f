"""Labels: what a printed label is taken for, and what it must never be taken for."""

from __future__ import annotations

import csv
import dataclasses
import random
from decimal import Decimal
from pathlib import Path

import pytest

from normalize import labels
from normalize.labels import Match, match_label, read_label
from normalize.schema import NOT_SCOPES, Schema, fold_label, load_schema, read_toml

TABLE = Path(__file__).with_name("labels.tsv")


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['scope']}:{row['label']}")
def test_a_label_is_read_as_the_table_says(row: dict[str, str]) -> None:
    match = match_label(row["label"].replace("\\n", "\n"), row["scope"])
    assert (match.field if match else "", match.kind if match else "") == (
        row["field"] or "",
        row["kind"] or "",
    )


def test_a_wording_stands_once_in_its_scope_and_is_not_blank() -> None:
    for scope, fields in read_toml().items():
        if scope in NOT_SCOPES:
            continue
        folded = [fold_label(alias) for table in fields.values() for alias in table["aliases"]]
        assert all(folded), scope
        assert len(folded) == len(set(folded)), f"{scope}: {[one for one in folded if folded.count(one) > 1]}"


def test_every_alias_is_found_again_as_printed() -> None:
    for scope, known in load_schema().labels.items():
        for alias, field in known.items():
            match = match_label(alias, scope)
            assert match is not None and match.field == field, (scope, alias)


def match_without(alias: str, scope: str, schema: Schema) -> Match | None:
    """What a label would be read as if the schema did not know it."""
    known = {one: field for one, field in schema.labels[scope].items() if one != alias}
    wordings = read_label(alias).wordings
    for wording in wordings:
        if wording in known:
            return Match(known[wording], "alias")
    rest = dataclasses.replace(schema, labels={**schema.labels, scope: known})
    return labels._match_cue(wordings, scope, rest) or labels._match_similar(wordings[-1], scope, rest)


def test_no_label_of_the_schema_is_taken_for_another_field_when_it_is_left_out() -> None:
    schema = load_schema()
    wrong = [
        (scope, alias, field, match.field)
        for scope, known in schema.labels.items()
        for alias, field in known.items()
        if (match := match_without(alias, scope, schema)) and match.field != field
    ]
    assert wrong == []


def noisy(label: str, chance: random.Random) -> str:
    """A label as forms print it: spaced, broken, numbered, with a unit or a weight behind it."""
    noise = chance.choice(["space", "break", "front", "behind"])
    cut = chance.randrange(1, len(label))
    return {
        "space": " ".join(label),
        "break": f"{label[:cut]}\n{label[cut:]}",
        "front": chance.choice(["1.", "（一）", "★", "2、"]) + label,
        "behind": label + chance.choice(["（万元）", "（A）", "(10分)", "："]),
    }[noise]


def test_spacing_numbering_and_remarks_never_change_the_field() -> None:
    chance = random.Random(20221)
    for scope, known in load_schema().labels.items():
        for alias, field in known.items():
            if len(alias) < 4:
                continue
            match = match_label(noisy(alias, chance), scope)
            assert match is not None and match.field == field, (scope, alias)


@pytest.mark.parametrize(
    ("label", "weight"),
    [
        ("产出指标（50分）", "50"),
        ("效益指标\n(30)", "30"),
        ("得分(20分*执行率)", "20"),
        ("满意度指标（权重10%）", "10"),
    ],
)
def test_the_weight_inside_a_label_is_read(label: str, weight: str) -> None:
    assert read_label(label).weight == Decimal(weight)


@pytest.mark.parametrize("label", ["执行率（B/A）", "全年预算数（A）", "项目资金（万元）", "产出指标"])
def test_a_label_without_a_weight_has_none(label: str) -> None:
    assert read_label(label).weight is None


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("项目资金（万元）", "万元"),
        ("项目资金(元)", "元"),
        ("单位：亿元", ""),
        ("年度预算数（单位：元）", "元"),
        ("执行率", ""),
    ],
)
def test_the_unit_of_amounts_inside_a_label_is_read(label: str, unit: str) -> None:
    assert read_label(label).money_unit == unit
