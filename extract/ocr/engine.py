"""Text from pictures of single lines, by the network of PP-OCR that the package rapidocr brings along.

The network is run directly, without rapidocr's own steps: these give no place and no confidence for a character,
and look for text where the ruling lines already say where it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import onnxruntime

from extract.ocr.choice import refuse, threads
from extract.ocr.model import model_path

Picture = np.ndarray[Any, np.dtype[np.uint8]]

#: the network reads lines of this height, in steps of so many pixels, and none shorter than the second
_HEIGHT, _STEP, _SHORTEST = 48, 8, 32
#: pixels in width of the lines that are read at once: more is no faster and takes memory
_BATCH = 2400
#: a line is cut off here: the longest that an A3 page at its smallest print has
_LONGEST = 4800


class Sign(NamedTuple):
    """A recognized character: how sure the network is, from 0 to 1, and where its middle stands in the line, too."""

    text: str
    confidence: float
    middle: float


class Reader:
    """The network, ready to read; it takes 0.3 s to load and 60 MB."""

    def __init__(self, model: Path, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        # threads that wait for work would take the time of the other workers
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(model), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name
        listed = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._signs = ["", *listed, " "]

    def read(self, lines: Sequence[Picture]) -> list[list[Sign]]:
        """The characters of each line, from left to right; ``lines`` are grey pictures of one line each."""
        scaled = [_scaled(line) for line in lines]
        found: list[list[Sign]] = [[] for _ in lines]
        for batch in _batches([picture.shape[1] for picture in scaled]):
            width = max(scaled[number].shape[1] for number in batch)
            block = np.zeros((len(batch), 3, _HEIGHT, width), np.float32)
            for row, number in enumerate(batch):
                picture = scaled[number]
                block[row, :, :, : picture.shape[1]] = picture.astype(np.float32) / 127.5 - 1.0
            likely = self._session.run(None, {self._input: block})[0]
            for row, number in enumerate(batch):
                found[number] = list(self._decode(likely[row], width / scaled[number].shape[1]))
        return found

    def _decode(self, likely: Any, stretch: float) -> Iterator[Sign]:
        """The likeliest character of each step, repetitions taken as one and blanks left out."""
        best, steps = likely.argmax(axis=1), len(likely)
        start = 0
        while start < steps:
            end = start + 1
            while end < steps and best[end] == best[start]:
                end += 1
            if best[start]:
                confidence = float(likely[start:end, best[start]].max())
                middle = min((start + end) / 2 / steps * stretch, 1.0)
                yield Sign(self._signs[best[start]], confidence, middle)
            start = end


@cache
def reader() -> Reader:
    """The one reader of this process. Raises ReadError where its package is not there."""
    path = model_path()
    if path is None:
        raise refuse()
    return Reader(path, threads())


def _scaled(line: Picture) -> Picture:
    height, width = line.shape[:2]
    wide = min(max(math.ceil(width * _HEIGHT / height / _STEP) * _STEP, _SHORTEST), _LONGEST)
    return np.asarray(
        cv2.resize(
            line, (wide, _HEIGHT), interpolation=cv2.INTER_AREA if height > _HEIGHT else cv2.INTER_CUBIC
        ),
        np.uint8,
    )


def _batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """The numbers of the lines that are read together: those of like width."""
    batch: list[int] = []
    for number in sorted(range(len(widths)), key=widths.__getitem__):
        if batch and (len(batch) + 1) * widths[number] > _BATCH:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch
