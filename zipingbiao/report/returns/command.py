"""The command `return`: give documents back, and say in a few lines which were and which were not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import typer

from extract.document import Bilingual
from zipingbiao.engine.local import EngineError
from zipingbiao.options import INTERRUPTED, UNREAD, USAGE
from zipingbiao.report.draft import WriteError
from zipingbiao.report.returns.give_back import Outcome, give_back
from zipingbiao.report.returns.results import ResultsError
from zipingbiao.terminal import clipped, console

#: the documents that are named for each reason
_MOST_NAMED = 20
#: the characters of such a line
_LINE = 300


def return_documents(results: Path, to: Path, severity: str, lang: str) -> int:
    """Give the findings of ``severity`` and graver ones back, print what was done, and return the exit code."""
    try:
        outcome = give_back(results, to, severity, lang, console(stderr=True))
    except (ResultsError, WriteError, EngineError) as err:
        typer.echo(err.message.in_language(lang), err=True)
        return USAGE
    except KeyboardInterrupt:
        stopped = Bilingual(
            f"已中断，{to} 中的文件不全；请删除后再运行。",
            f"Interrupted; the files in {to} are not all there: delete them and run it again.",
        )
        typer.echo(stopped.in_language(lang), err=True)
        return INTERRUPTED
    for line in _described(outcome, to, lang):
        typer.echo(line)
    return UNREAD if outcome.failed else 0


def _described(outcome: Outcome, to: Path, lang: str) -> Iterator[str]:
    """The lines in one language."""
    done = Bilingual(
        f"标注稿 {len(outcome.copies)} 份（疑点 {outcome.remarks} 项），核查反馈函 {len(outcome.letters)} 份，在 {to}。",
        f"{len(outcome.copies)} annotated copies ({outcome.remarks} findings) and {len(outcome.letters)} letters in {to}.",
    )
    yield done.in_language(lang)
    if not outcome.copies and not outcome.failed:
        yield Bilingual("没有需要退回的疑点。", "There are no findings to return.").in_language(lang)
    if outcome.astray:
        astray = Bilingual(
            f"其中 {outcome.astray} 项不能标在原单元格上，标在近处，批注写明位置。",
            f"{outcome.astray} of the findings could not be put on their cells; the comments name the places.",
        )
        yield astray.in_language(lang)
    if outcome.set_anew:
        yield Bilingual("不能直接加批注，已转排为 Word：", "Set anew as Word documents:").in_language(lang)
        yield from _named(outcome.set_anew, lang)
    if outcome.failed:
        yield Bilingual("未能退回：", "Not returned:").in_language(lang)
        yield from _named(outcome.failed, lang)


def _named(sources: list[tuple[str, Bilingual]], lang: str) -> Iterator[str]:
    for source, reason in sources[:_MOST_NAMED]:
        yield "  " + clipped(f"{source} {reason.in_language(lang)}", _LINE)
    if len(sources) > _MOST_NAMED:
        more = len(sources) - _MOST_NAMED
        yield Bilingual(f"  另有 {more} 份", f"  and {more} more").in_language(lang)
