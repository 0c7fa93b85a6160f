"""The same form twice: under two names (CROSS01), or under one name in two files (CROSS06)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from zipingbiao.across.facts import Facts
from zipingbiao.across.names import name_key
from zipingbiao.across.registry import Conflict, across
from zipingbiao.policy import Policy

#: other forms that a sentence names
NAMED = 3
#: what makes two forms different ones: the field, and what to call it
NAMES = {
    "implementing_unit": ("单位", "unit"),
    "project_name": ("项目名称", "project"),
    "fiscal_year": ("年度", "year"),
}


def same_content(forms: Iterable[Facts], policy: Policy) -> list[list[Facts]]:
    """Groups of two and more forms whose figures are all equal and whose words are alike; files that are equal, too."""
    by_figures: dict[tuple[object, ...], list[Facts]] = defaultdict(list)
    for form in forms:
        by_figures[_key(form, policy)].append(form)
    several = (group for group in by_figures.values() if len(group) > 1)
    return [part for group in several for part in _parted(group, _alike_under(policy)) if len(part) > 1]


def _key(form: Facts, policy: Policy) -> tuple[object, ...]:
    """Equal for forms that can be one: ordinary figures must stand under one name, none at all in equal files."""
    if not form.content:
        return form.sha256, form.index
    if form.digits < policy.same_digits:
        return form.content, form.unit_key, form.project_key, form.year
    return (form.content,)


def _alike_under(policy: Policy) -> Callable[[Facts, Facts], bool]:
    from rapidfuzz.fuzz import ratio

    def is_alike(a: Facts, b: Facts) -> bool:
        is_file = bool(a.sha256) and (a.sha256, a.index) == (b.sha256, b.index)
        return is_file or ratio(a.words, b.words) >= 100 * policy.alike_ratio

    return is_alike


def _parted(group: Iterable[Facts], belong: Callable[[Facts, Facts], bool]) -> list[list[Facts]]:
    """A group in parts, each of what belongs to the part's first form."""
    parts: list[list[Facts]] = []
    for form in group:
        home = next((part for part in parts if belong(part[0], form)), None)
        if home is None:
            parts.append([form])
        else:
            home.append(form)
    return parts


def difference(a: Facts, b: Facts) -> str:
    """The first field in which two forms have different names; blank where in none."""
    return next(iter(_differences(a, b)), "")


def _differences(a: Facts, b: Facts) -> list[str]:
    """The fields in which two forms have different names, in the order of `NAMES`.

    What one of them leaves blank is no difference.
    """
    pairs = {
        "implementing_unit": _units(a, b),
        "project_name": (a.project_key, b.project_key),
        "fiscal_year": (a.year, b.year),
    }
    return [field for field, (x, y) in pairs.items() if x and y and x != y]


def _units(a: Facts, b: Facts) -> tuple[str, str]:
    """The units of two forms; where one of them names none, their departments."""
    units = a.unit_key, b.unit_key
    return units if all(units) else (name_key(a.department), name_key(b.department))


def _by_name(group: Iterable[Facts]) -> list[list[Facts]]:
    """A group in parts of one name; a form that leaves something blank goes with the first part that it may be of."""
    named: dict[tuple[object, ...], list[Facts]] = {}
    vague: list[Facts] = []
    for form in group:
        key = (form.unit_key, form.project_key, form.year)
        if all(key):
            named.setdefault(key, []).append(form)
        else:
            vague.append(form)
    parts = list(named.values())
    for form in vague:
        home = next((part for part in parts if not difference(part[0], form)), None)
        if home is None:
            parts.append([form])
        else:
            home.append(form)
    return [sorted(part, key=lambda form: form.number) for part in parts]


@across("CROSS01", "error", "重复报送", "same content under two names")
def cross01(forms: Sequence[Facts], policy: Policy) -> Iterator[Conflict]:
    """Two forms of different units, projects or years have the same figures, indicators and texts.

    Why: one achievement is reported twice, or a form was copied and only its head was changed.
    Example: two offices hand in one form, each under its own name; last year's form with this year on it.
    Tolerance: all amounts, targets, actual values and scores are equal, and the words are alike (policy:
    alike_ratio). The figures must tell enough (policy: same_digits): forms that share a template and a few
    ordinary figures are silent. What a form leaves blank in its head is no difference.
    Source: 财预〔2020〕10号: units answer for the truth of what they report.
    """
    for group in same_content(forms, policy):
        if group[0].digits < policy.same_digits:
            continue
        parts = _by_name(group)
        for part in parts if len(parts) > 1 else ():
            others = list(islice((form for other in parts if other is not part for form in other), NAMED))
            for form in part:
                if any(difference(form, other) for other in others):
                    yield _renamed(form, others, len(group) - len(part))


def _renamed(form: Facts, others: Sequence[Facts], count: int) -> Conflict:
    """The finding on a form that is one with ``count`` forms under other names; ``others`` are the first of these."""
    other = next(one for one in others if difference(form, one))
    fields = _differences(form, other)
    named = [(*NAMES[field], _printed(form, field), _printed(other, field)) for field in fields]
    zh = "、".join(f"{name}不同（本表“{own}”，对方“{its}”）" for name, _, own, its in named)
    en = " and ".join(f"another {name} (“{own}” here, “{its}” there)" for _, name, own, its in named)
    return Conflict(
        form,
        "form",
        fields[0],
        form.place,
        _printed(form, fields[0]),
        "",
        f"本表与{_listed(others, count, '、', '等{}张表')}的数字、指标和文字相同，但{zh}，疑为重复报送。",
        f"This form has the figures, indicators and words of {_listed(others, count, ', ', ' and others, {} in all')},"
        f" but {en}.",
    )


def _printed(form: Facts, field: str) -> str:
    names = {
        "implementing_unit": form.unit or form.department,
        "project_name": form.project,
        "fiscal_year": str(form.year or ""),
    }
    return names[field]


def _listed(forms: Sequence[Facts], count: int, comma: str, rest: str) -> str:
    """The places of a few forms, and where these are not all, how many there are."""
    listed = comma.join(one.spot for one in forms)
    return listed + rest.format(count) if count > len(forms) else listed


@across("CROSS06", "note", "同表多份", "form given more than once")
def cross06(forms: Sequence[Facts], policy: Policy) -> Iterator[Conflict]:
    """A form was given before, under the same names: as the same file, or saved again, maybe in another format.

    Why: its amounts stand in the tables twice, and sums over them would count it twice.
    Example: a form as Word file, and the signed PDF beside it.
    Tolerance: as CROSS01, however few the figures are. Only the later copies get the note; a copy with other
    figures is CROSS02.
    Source: this product's rule that no number is invented.
    """
    for group in same_content(forms, policy):
        for part in _by_name(group):
            for form in part[1:]:
                is_file = bool(form.sha256) and form.sha256 == part[0].sha256
                how = ("文件完全相同", "an equal file") if is_file else ("内容相同", "the same content")
                if not is_file and not form.project and form.kind != "department":
                    continue
                yield Conflict(
                    form,
                    "form",
                    "source",
                    form.place,
                    form.project,
                    "",
                    f"本表已在{part[0].spot}中（{how[0]}）；汇总时请勿重复计算。",
                    f"This form stands in {part[0].spot} already ({how[1]}); do not count it twice.",
                )
