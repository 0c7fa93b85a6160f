"""Read a policy file; a user's own file names only the keys that differ from the policy it builds on."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from extract.document import Bilingual
from normalize.record import Record, number_of
from normalize.schema import load_schema

DEFAULT = "mof-2020"
#: the policies that a form's own weights tell apart; the others must be named
TOLD_BY_WEIGHTS = (DEFAULT, "mof-2021", "hubei-20-80")
#: keys that are shares of a whole
_FRACTIONS = frozenset({"low_execution", "adjustment_share", "score_tolerance"})


class PolicyError(Exception):
    """A policy that cannot be used; ``message`` is one plain sentence in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.message = Bilingual(zh, en)


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers that checks ask for; what each means stands beside it in ``mof-2020.toml``."""

    name: str
    total_weight: Decimal
    execution_weight: Decimal
    weight_tolerance: Decimal
    low_execution: Decimal
    adjustment_share: Decimal
    score_tolerance: Decimal
    heavy_weight: Decimal
    exceeded: Decimal
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
    text = (files("zipingbiao") / "policy" / f"{name}.toml").read_text(encoding="utf-8")
    return _on_its_base(tomllib.loads(text, parse_float=Decimal), name)


def _read_file(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
    except OSError as err:
        known = ", ".join(policy_names())
        raise PolicyError(
            f"没有名为 {path} 的办法，也没有这个文件；已有的办法：{known}。",
            f"policy {path}: no such policy or file; known are {known}",
        ) from err
    try:
        raw = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        if isinstance(err, UnicodeDecodeError) and _is_gbk(content):
            raise PolicyError(
                f"办法文件 {path} 是 GBK 编码，TOML 须为 UTF-8；请另存为 UTF-8 编码。",
                f"policy {path}: saved in GBK, while TOML is UTF-8; save it as UTF-8",
            ) from err
        raise PolicyError(
            f"办法文件 {path} 不是有效的 TOML（{err}）。",
            f"policy {path}: not a TOML file ({err})",
        ) from err
    return _on_its_base(raw, str(path))


def _is_gbk(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode("gb18030")
    except UnicodeDecodeError:
        return False


def _on_its_base(raw: dict[str, Any], name: str) -> dict[str, Any]:
    """What a policy says, over what the policy that it builds on says."""
    if name == DEFAULT:
        return raw
    based_on = raw.pop("based_on", DEFAULT)
    if based_on not in policy_names():
        known = ", ".join(policy_names())
        raise PolicyError(
            f"办法文件 {name}：based_on = {based_on!r} 不是已有的办法（{known}）。",
            f"policy {name}: based_on = {based_on!r} is none of {known}",
        )
    return {**_read_shipped(based_on), **raw}


def _policy(raw: dict[str, Any], name: str) -> Policy:
    known = {field.name for field in fields(Policy)} - {"name"}
    if unknown := sorted(set(raw) - known):
        raise PolicyError(
            f"办法 {name}：不认识的项 {unknown[0]}；可用的项：{', '.join(sorted(known))}。",
            f"policy {name}: unknown key {unknown[0]}; known are {', '.join(sorted(known))}",
        )
    required = _required(raw.pop("required"), name)
    grades = _table("grades", raw.pop("grades"), name)
    levels = _table("level_weights", raw.pop("level_weights"), name)
    numbers = {key: _number(key, raw[key], name) for key in raw}
    if numbers["execution_weight"] > numbers["total_weight"]:
        raise PolicyError(
            f"办法 {name}：execution_weight = {numbers['execution_weight']} 超过 total_weight = {numbers['total_weight']}。",
            f"policy {name}: execution_weight = {numbers['execution_weight']} is above"
            f" total_weight = {numbers['total_weight']}",
        )
    return Policy(Path(name).stem, required=required, grades=grades, level_weights=levels, **numbers)


def _table(key: str, rows: object, policy: str) -> Mapping[str, Decimal]:
    """Numbers by name: the least total of each grade, or the weight of each level 1."""
    if not isinstance(rows, dict):
        raise PolicyError(
            f"办法 {policy}：{key} 应为一节（[{key}]），每行写“名称 = 数”。",
            f"policy {policy}: {key} must be a table [{key}] of names and numbers",
        )
    known = set(load_schema().labels["level1"].values())
    if key == "level_weights" and (unknown := sorted(set(rows) - known)):
        raise PolicyError(
            f"办法 {policy}：level_weights 中没有 {unknown[0]} 这个一级指标；可用：{', '.join(sorted(known))}。",
            f"policy {policy}: level_weights names {unknown[0]}, which is no level; known are {', '.join(sorted(known))}",
        )
    return {name: _number(key, value, policy) for name, value in rows.items()}


def _required(names: object, policy: str) -> tuple[str, ...]:
    """The head fields that may not be left blank."""
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        raise PolicyError(
            f"办法 {policy}：required 应为字段名的列表。",
            f"policy {policy}: required must be a list of field names",
        )
    known = set(load_schema().labels["head"].values())
    if unknown := [one for one in names if one not in known]:
        raise PolicyError(
            f"办法 {policy}：required 中没有 {unknown[0]} 这个字段；可用的字段：{', '.join(sorted(known))}。",
            f"policy {policy}: required names {unknown[0]}, which is no field; known are {', '.join(sorted(known))}",
        )
    return tuple(names)


def _number(key: str, value: object, name: str) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation as err:
        raise PolicyError(
            f"办法 {name}：{key} = {value!r} 不是数。", f"policy {name}: {key} = {value!r} is not a number"
        ) from err
    if isinstance(value, bool) or not number.is_finite() or number < 0:
        raise PolicyError(
            f"办法 {name}：{key} = {value} 不是零或正数。",
            f"policy {name}: {key} = {value} is not a number from 0 up",
        )
    if key in _FRACTIONS and number > 1:
        raise PolicyError(
            f"办法 {name}：{key} = {value} 应为 0 到 1 之间的小数，90% 写作 0.9。",
            f"policy {name}: {key} = {value} must be a fraction from 0 to 1; 90 % is 0.9",
        )
    return number
