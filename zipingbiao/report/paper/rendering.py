"""Fill a Word template, the shipped one or an office's own: what is put in stays text, whatever it looks like."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from extract.document import PlainError
from zipingbiao.report.paper.facts import Facts

if TYPE_CHECKING:
    from jinja2 import Environment

SHIPPED = "template.docx"
# what XML cannot hold, and the signs that docxtpl reads as breaks of pages and paragraphs
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# jinja's "'单伟' is undefined", "'dict object' has no attribute '位'"
_UNKNOWN = re.compile(r"'(?P<name>[^']+)'(?: is undefined)?$")
#: of what jinja says about a mistake
_LONGEST = 120


class TemplateError(PlainError):
    """A template that cannot be used."""


class MissingLibrary(TemplateError):
    """The library that fills templates is not there."""


class Template:
    """A template, tried out with ``example`` at once, so that a mistake in it is said before anything is written.

    Raises `TemplateError`.
    """

    def __init__(self, path: Path | None, example: Facts) -> None:
        self._name = str(path) if path else SHIPPED
        try:
            shipped = files("zipingbiao.report.paper").joinpath(SHIPPED)
            self._content = path.read_bytes() if path else shipped.read_bytes()
        except OSError as err:
            raise TemplateError(f"模板 {path} 无法打开。", f"template {path} cannot be opened.") from err
        self.filled(example)

    def filled(self, facts: Facts) -> bytes:
        """The document with these facts in it. Raises `TemplateError`."""
        try:
            import jinja2
            from docx.opc.exceptions import PackageNotFoundError
            from docxtpl import DocxTemplate
            from lxml.etree import XMLSyntaxError
        except ImportError as err:
            raise MissingLibrary(
                '生成底稿需要 docxtpl；请先运行 pip install "zipingbiao[paper]"。',
                'Working papers need docxtpl: pip install "zipingbiao[paper]".',
            ) from err
        out = io.BytesIO()
        try:
            document = DocxTemplate(io.BytesIO(self._content))
            document.render(facts, _environment(), autoescape=True)
            document.save(out)
        except jinja2.UndefinedError as err:
            raise self._unknown(str(err), facts) from err
        except jinja2.TemplateError as err:
            raise self._mistaken(str(err)) from err
        except (TypeError, XMLSyntaxError) as err:
            raise self._mistaken(str(err)) from err
        except (BadZipFile, PackageNotFoundError, KeyError, ValueError) as err:
            raise TemplateError(
                f"模板 {self._name} 不是 .docx 文件；请在 Word 中另存为 .docx。",
                f"template {self._name} is no .docx file; save it as one in Word.",
            ) from err
        return out.getvalue()

    def _unknown(self, said: str, facts: Facts) -> TemplateError:
        found = _UNKNOWN.search(said)
        name = found["name"] if found else said
        near = get_close_matches(name, sorted(_words(facts)), n=1, cutoff=0.3)
        return TemplateError(
            f"模板 {self._name} 中的占位符“{name}”无法填写{f'，是不是“{near[0]}”' if near else ''}？可用的见 docs/working-paper.md。",
            f"template {self._name}: nothing is known as “{name}”{f', did you mean “{near[0]}”' if near else ''}? "
            "docs/working-paper.md lists all.",
        )

    def _mistaken(self, said: str) -> TemplateError:
        short = " ".join(re.sub(r"<[^>]*>", "", said).split())[:_LONGEST]
        return TemplateError(
            f"模板 {self._name} 中的占位符写法有误：{short}。",
            f"template {self._name}: a placeholder is written wrongly: {short}.",
        )


def _environment() -> Environment:
    """Jinja that cannot reach beyond the facts, and says so where a placeholder is none of them."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    # every value passes `_inert`; what is not a value is the template's own XML
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True, finalize=_inert)


def _inert(value: object) -> object:
    """A value as text that neither Word nor docxtpl takes for anything else."""
    from jinja2 import Undefined
    from markupsafe import Markup, escape

    if isinstance(value, Undefined):
        return value
    text = str(escape(_FORBIDDEN.sub("\ufffd", str(value))))
    return Markup(text.replace("{", "&#123;").replace("}", "&#125;"))


def _words(facts: object) -> set[str]:
    """All that a template can call by name."""
    if isinstance(facts, Mapping):
        return {str(name) for name in facts}.union(*map(_words, facts.values()))
    if isinstance(facts, list):
        return set().union(*map(_words, facts[:1]))
    return set()
