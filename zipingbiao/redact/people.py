"""Whom a text names as a person: in a field that asks for one, or behind a label such as 填表人."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files

from normalize.fold import fold
from normalize.labels.texts import may_be_person
from normalize.schema import fold_label, shipped_schema
from normalize.values.units import is_known_unit
from zipingbiao.redact.words import is_everyday, words_of

DATA = tomllib.loads(files("zipingbiao").joinpath("redact/redact.toml").read_text(encoding="utf-8"))
_PEOPLE = DATA["people"]


def either(words: Sequence[str]) -> str:
    """A pattern for any of some words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_HAN = "\u3400-\u9fff"
#: 张三, 张 三, 买买提·艾力, Zhang San: up to where the text cannot be a name any more
_RUN = rf"[{_HAN}·]+(?:[ \n][{_HAN}·]+)*|[A-Za-z][A-Za-z.'-]*(?: [A-Za-z][A-Za-z.'-]*){{0,3}}"
_LABELLED = re.compile(
    rf"""(?P<label>{either(_PEOPLE["labels"])})
    (?:\s?\(?(?:{either(_PEOPLE["between"])})\)?){{0,3}}
    (?P<colon>\s*[:(\[]\s*)?\s{{0,20}}
    (?=(?P<rest>[^\r]{{1,60}}))""",
    re.VERBOSE,
)
_ALSO = re.compile(r"\s*[、,/;]\s*|\s{1,8}")
_FIRST_RUN = re.compile(_RUN)
_TITLE = rf"副?(?:{either(_PEOPLE['titles'])})"
_FRONT_TITLE, _BACK_TITLE = re.compile(rf"^(?:{_TITLE})+(?=.)"), re.compile(rf"(?<=.)(?:{_TITLE})+$")
_AFTER = re.compile(either(_PEOPLE["after"]))
_ASKED = re.compile(rf"(?:{either(_PEOPLE['labels'])})(?:\s?\(?(?:{either(_PEOPLE['between'])})\)?){{0,3}}:?")
# what parts the people of one cell, numbers included
_PARTS = re.compile(rf"[^{_HAN}A-Za-z·.'*×○〇 \n-]+|\s{{2,}}|(?<![A-Za-z])-|-(?![A-Za-z])")
_NOBODY = frozenset((*_PEOPLE["nobody"], *DATA["numbers"]["phones"], *DATA["numbers"]["handles"]))
_MASKED = re.compile("[某*×○〇]|[Xx]{2}")
_MAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,100}")
#: characters of a name without dots in it; with them, of a transcribed one
SHORTEST, LONGEST, LONGEST_TRANSCRIBED = 2, 4, 20
#: a label in a cell of its own is hardly longer
_LONGEST_LABEL = 16


def key_of(name: str) -> str:
    """A name as names are compared: without white space and dots, in small letters.

    >>> key_of("张 三"), key_of("阿卜杜拉·买买提"), key_of("Zhang San")
    ('张三', '阿卜杜拉买买提', 'zhangsan')
    """
    return re.sub(r"[\s·.‧'-]", "", fold(name)).lower()


def people_in_field(text: str) -> Iterator[str]:
    """The people that a cell names which asks for them; texts as printed, a label in front is none.

    >>> list(people_in_field("张 三 0571-88880000、李四局长")), list(people_in_field("财务科"))
    (['张三', '李四'], [])
    """
    folded = _MAIL.sub("/", fold(text))
    label, colon, rest = folded.partition(":")
    if colon and (_ASKED.search(label) or fold_label(label) in _labels()):
        folded = rest
    for part in _PARTS.split(folded):
        for name in _joined(part.strip(" \n-.")):
            bare = _bare(name)
            if bare and not is_nobody(bare):
                yield bare


def people_behind_labels(text: str) -> Iterator[str]:
    """The people that a text names behind a label: 填表人：张三, 项目负责人张三负责.

    >>> list(people_behind_labels("填表人：张 三　审核人:李四、王五 联系电话：1234567；项目负责人赵六牵头"))
    ['张三', '李四', '王五', '赵六']
    """
    folded = fold(text)
    for found in _LABELLED.finditer(folded):
        rest, is_told_apart = found["rest"], bool(found["colon"])
        while run := _FIRST_RUN.match(rest):
            names, is_whole = _leading(run[0], is_told_apart)
            yield from names
            also = _ALSO.match(rest, run.end())
            if not names or not is_whole or also is None:
                break
            # without a colon, what follows a name in a sentence is most likely no other one
            rest = rest[also.end() :] if is_told_apart else ""


