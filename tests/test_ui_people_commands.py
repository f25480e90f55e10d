"""`keikaku user` and `keikaku key`: what they print, refuse and leave behind."""

import subprocess
import sys
from pathlib import Path

import pytest
from people_made import PASSWORD
from typer.testing import CliRunner, Result

from assistant.account_store import AccountError
from assistant.passwords import PasswordError
from ui.cli import EXPECTED, app


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KEIKAKU_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def run(*arguments: str, typed: str = f"{PASSWORD}\n") -> Result:
    return CliRunner().invoke(app, list(arguments), input=typed)


def test_people_come_and_go(data: Path) -> None:
    assert (run("user", "list").output, data.exists()) == ("", False)  # looking makes nothing
    first = run("user", "add", "suzuki", "--password-stdin")
    assert (first.exit_code, first.stdout) == (0, "追加 / added: suzuki (staff)\n")
    assert "there is no admin yet" in first.stderr
    run("user", "add", "Tanaka", "--role", "admin", "--password-stdin")
    assert run("user", "role", "suzuki", "editor").stdout == "変更 / changed: suzuki (editor)\n"
    listed = [line.split("\t")[:2] for line in run("user", "list").stdout.splitlines()]
    assert listed == [["suzuki", "editor"], ["tanaka", "admin"]]
    assert run("user", "password", "suzuki", "--password-stdin", typed="another password\n").exit_code == 0
    assert run("user", "remove", "suzuki").exit_code == 0
    assert (data / "catalog.sqlite3").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("arguments", "typed", "error", "said"),
    [
        (["user", "add", "x", "--password-stdin"], "short\n", PasswordError, "at least 12"),
        (["user", "add", "x"], "", AccountError, "--password-stdin"),
        (["user", "add", "a b", "--password-stdin"], f"{PASSWORD}\n", AccountError, "a name is"),
        (["user", "remove", "nobody"], "", AccountError, "no such account: nobody"),
        (["user", "role", "nobody", "admin"], "", AccountError, "no such account: nobody"),
        (["key", "revoke", "none"], "", AccountError, "no such key"),
    ],
)
def test_what_cannot_be_done_is_said(
    data: Path, arguments: list[str], typed: str, error: type[Exception], said: str
) -> None:
    done = run(*arguments, typed=typed)
    assert isinstance(done.exception, error)
    assert said in str(done.exception)
    assert isinstance(done.exception, EXPECTED)  # one line on stderr and exit 1


@pytest.mark.parametrize("role", ["boss", "ADMIN"])
def test_other_roles_are_wrong_usage(data: Path, role: str) -> None:
    assert run("user", "add", "x", "--role", role, "--password-stdin").exit_code == 2


def test_a_key_is_printed_once(data: Path) -> None:
    made = run("key", "add", "batch", "--role", "evaluator")
    secret = made.stdout.strip()
    assert secret.startswith("kn_")
    row = run("key", "list").stdout.split("\t")
    assert row[1:5] == ["batch", "evaluator", f"{secret[:8]}…", "有効 / active"]
    assert secret not in run("key", "list").output
    assert run("key", "revoke", row[0]).exit_code == 0
    assert "revoked" in run("key", "list").stdout


def test_the_command_for_people_loads_nothing_heavy() -> None:
    heavy = "{'chromadb', 'fastapi', 'gradio', 'onnxruntime', 'sudachipy', 'tantivy', 'torch'}"
    code = f"import sys, ui.people_commands; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
