"""The command: exit codes 0, 1, 2 and 130, one line on stderr, no traceback."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from cli_made import COMMAND, ROOT, environment, keikaku, keikaku_here
from library_made import made_library, made_settings

from corpus.settings import PREFIX, Settings
from index.library import Library


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that another embedder made than the one the command uses."""
    folder = tmp_path_factory.mktemp("library")
    with made_library(folder, made_settings(folder)):
        return folder / "data"


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """What a command that failed says."""
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().split("\n")
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_list_prints_id_source_and_title(data: Path) -> None:
    done = keikaku(data, "list")
    assert (done.returncode, done.stderr) == (0, "")
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert {(source, title) for _, source, title in rows} == {
        ("plan.md", "中央市デジタル計画"),
        ("inner.md", "庁内の検討資料"),
    }


def test_an_empty_library_lists_nothing(tmp_path: Path) -> None:
    done = keikaku_here(tmp_path / "none", "list")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_unknown_setting_is_named(tmp_path: Path) -> None:
    done = keikaku_here(tmp_path, "list", KEIKAKU_DATADIR="x", keikaku_other="y")
    assert done.returncode == 1
    assert "KEIKAKU_DATADIR, keikaku_other" in one_line(done)


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"KEIKAKU_THREADS": "many"}, "KEIKAKU_THREADS='many'"),
        ({"KEIKAKU_PUBLIC_RATE": "often"}, "KEIKAKU_PUBLIC_RATE='often'"),
        ({"KEIKAKU_LLM_MODEL": "writer"}, "KEIKAKU_LLM_BASE_URL"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    tmp_path: Path, variables: dict[str, str], named: str
) -> None:
    done = keikaku_here(tmp_path, "list", **variables)
    assert done.returncode == 1
    assert named in one_line(done)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["add"],
        ["add", "/no/such/path"],
        ["add", ".", "--visibility", "secret"],
        ["search", "予算", "-k", "0"],
        ["serve", "--port", "99999"],
        ["eval", "run"],
        ["eval", "run", "--cases", "/no/such/file"],
        ["--nonsense"],
    ],
)
def test_wrong_usage_ends_in_2(tmp_path: Path, arguments: list[str]) -> None:
    done = keikaku_here(tmp_path, *arguments)
    assert done.returncode == 2
    assert "Usage" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["ask", "予算は？"], ["search", "予算"], ["remove", "x"], ["verify"]])
def test_without_a_library_the_command_that_makes_one_is_named(tmp_path: Path, arguments: list[str]) -> None:
    done = keikaku_here(tmp_path / "none", *arguments)
    assert done.returncode == 1
    assert "keikaku add" in one_line(done)


def test_another_embedder_is_refused_with_the_command_that_repairs_it(data: Path, tiny_folder: Path) -> None:
    done = keikaku_here(data, "ask", "予算は？", KEIKAKU_EMBEDDER=str(tiny_folder))
    assert done.returncode == 1
    assert "keikaku rebuild" in one_line(done)


def test_a_data_folder_that_cannot_be_made_is_an_error(tmp_path: Path, tiny_folder: Path) -> None:
    (tmp_path / "file").write_text("x")
    done = keikaku(
        tmp_path / "file" / "data", "add", str(ROOT / "README.md"), KEIKAKU_EMBEDDER=str(tiny_folder)
    )
    assert done.returncode == 1
    one_line(done)


def test_add_tells_of_each_file_and_fails_if_one_does(tmp_path: Path, tiny_folder: Path) -> None:
    (tmp_path / "plan.md").write_text("# 計画\n\n予算は7億円です。", "utf-8")
    (tmp_path / "empty.txt").write_text("")
    variables = {"KEIKAKU_EMBEDDER": str(tiny_folder)}
    first = keikaku_here(tmp_path / "data", "add", str(tmp_path / "plan.md"), **variables)
    assert first.returncode == 0
    assert "added: plan.md" in first.stdout
    again = keikaku_here(
        tmp_path / "data", "add", str(tmp_path / "plan.md"), str(tmp_path / "empty.txt"), **variables
    )
    assert again.returncode == 1
    assert "unchanged, already added: plan.md" in again.stdout
    assert "empty.txt" in again.stderr
    assert "Traceback" not in again.stderr
    removed = keikaku_here(tmp_path / "data", "remove", "no-such-id", **variables)
    assert removed.returncode == 1
    assert "no-such-id" in one_line(removed)


