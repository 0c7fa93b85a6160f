"""The way of one file: read it, find its forms, check them, build their rows.

A file costs at most itself. Whatever goes wrong with it ends in its row of the table ``sources``: here stands
the one broad ``except`` of the product.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from time import perf_counter

from extract.document import Bilingual, Document, ReadError
from extract.readers import find_format, load, read
from normalize.layout import find_forms
from normalize.record import Record
from normalize.to_record import to_record
from zipingbiao.bugs import internal_error, spot_of
from zipingbiao.checks import Finding, chosen, run_checks
from zipingbiao.columns import Datum
from zipingbiao.inputs import shown
from zipingbiao.policy import Policy, load_policy, policy_for
from zipingbiao.tables import CheckedForm, Rows, build_form_rows, build_loose_rows, empty_rows

logger = logging.getLogger("zipingbiao")
logger.addHandler(logging.NullHandler())

NO_FORM = Bilingual("文件可以读取，但其中没有找到自评表。", "The file was read, but there is no form in it.")
NO_MEMORY = Bilingual(
    "读取这个文件所需的内存超过上限；请拆分后再试。",
    "Reading this file takes more memory than allowed; split it.",
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run asks of each file. ``policy`` is a name or a file; without it, the form's weights tell."""

    policy: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    lang: str = "zh"


def records(path: str | Path) -> list[Record]:
    """The forms of a file as typed values, each with its cell; none where there is no form. Raises `ReadError`."""
    return [to_record(form) for form in find_forms(read(path))]


def check(
    record: Record,
    policy: str | Policy | None = None,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> list[Finding]:
    """What does not add up in a form, the gravest first.

    ``policy`` is one, or its name or file; without it the form's own weights tell. ``select`` and ``ignore``
    are codes or their beginnings. Raises `PolicyError`.
    """
    named = load_policy(policy) if isinstance(policy, str) else policy
    return run_checks(record, policy_for(record, named), chosen(select, ignore))


def read_rows(path: str, settings: Settings) -> Rows:
    """All rows of a file, with its row of ``sources``. Never raises for anything about the file.

    Its status is ``ok``; ``partial`` where the reader had to leave something out or decide something, which
    ``error`` then says; ``no_form`` where there was nothing to check; ``failed`` with the reason in ``error``.
    """
    begun = perf_counter()
    about = _blank_source(path)
    try:
        rows = _read(path, settings, about)
    except ReadError as err:
        rows = _fail(about, err.message, settings.lang)
    except MemoryError:
        rows = _fail(about, NO_MEMORY, settings.lang)
    except Exception as err:  # noqa: BLE001  a bug of ours must not cost the other files
        logger.error("internal error: %s", spot_of(err))
        rows = _fail(about, internal_error(err), settings.lang)
    about["seconds"] = Decimal(round((perf_counter() - begun) * 1000)).scaleb(-3)
    return {**rows, "sources": [about]}


def rows_of_lost(path: str, why: Bilingual, lang: str) -> Rows:
    """The rows of a file whose reading never came to an end."""
    about = _blank_source(path)
    return {**_fail(about, why, lang), "sources": [about]}


def _blank_source(path: str) -> dict[str, Datum]:
    return {
        "source": shown(path),
        "sha256": "",
        "bytes": None,
        "format": "",
        "reader": "",
        "status": "failed",
        "forms": 0,
        "error": "",
        "seconds": None,
    }


def _fail(about: dict[str, Datum], why: Bilingual, lang: str) -> Rows:
    about.update(status="failed", forms=0, error=why.in_language(lang))
    return empty_rows()


def _read(path: str, settings: Settings, about: dict[str, Datum]) -> Rows:
    data = load(path)
    sha256 = hashlib.sha256(data).hexdigest()
    about.update(sha256=sha256, bytes=len(data))
    known = find_format(data)
    about.update(format=known.name, reader=known.reader_name)
    source = shown(path)
    document = known.read(data, source)
    rows = empty_rows()
    forms = find_forms(document)
    for index, form in enumerate(forms, 1):
        record = to_record(form)
        policy = policy_for(record, load_policy(settings.policy) if settings.policy else None)
        findings = run_checks(record, policy, chosen(settings.select, settings.ignore))
        checked = CheckedForm(record, findings, policy.name, source, sha256, index)
        for name, added in build_form_rows(checked, settings.lang).items():
            rows[name].extend(added)
    rows["texts"].extend(build_loose_rows(document, source, bool(forms)))
    _judge(about, document, len(forms), settings.lang)
    return rows


def _judge(about: dict[str, Datum], document: Document, forms: int, lang: str) -> None:
    notes = " ".join(note.in_language(lang) for note in document.notes)
    status = "partial" if notes else "ok"
    if not forms:
        status, notes = "no_form", f"{NO_FORM.in_language(lang)} {notes}".rstrip()
    about.update(status=status, forms=forms, error=notes)
