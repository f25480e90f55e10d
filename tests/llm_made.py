"""A real HTTP server that speaks the streaming protocol of OpenAI's chat completions and does as told."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ModelName = "writer-1"


@dataclass
class Endpoint:
    """What the server answers, and what it was asked."""

    text: str = ""
    status: int = 200
    location: str = ""
    raw: bytes | None = None
    silent_s: float = 0.0
    endless: bool = False
    trickle: bool = False
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    @property
    def prompt(self) -> str:
        """Everything that the last request let the model see."""
        return "\n".join(message["content"] for message in self.bodies[-1]["messages"])


def chunk(text: str | None, reason: str | None = None) -> bytes:
    """One server-sent event of the protocol."""
    delta = {} if text is None else {"role": "assistant", "content": text}
    body = {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": ModelName,
        "choices": [{"index": 0, "delta": delta, "finish_reason": reason}],
    }
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n".encode()


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """Serves on a free port of this machine."""
    state = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.paths.append(self.path)
            state.headers.append({name.lower(): value for name, value in self.headers.items()})
            state.bodies.append(json.loads(body))
            time.sleep(state.silent_s)
            self.send_response(state.status)
            if state.location:
                self.send_header("Location", state.location)
            self.send_header(
                "Content-Type", "text/event-stream" if state.status == 200 else "application/json"
            )
            self.end_headers()
            try:
                for piece in self._pieces():
                    self.wfile.write(piece)
                    self.wfile.flush()
            except (BrokenPipeError, ConnectionResetError):
                pass  # the client has heard enough

        do_GET = do_POST  # noqa: N815 (the name that http.server calls)

        def _pieces(self) -> Iterator[bytes]:
            if state.status != 200:
                yield b'{"error": {"message": "no", "type": "server_error"}}'
            elif state.raw is not None:
                yield state.raw
            elif state.trickle:
                while True:
                    time.sleep(0.02)
                    yield b": still here\n\n"
            else:
                yield from (chunk(letter) for letter in state.text)
                while state.endless:
                    yield from (chunk(letter) for letter in state.text)
                yield chunk(None, "stop") + b"data: [DONE]\n\n"

        def log_message(self, *_arguments: object) -> None:
            """Keeps the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
