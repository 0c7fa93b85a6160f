"""What the head of a form says, as values: the year, the project and its code, the units, the people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from normalize.fold import fold
from normalize.form import Form, Piece
from normalize.people import LONGEST, read_people
from normalize.record import Entry
from normalize.schema import fold_label
from normalize.values.dates import year_in

#: a field that is filled from another one where the form does not print it
_NEXT_BEST = {"implementing_unit": "reporting_unit", "department": "central_department"}

# "51092324T000010263357-2023年…": long, mostly digits, and parted from the name, which holds words.
# 5G, 863 计划, PPP 项目, 2022-… and 12345-热线 belong to the name.
_PROJECT_CODE = re.compile(
    r"\s*(?:[(\[]\s*(?P<bracketed>(?=(?:[A-Z]*\d){5})[A-Z0-9]{7,30})\s*[)\]]\s*[-—_–]?"
    r"|\[\s*(?P<short>(?!(?:19|20)\d\d\s*\])[A-Z]{0,3}\d{2,6})\s*\]"
    r"|(?P<plain>(?=(?:[A-Z]*\d){5})[A-Z0-9]{7,30})(?:\s*[-—_–]\s*|\s+))\s*(?=.*[\u3400-\u9fff])",
    re.IGNORECASE | re.DOTALL,
)
# "219-…镇人民政府", "[155]…民政局", "155001 …": a budget unit has a number of 3, 6 or more digits;
# before mere white space three could be a name's own (110 指挥中心)
_UNIT_CODE = re.compile(
    r"(?:\s*(?:[(\[]\s*[A-Z]?\d{3,30}\s*[)\]]\s*[-—_–]?|[A-Z]?(?:\d{3}|\d{6,30})\s*[-—_–]|[A-Z]?\d{6,30}\s))+"
    r"\s*(?=.*[\u3400-\u9fff])",
    re.IGNORECASE | re.DOTALL,
)
# "（盖章）" before or behind a unit's name asks for the stamp, and is none of it
_STAMP = r"\((?:单位|部门|加盖)?(?:盖章|公章|签章|印章|章)\)"
_STAMPED = re.compile(rf"\s*{_STAMP}\s*(?=\S)|(?<=\S)\s*{_STAMP}\s*$")
# "2022", "(2022)": beside the label 年度, figures alone are a year
_FIGURES = re.compile(r"\(?((?:19|20)\d\d)\)?")
# "2022项目支出绩效自评表", "项目支出绩效自评表(2022)"
_IN_TITLE = re.compile(r"^((?:19|20)\d\d)(?!\d)|\(((?:19|20)\d\d)\)$")
# "2022年度建设示范村3个": where no title says it, the goal may
_GOAL_YEAR = re.compile(r"((?:19|20)\d{2})\s*年度")


def read_head(heading: Mapping[str, Piece]) -> dict[str, Entry[str]]:
    """The head fields; a code is taken off a name, and the next best label fills a gap."""
    found = {name: Entry(piece.text.strip(), piece.text, piece.cell) for name, piece in heading.items()}
    for name in ("department", "central_department", "implementing_unit", "reporting_unit"):
        if name in found:
            found[name] = replace(found[name], value=unit_name(found[name].value))
    _part_unit_and_leader(found)
    _part_name_and_code(found)
    for name, other in _NEXT_BEST.items():
        if name not in found and other in found:
            found[name] = found[other]
    found.update(read_people(found))
    return found


def _part_unit_and_leader(heading: dict[str, Entry[str]]) -> None:
    """Part the unit from the one who leads the project, where a stroke does: 某中心/张三."""
    joint = heading.get("unit_and_leader")
    unit, *leader = re.split("[/／]", joint.value) if joint else [""]
    if joint and len(leader) == 1:
        heading.setdefault("implementing_unit", replace(joint, value=unit.strip()))
        heading.setdefault("project_leader", replace(joint, value=leader[0].strip()))


def _part_name_and_code(heading: dict[str, Entry[str]]) -> None:
    """Take the code off the project's name, and the name off its code where it stands there: 编码：… 道路养护."""
    name, number = heading.get("project_name"), heading.get("project_code")
    if name and name.value:
        code, bare = split_code(name.value)
        heading["project_name"] = replace(name, value=bare)
        if code and not (number and number.value):
            heading["project_code"] = replace(name, value=code)
    elif number:
        code, bare = split_code(number.value)
        if code:
            heading["project_name"] = replace(number, value=bare)
            heading["project_code"] = replace(number, value=code)


def split_code(name: str) -> tuple[str, str]:
    """A project's code and its name; what only looks a little like a code stays in the name.

    >>> split_code("51092324T000010263357-2023年道路养护")
    ('51092324T000010263357', '2023年道路养护')
    >>> split_code("863 计划配套"), split_code("2022-乡村振兴"), split_code("[155]民政救助")
    (('', '863 计划配套'), ('', '2022-乡村振兴'), ('155', '民政救助'))
    """
    found = _PROJECT_CODE.match(fold(name[:LONGEST]))
    if found is None:
        return "", name
    return found["bracketed"] or found["short"] or found["plain"], name[found.end() :].strip()


def unit_name(text: str) -> str:
    """A unit's name without its number and the request for its stamp.

    >>> unit_name("219-河西镇人民政府"), unit_name("（盖章）某县民政局"), unit_name("110 指挥中心")
    ('河西镇人民政府', '某县民政局', '110 指挥中心')
    """
    if len(text) > LONGEST:
        return text
    code = _UNIT_CODE.match(fold(text))
    bare = text[code.end() :] if code else text
    for stamp in reversed(list(_STAMPED.finditer(fold(bare)))):
        bare = bare[: stamp.start()] + bare[stamp.end() :]
    return bare.strip()


def read_year(form: Form) -> Entry[int] | None:
    """The form's year: the one of its label 年度, its title or a line of its own, its project, or its goal."""
    named = form.heading.get("fiscal_year")
    bare = _FIGURES.fullmatch(fold_label(named.text)) if named else None
    if named and bare:
        return Entry(int(bare[1]), named.text, named.cell)
    for piece in (named, form.year, form.title, form.heading.get("project_name")):
        if piece and (year := year_in(piece.text)):
            return Entry(year, piece.text, piece.cell)
    if form.title and (figures := _IN_TITLE.search(fold_label(form.title.text))):
        return Entry(int(figures[1] or figures[2]), form.title.text, form.title.cell)
    goal = next((row["goal_planned"] for row in form.goals if "goal_planned" in row), None)
    dated = _GOAL_YEAR.match(goal.text.strip()) if goal else None
    return Entry(int(dated[1]), goal.text, goal.cell) if goal and dated else None
