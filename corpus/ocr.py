"""Text recognition of scanned PDFs by the commands ocrmypdf and Tesseract, where they are installed."""

import os
import re
import signal
import subprocess
import tempfile
from pathlib import Path
from shutil import which

from corpus.load_error import LoadError

LANGUAGES = re.compile(r"[A-Za-z]\w{0,15}(?:\+[A-Za-z]\w{0,15}){0,7}")
ASKED_SECONDS = 30.0  # for the list of languages
SAID_CHARS = 300


def recognise(data: bytes, languages: str, seconds: float) -> bytes:
    """A PDF with the pages of this one as pictures and their recognised text as an unseen layer over them.

    Args:
        data: the PDF. What text it has is not kept: it is read again from the pictures.
        languages: names of Tesseract's, joined by +.
        seconds: after which recognition is given up.

    Raises:
        LoadError: the commands or a language are missing (says what to install), or they fail or take too long.
    """
    if not LANGUAGES.fullmatch(languages):
        raise LoadError(
            f"文字認識の言語の書き方が違います: {languages!r}（例: jpn+jpn_vert）"
            f" / not languages of Tesseract: {languages!r}; expected the like of jpn+jpn_vert"
        )
    if packages := missing(languages):
        wanted = " ".join(packages)
        raise LoadError(
            f"文字認識に必要なものがありません。入れてください（Debian: apt-get install {wanted}）"
            f" / text recognition is not installed: apt-get install {wanted} (Debian)"
        )
    with tempfile.TemporaryDirectory(prefix="keikaku-ocr-") as name:
        folder = Path(name)
        (folder / "in.pdf").write_bytes(data)
        _run(folder, languages, seconds)
        try:
            return (folder / "out.pdf").read_bytes()
        except FileNotFoundError as error:
            raise _failed("no output") from error


def missing(languages: str) -> list[str]:
    """Debian's packages of the commands and of the languages (`jpn+jpn_vert`) that are not here."""
    packages = [] if which("ocrmypdf") else ["ocrmypdf"]
    present: set[str] = set()
    if which("tesseract"):
        listed = subprocess.run(
            ["tesseract", "--list-langs"], capture_output=True, text=True, timeout=ASKED_SECONDS, check=False
        )
        present = set((listed.stdout + listed.stderr).split())
    wanted = [language for language in languages.split("+") if language not in present]
    return packages + [f"tesseract-ocr-{language.replace('_', '-')}" for language in wanted]


def _run(folder: Path, languages: str, seconds: float) -> None:
    command = ["ocrmypdf", "--quiet", "--force-ocr", "--output-type", "pdf", "--optimize", "0", "--jobs", "1"]
    run = subprocess.Popen(
        [*command, "--language", languages, "in.pdf", "out.pdf"],
        cwd=folder,
        env=os.environ | {"TMPDIR": str(folder), "LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,  # so that what it starts ends with it
    )
    try:
        _, said = run.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise LoadError(
            f"文字認識が{seconds:.0f}秒で終わりませんでした。ページを分けてください"
            f" / text recognition took more than {seconds:.0f} seconds: split the file"
        ) from error
    finally:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
            run.communicate()
    if run.returncode:
        raise _failed(" ".join(said.split())[-SAID_CHARS:] or f"exit {run.returncode}")


def _failed(why: str) -> LoadError:
    return LoadError(f"文字認識に失敗しました / text recognition failed: {why}")
