"""`keikaku serve`: owns the library, repairs it, adds the samples if asked, and serves until stopped."""

import errno
import importlib
import signal
import socket
import threading
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

import corpus
from assistant.generate import Writer, WriterError
from assistant.logs import configure
from assistant.people import sign_in_is_set
from assistant.retention import keep_forgetting
from assistant.usage import Usage
from corpus.catalog import Catalog
from corpus.settings import Settings
from corpus.telemetry import send_traces_to
from index.following import following
from index.library import Library
from index.owner import OwnerLock
from index.progress import Progress
from ui.console import complain, progress_bars
from ui.hosts import is_loopback

SAMPLES = Path(corpus.__file__).parent / "data" / "plans"
PROXIES = ["127.0.0.1", "::1"]  # whose X-Forwarded-For names the address that asks
GRACE_S = 3  # open pages hold a connection for ever; they get so long when the server stops
# Longer than a proxy keeps an idle connection (nginx: 60), which else sends into one just closed.
KEEP_ALIVE_S = 75
NOT_LOOPBACK = (
    "{host} では待ち受けません。サインインの設定がないため、このコンピュータからの接続（127.0.0.1）だけを受けます。"
    "先に `keikaku user add 名前 --role admin` で管理者を登録するか、KEIKAKU_OIDC_ISSUER を設定してください"
    " / refused to listen beyond loopback without sign-in: first add an admin with `keikaku user add NAME --role admin`"
    " or set KEIKAKU_OIDC_ISSUER"
)
NO_HOSTS = (
    "KEIKAKU_HOSTS がないので、ほかのコンピュータからは開けません。開くときの名前を設定してください"
    "（例 KEIKAKU_HOSTS=plan.example.jp）/ other machines cannot open this: set the names they use in KEIKAKU_HOSTS"
)
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (under which address this machine itself finds it)


class PortInUseError(OSError):
    """Another program listens at the port."""


def serve(settings: Settings, host: str, port: int, samples: bool) -> int:
    """Serves until SIGTERM (gives 0) or Ctrl-C; 1 where the host is not this machine's own and nobody need sign in.

    Raises:
        Owned: another process owns the library.
        PortInUseError: the port is taken.
        CatalogError: something else made the catalog.
        SettingsError: a setting holds what cannot be used.
        KeyboardInterrupt: Ctrl-C.
    """
    if not is_loopback(host):
        if not sign_in_is_set(settings, Catalog(settings.catalog_url)):
            complain(NOT_LOOPBACK.format(host=host))
            return 1
        if not settings.host_names:
            complain(NO_HOSTS)
    signal.signal(signal.SIGTERM, _stop)
    with ExitStack() as stack:
        lock = stack.enter_context(OwnerLock(settings.data_dir))
        listener = stack.enter_context(_bound(host, port))
        # Gradio takes seconds to import; meanwhile the library opens.
        threading.Thread(target=importlib.import_module, args=("ui.chat",), daemon=True).start()
        library = _open(settings, stack, samples)
        stack.enter_context(following(library))
        own = ANYWHERE.get(host, host)
        url = f"http://{f'[{own}]' if ':' in own else own}:{listener.getsockname()[1]}"
        _run(settings, library, lock, listener, url)
    return 0


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """Ends the program in order: index and catalog are closed, the lock is freed."""
    raise SystemExit(0)


def _bound(host: str, port: int) -> socket.socket:
    """A socket that holds the port but does not listen: connections are refused until there are answers."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUseError(
                f"ポート {port} はほかのプログラムが使っています。--port で別の番号を指定してください / "
                f"port {port} is in use: choose another with --port"
            ) from error
        raise
    return listener


def _open(settings: Settings, stack: ExitStack, samples: bool) -> Library:
    """The library, repaired and warm; the stack closes it."""
    with progress_bars() as progress:
        library = Library(settings, progress=progress)
        stack.callback(library.close)
        library.open(create=True)
        library.repair()
        if samples and not library.catalog.records():
            _add_samples(library, progress)
        with library.reading() as searcher:  # else the first visitor would wait for what is made once
            searcher.search("準備", 1)
    return library


def _add_samples(library: Library, progress: Progress) -> None:
    for added in library.add([SAMPLES], "public", progress):
        if added.status == "failed":
            complain(f"失敗 / failed: {added.source}: {added.reason}")


def _warm(settings: Settings) -> None:
    """Loads the local language model while the first visitors read the page; every Assistant shares it."""
    try:
        Writer(settings).warm()
    except WriterError as error:
        complain(
            f"言語モデルが使えないので原文の引用で答えます / no language model, answers are quoted: {error}"
        )


def _run(settings: Settings, library: Library, lock: OwnerLock, listener: socket.socket, url: str) -> None:
    import uvicorn

    from ui.app import create_app

    # Before the MCP library is imported, which else installs a handler of its own.
    configure(settings)
    if settings.otlp_endpoint:
        send_traces_to(settings.otlp_endpoint)
    config = uvicorn.Config(
        create_app(settings, library, lock.publish(url)),
        log_level="warning",
        access_log=False,
        server_header=False,
        forwarded_allow_ips=PROXIES,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=KEEP_ALIVE_S,
    )
    if settings.llm:
        threading.Thread(target=_warm, args=[settings], daemon=True).start()
    usage, ended = Usage(library.catalog), threading.Event()
    forgetting = [usage, settings.public_retention_days, ended]
    threading.Thread(target=keep_forgetting, args=forgetting, daemon=True).start()
    listener.listen()  # whoever follows the addresses printed now is answered, if a moment later
    print(f"チャット / chat: {url}/chat\nウィジェット / widget: {url}/widget/demo", flush=True)
    print(f"API: {url}/api/ask\nOpenAI: {url}/v1\nMCP: {url}/mcp", flush=True)
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        ended.set()
