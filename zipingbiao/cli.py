"""The command line. Each command imports what it needs when it runs: `--help` must not wait for readers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from extract.document import Bilingual, PlainError, ReadError
from zipingbiao.options import (
    FOUND,
    INTERRUPTED,
    UNREAD,
    USAGE,
    Aliases,
    Baseline,
    Engine,
    FailOn,
    Fresh,
    IgnoreFile,
    Lang,
    Language,
    LeastSeverity,
    Ocr,
    OcrMode,
    PaperFolder,
    PaperTemplate,
    Passwords,
    Picture,
    PolicyName,
    Redact,
    Results,
    ReturnFolder,
    Scheduler,
    Severity,
    listed,
    scheduler_for,
    table_kinds,
)
from zipingbiao.terminal import console, settle

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


@app.command()
def run(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT", help="文件或文件夹。 Files and folders.")],
    out: Annotated[str, typer.Option(help="结果文件夹。 Folder of the results.")] = "zipingbiao-out",
    tables: Annotated[
        str, typer.Option(help="结果格式。 Kinds: csv, xlsx, parquet, parquet-parts, sqlite, jsonl, html.")
    ] = "csv,xlsx",
    policy: PolicyName = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="进程数，默认全部核心。 Processes; all cores.")
    ] = None,
    engine: Annotated[Engine, typer.Option(help="本机或 Dask 集群。 Who reads.")] = Engine.LOCAL,
    scheduler: Scheduler = None,
    timeout: Annotated[
        float,
        typer.Option(
            min=0.1,
            help="每个文件（扫描件每页）的时限（秒）。 Seconds a file, or a page of a scan, may take.",
        ),
    ] = 120,
    select: Annotated[str, typer.Option(metavar="CODE,...", help="只核查这些。 Only these checks.")] = "",
    ignore: Annotated[str, typer.Option(metavar="CODE,...", help="不核查这些。 Not these checks.")] = "",
    password: Passwords = None,
    aliases: Aliases = None,
    ocr: OcrMode = Ocr.AUTO,
    baseline: Baseline = None,
    ignore_file: IgnoreFile = None,
    fail_on: Annotated[
        FailOn, typer.Option(help="有此级别的疑点时以 3 退出。 Exit 3 on findings of this severity.")
    ] = FailOn.NEVER,
    fresh: Fresh = False,
    redact: Redact = False,
    lang: Lang = Language.ZH,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="不打印摘要和进度。 Print no summary and no progress.")
    ] = False,
) -> None:
    """读取并核查，结果写入表格。 Read, check, and write the tables.

    Exit codes: 0 all read · 1 some input could not be read (see the table sources) · 2 wrong usage · 3 --fail-on met.
    """
    from extract.cores import cores
    from zipingbiao.batch.progress import Watch
    from zipingbiao.batch.run import run as run_batch
    from zipingbiao.batch.uploading import folder_for

    kinds, scheduler = table_kinds(tables), scheduler_for(engine, scheduler)
    watch = Watch()
    shown = nullcontext() if quiet else watch.shown(sys.stderr, lang.value)
    try:
        with _sentences(lang.value), shown, folder_for(out) as folder:
            done = run_batch(
                inputs,
                out=folder,
                tables=kinds,
                policy=policy,
                jobs=jobs or cores(),
                engine=engine.value,
                scheduler=scheduler,
                timeout=timeout,
                select=listed(select),
                ignore=listed(ignore),
                passwords=password or (),
                aliases=aliases,
                ocr=ocr.value,
                baseline=baseline,
                ignore_file=ignore_file,
                lang=lang.value,
                progress=watch,
                isolate=True,
                keep=False,
                fresh=fresh,
                redact=redact,
            )
    except KeyboardInterrupt:
        _stop(watch.interrupted(), lang.value, INTERRUPTED)
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
    picture: Picture = None,
    audit: Annotated[
        bool,
        typer.Option("--audit", help="打印各项得分和总分的算法。 How each score and total is obtained."),
    ] = False,
    policy: PolicyName = None,
    password: Passwords = None,
    aliases: Aliases = None,
    lang: Lang = Language.ZH,
) -> None:
    """打印每个单元格被识别为什么。 Print each form as a grid, with the field that each cell was read as."""
    from extract.unlock import offering
    from normalize.aliases import read_aliases
    from normalize.schema import knowing
    from zipingbiao.audit import audit as show_audit
    from zipingbiao.policy import load_policy
    from zipingbiao.show import show as show_file

    try:
        with _sentences(lang.value), offering(password or ()), knowing(read_aliases(aliases)):
            if picture is not None:
                _draw(file, picture, lang.value)
            elif audit:
                show_audit(file, console(), lang.value, load_policy(policy) if policy else None)
            else:
                show_file(file, console(), lang.value)
    except ReadError as err:
        _stop(Bilingual(f"{file}：{err.message.zh}", f"{file}: {err.message.en}"), lang.value, UNREAD)


@app.command()
def explain(
    code: Annotated[str | None, typer.Argument(metavar="CODE", help="核查代码。 A check's code.")] = None,
    lang: Lang = Language.ZH,
) -> None:
    """说明一项核查；不给代码则列出全部。 Explain a check; without a code, list them all."""
    from zipingbiao.explain import explain as explain_check
    from zipingbiao.explain import list_checks

    with _sentences(lang.value):
        typer.echo(explain_check(code, lang.value) if code else list_checks(lang.value))


# a text such as -3.5% is a value, not an option
@app.command(context_settings={"ignore_unknown_options": True})
def parse(
    texts: Annotated[list[str], typer.Argument(metavar="TEXT", help="如 ≤23万。 Such as ≤23万.")],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON.")] = False,
    lang: Lang = Language.ZH,
) -> None:
    """解析指标值：比较符、数字、单位。 Parse value strings: relation, number, unit."""
    from normalize.values.parse import parse_value
    from zipingbiao.parsing import as_data, describe

    values = [parse_value(text) for text in texts]
    if as_json:
        typer.echo(json.dumps([as_data(value) for value in values], ensure_ascii=False, indent=2))
        return
    for value in values:
        typer.echo("\t".join((value.raw, as_data(value)["kind"], describe(value, lang.value))))


@app.command("return")
def return_(
    results: Results,
    to: ReturnFolder = Path("zipingbiao-return"),
    severity: LeastSeverity = Severity.WARNING,
    lang: Lang = Language.ZH,
) -> None:
    """把疑点批注到各单位文件的副本上，并拟核查反馈函。 Put the findings into copies of the units' documents.

    Exit codes: 0 all done · 1 some document could not be returned · 2 wrong usage.
    """
    from zipingbiao.report.returns.command import return_documents

    raise typer.Exit(return_documents(results, to, severity.value, lang.value))


@app.command()
def paper(
    results: Results,
    to: PaperFolder = Path("zipingbiao-paper"),
    template: PaperTemplate = None,
    severity: LeastSeverity = Severity.WARNING,
    lang: Lang = Language.ZH,
) -> None:
    """为每个单位生成一份审计工作底稿（Word）。 Write a working paper for each unit, as a Word document.

    Exit codes: 0 done · 1 the results hold no form · 2 wrong usage.
    """
    from zipingbiao.report.paper.command import paper as write

    raise typer.Exit(write(results, to, template, severity.value, lang.value))


def main() -> None:
    """The console script."""
    settle()
    typer.main.get_command(app)(prog_name="zipingbiao")


def _draw(file: str, picture: Path, lang: str) -> None:
    from zipingbiao.picture import draw

    pages = ", ".join(map(str, draw(file, picture)))
    said = Bilingual(f"第 {pages} 页已画入 {picture}。", f"{picture} shows the pages {pages}.")
    typer.echo(said.in_language(lang))


def _stop(message: Bilingual, lang: str, code: int) -> NoReturn:
    typer.echo(message.in_language(lang), err=True)
    raise typer.Exit(code)


@contextmanager
def _sentences(lang: str) -> Iterator[None]:
    """End with one plain sentence where the user can mend what is wrong; a `ReadError` is for the command to say."""
    try:
        yield
    except ReadError:
        raise
    except PlainError as err:
        _stop(err.message, lang, USAGE)
