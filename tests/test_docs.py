"""The READMEs and the generated pages: what they show is what a user gets."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
import typer

from docs import make
from zipingbiao.cli import app
from zipingbiao.policy import load_policy

ROOT = Path(__file__).parent.parent
READMES = ["README.md", "README.zh-CN.md"]


def block(name: str, language: str) -> str:
    """The first code block of a language in a README."""
    found = re.search(rf"```{language}\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def plain(text: str) -> list[str]:
    """The lines of a terminal without trailing blanks and blank lines."""
    return [line.rstrip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("name", READMES)
def test_the_terminal_session_at_the_top_is_what_the_command_prints(name: str, tmp_path: Path) -> None:
    command, *shown = block(name, "console").splitlines()
    program, *arguments = shlex.split(command.removeprefix("$ "))
    assert program == "zipingbiao"
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    done = subprocess.run(
        [sys.executable, "-m", "zipingbiao", *arguments],
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "100", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert plain(done.stdout) == plain("\n".join(shown))


@pytest.mark.parametrize("name", READMES)
def test_the_python_example_gives_what_its_comments_say(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    lines = [line.partition("  #") for line in block(name, "python").splitlines() if line.strip()]
    compared = 0
    for code, _, said in lines:
        if re.match(r"import |\w+ = ", code):
            exec(code, names)
            continue
        value = eval(code, names)
        said = said.strip()
        if said.startswith(("Decimal", "'", "[")):
            assert repr(value) == said
            compared += 1
    assert compared == 3


@pytest.mark.parametrize("path", list(make.pages()), ids=lambda path: path.name)
def test_generated_pages_are_what_the_code_says(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == make.pages()[path], "run `make docs`"


def test_every_command_is_in_both_readmes() -> None:
    for name in READMES:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert all(f"zipingbiao {command}" in text for command in ("run", "show", "explain", "parse"))


@pytest.mark.parametrize("name", READMES)
def test_the_options_that_a_readme_names_are_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    commands = typer.main.get_command(app).commands.values()
    known = {option for command in commands for parameter in command.params for option in parameter.opts}
    named = set(re.findall(r"`(--[a-z-]+)`", text)) - {"--help"}
    assert named <= known
    (run,) = (command for command in commands if command.name == "run")
    assert {parameter.opts[0] for parameter in run.params if parameter.opts[0] != "inputs"} <= {
        *named,
        "--out",
        "--quiet",
    }


@pytest.mark.parametrize("name", READMES)
def test_the_policy_of_the_example_is_one(name: str, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(block(name, "toml"), encoding="utf-8")
    policy = load_policy(str(tmp_path / "own.toml"))
    assert (policy.execution_weight, policy.low_execution) == (20, Decimal("0.95"))
