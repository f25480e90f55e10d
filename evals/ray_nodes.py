"""A Ray cluster of two nodes on this machine, with a token, and its readers: for the benchmark and the test."""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

STARTED_S = 120
NODE = ["--num-cpus=1", "--object-store-memory=104857600", "--disable-usage-stats", "--block"]
READER = b"FileReader"  # in the title that Ray gives the processes


@contextmanager
def two_nodes() -> Iterator[tuple[str, dict[str, str]]]:
    """(address, environment that may use it) of a cluster with one processor on each node; gone at the end."""
    port = _free_port()
    environment = {**os.environ, "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    address = f"127.0.0.1:{port}"
    head = ["--head", f"--port={port}", "--node-ip-address=127.0.0.1", "--include-dashboard=false"]
    with ExitStack() as stack:
        temporary = stack.enter_context(tempfile.TemporaryDirectory(prefix="ray", ignore_cleanup_errors=True))
        stack.enter_context(_node([*head, f"--temp-dir={temporary}"], environment))
        stack.enter_context(_node([f"--address={address}", "--node-ip-address=127.0.0.1"], environment))
        yield address, environment


def readers() -> list[int]:
    """Process ids of the readers of this user's clusters."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if READER in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:  # it has ended
            continue
    return sorted(found)


@contextmanager
def _node(arguments: list[str], environment: Mapping[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "ray.scripts.scripts", "start", *arguments, *NODE]
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(command, env=environment, stdout=said, stderr=subprocess.STDOUT) as node,
    ):
        try:
            _await(node, said.fileno())
            yield
        finally:
            node.terminate()
            node.wait()


def _await(node: "subprocess.Popen[bytes]", said: int) -> None:
    """Until the node tells that it runs."""
    ends = time.monotonic() + STARTED_S
    while b"Ray runtime started" not in (text := os.pread(said, 1 << 20, 0)):
        if node.poll() is not None or time.monotonic() > ends:
            raise RuntimeError(f"ray start: {text.decode(errors='replace')}")
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
