"""Chinese words of every day: what a name of two characters must not be cut out of, such as 高峰期 or 扩张三个."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any


def is_word(text: str) -> bool:
    """Whether a dictionary has it, be it as a name or as a word."""
    return text in _tags()


def is_everyday(text: str) -> bool:
    """Whether a dictionary has it, and not as the name of a person."""
    return not _tags().get(text, "nr").startswith("nr")


def words_of(run: str) -> Iterator[tuple[int, int]]:
    """Beginning and end of each word of some Chinese characters without anything between them."""
    start = 0
    for word in _tokenizer().lcut(run, HMM=False):
        yield start, start + len(word)
        start += len(word)


@lru_cache(maxsize=1)
def _tags() -> dict[str, str]:
    import jieba

    with jieba.Tokenizer().get_dict_file() as lines:
        words = (line.decode("utf-8").split() for line in lines)
        return {word: tag for word, _, tag in words if len(word) > 1}


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    """Made by hand: what jieba makes by itself writes a cache into the shared temporary folder."""
    import jieba

    tokenizer = jieba.Tokenizer()
    with tokenizer.get_dict_file() as lines:
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(lines)
    tokenizer.initialized = True
    return tokenizer
