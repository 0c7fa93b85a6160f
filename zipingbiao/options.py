"""Options that several commands have, what is written in them, and how commands end."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

#: exit codes; 2 is also what typer ends with after wrong usage
UNREAD, USAGE, FOUND, INTERRUPTED = 1, 2, 3, 130


class Language(StrEnum):
    """The languages of everything that is printed or written."""

    ZH = "zh"
    EN = "en"


class Engine(StrEnum):
    """What reads the files: processes of this machine, or a Dask cluster."""

    LOCAL = "local"
    DASK = "dask"


class Ocr(StrEnum):
    """Which pictures are read: pages without text, all pages of a PDF, none."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Severity(StrEnum):
    """How grave a finding is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class FailOn(StrEnum):
    """From which severity on findings fail a run."""

    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"


Passwords = Annotated[
    list[str] | None,
    typer.Option(
        "--password", help="打开加密文件的密码，可多次给出。 Password of locked files; may be repeated."
    ),
]
Aliases = Annotated[
    Path | None,
    typer.Option(metavar="FILE.toml", help="本单位自己的标签，见 docs/aliases.md。 An office's own labels."),
]
PolicyName = Annotated[
    str | None,
    typer.Option(help="办法的名称或文件，见 docs/policies.md，默认按表识别。 Policy; told from each form."),
]
Lang = Annotated[Language, typer.Option("--lang", help="语言。 Language of titles, messages and output.")]
OcrMode = Annotated[
    Ocr, typer.Option("--ocr", help="识别扫描件和图片，见 docs/ocr.md。 Read scans and pictures.")
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS", help="Dask 调度器，如 tcp://…:8786，见 docs/scale.md。 With --engine dask."
    ),
]


Baseline = Annotated[
    Path | None,
    typer.Option(
        metavar="RESULTS",
        help="以前的结果文件夹或 findings.csv，只报告新的疑点。 Report only what is new since.",
    ),
]
IgnoreFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.toml", help="已核实、不再计入的疑点，须写理由，见 docs/known.md。 Findings accepted."
    ),
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="全部重新读取。 Read all anew, also what an earlier run has read.")
]
Redact = Annotated[
    bool,
    typer.Option("--redact", help="隐去姓名、电话等，见 docs/redact.md。 Take people out of the results."),
]
Picture = Annotated[
    Path | None,
    typer.Option(metavar="OUT.png", help="画在 PDF 的页面上，存为图片。 Draw it onto the pages of a PDF."),
]
Results = Annotated[
    Path, typer.Argument(metavar="OUT", help="run 的结果文件夹。 The folder of a run's results.")
]
ReturnFolder = Annotated[
    Path, typer.Option(metavar="DIR", help="放标注稿的新文件夹。 New folder for the copies.")
]
PaperFolder = Annotated[
    Path, typer.Option(metavar="DIR", help="放底稿的文件夹。 Folder for the working papers.")
]
PaperTemplate = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.docx", help="本单位的模板，见 docs/working-paper.md。 An office's own template."
    ),
]
LeastSeverity = Annotated[
    Severity, typer.Option(help="此级别及更重的疑点。 Findings of this severity and graver.")
]


def listed(text: str) -> tuple[str, ...]:
    """What stands between commas.

    >>> listed("FUND01, ,GOAL")
    ('FUND01', 'GOAL')
    """
    return tuple(filter(None, (part.strip() for part in text.split(","))))


def scheduler_for(engine: Engine, scheduler: str | None) -> str | None:
    """The address that ``--scheduler`` gives, which means nothing to this machine."""
    if scheduler and engine is not Engine.DASK:
        raise typer.BadParameter(
            "要与 --engine dask 一起使用。 Goes with --engine dask.", param_hint="--scheduler"
        )
    return scheduler


def table_kinds(text: str) -> tuple[str, ...]:
    """The kinds of tables that ``--tables`` asks for, each once."""
    from zipingbiao.report.writers import WRITERS

    kinds = tuple(dict.fromkeys(listed(text)))
    if not kinds or not set(kinds) <= set(WRITERS):
        known = ", ".join(WRITERS)
        raise typer.BadParameter(f"可选 {known}，以逗号分隔。 Choose from {known}.", param_hint="--tables")
    return kinds
