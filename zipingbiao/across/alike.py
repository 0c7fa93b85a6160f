"""Long texts that units have in common, but for names and figures (CROSS03)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from zipingbiao.across.clusters import Occurrence, clusters_of
from zipingbiao.across.facts import Facts
from zipingbiao.across.names import name_key
from zipingbiao.across.registry import Conflict, across
from zipingbiao.checks.reading import field_name
from zipingbiao.policy import Policy

#: units with one text, and forms of each, that a form is compared with; one finding leads to the others
MOST_COMPARED = 20
#: places of texts that a finding names
MOST_PLACES = 5
#: a text of a form, and the one of another unit that it is like
_Pair = tuple[Occurrence, Occurrence]


@across("CROSS03", "warning", "不同单位文字雷同", "texts of different units nearly identical")
def cross03(forms: Sequence[Facts], policy: Policy) -> Iterator[Conflict]:
    """Goals or paragraphs of the report are those of another unit, but for names and figures.

    Why: what a unit says of its own work cannot be word for word what another says of its own.
    Example: the reports of two bureaus with the same 300 characters on problems and measures.
    Tolerance: paragraphs from 40 characters on, alike in nine of ten characters (policy: alike_ratio), with a
    form together from 200 on (alike_length). Silent where more units have a text than the policy allows
    (template_units, template_share: then it is the template's), within one unit or between it and its
    department, within one file, for the planned goal of one project at several units, and where CROSS01
    speaks.
    Source: 财预〔2020〕10号: units evaluate themselves, and answer for the truth of it.
    """
    units = {form.holder for form in forms if form.packed_texts and form.holder}
    if len(units) < 2:
        return
    shared: dict[int, dict[str, list[_Pair]]] = {}
    most = max(policy.template_units, policy.template_share * len(units))
    for cluster in clusters_of(forms, policy.alike_ratio):
        if 1 < len({forms[one.form].holder for one in cluster}) <= most:
            _pair(cluster, forms, shared)
    for number, by_unit in shared.items():
        pairs = max(by_unit.values(), key=_length)
        if _length(pairs) >= policy.alike_length:
            yield _conflict(forms[number], forms, pairs)


def _length(pairs: Sequence[_Pair]) -> int:
    return sum(one.length for one, _ in pairs)


def _pair(
    cluster: Sequence[Occurrence], forms: Sequence[Facts], shared: dict[int, dict[str, list[_Pair]]]
) -> None:
    """Add a text to what each of its forms has in common with other units: form, then unit, then texts of both."""
    by_unit: dict[str, list[Occurrence]] = defaultdict(list)
    for one in cluster:
        by_unit[forms[one.form].holder].append(one)
    for one in cluster:
        for unit, others in islice(by_unit.items(), MOST_COMPARED):
            found = (
                other
                for other in others[:MOST_COMPARED]
                if _are_strangers(forms[one.form], forms[other.form]) and not _is_set_goal(one, other, forms)
            )
            other = next(found, None)
            if other is not None:
                shared.setdefault(one.form, defaultdict(list))[unit].append((one, other))


def _are_strangers(a: Facts, b: Facts) -> bool:
    """Whether two forms have no business with each other's texts."""
    if a.source == b.source or not a.holder or not b.holder or a.content == b.content != b"":
        return False
    over = (a.holder, name_key(b.department)), (b.holder, name_key(a.department))
    if any(unit == department for unit, department in over):
        return False
    # 某县图书馆, and 某县图书馆综合服务中心
    return not a.holder.startswith(b.holder) and not b.holder.startswith(a.holder)


def _is_set_goal(one: Occurrence, other: Occurrence, forms: Sequence[Facts]) -> bool:
    """Whether both are the planned goal of one project, which its department set for all."""
    planned = one.field == other.field == "goal_planned"
    return planned and forms[one.form].project_key == forms[other.form].project_key


def _conflict(form: Facts, forms: Sequence[Facts], pairs: Sequence[_Pair]) -> Conflict:
    other, length, fields = forms[pairs[0][1].form], _length(pairs), {one.field for one, _ in pairs}
    field = fields.pop() if len(fields) == 1 else "narrative"
    zh, en = ("文字叙述", "report") if field == "narrative" else field_name(field)
    unit = other.unit or other.department
    here = [one.place for one, _ in pairs if one.place]
    there = [one.place for _, one in pairs if one.place and forms[one.form].source == other.source]
    places, theirs = ("; ".join(dict.fromkeys(some[:MOST_PLACES])) for some in (here, there))
    return Conflict(
        form,
        "narrative" if field == "narrative" else field,
        field,
        places or form.place,
        "",
        "",
        f"“{zh}”有{len(pairs)}段共{length}字与“{unit}”的基本相同（{other.at(theirs)}），仅名称或数字不同。",
        f"The {en}: {len(pairs)} paragraph(s), {length} characters, are those of “{unit}” ({other.at(theirs)}) but for names and figures.",
    )
