"""Files of a folder, their sources, and everything that is kept of one."""

import os
import unicodedata
from pathlib import Path

import pytest

from corpus.document import document_id
from corpus.load import LoadError
from corpus.read import files_under, read_bytes, read_file, source_name

PLAN = "# 計画\n\n計画期間は令和3年度から令和7年度までとする。予算は7.2億円である。\n"


def sources(path: Path) -> list[str]:
    return [source for _, source in files_under(path)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.md", "a/c.txt", "a/.hidden.md", ".git/d.md", "a/b/e.md"):
        path = tmp_path / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PLAN, "utf-8")
    return tmp_path / "docs"


def test_sources_are_relative_to_the_folder_given(folder: Path) -> None:
    assert sources(folder) == ["a/b/e.md", "a/c.txt", "b.md"]
    assert sources(folder / "a") == ["b/e.md", "c.txt"]
    assert sources(folder / "a" / "c.txt") == ["c.txt"]


def test_loops_of_links_end_and_linked_files_are_read(folder: Path) -> None:
    (folder / "a" / "loop").symlink_to(folder)
    (folder / "link.md").symlink_to(folder / "b.md")
    assert sources(folder) == ["a/b/e.md", "a/c.txt", "b.md", "link.md"]


def test_names_from_macos_are_the_same_document(tmp_path: Path) -> None:
    name = "ガイド.md"
    (tmp_path / unicodedata.normalize("NFD", name)).write_text(PLAN, "utf-8")
    assert sources(tmp_path) == [name]
    assert document_id(unicodedata.normalize("NFD", name)) == document_id(name)


def test_a_name_stays_on_one_line(tmp_path: Path) -> None:
    (tmp_path / "計画\n第2版\x1b.md").write_text(PLAN, "utf-8")
    assert sources(tmp_path) == ["計画\\n第2版\\x1b.md"]


def test_a_folder_that_cannot_be_listed_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def refusing(path: str) -> object:  # the tests may run as root, whom no permission stops
        if Path(path).name == "a":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert sources(folder) == ["a", "b.md"]
    with pytest.raises(LoadError, match="not a regular file"):
        read_file(folder / "a", "a")


def test_names_that_are_not_utf8_can_be_written_down(tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/\x8cv\x89\xe6.md", "w", encoding="utf-8") as out:  # noqa: PTH123
        out.write(PLAN)
    [(path, source)] = files_under(tmp_path)
    assert source == "\\x8cv\\x89\\xe6.md" == source_name(path.name)
    assert read_file(path, source).title == "計画"


def test_what_is_no_file_says_so(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere")
    why = []
    for path, source in [*files_under(tmp_path), *files_under(tmp_path / "missing.md")]:
        with pytest.raises(LoadError) as error:
            read_file(path, source)
        why.append((source, str(error.value).rpartition(" / ")[2]))
    assert why == [
        ("gone.md", "cannot be opened: No such file or directory"),
        ("pipe", "not a regular file"),
        ("missing.md", "cannot be opened: No such file or directory"),
    ]


def test_everything_that_is_kept_of_a_file() -> None:
    file = read_bytes("市/計画.md", PLAN.encode())
    assert (file.id, file.title, file.source) == (document_id("市/計画.md"), "計画", "市/計画.md")
    assert [section.path for section in file.sections] == [("計画",)]
    assert {fact.kind for fact in file.facts} >= {"期間", "予算"}
    assert all(fact.passage_id == file.passages[0].id for fact in file.facts)
    assert all(passage.document_id == file.id for passage in file.passages)


def test_titles(tmp_path: Path) -> None:
    assert read_bytes("a.html", b"<title>T</title><h1>H</h1><p>x").title == "T"
    assert read_bytes("a.html", b"<h1>H</h1><p>x").title == "H"
    assert read_bytes("市/議事 録.v2.txt", "本文だけがある。".encode()).title == "議事 録.v2"


def test_versions_follow_the_bytes() -> None:
    one, other = read_bytes("a.md", PLAN.encode()), read_bytes("a.md", PLAN.encode() + b"\n")
    assert one.version != other.version
    assert one.id == other.id
    assert [passage.id for passage in one.passages] == [passage.id for passage in other.passages]
