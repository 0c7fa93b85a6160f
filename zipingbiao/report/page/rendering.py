"""Fill the templates: everything that came out of a file is escaped, and freed of what no page can hold.

The page may run only the script and use only the style that are in it: its Content-Security-Policy names both by
their digests, and forbids everything else, also all that would have to be fetched.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from zipingbiao.report.page.spool import link_to_form, link_to_list
from zipingbiao.report.page.views import UNNAMED, look_of, looks_of, role_of
from zipingbiao.report.subject import policy_of, shown
from zipingbiao.summary import STATUS
from zipingbiao.tables import written

# control characters but for tabs and line ends, halves of surrogate pairs, and what is no character
_NOT_HTML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_MARK = "\N{REPLACEMENT CHARACTER}"
_PACKAGE = "zipingbiao.report.page"


class Rendering:
    """The templates in a language: ``lang`` is what the page opens in, and that of the rows."""

    def __init__(self, lang: str) -> None:
        self._templates = Environment(
            loader=PackageLoader(_PACKAGE, "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_clean,
        )
        self._templates.globals.update(
            lang=lang,
            style=_asset("page.css"),
            script=_asset("page.js"),
            policy=_policy(),
            version=version("zipingbiao"),
            written=written,
            link_to_form=link_to_form,
            link_to_list=link_to_list,
            look_of=look_of,
            looks_of=looks_of,
            role_of=cache(role_of),
            policy_of=policy_of,
            shown=shown,
            status=STATUS,
            unnamed=UNNAMED,
        )
        self._pieces = self._templates.get_template("pieces.html").module

    def piece(self, name: str, *about: object) -> str:
        """A piece of the page: the macro of this name in ``pieces.html``."""
        return str(getattr(self._pieces, name)(*about))

    def write(self, path: Path, template: str, **about: object) -> None:
        """Write a page, bit by bit: what it is made of may be more than memory holds."""
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(self._templates.get_template(template).generate(**about))


def _clean(value: object) -> object:
    """What a template is about to write; texts without what no page can hold."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return _NOT_HTML.sub(_MARK, value)
    return value


@cache
def _asset(name: str) -> Markup:
    """A style or script of our own, as it stands in the page."""
    return Markup(files(_PACKAGE).joinpath("templates", name).read_text(encoding="utf-8"))


def _policy() -> str:
    style, script = (
        base64.b64encode(hashlib.sha256(_asset(name).encode("utf-8")).digest()).decode("ascii")
        for name in ("page.css", "page.js")
    )
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; "
        "base-uri 'none'; form-action 'none'"
    )
