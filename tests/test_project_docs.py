"""Every setting and every command is named in the README, in both languages, and in `--help`."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from corpus.settings import PREFIX, Settings
from ui.cli import app

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.ja.md")


def commands(group: typer.main.TyperGroup, prefix: str = "keikaku") -> Iterator[tuple[str, list[str]]]:
    """(full name, option names) of every command."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{prefix} {name}")  # type: ignore[arg-type]
        else:
            options = [one for parameter in command.params for one in parameter.opts if one.startswith("--")]
            yield f"{prefix} {name}", options


ALL = list(commands(typer.main.get_group(app)))


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_readme(readme: str, name: str) -> None:
    assert f"`{PREFIX}{name.upper()}`" in (ROOT / readme).read_text("utf-8")


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize(("name", "options"), ALL, ids=[name for name, _ in ALL])
def test_every_command_is_in_the_readme(readme: str, name: str, options: list[str]) -> None:
    text = (ROOT / readme).read_text("utf-8")
    line = next((line for line in text.splitlines() if f"`{name}" in line), "")
    assert line, f"{name} is not in {readme}"
    for option in options:
        assert option == "--help" or option in line, f"{option} of {name} is not in {readme}"


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_names_nothing_that_is_not_there(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"KEIKAKU_[A-Z_]+", text)) <= known
    named = {
        " ".join(words) for words in re.findall(r"`keikaku ([a-z]+)(?: (list|fetch|run|compare))?", text)
    }
    have = {name.removeprefix("keikaku ") for name, _ in ALL}
    assert {one.strip() for one in named} <= have | {one.split()[0] for one in have}


def test_help_lists_every_setting() -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200", "TERM": "dumb"}).output
    for name in Settings.model_fields:
        assert f"{PREFIX}{name.upper()}" in shown


def test_targets_of_the_readme_are_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"`?make ([a-z-]+)", (ROOT / "README.md").read_text("utf-8"))):
        assert re.search(rf"^{target}:", makefile, re.M), target


def rows_of(name: str) -> list[str]:
    """Rows of a table of a document, without its head."""
    lines = (ROOT / "docs" / name).read_text("utf-8").splitlines()
    return [line for line in lines if line.startswith("| ")][2:]


def test_there_are_threats_of_every_kind() -> None:
    kinds = {row.split(" | ")[0].removeprefix("| ") for row in rows_of("threat-model.md")}
    assert len(kinds) == len("STRIDE")


@pytest.mark.parametrize("name", ["threat-model.md", "faults.md"])
def test_every_row_names_tests_that_exist(name: str) -> None:
    for row in rows_of(name):
        shown_by = re.findall(r"`(test_\w+\.py)(?:::(\w+))?`", row.rpartition(" | ")[2])
        assert shown_by, row
        for file, function in shown_by:
            assert f"def {function}" in (ROOT / "tests" / file).read_text("utf-8"), (file, function)
