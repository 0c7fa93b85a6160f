"""Bring nearly identical texts of many forms together: MinHash finds candidates, a comparison of the texts decides."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from zipingbiao.across.facts import Facts

#: characters of a shingle; two make most Chinese words, three tell sentences apart
SHINGLE = 3
#: hash functions, and how many make a band: texts of 75 % common shingles, which is where nine of ten characters are
#: the same, meet in a band in 998 of 1000 cases, texts of 60 % in 89 of 100
PERMUTATIONS, BAND = 64, 4  # of 32 bits each: a band is two numbers of 64
#: texts with a band in common that each further one is compared with: bounds the time where very many have it
MOST_CANDIDATES = 20
#: any number: the same texts lead to the same findings in every run
SEED = 1


class Occurrence(NamedTuple):
    """A long text in a form: the form's number, the field, the text's length and place."""

    form: int
    field: str
    length: int
    place: str


def clusters_of(forms: Sequence[Facts], alike_ratio: Decimal) -> Iterable[list[Occurrence]]:
    """The texts that occur twice and more, those together that are alike with one of them; ``forms`` by number."""
    numbers, where, signatures = _numbered(forms)
    homes = _homes(forms, where, signatures, float(alike_ratio) * 100)
    clusters = [homes.get(number, number) for number in numbers]
    times = Counter(clusters)
    found: dict[int, list[Occurrence]] = defaultdict(list)
    start = 0
    for form in forms:
        texts = form.texts
        for cluster, text in zip(clusters[start : start + len(texts)], texts, strict=True):
            if times[cluster] > 1:
                found[cluster].append(Occurrence(form.number, text.field, len(text.text), text.place))
        start += len(texts)
    return found.values()


def _numbered(forms: Iterable[Facts]) -> tuple[array[int], array[int], bytearray]:
    """The number of each text, equal texts having one; the form and the position of each; their signatures."""
    from rensa import RMinHash

    known: dict[bytes, int] = {}
    numbers, where, signatures = array("L"), array("L"), bytearray()
    for form in forms:
        for at, (_, text, _) in enumerate(form.texts):
            digest = blake2b(text.encode(), digest_size=12).digest()
            number = known.setdefault(digest, len(known))
            numbers.append(number)
            if number < len(where) // 2:
                continue
            where.extend((form.number, at))
            sketch = RMinHash(PERMUTATIONS, SEED)
            sketch.update({text[start : start + SHINGLE] for start in range(len(text) - SHINGLE + 1)})
            signatures += array("I", sketch.digest()).tobytes()
    return numbers, where, signatures


def _homes(
    forms: Sequence[Facts], where: Sequence[int], signatures: bytearray, least: float
) -> dict[int, int]:
    """For each text that is like an earlier one, the number of that one, which is like none before it."""
    from rapidfuzz.fuzz import ratio

    @lru_cache(maxsize=4096)
    def read(number: int) -> str:
        return forms[where[2 * number]].texts[where[2 * number + 1]].text

    homes: dict[int, int] = {}
    for later, earlier in _candidates(signatures):
        home = homes.get(earlier, earlier)
        if later not in homes and ratio(read(later), read(home), score_cutoff=least):
            homes[later] = home
    return homes


def _candidates(signatures: bytearray) -> list[tuple[int, int]]:
    """Pairs of texts whose signatures have a band in common: the later number first, in the order of both."""
    import numpy

    matrix = numpy.frombuffer(signatures, dtype="u8").reshape(-1, PERMUTATIONS // 2)
    pairs: set[tuple[int, int]] = set()
    for first in range(0, PERMUTATIONS // 2, BAND // 2):
        left, right = matrix[:, first], matrix[:, first + 1]
        order = numpy.lexsort((right, left))  # stable: of texts with equal bands, the first one comes first
        is_equal = (numpy.diff(left[order]) == 0) & (numpy.diff(right[order]) == 0)
        run: list[int] = []
        for at in numpy.flatnonzero(is_equal).tolist():
            one, later = int(order[at]), int(order[at + 1])
            run = run if run and run[-1] == one else [one]
            pairs.update((later, earlier) for earlier in run[:MOST_CANDIDATES])
            run.append(later)
    return sorted(pairs)
