"""Chinese words where words matter: jieba with a dictionary of this domain, imported at first use.

The dictionary is built from words given by the caller, so that no file is read or cached (jieba's own
default writes a cache into the shared temporary folder) and the first use costs milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

#: longer words win over their parts: the frequency grows tenfold with each character
FREQUENCY = 10


@lru_cache(maxsize=8)
def _tokenizer(vocabulary: frozenset[str]) -> Any:
    import jieba

    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = {}, 1, True
    for word in sorted(vocabulary):
        tokenizer.add_word(word, FREQUENCY ** len(word))
    return tokenizer


def cut(text: str, vocabulary: Iterable[str]) -> list[str]:
    """Split ``text`` into words of ``vocabulary`` and single characters between them.

    >>> cut("年初预算执行率", {"年初", "预算", "执行", "执行率"})
    ['年初', '预算', '执行率']
    """
    tokens: list[str] = _tokenizer(frozenset(vocabulary)).lcut(text, HMM=False)
    return tokens
