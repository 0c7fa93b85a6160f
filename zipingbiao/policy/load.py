"""Read a policy file; a user's own file names only the keys that differ from the policy it builds on."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from extract.document import Bilingual
from normalize.record import Record, number_of

DEFAULT = "mof-2020"


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
    required: tuple[str, ...]


@lru_cache(maxsize=32)
def load_policy(name_or_file: str = DEFAULT) -> Policy:
    """The policy of that name, or from that file. Raises `PolicyError`."""
    return _policy(_read(name_or_file), name_or_file)


def policy_names() -> list[str]:
    """The policies that ship with the product."""
    folder = files("zipingbiao") / "policy"
    return sorted(
        entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")
    )


def policy_for(record: Record, named: Policy | None) -> Policy:
    """The policy a form is held to: the one the user named, or the one that its execution weight shows."""
    if named is not None:
        return named
    line = record.total_line
    weight = number_of(line.weight) if line else None
    weight = number_of(record.execution_weight) if weight is None else weight
    for name in policy_names():
        policy = load_policy(name)
        if name != "strict" and policy.execution_weight == weight:
            return policy
    return load_policy(DEFAULT)


def _read(name_or_file: str) -> dict[str, Any]:
    shipped = files("zipingbiao") / "policy" / f"{name_or_file}.toml"
    try:
        if name_or_file in policy_names():
            raw = tomllib.loads(shipped.read_text(encoding="utf-8"))
        else:
            raw = tomllib.loads(Path(name_or_file).read_text(encoding="utf-8-sig"))
    except OSError as err:
        known = ", ".join(policy_names())
        raise PolicyError(
            f"没有名为 {name_or_file} 的办法，也没有这个文件；已有的办法：{known}。",
            f"policy {name_or_file}: no such policy or file; known are {known}",
        ) from err
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise PolicyError(
            f"办法文件 {name_or_file} 不是有效的 TOML（{err}）。",
            f"policy {name_or_file}: not a TOML file ({err})",
        ) from err
    if name_or_file == DEFAULT:
        return raw
    based_on = raw.pop("based_on", DEFAULT)
    if based_on not in policy_names():
        raise PolicyError(
            f"办法文件 {name_or_file}：based_on = {based_on!r} 不是已有的办法（{', '.join(policy_names())}）。",
            f"policy {name_or_file}: based_on = {based_on!r} is none of {', '.join(policy_names())}",
        )
    return {**_read(based_on), **raw}


def _policy(raw: dict[str, Any], name: str) -> Policy:
    known = {field.name for field in fields(Policy)} - {"name"}
    if unknown := sorted(set(raw) - known):
        raise PolicyError(
            f"办法 {name}：不认识的项 {unknown[0]}；可用的项：{', '.join(sorted(known))}。",
            f"policy {name}: unknown key {unknown[0]}; known are {', '.join(sorted(known))}",
        )
    required = raw.pop("required")
    if not isinstance(required, list) or not all(isinstance(one, str) for one in required):
        raise PolicyError(
            f"办法 {name}：required 应为字段名的列表。",
            f"policy {name}: required must be a list of field names",
        )
    return Policy(
        Path(name).stem, required=tuple(required), **{key: _number(key, raw[key], name) for key in raw}
    )


def _number(key: str, value: object, name: str) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation as err:
        raise PolicyError(
            f"办法 {name}：{key} = {value!r} 不是数。", f"policy {name}: {key} = {value!r} is not a number"
        ) from err
    if isinstance(value, bool) or not number.is_finite() or number < 0:
        raise PolicyError(
            f"办法 {name}：{key} = {value!r} 不是零或正数。",
            f"policy {name}: {key} = {value!r} is not a number from 0 up",
        )
    return number
