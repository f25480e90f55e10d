"""Recognition of scanned PDFs: what is run, what is said where it cannot be, and the real thing where it is."""

import io
import time
from pathlib import Path

import pypdfium2
import pytest
from corpus_made import SHARED

from corpus import ocr
from corpus.load_error import LoadError, NoTextLayerError
from corpus.load_pdf import load_pdf

SCAN = SHARED / "realdocs" / "odd" / "scan_image_only.pdf"
real_scan = pytest.mark.skipif(not SCAN.is_file(), reason="the real documents are not here")
real_ocr = pytest.mark.skipif(bool(ocr.missing("jpn")), reason="ocrmypdf with jpn is not installed")


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is searched for commands before any other, with a Tesseract that knows jpn."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    script(tmp_path / "tesseract", "echo jpn")
    return tmp_path


def script(path: Path, body: str) -> None:
    """A command."""
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def first_page(path: Path) -> bytes:
    """A PDF of the first page alone."""
    out = io.BytesIO()
    with pypdfium2.PdfDocument(path) as source, pypdfium2.PdfDocument.new() as one:
        one.import_pages(source, [0])
        one.save(out)
    return out.getvalue()


def test_the_command_gets_the_file_and_its_output_is_given(commands: Path) -> None:
    script(commands / "ocrmypdf", f'echo "$@" > {commands}/said; cp in.pdf out.pdf; echo more >> out.pdf')
    assert ocr.recognise(b"%PDF-1.7 ", "jpn", 10) == b"%PDF-1.7 more\n"
    said = (commands / "said").read_text().split()
    assert said[-4:] == ["--language", "jpn", "in.pdf", "out.pdf"]
    assert "--force-ocr" in said


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("echo page 3 is odd >&2; exit 4", "failed: page 3 is odd"),
        ("exit 15", "failed: exit 15"),
        ("true", "failed: no output"),
    ],
)
def test_what_fails_says_why(commands: Path, body: str, why: str) -> None:
    script(commands / "ocrmypdf", body)
    with pytest.raises(LoadError, match=why):
        ocr.recognise(b"", "jpn", 10)


def test_it_ends_with_what_it_started_when_time_is_up(commands: Path) -> None:
    script(commands / "ocrmypdf", f"(sleep 3; touch {commands}/late) & wait")
    start = time.monotonic()
    with pytest.raises(LoadError, match="more than 0 seconds"):
        ocr.recognise(b"", "jpn", 0.3)
    assert time.monotonic() - start < 3
    time.sleep(3.5 - (time.monotonic() - start))
    assert not (commands / "late").exists()


def test_missing_commands_and_languages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LoadError, match="apt-get install ocrmypdf tesseract-ocr-jpn tesseract-ocr-jpn-vert"):
        ocr.recognise(b"", "jpn+jpn_vert", 1)


def test_a_language_that_is_not_here_is_named(commands: Path) -> None:
    script(commands / "ocrmypdf", "true")
    assert ocr.missing("jpn") == []
    with pytest.raises(LoadError, match="apt-get install tesseract-ocr-deu "):
        ocr.recognise(b"", "jpn+deu", 1)


@pytest.mark.parametrize("languages", ["", "jpn;ls", "--help", "jpn+", "日本語"])
def test_what_names_no_languages_is_refused(languages: str) -> None:
    with pytest.raises(LoadError, match="expected the like of"):
        ocr.recognise(b"", languages, 1)


@real_scan
@real_ocr
def test_a_scan_is_read() -> None:
    with pytest.raises(NoTextLayerError, match="KEIKAKU_OCR"):
        load_pdf(SCAN.read_bytes())
    document = load_pdf(ocr.recognise(first_page(SCAN), "jpn", 300))
    assert document.title == "化粧品基準"
    assert "成13年4月1日から適用し" in document.text
    blocks = [document.text[start:end] for start, end in document.blocks]
    assert {"化粧品基準", "1 総則"} <= set(blocks)
    assert any(block.startswith("2 防腐剤、紫外線吸収剤及びタール色素以外の成分") for block in blocks)
