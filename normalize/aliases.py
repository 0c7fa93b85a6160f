"""An office's own labels: a file in the format of `schema.toml`, read and held against the schema."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NoReturn

from extract.document import Bilingual, PlainError
from normalize.labels.match import LONGEST_LABEL, read_label
from normalize.schema import Alias, shipped_schema

#: where an entry begins; each is read on its own, so that a field may come up again: lines are copied from
#: unknown_labels.csv one below the other, and TOML alone would refuse the second one
_BEGINS = re.compile(r"^[ \t]*(?:\[|[\w-]+[ \t]*\.[ \t]*[\w-]+[ \t]*\.[ \t]*aliases[ \t]*=)", re.MULTILINE)
_CHINESE_OR_LETTER = re.compile(r"[^\W\d_]")


class AliasError(PlainError):
    """A file of labels that cannot be used."""


def read_aliases(path: str | Path | None) -> tuple[Alias, ...]:
    """The labels of a file as it stands now; none without a file. Raises `AliasError`."""
    if path is None:
        return ()
    found: dict[tuple[str, str], Alias] = {}
    for line, tables in _entries(_text_of(path), str(path)):
        at = Bilingual(f"标签文件 {path} 第 {line} 行", f"aliases {path}, line {line}")
        for alias in _aliases(tables, at):
            known = found.setdefault((alias.scope, alias.wording), alias).field
            known = shipped_schema().labels[alias.scope].get(alias.wording, known)
            if known != alias.field:
                _refuse(
                    at,
                    f"“{alias.wording}”在 {alias.scope} 中已表示 {known}，不能又表示 {alias.field}",
                    f"“{alias.wording}” means {known} in {alias.scope} already and cannot mean {alias.field}",
                )
    return tuple(found.values())


def _refuse(at: Bilingual, zh: str, en: str) -> NoReturn:
    raise AliasError(f"{at.zh}：{zh}。", f"{at.en}: {en}")


def _text_of(path: str | Path) -> str:
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except OSError as err:
        raise AliasError(
            f"标签文件 {path} 无法打开：{err.strerror or err}。",
            f"aliases {path}: cannot be opened: {err.strerror or err}.",
        ) from err
    except UnicodeDecodeError as err:
        raise AliasError(
            f"标签文件 {path} 不是 UTF-8 编码（记事本的 ANSI 是 GBK 编码），TOML 须为 UTF-8；请另存为 UTF-8 编码。",
            f"aliases {path}: not saved in UTF-8 (ANSI in Notepad is GBK), which TOML is; save it as UTF-8.",
        ) from err


def _entries(text: str, name: str) -> Iterator[tuple[int, dict[str, object]]]:
    """Each entry with its line number."""
    text = text.replace("\r\n", "\n")
    begins = [found.start() for found in _BEGINS.finditer(text)]
    for begin, end in zip([0, *begins], [*begins, len(text)], strict=True):
        lines = text.count("\n", 0, begin)
        try:
            # blank lines in front, so that an error names the line of the file
            tables = tomllib.loads("\n" * lines + text[begin:end])
        except tomllib.TOMLDecodeError as err:
            raise AliasError(
                f"标签文件 {name} 不是有效的 TOML（{err}）。", f"aliases {name}: not a TOML file ({err})."
            ) from err
        yield lines + 1, tables


def _aliases(scopes: dict[str, object], at: Bilingual) -> Iterator[Alias]:
    """The labels of an entry, with scope and field as the schema has them."""
    labels = shipped_schema().labels
    for scope, fields in scopes.items():
        if scope not in labels:
            _unknown(at, "栏目", "scope", scope, labels)
        if not isinstance(fields, dict):
            _misshapen(at)
        known = dict.fromkeys(labels[scope].values())
        for field, table in fields.items():
            if field not in known:
                _unknown(at, f"{scope} 的字段", f"field of {scope}", field, known)
            if not isinstance(table, dict) or set(table) - {"aliases"}:
                _misshapen(at)
            printed = table.get("aliases", [])
            if not isinstance(printed, list):
                _misshapen(at)
            yield from (Alias(scope, field, _wording(one, at)) for one in printed)


def _unknown(at: Bilingual, kind_zh: str, kind_en: str, name: str, known: Iterable[str]) -> NoReturn:
    listed = ", ".join(known)
    _refuse(at, f"没有 {name} 这个{kind_zh}；可用的：{listed}", f"{name} is no {kind_en}; known are {listed}")


def _misshapen(at: Bilingual) -> NoReturn:
    example = '[indicator_column.actual]，下一行 aliases = ["年终达成情况"]'
    _refuse(
        at,
        f"应写成 {example}",
        'must be like [indicator_column.actual] and below it aliases = ["年终达成情况"]',
    )


def _wording(printed: object, at: Bilingual) -> str:
    """A label as it is compared with what a form prints."""
    wordings = read_label(printed).wordings if isinstance(printed, str) else ()
    if not wordings or len(wordings[0]) > LONGEST_LABEL or not _CHINESE_OR_LETTER.search(wordings[0]):
        _refuse(
            at,
            f"{printed!r} 不是标签：标签是 {LONGEST_LABEL} 字以内的文字",
            f"{printed!r} is no label: a label is a text of up to {LONGEST_LABEL} characters",
        )
    return wordings[0]
