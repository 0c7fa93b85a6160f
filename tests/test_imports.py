"""The stages import only leftwards, and the command line imports next to nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: what each package may import of the others
MAY_IMPORT = {"extract": set(), "normalize": {"extract"}, "zipingbiao": {"extract", "normalize"}}
HEAVY = {
    "pandas",
    "numpy",
    "lxml",
    "rapidfuzz",
    "jieba",
    "xlsxwriter",
    "pebble",
    "rich",
    "multiprocessing",
    "pyarrow",
}


def imported_by(module: Path) -> set[str]:
    """The top-level packages that a module imports anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, f"{module}: a relative import hides where it goes"
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_stage_imports_only_the_stages_before_it(package: str) -> None:
    modules = sorted((ROOT / package).rglob("*.py"))
    assert modules
    for module in modules:
        others = imported_by(module) & MAY_IMPORT.keys() - {package}
        assert others <= MAY_IMPORT[package], module


def test_pandas_is_imported_only_where_tables_are_handed_out() -> None:
    users = [
        module.relative_to(ROOT).as_posix()
        for package in MAY_IMPORT
        for module in (ROOT / package).rglob("*.py")
        if "pandas" in imported_by(module)
    ]
    assert users == ["zipingbiao/batch/run.py"]


def modules_after(statement: str) -> set[str]:
    """The top-level modules that are loaded after a statement, in a process of its own."""
    report = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run(
        [sys.executable, "-c", f"{statement}; {report}"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(run.stdout.split())


@pytest.mark.parametrize("statement", ["import zipingbiao.cli", "import zipingbiao"])
def test_the_command_line_starts_without_anything_heavy(statement: str) -> None:
    assert not modules_after(statement) & HEAVY


def test_every_public_name_is_at_home_where_the_package_says() -> None:
    import zipingbiao

    for name in zipingbiao.__all__:
        assert getattr(zipingbiao, name).__name__ == name or name == "Value"
    assert set(zipingbiao.__all__) == set(zipingbiao._HOME_OF)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = zipingbiao.nonsense
