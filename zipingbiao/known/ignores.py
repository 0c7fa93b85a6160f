"""Findings that a person looked into and accepted: a file names them with a reason, and they count no more."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

from extract.document import Bilingual, PlainError
from zipingbiao.across.facts import Facts
from zipingbiao.checks.registry import IGNORED
from zipingbiao.columns import Datum, Row
from zipingbiao.explain import UnknownCode, known_codes
from zipingbiao.known.sameness import file_of, parts_of, plain
from zipingbiao.tables import Rows
from zipingbiao.toml_file import TomlError, as_written, nearest, parse_toml, text_of

#: where an entry begins; only for the line numbers of messages
_BEGINS = re.compile(r"^[ \t]*\[\[[ \t]*ignore[ \t]*\]\]", re.MULTILINE)
#: entries that are named in the summary
MOST = 5
_WILD = re.compile(r"[*?]")
_EXAMPLE = 'code = "FUND06"'


class IgnoreError(PlainError):
    """A file of entries that cannot be used."""


@dataclass(frozen=True, slots=True)
class Ignore:
    """An entry: which findings, and why. What is blank matches all; ``*`` and ``?`` stand for characters.

    ``code`` is that of a check or its beginning; ``form`` the number, the file or the project of a form.
    """

    code: str
    reason: str
    form: str = ""
    subject: str = ""
    field: str = ""
    reported: str = ""

    @property
    def name(self) -> str:
        """How to call it: what it says besides the reason."""
        return " ".join(filter(None, (self.code, self.form, self.subject, self.field, self.reported)))


_KEYS = tuple(field.name for field in fields(Ignore))


def read_ignores(path: str | Path | None) -> tuple[Ignore, ...]:
    """The entries of a file, in its order; none without a file. Raises `IgnoreError`."""
    if path is None:
        return ()
    try:
        raw = parse_toml(text := text_of(path))
    except TomlError as err:
        raise IgnoreError(
            f"忽略清单 {path}：{err.message.zh}。", f"ignore file {path}: {err.message.en}."
        ) from err
    except OSError as err:
        why = err.strerror or err
        raise IgnoreError(
            f"忽略清单 {path} 无法打开：{why}。", f"ignore file {path}: cannot be opened: {why}."
        ) from err
    whole = Bilingual(f"忽略清单 {path}", f"ignore file {path}")
    lines = [text.count("\n", 0, found.start()) + 1 for found in _BEGINS.finditer(text)]
    return tuple(_entry(one, _place(whole, at, lines)) for at, one in enumerate(_raw_entries(raw, whole)))


def _raw_entries(raw: dict[str, object], whole: Bilingual) -> list[object]:
    for key in raw:
        if key != "ignore":
            near = nearest(key, ("ignore", *_KEYS))
            _refuse(
                whole,
                f"不认识的项 {key}{near.zh}；每条以单独一行 [[ignore]] 开头",
                f"unknown key {key}{near.en}; each entry begins with a line [[ignore]]",
            )
    entries = raw.get("ignore", [])
    if not isinstance(entries, list):
        _refuse(
            whole,
            "每条须以 [[ignore]] 开头，是两层方括号",
            "each entry begins with [[ignore]], in double brackets",
        )
    return entries


def _refuse(at: Bilingual, zh: str, en: str) -> NoReturn:
    raise IgnoreError(f"{at.zh}：{zh}。", f"{at.en}: {en}")


def _place(whole: Bilingual, at: int, lines: list[int]) -> Bilingual:
    zh, en = (f"（第 {lines[at]} 行）", f" (line {lines[at]})") if at < len(lines) else ("", "")
    return Bilingual(f"{whole.zh} 第 {at + 1} 条{zh}", f"{whole.en}, entry {at + 1}{en}")


def _entry(raw: object, at: Bilingual) -> Ignore:
    if not isinstance(raw, dict):
        _refuse(at, f"应写成 [[ignore]]，下一行 {_EXAMPLE}", f"must be [[ignore]] and below it {_EXAMPLE}")
    texts: dict[str, str] = {}
    for key, value in raw.items():
        if key not in _KEYS:
            near, known = nearest(key, _KEYS), ", ".join(_KEYS)
            _refuse(
                at,
                f"不认识的项 {key}{near.zh}；可用的项：{known}",
                f"unknown key {key}{near.en}; known are {known}",
            )
        # a number may go without quotes: reported = 100
        if isinstance(value, bool | list | dict):
            said = as_written(value)
            _refuse(at, f"{key} = {said} 应为引号中的文字", f"{key} = {said} must be a text in quotes")
        texts[key] = str(value).strip()
    if not texts.get("reason"):
        example = 'reason = "已核对原始凭证"'
        _refuse(at, f"须写明理由，如 {example}", f"a reason must be given, such as {example}")
    if not texts.get("code"):
        _refuse(at, f"须写明核查代码，如 {_EXAMPLE}", f"the check's code must be given: {_EXAMPLE}")
    try:
        (code,) = known_codes("code", [texts["code"]])
    except UnknownCode as err:
        _refuse(at, err.message.zh.rstrip("。"), err.message.en.rstrip("."))
    return Ignore(**{**texts, "code": code})


class Ignores:
    """A stage that marks the findings which entries name: severity ``ignored``, with the reason.

    ``is_checked`` says whether this run makes the check of that code: an entry for another is not out of date.
    """

    looks_at = ()

    def __init__(
        self, entries: tuple[Ignore, ...], is_checked: Callable[[str], bool] = lambda _: True
    ) -> None:
        self._entries = tuple(dict.fromkeys(entries))
        self._is_checked = is_checked
        self._marked = 0
        self._used: set[Ignore] = set()
        self._met: set[Ignore] = set()
        # by what they call their form, so that not each has to be held against each form
        self._of_any = [one for one in self._entries if not one.form]
        self._of_pattern = [one for one in self._entries if _WILD.search(one.form)]
        self._of_name: dict[str, list[Ignore]] = defaultdict(list)
        for one in self._entries:
            if one.form and not _WILD.search(one.form):
                self._of_name[_name(one.form)].append(one)

    def look(self, rows: Rows, facts: Sequence[Facts] = ()) -> None:
        """Nothing: each finding is judged by itself."""

    def amend(self, rows: Rows) -> Rows:
        """The rows of a file with its findings marked; the first entry that matches gives the reason."""
        entries = {form["form_id"]: self._entries_of(form) for form in rows["forms"]}
        findings = [
            self._marked_by(entries.get(row["form_id"], self._of_any), row) for row in rows["findings"]
        ]
        return {**rows, "findings": findings}

    def _entries_of(self, form: Row) -> list[Ignore]:
        """The entries that may name findings of a form, in the order of the file."""
        names = _names_of(form)
        named = {one for name in names for one in self._of_name.get(name, ())}
        named.update(one for one in self._of_pattern if any(_fits(one.form, name) for name in names))
        named.update(self._of_any)
        self._met |= named
        return [one for one in self._entries if one in named] if named else []

    def _marked_by(self, entries: list[Ignore], row: Row) -> Row:
        matching = [one for one in entries if _matches(one, row)]
        if not matching:
            return row
        self._used.update(matching)
        self._marked += 1
        return {**row, "severity": IGNORED, "ignore_reason": matching[0].reason}

    @property
    def unused(self) -> list[Ignore]:
        """The entries that matched no finding; they may be out of date."""
        return [one for one in self._entries if one not in self._used and self._is_checked(one.code)]

    def says(self) -> list[Bilingual]:
        """What a summary says, after the last file."""
        outdated = [one for one in self.unused if one in self._met]
        elsewhere = [one for one in self.unused if one not in self._met]
        said = [
            Bilingual(
                f"按忽略清单不计的疑点 {self._marked} 项，仍列在 findings 表中",
                f"ignored by the file, and still in the table findings: {self._marked}",
            )
        ]
        if outdated:
            listed = _listed(outdated)
            said.append(
                Bilingual(
                    f"忽略清单中 {len(outdated)} 条没有对应的疑点，可能已过时：{listed}",
                    f"entries of the ignore file that match no finding, maybe out of date ({len(outdated)}): {listed}",
                )
            )
        if elsewhere:
            listed = _listed(elsewhere)
            said.append(
                Bilingual(
                    f"忽略清单中 {len(elsewhere)} 条所写的表这次没有读到：{listed}",
                    f"entries of the ignore file whose form was not read this time ({len(elsewhere)}): {listed}",
                )
            )
        return said


def _listed(entries: list[Ignore]) -> str:
    names = "; ".join(one.name for one in entries[:MOST])
    return f"{names}; …" if len(entries) > MOST else names


def _name(datum: Datum) -> str:
    return plain(datum).replace("\\", "/").casefold()


def _names_of(form: Row) -> set[str]:
    """What an entry may call a form: its number, with or without that of a copy, its path, file and project."""
    names = (form["form_id"], parts_of(form)[0], form["source"], file_of(form), form["project_name"])
    return set(map(_name, names))


def _matches(entry: Ignore, row: Row) -> bool:
    columns = ((entry.subject, "subject"), (entry.field, "field"), (entry.reported, "reported"))
    return str(row["code"]).startswith(entry.code) and all(
        not pattern or _fits(pattern, _name(row[column])) for pattern, column in columns
    )


def _fits(pattern: str, name: str) -> bool:
    return _expression(pattern).fullmatch(name) is not None


@lru_cache(maxsize=10_000)
def _expression(pattern: str) -> re.Pattern[str]:
    # not fnmatch: file names have brackets of their own, as in 自评表[2022].docx
    return re.compile(re.escape(_name(pattern)).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)
