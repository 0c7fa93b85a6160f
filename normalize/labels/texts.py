"""Which texts can be labels: neither values nor sentences, and never the names of people."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from normalize.labels.match import read_label
from normalize.people import PHONE
from normalize.schema import Schema, fold_label, load_schema
from normalize.values.parse import Wording, parse_value

_DATA = tomllib.loads(files("normalize").joinpath("labels/texts.toml").read_text(encoding="utf-8"))
_PEOPLE, _LABEL = _DATA["people"], _DATA["label"]
_CHINESE = re.compile("[\u3400-\u9fff]")


def barest(text: str) -> str:
    """The wording of a label without all that forms put around it; blank where nothing is left.

    >>> barest("其中：扶持资金（万元）")
    '扶持资金'
    """
    return min(read_label(text).wordings, key=len, default="")


def is_label(text: str) -> bool:
    """Whether a text can be a label: a few Chinese words that are no value, no sentence and no telephone number."""
    bare, folded = barest(text), fold_label(text)
    return (
        _LABEL["shortest"] <= len(bare) <= _LABEL["longest"]
        and len(_CHINESE.findall(bare)) >= _LABEL["shortest"]
        and not any(sign in folded for sign in _LABEL["never"])
        and not PHONE.search(text)
        and isinstance(parse_value(text), Wording)
    )


def may_be_person(text: str) -> bool:
    """Whether a text can be a person's name, or several: two or three characters, the first of them a surname.

    One that begins with a word of some label is none: 金额, 单位.
    """
    pieces = [piece for piece in re.split("[、,/]", barest(text)) if piece]
    words = _pairs_of_characters(load_schema())
    compound = tuple(_PEOPLE["compound_surnames"])
    return bool(pieces) and all(
        (piece[0] in _PEOPLE["surnames"] and len(piece) <= _PEOPLE["longest"] and piece[:2] not in words)
        or (piece.startswith(compound) and len(piece) <= _PEOPLE["longest"] + 1)
        for piece in pieces
    )


@lru_cache(maxsize=2)
def _pairs_of_characters(schema: Schema) -> frozenset[str]:
    """All pairs of characters that stand side by side in a label."""
    wordings = (wording for known in schema.labels.values() for wording in known)
    return frozenset(wording[at : at + 2] for wording in wordings for at in range(len(wording) - 1))
