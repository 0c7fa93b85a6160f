"""The command `paper`: a working paper for each unit of a run."""

from __future__ import annotations

from pathlib import Path

import typer

from extract.document import Bilingual
from zipingbiao.options import UNREAD, USAGE
from zipingbiao.report.draft import Draft, WriteError, publish_all
from zipingbiao.report.paper.facts import WORDING, example, read_facts
from zipingbiao.report.paper.rendering import Template, TemplateError
from zipingbiao.report.returns.names import Names
from zipingbiao.report.returns.results import ResultsError
from zipingbiao.report.writers import refusals


def write_papers(results: Path, to: Path, template: Path | None, severity: str) -> list[Path]:
    """Write a working paper into ``to`` for each unit in ``results``: all, or where one fails, none.

    Raises `ResultsError`, `TemplateError` and `WriteError`.
    """
    filling = Template(template, example())
    names = Names(to)
    drafts: list[Draft] = []
    with refusals(to):
        try:
            for facts in read_facts(results, severity):
                target = names.path([f"{WORDING['file_name']}{facts['单位']}"], ".docx")
                target.parent.mkdir(parents=True, exist_ok=True)
                draft = Draft(target)
                drafts.append(draft)
                draft.path.write_bytes(filling.filled(facts))
        except BaseException:
            for draft in drafts:
                draft.discard()
            raise
        publish_all(drafts)
    return [draft.target for draft in drafts]


def paper(results: Path, to: Path, template: Path | None, severity: str, lang: str) -> int:
    """Write the working papers, say how many, and return the exit code."""
    try:
        papers = write_papers(results, to, template, severity)
    except (ResultsError, TemplateError, WriteError) as err:
        typer.echo(err.message.in_language(lang), err=True)
        return USAGE
    said = Bilingual(
        f"工作底稿 {len(papers)} 份，在 {to}。",
        f"{len(papers)} working paper{'' if len(papers) == 1 else 's'} in {to}.",
    )
    if not papers:
        said = Bilingual(
            "结果中没有自评表，没有生成底稿。", "The results hold no form: there is no paper to write."
        )
    typer.echo(said.in_language(lang))
    return 0 if papers else UNREAD
