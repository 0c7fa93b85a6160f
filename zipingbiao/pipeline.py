"""The way of one file: read it, find its forms, check them, build their rows.

A file costs at most itself. Whatever goes wrong with it ends in its row of the table ``sources``: here stands
the one broad ``except`` of the product.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from time import perf_counter

from extract.archives.members import load_input, open_archive
from extract.document import Bilingual, Document, ReadError
from extract.ocr.choice import recognizing
from extract.ocr.memory import remembering
from extract.readers import read
from extract.unlock import offering
from normalize.aliases import read_aliases
from normalize.formless import why_formless
from normalize.labels.words import cut
from normalize.layout import find_forms
from normalize.record import Record
from normalize.schema import Alias, knowing, load_schema
from normalize.to_record import to_record
from zipingbiao.batch.inputs import find_members, shown
from zipingbiao.bugs import internal_error, spot_of
from zipingbiao.checks import Finding, chosen, run_checks
from zipingbiao.columns import Datum
from zipingbiao.explain import known_codes
from zipingbiao.policy import Policy, load_policy, policy_for
from zipingbiao.tables import CheckedForm, Rows, build_form_rows, build_loose_rows, empty_rows

logger = logging.getLogger("zipingbiao")
logger.addHandler(logging.NullHandler())

NO_FORM = Bilingual("文件可以读取，但其中没有找到自评表。", "The file was read, but there is no form in it.")
NO_FILE = Bilingual("压缩包内没有可读取的文件。", "There is no file to read in the archive.")
NO_MEMORY = Bilingual(
    "读取这个文件所需的内存超过上限；请拆分后再试。",
    "Reading this file takes more memory than allowed; split it.",
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run asks of each file.

    ``policy`` is a name or a file; without it, the form's weights tell. ``passwords`` are tried on locked files;
    ``aliases`` are labels of an office's own. ``ocr`` says which pictures are read: one of `extract.ocr.choice.MODES`;
    ``pages`` is the folder that keeps what is recognized in them, blank for none.
    """

    policy: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    lang: str = "zh"
    passwords: tuple[str, ...] = ()
    aliases: tuple[Alias, ...] = ()
    ocr: str = "auto"
    pages: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a file: its rows, and where it is an archive, the files in it and their size unpacked."""

    rows: Rows
    members: tuple[str, ...] = ()
    unpacked: int = 0


def records(
    path: str | Path, *, passwords: Iterable[str] = (), aliases: str | Path | None = None
) -> list[Record]:
    """The forms of a file as typed values, each with its cell; none where there is no form.

    ``passwords`` are tried where the file is locked; ``aliases`` is a file of an office's own labels. Raises
    `ReadError` and `AliasError`.
    """
    with offering(passwords), knowing(read_aliases(aliases)):
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
    are codes or their beginnings. Raises `PolicyError`, and `UnknownCode` for a code of no check.
    """
    named = load_policy(policy) if isinstance(policy, str) else policy
    checks = chosen(known_codes("select", select), known_codes("ignore", ignore))
    return run_checks(record, policy_for(record, named), checks)


def prepare() -> None:
    """Load what every form needs, so that none of it counts as the time of the first file."""
    load_schema()
    load_policy()
    cut("", ())


def read_rows(path: str, settings: Settings) -> Rows:
    """All rows of a file, with its row of ``sources``. Never raises for anything about the file.

    Its status is ``ok``; ``partial`` where the reader had to leave something out or decide something, which
    ``error`` then says; ``no_form`` where there was nothing to check; ``failed`` with the reason in ``error``.
    An archive that could be opened is ``ok`` without forms: the files in it have rows of their own.
    """
    return read_source(path, settings).rows


def read_source(path: str, settings: Settings) -> Reading:
    """As `read_rows`, with the files to read next where ``path`` is an archive or an e-mail."""
    begun = perf_counter()
    about = _blank_source(path)
    try:
        with (
            offering(settings.passwords),
            knowing(settings.aliases),
            recognizing(settings.ocr),
            remembering(Path(settings.pages) if settings.pages else None),
        ):
            reading = _read(path, settings, about)
    except ReadError as err:
        reading = Reading(_fail(about, err.message, settings.lang))
    except MemoryError:
        reading = Reading(_fail(about, NO_MEMORY, settings.lang))
    except Exception as err:  # noqa: BLE001  a bug of ours must not cost the other files
        logger.error("internal error: %s", spot_of(err))
        reading = Reading(_fail(about, internal_error(err), settings.lang))
    about["seconds"] = Decimal(round((perf_counter() - begun) * 1000)).scaleb(-3)
    reading.rows["sources"] = [about]
    return reading


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


def _read(path: str, settings: Settings, about: dict[str, Datum]) -> Reading:
    loaded = load_input(path)
    about.update(sha256=loaded.sha256, bytes=loaded.size)
    known = loaded.format()
    about.update(format=known.name, reader=known.reader_name)
    source = shown(path)
    members: tuple[str, ...] = ()
    notes: tuple[Bilingual, ...] = ()
    unpacked = 0
    if known.opener:
        archive = open_archive(path)
        members, notes = find_members(path, archive.members), archive.notes
        unpacked = sum(member.size for member in archive.members.values())
    only_holds = known.opener and not known.reader
    document = Document(source, ()) if only_holds else known.read(loaded.data, source)
    rows, forms = _rows_of(document, loaded.sha256, settings)
    nothing = None if forms or members else NO_FILE
    if nothing and known.reader:
        nothing = why_formless(document) or NO_FORM
    _judge(about, forms, nothing, (*notes, *document.notes), settings.lang)
    return Reading(rows, members, unpacked)


def _rows_of(document: Document, sha256: str, settings: Settings) -> tuple[Rows, int]:
    """The rows of a document's forms, and how many forms there are."""
    rows = empty_rows()
    forms = find_forms(document)
    for index, form in enumerate(forms, 1):
        record = to_record(form)
        policy = policy_for(record, load_policy(settings.policy) if settings.policy else None)
        findings = run_checks(record, policy, chosen(settings.select, settings.ignore))
        checked = CheckedForm(record, findings, policy, document.source, sha256, index)
        for name, added in build_form_rows(checked, settings.lang).items():
            rows[name].extend(added)
    rows["texts"].extend(build_loose_rows(document, document.source, bool(forms)))
    return rows, len(forms)


def _judge(
    about: dict[str, Datum], forms: int, nothing: Bilingual | None, notes: Iterable[Bilingual], lang: str
) -> None:
    """Write the status, and what to say; ``nothing`` is why there was nothing to check."""
    said = [note.in_language(lang) for note in notes]
    status = "partial" if said else "ok"
    if nothing is not None:
        status, said = "no_form", [nothing.in_language(lang), *said]
    about.update(status=status, forms=forms, error=" ".join(said))
