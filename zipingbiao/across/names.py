"""Names of units and projects as different people write them, and texts without the names and figures in them."""

from __future__ import annotations

import re
from functools import lru_cache

from normalize.fold import fold, squeeze

# 219-某镇人民政府, [155]某县民政局, 51092324T000010263357-2023年道路养护: the code that a budget system prints in front
_CODE = re.compile(r"^(?:\[[A-Za-z0-9]+\]|[A-Za-z0-9]{3,}(?=[-_–—]))[-_–—]*")
# what says nothing about which unit it is
_TAIL = re.compile(r"(?:\((?:本级|盖章|公章|机关|本部)\)|本级)+$")
_SIGNS = re.compile(r"[^\w]|_")
_FIGURE = re.compile(r"\d[\d,.]*")
#: a shorter name may be a word that stands in any text: 培训
SHORTEST_MASKED = 4


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """What two writings of a name have in common.

    >>> name_key("219-某镇人民政府（本级）"), name_key("某镇 人民政府")
    ('某镇人民政府', '某镇人民政府')
    """
    text = _CODE.sub("", squeeze(fold(name)))
    return _SIGNS.sub("", _TAIL.sub("", text)).casefold()


@lru_cache(maxsize=65536)
def project_key(name: str, year: int | None) -> str:
    """As `name_key`, without the form's own year: a project goes on under the name of the next one.

    >>> project_key("2022年道路养护", 2022), project_key("道路养护（2022年度）", 2022), project_key("2021年道路养护", 2022)
    ('道路养护', '道路养护', '2021年道路养护')
    """
    key = name_key(name)
    return re.sub(rf"{year}年?度?", "", key) or key if year else key


def masked(text: str, names: tuple[str, ...]) -> str:
    """A text on one line without the form's own ``names``, each figure as 0: what is left when both are replaced.

    >>> masked("甲县公路站共养护 32.5 公里，好。", ("甲县公路站",))
    '共养护0公里,好。'
    """
    bare = "".join(fold(text).split())
    for name in _to_mask(names):
        bare = bare.replace(name, "")
    return _FIGURE.sub("0", bare)


@lru_cache(maxsize=16)
def _to_mask(names: tuple[str, ...]) -> list[str]:
    """The names as a text has them, the longest first: one may hold another."""
    folded = {squeeze(fold(name)) for name in names}
    return sorted((name for name in folded if len(name) >= SHORTEST_MASKED), key=len, reverse=True)
