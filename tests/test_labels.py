"""Labels: what a printed label is taken for, and what it must never be taken for."""

from __future__ import annotations

import csv
import itertools
import random
from decimal import Decimal
from pathlib import Path

import label_noise
import pytest
from label_noise import Noisy, Tally

from normalize.labels.match import match_label, read_label
from normalize.schema import NOT_SCOPES, fold_label, load_schema, read_toml

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


def test_no_label_of_the_schema_is_taken_for_another_field_when_it_is_left_out() -> None:
    wrong = [
        (scope, alias, field, match.field)
        for scope, alias, field, match in label_noise.left_out()
        if match and match.field != field
    ]
    assert wrong == []


@pytest.fixture(scope="module")
def tallies() -> dict[str, tuple[Tally, list[tuple[Noisy, str]]]]:
    """How up to 300 labels with each kind of noise are read; benchmarks/labels.py takes more."""
    return {kind: label_noise.tally(noisy) for kind, noisy in label_noise.sample(300, seed=1).items()}


@pytest.mark.parametrize("kind", label_noise.KINDS)
def test_a_label_with_noise_is_never_another_field(
    kind: str, tallies: dict[str, tuple[Tally, list[tuple[Noisy, str]]]]
) -> None:
    tally, wrong = tallies[kind]
    assert tally.count > 20
    assert wrong == []


@pytest.mark.parametrize("kind", label_noise.LAID_OUT)
def test_a_label_in_another_layout_or_script_is_found(
    kind: str, tallies: dict[str, tuple[Tally, list[tuple[Noisy, str]]]]
) -> None:
    tally, _ = tallies[kind]
    assert tally.right >= 0.99 * tally.count


def test_97_of_100_labels_with_noise_are_found(
    tallies: dict[str, tuple[Tally, list[tuple[Noisy, str]]]],
) -> None:
    assert sum(tally.right for tally, _ in tallies.values()) >= 0.97 * sum(
        tally.count for tally, _ in tallies.values()
    )


@pytest.mark.parametrize("group", [group for group in label_noise.SYNONYMS if len(group) > 1], ids="/".join)
def test_the_schema_itself_trades_the_words_of_the_noise(group: list[str]) -> None:
    for one, other in itertools.pairwise(group):
        assert any(
            one in alias and known.get(alias.replace(one, other, 1)) == field
            for known in load_schema().labels.values()
            for alias, field in known.items()
        ), (one, other)


@pytest.mark.parametrize(
    ("label", "scope", "field"),
    [
        ("年初预箅数", "fund_column", "budget_initial"),
        ("三级指栋", "indicator_column", "name"),
        ("末完成原因分析", "tail", "problem"),
    ],
)
def test_a_misread_character_is_seen_through_where_any_text_can_stand(
    label: str, scope: str, field: str
) -> None:
    match = match_label(label, scope, similar=False)
    assert match is not None and (match.field, match.kind) == (field, "fuzzy")


@pytest.mark.parametrize(
    ("text", "scope"),
    [("完成及时", "level2"), ("项目实施", "head"), ("服务满意度", "level2"), ("数量指标情况", "level2")],
)
def test_a_text_that_only_lacks_or_adds_something_is_no_label_where_any_text_can_stand(
    text: str, scope: str
) -> None:
    assert match_label(text, scope, similar=False) is None


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
