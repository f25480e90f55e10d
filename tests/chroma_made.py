"""A real Chroma server as a process of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

CHROMA = Path(sys.executable).with_name("chroma")
# The server reports to nobody without a configuration file that names an OpenTelemetry endpoint; the
# command's Python half asks this variable.
QUIET = {"ANONYMIZED_TELEMETRY": "False"}
PATIENCE_S = 60.0


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@dataclass
class ChromaServer:
    """`chroma run` over a folder, always at the same port."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address, as KEIKAKU_CHROMA_URL has it."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts the process, and waits until it answers."""
        self.folder.mkdir(exist_ok=True)
        command = [
            str(CHROMA),
            "run",
            "--path",
            str(self.folder),
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
        ]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env={**os.environ, **QUIET}, stdout=log, stderr=log
            )
        give_up = time.monotonic() + PATIENCE_S
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > give_up:
                self.kill()
                raise RuntimeError((self.folder / "server.log").read_text("utf-8"))
            time.sleep(0.05)

    def kill(self) -> None:
        """Ends the process at once, as a power cut would."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v2/heartbeat").is_success
        except httpx.TransportError:
            return False


@contextmanager
def chroma_at(folder: Path) -> Iterator[ChromaServer]:
    """A server that runs until the end."""
    server = ChromaServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
