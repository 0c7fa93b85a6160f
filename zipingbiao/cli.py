"""The command line. Each command imports what it needs when it runs: `--help` must not wait for readers."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from extract.document import Bilingual
from zipingbiao.terminal import console, settle

#: exit codes of `run`; 2 is also what typer ends with after wrong usage
UNREAD, USAGE, FOUND, INTERRUPTED = 1, 2, 3, 130

app = typer.Typer(
    name="zipingbiao",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: no second library to load for it
    pretty_exceptions_enable=False,
)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        from importlib.metadata import version

        typer.echo(f"zipingbiao {version('zipingbiao')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="版本。 The version.")
    ] = False,
) -> None:
    """读取预算绩效自评表并核查其中的数字。 Read budget self-evaluation forms and check that they add up."""


class Language(StrEnum):
    """The languages of everything that is printed or written."""

    ZH = "zh"
    EN = "en"


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
Lang = Annotated[Language, typer.Option("--lang", help="语言。 Language of titles, messages and output.")]


@app.command()
def run(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT", help="文件或文件夹。 Files and folders.")],
    out: Annotated[Path, typer.Option(help="结果文件夹。 Folder of the results.")] = Path("zipingbiao-out"),
    tables: Annotated[str, typer.Option(help="结果格式。 Kinds of tables: csv, xlsx.")] = "csv,xlsx",
    policy: Annotated[
        str | None,
        typer.Option(help="评分办法的名称或文件，默认按表识别。 Policy; told from each form by default."),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="进程数，默认全部核心。 Processes; all cores.")
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="每个文件的时限（秒）。 Seconds a file may take.")
    ] = 120,
    select: Annotated[str, typer.Option(metavar="CODE,...", help="只核查这些。 Only these checks.")] = "",
    ignore: Annotated[str, typer.Option(metavar="CODE,...", help="不核查这些。 Not these checks.")] = "",
    password: Passwords = None,
    aliases: Aliases = None,
    fail_on: Annotated[
        FailOn, typer.Option(help="有此级别的疑点时以 3 退出。 Exit 3 on findings of this severity.")
    ] = FailOn.NEVER,
    lang: Lang = Language.ZH,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="不打印摘要。 Print no summary.")] = False,
) -> None:
    """读取并核查，结果写入表格。 Read, check, and write the tables.

    Exit codes: 0 all read · 1 some input could not be read (see the table sources) · 2 wrong usage · 3 --fail-on met.
    """
    from zipingbiao.batch import run as run_batch

    kinds = _kinds(tables)
    with _sentences(lang.value), _progress(sys.stderr.isatty() and not quiet) as progress:
        done = run_batch(
            inputs,
            out=out,
            tables=kinds,
            policy=policy,
            jobs=jobs or _cores(),
            timeout=timeout,
            select=_list(select),
            ignore=_list(ignore),
            passwords=password or (),
            aliases=aliases,
            lang=lang.value,
            progress=progress,
            isolate=True,
            keep=False,
        )
    counts = done.counts
    if not counts.files:
        _stop(Bilingual("没有找到可读取的文件。", "There is no file to read."), lang.value, USAGE)
    if not quiet:
        from zipingbiao.summary import print_summary

        print_summary(counts, out, kinds, console(), lang.value)
    if counts.reaches(fail_on.value):
        raise typer.Exit(FOUND)
    if counts.statuses["failed"]:
        raise typer.Exit(UNREAD)


@app.command()
def show(
    file: Annotated[str, typer.Argument(metavar="FILE", help="要查看的文件。 The file.")],
    picture: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.png", help="画在 PDF 的页面上，存为图片。 Draw it onto the pages of a PDF."
        ),
    ] = None,
    password: Passwords = None,
    aliases: Aliases = None,
    lang: Lang = Language.ZH,
) -> None:
    """打印每个单元格被识别为什么。 Print each form as a grid, with the field that each cell was read as."""
    from extract.document import ReadError
    from extract.unlock import offering
    from normalize.aliases import AliasError, read_aliases
    from normalize.schema import knowing
    from zipingbiao.report.draft import WriteError
    from zipingbiao.show import show as show_file

    try:
        with offering(password or ()), knowing(read_aliases(aliases)):
            if picture is None:
                show_file(file, console(), lang.value)
            else:
                _draw(file, picture, lang.value)
    except (WriteError, AliasError) as err:
        _stop(err.message, lang.value, USAGE)
    except ReadError as err:
        _stop(Bilingual(f"{file}：{err.message.zh}", f"{file}: {err.message.en}"), lang.value, UNREAD)


@app.command()
def explain(
    code: Annotated[str | None, typer.Argument(metavar="CODE", help="核查代码。 A check's code.")] = None,
    lang: Lang = Language.ZH,
) -> None:
    """说明一项核查；不给代码则列出全部。 Explain a check; without a code, list them all."""
    from zipingbiao.explain import UnknownCode, list_checks
    from zipingbiao.explain import explain as explain_check

    try:
        typer.echo(explain_check(code, lang.value) if code else list_checks(lang.value))
    except UnknownCode as err:
        _stop(err.message, lang.value, USAGE)


# a text such as -3.5% is a value, not an option
@app.command(context_settings={"ignore_unknown_options": True})
def parse(
    texts: Annotated[list[str], typer.Argument(metavar="TEXT", help="如 ≤23万。 Such as ≤23万.")],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON.")] = False,
    lang: Lang = Language.ZH,
) -> None:
    """解析指标值：比较符、数字、单位。 Parse value strings: relation, number, unit."""
    from normalize.values import parse_value
    from zipingbiao.parsing import as_data, describe

    values = [parse_value(text) for text in texts]
    if as_json:
        typer.echo(json.dumps([as_data(value) for value in values], ensure_ascii=False, indent=2))
        return
    for value in values:
        typer.echo("\t".join((value.raw, as_data(value)["kind"], describe(value, lang.value))))


def main() -> None:
    """The console script."""
    settle()
    typer.main.get_command(app)(prog_name="zipingbiao")


def _draw(file: str, picture: Path, lang: str) -> None:
    from zipingbiao.picture import draw

    pages = ", ".join(map(str, draw(file, picture)))
    said = Bilingual(f"第 {pages} 页已画入 {picture}。", f"{picture} shows the pages {pages}.")
    typer.echo(said.in_language(lang))


def _list(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in text.split(","))))


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _kinds(text: str) -> tuple[str, ...]:
    from zipingbiao.report.writers import WRITERS

    kinds = tuple(dict.fromkeys(_list(text)))
    if not kinds or not set(kinds) <= set(WRITERS):
        known = ", ".join(WRITERS)
        raise typer.BadParameter(f"可选 {known}，以逗号分隔。 Choose from {known}.", param_hint="--tables")
    return kinds


def _stop(message: Bilingual, lang: str, code: int) -> NoReturn:
    typer.echo(message.in_language(lang), err=True)
    raise typer.Exit(code)


@contextmanager
def _sentences(lang: str) -> Iterator[None]:
    """End a run with one plain sentence where the user can mend what is wrong."""
    from normalize.aliases import AliasError
    from zipingbiao.engine.local import EngineError
    from zipingbiao.explain import UnknownCode
    from zipingbiao.policy import PolicyError
    from zipingbiao.report.draft import WriteError

    try:
        yield
    except (WriteError, UnknownCode, PolicyError, AliasError, EngineError) as err:
        _stop(err.message, lang, USAGE)
    except KeyboardInterrupt:
        _stop(Bilingual("已中断，没有写出结果。", "Interrupted; no tables were written."), lang, INTERRUPTED)


@contextmanager
def _progress(is_shown: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on the terminal, as the function to call with files done and files in all."""
    if not is_shown:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    with Progress(
        BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console(stderr=True)
    ) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
