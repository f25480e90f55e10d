"""Several processes share one catalog on PostgreSQL, and the vectors on a Chroma server or each its own."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from index_made import WordEmbedder, add_all, settings_at, write_plans
from test_index_library import Crash, dying_once, first_source

from index.dense import DenseIndex
from index.following import following
from index.generation_error import GenerationError
from index.library import Library

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("on_postgres")]
both = pytest.mark.usefixtures("chroma_url")  # in folders of their own and on a server


def member(tmp_path: Path, name: str) -> Library:
    """A process with files of its own; the catalog is that of all."""
    settings = settings_at(tmp_path).model_copy(update={"data_dir": tmp_path / name})
    library = Library(settings, WordEmbedder())
    library.open(create=True)
    library.repair()
    return library


@both
def test_what_one_changes_the_other_finds(tmp_path: Path) -> None:
    one, other = member(tmp_path, "one"), member(tmp_path, "other")
    folder = write_plans(tmp_path / "docs")
    add_all(one, folder)
    assert not one.follow()
    assert not other.is_clean()
    assert other.follow()
    assert first_source(other, "備蓄倉庫") == "防災.txt"
    (folder / "防災.txt").write_text("防災計画\n\n避難所に発電機を置く。\n", "utf-8")
    add_all(other, folder)
    assert one.follow()
    assert first_source(one, "発電機") == "防災.txt"
    gone = next(record.id for record in one.catalog.records() if record.source == "計画.md")
    one.remove(gone)
    assert other.follow()
    for library in (one, other):
        assert library.verify() == library.catalog.size() == 3
        library.close()


@both
def test_a_rebuild_of_one_takes_nothing_from_the_other(tmp_path: Path) -> None:
    one, other = member(tmp_path, "one"), member(tmp_path, "other")
    add_all(one, write_plans(tmp_path / "docs"))
    other.follow()
    one.rebuild()
    assert first_source(other, "備蓄倉庫") == "防災.txt"  # has not noticed yet
    add_all(one, write_plans(tmp_path / "more", {"新.md": "# 新\n\n備蓄品を増やす。\n"}))
    assert other.follow()
    assert first_source(other, "備蓄品") == "新.md"
    other.rebuild()
    assert one.verify() == other.verify() == one.catalog.size()
    one.close()
    again = member(tmp_path, "one")  # starts with what it had
    assert not again.repair()
    assert again.verify() == other.catalog.size()
    again.close()
    other.close()


@both
def test_who_comes_late_or_was_away_has_everything(tmp_path: Path) -> None:
    one, other = member(tmp_path, "one"), member(tmp_path, "other")
    other.close()
    add_all(one, write_plans(tmp_path / "docs"))
    for name in ("other", "a third"):
        late = member(tmp_path, name)
        assert late.embedder.embedded == []  # type: ignore[attr-defined]
        assert late.verify() == one.catalog.size()
        late.close()
    assert one.verify()
    one.close()


def test_the_next_to_write_makes_good_what_one_left_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chroma_url: str | None
) -> None:
    one, other = member(tmp_path, "one"), member(tmp_path, "other")
    folder = write_plans(tmp_path / "docs")
    with monkeypatch.context() as patched:
        dying_once(patched, DenseIndex, "replace", after=False)
        with pytest.raises(Crash):
            add_all(one, folder)
    assert other.follow()
    assert first_source(other, "備蓄倉庫") == "防災.txt"  # by its words, where the vectors are not there yet
    add_all(other, write_plans(tmp_path / "more", {"新.md": "# 新\n\n備蓄品を増やす。\n"}))
    assert other.verify() == other.catalog.size()
    assert member(tmp_path, "one").verify() == other.catalog.size()


@both
def test_one_that_was_closed_follows_no_more(tmp_path: Path) -> None:
    one, other = member(tmp_path, "one"), member(tmp_path, "other")
    add_all(one, write_plans(tmp_path / "docs"))
    other.close()
    with pytest.raises(GenerationError, match="closing down"):
        other.follow()


ADD = """
import sys
from pathlib import Path
from index.following import following
from test_index_shared import add_all, member
library = member(Path(sys.argv[1]), "process")
with following(library):
    for path in sorted(Path(sys.argv[2]).iterdir()):
        assert [one.status for one in add_all(library, path)] == ["added"]
    library.repair()
    print(library.verify())
library.close()
"""


def plans(name: str, number: int) -> dict[str, str]:
    return {f"{name}{one}.md": f"# {name}{one}\n\n施設{name}{one}を建て替える。\n" for one in range(number)}


@pytest.mark.parametrize("chroma_url", ["server"], indirect=True)
def test_two_processes_write_while_both_are_searched(tmp_path: Path, chroma_url: str) -> None:
    mine, others = (write_plans(tmp_path / name, plans(name, 8)) for name in ("a", "b"))
    paths = os.pathsep.join(map(str, (Path(__file__).parent, Path(__file__).parents[1])))
    command = [sys.executable, "-c", ADD, str(tmp_path), str(others)]
    library, stop, found = member(tmp_path, "this"), threading.Event(), list[str]()

    def search() -> None:
        while not stop.is_set():
            with library.reading() as searcher:
                found.extend(hit.source for hit in searcher.search("施設a0の建て替え"))

    searching = threading.Thread(target=search)
    with (
        following(library),
        subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": paths}, stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        searching.start()
        for path in sorted(mine.iterdir()):
            assert [one.status for one in add_all(library, path)] == ["added"]
        said, _ = process.communicate()
        stop.set()
        searching.join()
    assert process.returncode == 0
    library.repair()
    assert {one.source for one in library.catalog.records()} == set(plans("a", 8)) | set(plans("b", 8))
    assert library.verify() == 16 >= int(said)
    assert "a0.md" in found
    library.close()
