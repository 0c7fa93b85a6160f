"""Read a policy file; a user's own file names only the keys that differ from the policy it builds on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

from extract.document import Bilingual, PlainError
from normalize.record import Record, number_of
from normalize.schema import load_schema
from zipingbiao.policy.keys import KEYS, UNITS
from zipingbiao.toml_file import TomlError, as_written, nearest, parse_toml, text_of

DEFAULT = "mof-2020"
#: the policies that a form's own weights tell apart; the others must be named
TOLD_BY_WEIGHTS = (DEFAULT, "mof-2021", "hubei-20-80")


class PolicyError(PlainError):
    """A policy that cannot be used."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers that checks ask for; `zipingbiao.policy.keys` says what each means."""

    name: str
    total_weight: Decimal
    execution_weight: Decimal
    weight_tolerance: Decimal
    low_execution: Decimal
    adjustment_share: Decimal
    score_tolerance: Decimal
    heavy_weight: Decimal
    exceeded: Decimal
    same_digits: Decimal
    alike_ratio: Decimal
    alike_length: Decimal
    template_units: Decimal
    template_share: Decimal
    yearly_growth: Decimal
    required: tuple[str, ...]
    grades: Mapping[str, Decimal]
    level_weights: Mapping[str, Decimal]

    def grade(self, total: Decimal) -> str:
        """The grade of a total score; blank where the policy has none for it."""
        reached = [(least, grade) for grade, least in self.grades.items() if total >= least]
        return max(reached)[1] if reached else ""


def load_policy(name_or_file: str | Path = DEFAULT) -> Policy:
    """The policy of that name, or from that file as it stands now. Raises `PolicyError`, and `TypeError` for neither."""
    if not isinstance(name_or_file, str | Path):
        raise TypeError(f"a policy is named, or given as a file, not as {name_or_file!r}")
    name_or_file = str(name_or_file)
    if name_or_file in policy_names():
        return _shipped(name_or_file)
    return _policy(_read_file(Path(name_or_file)), name_or_file)


@lru_cache(maxsize=32)
def _shipped(name: str) -> Policy:
    return _policy(_read_shipped(name), name)


@lru_cache(maxsize=1)
def policy_names() -> tuple[str, ...]:
    """The policies that ship with the product."""
    folder = files("zipingbiao") / "policy"
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def policy_for(record: Record, named: Policy | None) -> Policy:
    """The policy a form is held to: the one the user named, or the one that its weights show.

    The execution weight comes first; policies that agree in it are told apart by the levels that they weigh.
    """
    if named is not None:
        return named
    weight = _execution_weight(record)
    schemes = [load_policy(name) for name in TOLD_BY_WEIGHTS]
    fitting = [
        policy
        for policy in schemes
        if weight is not None and abs(policy.execution_weight - weight) <= policy.weight_tolerance
    ]
    levels = {one.level1 for one in record.indicators if number_of(one.weight)}
    same = [policy for policy in fitting if set(policy.level_weights) == levels]
    return (same or fitting or schemes)[0]


def _execution_weight(record: Record) -> Decimal | None:
    """The points of execution: printed, or those that the indicators leave over of the whole."""
    line = record.total_line
    weight = number_of(line.weight) if line else None
    weight = number_of(record.execution_weight) if weight is None else weight
    weights = [number for one in record.indicators if (number := number_of(one.weight)) is not None]
    if weight is not None or not weights:
        return weight
    whole = number_of(record.total.weight)
    return (load_policy().total_weight if whole is None else whole) - sum(weights, Decimal(0))


def _read_shipped(name: str) -> dict[str, Any]:
    return _on_its_base(parse_toml(shipped_text(name)), name)


def shipped_text(name: str) -> str:
    """The file of a policy that ships with the product."""
    return (files("zipingbiao") / "policy" / f"{name}.toml").read_text(encoding="utf-8")


def _read_file(path: Path) -> dict[str, Any]:
    try:
        raw = parse_toml(text_of(path))
    except OSError as err:
        known, near = ", ".join(policy_names()), nearest(str(path), policy_names())
        raise PolicyError(
            f"没有名为 {path} 的办法，也没有这个文件{near.zh}；已有的办法：{known}。",
            f"policy {path}: no such policy or file{near.en}; known are {known}.",
        ) from err
    except TomlError as err:
        raise PolicyError(
            f"办法文件 {path}：{err.message.zh}。", f"policy {path}: {err.message.en}."
        ) from err
    return _on_its_base(raw, str(path))


def _on_its_base(raw: dict[str, Any], name: str) -> dict[str, Any]:
    """What a policy says, over what the policy that it builds on says."""
    if name == DEFAULT:
        return raw
    based_on = raw.pop("based_on", DEFAULT)
    if based_on not in policy_names():
        known, near = ", ".join(policy_names()), nearest(str(based_on), policy_names())
        said = as_written(based_on)
        _refuse(
            name,
            f"based_on = {said} 不是已有的办法{near.zh}；已有的办法：{known}",
            f"based_on = {said} is no policy{near.en}; known are {known}",
        )
    return {**_read_shipped(based_on), **raw}


def _refuse(name: str, zh: str, en: str) -> NoReturn:
    raise PolicyError(f"办法 {name}：{zh}。", f"policy {name}: {en}.")


