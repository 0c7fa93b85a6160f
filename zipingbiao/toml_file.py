"""Read a TOML file that a user wrote, and say in a sentence what is wrong with it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from extract.document import Bilingual, PlainError

# tomllib's "Invalid value (at line 1, column 17)"
_AT = re.compile(r"\(at line (?P<line>\d+), column (?P<column>\d+)\)")
_MARKS = re.compile("[“”‘’＝［］，＃]")


class TomlError(PlainError):
    """A file that is no TOML; ``message`` is half a sentence, to stand behind the file's name."""


def text_of(path: str | Path) -> str:
    """The text of a file. Raises `TomlError` where it is not UTF-8, and `OSError` where it cannot be opened."""
    content = Path(path).read_bytes()
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as err:
        if _is_gbk(content):
            raise TomlError(
                "是 GBK 编码（记事本的 ANSI），TOML 须为 UTF-8；请另存为 UTF-8 编码",
                "saved in GBK (ANSI in Notepad), while TOML is UTF-8; save it as UTF-8",
            ) from err
        raise TomlError("不是有效的 TOML（不是 UTF-8 文本）", f"not a TOML file ({err.reason})") from err


def parse_toml(text: str) -> dict[str, Any]:
    """What a text says, its numbers as `Decimal`. Raises `TomlError`."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as err:
        raise _not_toml(text, str(err)) from err
    except RecursionError as err:
        raise TomlError("不是有效的 TOML（嵌套过深）", "not a TOML file (nested too deep)") from err


def _is_gbk(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode("gb18030")
    except UnicodeDecodeError:
        return False


def _not_toml(text: str, said: str) -> TomlError:
    """With the line, and where it shows, what people get wrong: Chinese marks, a path's slashes, bare Chinese names."""
    found = _AT.search(said)
    if not found:
        return TomlError(f"不是有效的 TOML（{said}）", f"not a TOML file ({said})")
    line = text.split("\n")[int(found["line"]) - 1]
    hint = Bilingual("", "")
    if "\\" in line:
        hint = Bilingual("；带 \\ 的文字请写在单引号中", "; a text with \\ goes in single quotes")
    elif _MARKS.search(line):
        hint = Bilingual("；引号、等号等须用半角", "; quotes, brackets and the like must be half-width")
    elif not line.strip().isascii():
        hint = Bilingual("；中文须写在半角引号中", "; Chinese goes in half-width quotes")
    at = f"第 {found['line']} 行第 {found['column']} 列"
    said = said.replace(found[0], "").strip()
    return TomlError(
        f"{at}起不是有效的 TOML（{said}）{hint.zh}",
        f"not a TOML file ({said} {found[0].strip('()')}){hint.en}",
    )


def nearest(name: str, known: Iterable[str]) -> Bilingual:
    """A question for the known name that is like ``name``; blank where none is."""
    near = get_close_matches(name.casefold(), list(known), n=1, cutoff=0.6)
    return Bilingual(f"（是不是 {near[0]}？）", f" (did you mean {near[0]}?)") if near else Bilingual("", "")


def as_written(value: object) -> str:
    """A value as a person would write it in the file.

    >>> as_written([Decimal("0.9"), "甲"]), as_written(True), as_written({"points": 10})
    ('[0.9, "甲"]', 'true', '{"points": 10}')
    """
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(as_written, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{json.dumps(name)}: {as_written(one)}' for name, one in value.items())}}}"
    return json.dumps(value, ensure_ascii=False, default=str)
