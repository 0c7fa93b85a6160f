"""What working papers say: the rows of a run by unit, in the Chinese words that a template calls them by."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path, PureWindowsPath
from typing import Any

from normalize.values.exact import EXACT
from zipingbiao.across.names import name_key, project_key
from zipingbiao.checks.registry import SEVERITIES
from zipingbiao.explain import source_of
from zipingbiao.known.sameness import COPIES
from zipingbiao.report.returns.results import ACCEPTED, TextRow, read_tables
from zipingbiao.report.subject import in_percent, number_in, policy_of, shown, subject_of

WORDING = tomllib.loads(files("zipingbiao.report.paper").joinpath("wording.toml").read_text(encoding="utf-8"))
#: the columns that are asked for in each table; a table may have got others
COLUMNS = {
    "forms": (
        "form_id", "source", "kind", "fiscal_year", "project_name", "department", "implementing_unit",
        "total_score_reported", "total_score_recomputed", "policy",
    ),
    "funds": ("form_id", "item", "budget_initial_wan", "budget_adjusted_wan", "executed_wan", "execution_rate_computed"),
    "findings": (
        "form_id", "source", "code", "title", "severity", "subject", "field", "reported", "expected", "difference",
        "message", "place",
    ),
}  # fmt: skip

#: what a template is filled with
Facts = dict[str, Any]


def read_facts(folder: Path, severity: str) -> list[Facts]:
    """The facts of each unit in the results in ``folder``, by name, with findings of ``severity`` and graver ones.

    Raises `ResultsError`.
    """
    tables = read_tables(folder, COLUMNS)
    wanted = SEVERITIES[: SEVERITIES.index(severity) + 1]
    findings: dict[str, list[TextRow]] = defaultdict(list)
    copies: set[str] = set()
    for row in tables["findings"]:
        if row["severity"] in wanted and not row.get(ACCEPTED):
            findings[row["form_id"]].append(row)
        if row["code"] in COPIES:
            copies.add(row["form_id"])
    totals = {row["form_id"]: row for row in tables["funds"] if row["item"] == "total"}
    units: dict[str, list[TextRow]] = defaultdict(list)
    for form in tables["forms"]:
        units[name_key(_unit(form))].append(form)
    return [
        _facts(units[key], [row for form in units[key] for row in findings[form["form_id"]]], totals, copies)
        for key in sorted(units)
    ]


def example() -> Facts:
    """Facts with every word of a template in them, to try one out."""
    blank = {name: "" for columns in COLUMNS.values() for name in columns}
    form = {**blank, "form_id": "1", "policy": "mof-2020", "kind": "project"}
    return _facts([form], [{**blank, "form_id": "1", "severity": SEVERITIES[0]}], {}, set())


def _facts(
    forms: Sequence[TextRow], findings: Sequence[TextRow], totals: dict[str, TextRow], copies: set[str]
) -> Facts:
    counts = Counter(row["severity"] for row in findings)
    counted = [totals.get(form["form_id"], {}) for form in _counted(forms, copies)]
    budget, executed = (_sum(map(column, counted)) for column in (_budget, _executed))
    numbered = {form["form_id"]: number for number, form in enumerate(forms, 1)}
    projects = {form["form_id"]: _name(form) for form in forms}
    return {
        "单位": _unit(forms[0]),
        "主管部门": "、".join(_distinct(form["department"] for form in forms)),
        "年度": "、".join(sorted(_distinct(form["fiscal_year"] for form in forms))),
        "办法": [policy_of(name).zh for name in _distinct(form["policy"] for form in forms)],
        "表数": len(forms),
        "项目数": len(set(map(_project, forms))),
        "预算合计": budget,
        "执行合计": executed,
        "表": [
            _form(number, form, totals.get(form["form_id"], {}), Counter(
                row["severity"] for row in findings if row["form_id"] == form["form_id"]
            ))
            for number, form in enumerate(forms, 1)
        ],
        "疑点数": len(findings),
        "错误数": counts["error"],
        "警告数": counts["warning"],
        "提示数": counts["note"],
        "类别": list(_kinds(findings, numbered, projects)),
    }  # fmt: skip


def _kinds(
    findings: Sequence[TextRow], numbered: dict[str, int], projects: dict[str, str]
) -> Iterator[Facts]:
    """The findings of each check, the gravest first, each with its place."""
    by_code: dict[tuple[int, str], list[TextRow]] = defaultdict(list)
    for row in findings:
        by_code[SEVERITIES.index(row["severity"]), row["code"]].append(row)
    for number, ((_, code), rows) in enumerate(sorted(by_code.items()), 1):
        yield {
            "序号": number,
            "代码": code,
            "标题": rows[0]["title"],
            "程度": WORDING["severity"][rows[0]["severity"]],
            "依据": source_of(code),
            "疑点数": len(rows),
            "疑点": [
                {
                    "序号": place,
                    "表号": numbered[row["form_id"]],
                    "项目": projects[row["form_id"]],
                    "文件": row["source"],
                    "位置": "\n".join(filter(None, row["place"].split("; "))),
                    "对象": subject_of(row).zh,
                    "填报": shown(row, "reported"),
                    "应为": shown(row, "expected"),
                    "差额": _difference(row),
                    "说明": row["message"],
                }
                for place, row in enumerate(rows, 1)
            ],
        }


def _form(number: int, form: TextRow, total: TextRow, counts: Counter[str]) -> Facts:
    return {
        "序号": number,
        "项目": _name(form),
        "类别": WORDING["kind"].get(form["kind"], form["kind"]),
        "年度": form["fiscal_year"],
        "文件": PureWindowsPath(form["source"]).name,
        "预算数": _budget(total),
        "执行数": _executed(total),
        "执行率": in_percent(total.get("execution_rate_computed", "")),
        "自评得分": form["total_score_reported"],
        "重算得分": form["total_score_recomputed"],
        "错误数": counts["error"],
        "警告数": counts["warning"],
        "提示数": counts["note"],
    }


def _unit(form: TextRow) -> str:
    name = " ".join((form["implementing_unit"] or form["department"]).split())
    return name or str(WORDING["unknown_unit"])


def _name(form: TextRow) -> str:
    """What a form is called: by its project, or else by its kind."""
    return form["project_name"] or str(WORDING["kind"].get(form["kind"], ""))


def _project(form: TextRow) -> tuple[str, str, str]:
    """What makes two forms speak of one project in one year."""
    year = form["fiscal_year"]
    key = project_key(form["project_name"], int(year) if year.isdecimal() else None)
    return form["kind"], key, year


def _counted(forms: Sequence[TextRow], copies: set[str]) -> list[TextRow]:
    """The forms whose amounts make the sums: a department's holds those of its projects, where these are there."""
    once = [form for form in forms if form["form_id"] not in copies]
    return [form for form in once if form["kind"] != "department"] or once


def _budget(total: TextRow) -> str:
    return total.get("budget_adjusted_wan") or total.get("budget_initial_wan", "")


def _executed(total: TextRow) -> str:
    return total.get("executed_wan", "")


def _sum(amounts: Iterable[str]) -> str:
    """The exact sum; it says how many are missing, and nothing where all are."""
    all_amounts = list(amounts)
    known = [number for number in map(number_in, all_amounts) if number is not None]
    if not known:
        return ""
    total = known[0]
    for one in known[1:]:
        total = EXACT.add(total, one)
    missing = len(all_amounts) - len(known)
    return str(WORDING["incomplete"].format(sum=f"{total:f}", missing=missing)) if missing else f"{total:f}"


def _difference(row: TextRow) -> str:
    percent = shown(row, "difference")
    is_rate = percent.endswith("%")
    return str(WORDING["points"].format(number=percent.rstrip("%"))) if is_rate else percent


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, texts)))
