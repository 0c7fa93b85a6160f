"""The network that reads lines of text: a file that the package rapidocr brings along."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def model_path() -> Path | None:
    """The network's file; None where the package, or the file in it, is not there. Nothing is ever downloaded."""
    package = find_spec("rapidocr")
    folders = package.submodule_search_locations if package else None
    for folder in folders or ():
        for path in sorted((Path(folder) / "models").glob("*_rec_*.onnx")):
            return path
    return None