def asks_for_person(text: str) -> bool:
    """Whether a cell holds no more than a label of `people_behind_labels`, so that the next one holds the name."""
    label = re.sub(r"\s", "", fold(text))
    found = _ASKED.search(label) if len(label) <= _LONGEST_LABEL else None
    return bool(found) and label.rstrip(":)").endswith((found[0] if found else "").rstrip(":)"))


def may_stand_alone(name: str) -> bool:
    """Whether a name can be told from all else wherever it stands: 张三 can, 张, 小李 and 张某 cannot.

    >>> [may_stand_alone(one) for one in ("张三", "张", "张某", "Li", "Zhang San")]
    [True, False, False, False, True]
    """
    key = key_of(name)
    if _MASKED.search(key) or is_known_unit(key):
        return False
    if key.isascii():
        return len(key) > LONGEST
    if "·" in name:
        return SHORTEST < len(key) <= LONGEST_TRANSCRIBED
    is_of_words = any(is_everyday(key[start:end]) for start, end in words_of(key) if end - start > 1)
    return (
        SHORTEST <= len(key) <= 2 * LONGEST
        and not key.startswith(("小", "老"))
        and (may_be_person(key) or not is_of_words)
    )


def is_nobody(name: str) -> bool:
    """Whether what stands in a person's place is none: an office, a label, 同上, 无."""
    key = key_of(name)
    if key in _NOBODY or key in _labels() or _ASKED.fullmatch(key):
        return True
    if "·" in name or key.isascii():
        return False
    if len(key) > SHORTEST and key.endswith(tuple(_PEOPLE["offices"])):
        return True
    return len(key) > LONGEST and any(end - start > 1 for start, end in words_of(key))


def is_person(name: str, is_told_apart: bool) -> bool:
    """Whether a text in a sentence is a name: by its surname, and where no colon stands before it, by being no word."""
    if is_nobody(name) or _MASKED.search(name):
        return False
    key = key_of(name)
    if key.isascii():
        return is_told_apart and len(key) > LONGEST and " " in name
    if "·" in name:
        return SHORTEST < len(key) <= LONGEST_TRANSCRIBED
    return SHORTEST <= len(key) <= LONGEST and may_be_person(key) and (is_told_apart or not is_everyday(key))


def _leading(run: str, is_told_apart: bool) -> tuple[list[str], bool]:
    """The people that a stretch of a sentence begins with, and whether it holds nothing else."""
    cut = _AFTER.search(run, 1)
    names: list[str] = []
    for name in _joined(run[: cut.start()] if cut else run):
        bare = _bare(name)
        if not is_person(bare, is_told_apart):
            first = _first_word(bare)
            return ([*names, first], False) if not names and is_person(first, False) else (names, False)
        names.append(bare)
    return names, cut is None


def _first_word(run: str) -> str:
    """What a longer stretch begins with: a name that a dictionary has, or the characters before its first word."""
    end = 0
    for start, stop in words_of(run):
        if stop - start > 1:
            return run[:stop] if start == 0 and not is_everyday(run[:stop]) else run[:start]
        end = stop
    return run[:end]


def _joined(part: str) -> list[str]:
    """The names in some words: 张 三 is one, 张三 李四 are two, Zhang San is one."""
    if part.isascii():
        return [part] if part else []
    names: list[str] = []
    words = part.split()
    while words:
        name = words.pop(0)
        is_compound = len(name) == SHORTEST and name in _compound() and words and len(words[0]) <= SHORTEST
        if words and (is_compound or (len(name) == 1 and len(words[0]) <= SHORTEST)):
            name += words.pop(0)
            # 张 三 丰, but not 张 三 李 四
            if len(name) == SHORTEST and len(words) % 2 == 1 and len(words[0]) == 1:
                name += words.pop(0)
        names.append(name)
    return names


def _bare(name: str) -> str:
    return _FRONT_TITLE.sub("", _BACK_TITLE.sub("", name.strip())).strip(" \n·.-")


@lru_cache(maxsize=1)
def _compound() -> frozenset[str]:
    text = files("normalize").joinpath("labels/texts.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["people"]["compound_surnames"])


@lru_cache(maxsize=1)
def _labels() -> frozenset[str]:
    return frozenset(wording for known in shipped_schema().labels.values() for wording in known)