def test_a_successor_is_named_by_source_and_an_unknown_one_refused(tmp_path: Path, tiny_folder: Path) -> None:
    variables = {"KEIKAKU_EMBEDDER": str(tiny_folder)}
    for name in ("old.md", "new.md"):
        (tmp_path / name).write_text(f"# 計画 {name}\n\n予算は7億円です。", "utf-8")
    assert keikaku_here(tmp_path / "data", "add", str(tmp_path / "old.md"), **variables).returncode == 0
    add_new = ["add", str(tmp_path / "new.md"), "--supersedes"]
    done = keikaku_here(tmp_path / "data", *add_new, "old.md", **variables)
    assert (done.returncode, "added: new.md" in done.stdout) == (0, True)
    unknown = keikaku_here(tmp_path / "data", *add_new, "lost.md", **variables)
    assert unknown.returncode == 1
    assert "lost.md" in unknown.stderr.splitlines()[-1]
    folder = keikaku_here(tmp_path / "data", "add", str(tmp_path), "--supersedes", "old.md", **variables)
    assert folder.returncode == 2
    (tmp_path / "old.md").unlink()
    synced = keikaku_here(tmp_path / "data", "add", "--sync", str(tmp_path / "new.md"), **variables)
    assert synced.stdout.splitlines()[-1].endswith("removed: old.md")


def test_facts_are_listed_and_written_as_csv(data: Path) -> None:
    shown = keikaku_here(data, "facts", "--kind", "予算", "--year", "2024", "窓口")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert [line.split("\t")[1:4] for line in shown.stdout.splitlines()] == [["予算", "7.2億円", "2024"]]
    rows = keikaku_here(data, "facts", "--csv").stdout.splitlines()
    assert rows[0].startswith("subject,kind,amount_yen,fiscal_years,source")
    assert len(rows) == 5


def test_a_refused_question_is_an_answer(tmp_path: Path, tiny_folder: Path) -> None:
    settings = made_settings(tmp_path, embedder=str(tiny_folder))
    library = Library(settings)
    library.open(create=True)
    library.repair()
    library.close()
    no_text = b"\xff\xfe".decode("utf-8", "surrogateescape")  # what Python makes of bytes that are no UTF-8
    for arguments in (["ask", "", "--json"], ["ask", no_text]):
        done = keikaku_here(settings.data_dir, *arguments, KEIKAKU_EMBEDDER=str(tiny_folder))
        assert (done.returncode, done.stderr) == (0, "")
        assert '"status": "refused"' in done.stdout or "書かれていません" in done.stdout


@pytest.mark.parametrize("arguments", [["list"], ["--help"], ["model", "list"]])
def test_a_reader_that_is_gone_makes_no_noise(data: Path, arguments: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        done = subprocess.run(
            [*COMMAND, *arguments],
            cwd=ROOT,
            env=environment(data),
            stdout=pipe,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.stderr == b""


def test_a_terminal_without_japanese_gets_question_marks(data: Path) -> None:
    done = keikaku(data, "list", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert (done.returncode, done.stderr) == (0, "")
    assert "plan.md" in done.stdout


def test_ctrl_c_ends_in_130_without_a_traceback(tmp_path: Path, tiny_folder: Path) -> None:
    for number in range(400):
        (tmp_path / f"plan{number}.md").write_text(
            f"# 計画{number}\n\n" + f"予算は{number}億円です。" * 40, "utf-8"
        )
    process = subprocess.Popen(
        [*COMMAND, "add", str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment(tmp_path / "data", KEIKAKU_EMBEDDER=str(tiny_folder)),
    )  # fmt: skip
    assert process.stdout is not None
    assert "added" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    begun = time.monotonic()
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert time.monotonic() - begun < 20


def test_help_shows_every_setting_with_its_default_at_80_columns(tmp_path: Path) -> None:
    shown = keikaku(tmp_path, "--help").stdout
    flat = " ".join(shown.split())
    for name, field in Settings.model_fields.items():
        assert f"{PREFIX}{name.upper()}:" in flat
        if isinstance(field.default, (int, float)):
            assert str(field.default) in flat
    assert "multilingual-e5-small" in flat
    assert "none" not in flat.lower().split("settings")[1]


@pytest.mark.parametrize("arguments", [["model"], ["eval"], []])
def test_a_group_without_a_command_shows_its_commands(tmp_path: Path, arguments: list[str]) -> None:
    done = keikaku_here(tmp_path, *arguments)
    assert done.returncode == 2
    assert "Commands" in done.stdout + done.stderr