def _policy(raw: dict[str, Any], name: str) -> Policy:
    for key in raw:
        if key not in KEYS:
            near, known = nearest(key, KEYS), ", ".join(KEYS)
            _refuse(
                name,
                f"不认识的项 {key}{near.zh}；可用的项：{known}",
                f"unknown key {key}{near.en}; known are {known}",
            )
    values = {key: _value(key, value, name) for key, value in raw.items()}
    policy = Policy(_name_of(name), **values)
    _require_sums(policy, name)
    _require_bands(policy, name)
    return policy


def _name_of(name: str) -> str:
    """How tables call a policy: a file by its name, with its ending where a shipped policy is called so, too."""
    stem = Path(name).stem
    return Path(name).name if stem in policy_names() and name != stem else stem


def _value(key: str, value: object, name: str) -> Any:
    match KEYS[key].kind:
        case "fields":
            return _required(value, name)
        case "grades" | "levels":
            return _table(key, value, name)
        case _:
            return _number(key, value, name)


def _require_sums(policy: Policy, name: str) -> None:
    """The points of execution and of all levels are the whole."""
    execution, total, levels = policy.execution_weight, policy.total_weight, policy.level_weights
    if execution > total:
        _refuse(
            name,
            f"execution_weight = {execution} 超过 total_weight = {total}",
            f"execution_weight = {execution} is above total_weight = {total}",
        )
    summed = sum(levels.values(), Decimal(0))
    if levels and abs(execution + summed - total) > policy.weight_tolerance:
        _refuse(
            name,
            f"execution_weight {execution} 加 [level_weights] 合计 {summed} 是 {execution + summed}，应为"
            f" total_weight {total}；请写上新的 [level_weights]，一级指标分值不固定时写一行 level_weights = {{}}",
            f"execution_weight {execution} and the sum {summed} of [level_weights] make {execution + summed}, not"
            f" total_weight {total}; give [level_weights] anew, or level_weights = {{}} where levels are free",
        )


def _require_bands(policy: Policy, name: str) -> None:
    """Grades fall from the best to the last, which begins at 0: each total then has one."""
    least = list(policy.grades.values())
    for (better, high), (worse, low) in pairwise(policy.grades.items()):
        if low >= high:
            _refuse(
                name,
                f"[grades] 须从高到低：{worse} = {low} 不低于前面的 {better} = {high}",
                f"[grades] must fall: {worse} = {low} is not below {better} = {high} before it",
            )
    if least and least[0] > policy.total_weight:
        _refuse(
            name,
            f"[grades] 的最高等级从 {least[0]} 分起，超过 total_weight = {policy.total_weight}，没有人能达到",
            f"[grades]: the best begins at {least[0]}, above total_weight = {policy.total_weight}: no one can reach it",
        )
    if least and least[-1] != 0:
        _refuse(
            name,
            f"[grades] 的最低等级从 {least[-1]} 分起，更低的总分没有等级；须写全各等级，最后一级为 0",
            f"[grades]: the last begins at {least[-1]}, and a lower total has no grade; list all, the last with 0",
        )


def _table(key: str, rows: object, name: str) -> Mapping[str, Decimal]:
    """Numbers by name: the least total of each grade, or the weight of each level 1."""
    if not isinstance(rows, dict):
        example = '[grades]，下一行 "优" = 90' if key == "grades" else "[level_weights]，下一行 output = 50"
        _refuse(name, f"{key} 应写成 {example}", f"{key} must be a table [{key}] of names and numbers")
    labels = load_schema().labels["level1"]
    known = dict.fromkeys(labels.values())
    for row in rows:
        if key == "level_weights" and row not in known:
            near, listed = nearest(labels.get(row, row), known), ", ".join(known)
            _refuse(
                name,
                f"level_weights 中没有 {row} 这个一级指标{near.zh}；可用：{listed}",
                f"level_weights names {row}, which is no level{near.en}; known are {listed}",
            )
    return {row: _number(f"{key}.{row}", value, name) for row, value in rows.items()}


def _required(names: object, name: str) -> tuple[str, ...]:
    """The head fields that may not be left blank."""
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        example = 'required = ["project_name", "contact"]'
        _refuse(
            name,
            f"required 应为字段名的列表，如 {example}",
            f"required must be a list of field names, such as {example}",
        )
    labels = load_schema().labels["head"]
    known = dict.fromkeys(labels.values())
    for one in names:
        if one not in known:
            near, listed = nearest(labels.get(one, one), known), ", ".join(known)
            _refuse(
                name,
                f"required 中没有 {one} 这个字段{near.zh}；可用的字段：{listed}",
                f"required names {one}, which is no field{near.en}; known are {listed}",
            )
    return tuple(names)


def _number(key: str, value: object, name: str) -> Decimal:
    """A number of a key, or of ``key.name`` in its table."""
    kind = KEYS[key.partition(".")[0]].kind
    unit, said = UNITS[kind], as_written(value)
    is_share = kind == "share"
    about = Bilingual(f"，应为 {unit.zh}", f"; it must be {unit.en}") if is_share else Bilingual("", "")
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        _refuse(name, f"{key} = {said} 不是数{about.zh}", f"{key} = {said} is not a number{about.en}")
    if isinstance(value, bool) or not number.is_finite() or number < 0:
        _refuse(name, f"{key} = {said} 不是零或正数", f"{key} = {said} is not a number from 0 up")
    if is_share and number > 1:
        _refuse(name, f"{key} = {said} 应为 {unit.zh}", f"{key} = {said} must be {unit.en}")
    return number
