"""A written answer of a chat model, local or at an endpoint: it sees numbered passages, never ids."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx

from assistant.language import SIMPLE
from assistant.local_llm import endpoint, gguf_file, grammar, is_cut, model_name
from assistant.marks import marked_sentences
from corpus.settings import Settings
from corpus.telemetry import stage
from index.known import ModelError
from index.search import Hit

PASSAGES, LOCAL_PASSAGES = 4, 2
# Of a question and its passages: a model on two cores reads 60 tokens, some 85 characters, a second.
LOCAL_CHARS = 360
LEAST_CHARS = 60  # of a passage, however long the question is
PROMPTS = Path(__file__).with_name("prompts")
CONNECT_S = 5.0
MAX_TOKENS = 400
UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)
"""What the client raises for events that are no JSON or of another shape than the protocol's."""
EXAMPLE = "事業の費用は<1>で、<2>に始まります。"
LANGUAGES = {
    "en": ("English", "The project costs <1> and starts in <2>."),
    "zh": ("Simplified Chinese", "该项目的费用为<1>，从<2>开始。"),
    "ko": ("Korean", "사업 비용은 <1>이며 <2>에 시작됩니다."),
    "vi": ("Vietnamese", "Chi phí của dự án là <1> và bắt đầu vào <2>."),
    SIMPLE: (
        "easy Japanese (やさしい日本語: short sentences, everyday words, です and ます)",
        "この仕事には<1>かかります。<2>に始まります。",
    ),
}
"""What an answer can be translated into: the language's name, and `EXAMPLE` in it."""
ONE_LINE = "root ::= [^\\n]{1,600}\n"
MAX_CHARS = 4000  # an endpoint that does not stop by itself is stopped here


class WriterError(RuntimeError):
    """The endpoint is down, too slow, refuses or sends what cannot be read: the quoted answer stands in."""


class Writer:
    """An LCEL chain (passages | prompt) before a chat model; connects, or loads a local model, on first use.

    `name` is what Answers name as their generator, `passages` how many of them the model sees.

    Raises:
        ModelError: the local model that the settings want is not there.
    """

    def __init__(self, settings: Settings) -> None:
        self.name = model_name(gguf_file(settings)) if settings.llm else str(settings.llm_model)
        self._settings = settings
        self._prompt: Any = None
        self._model: Any = None
        self.passages = LOCAL_PASSAGES if settings.llm else PASSAGES

    def warm(self) -> None:
        """Loads a local model and lets it read the rules, which all questions share.

        Raises:
            WriterError: it cannot be loaded or does not answer.
        """
        with _told():
            for _ in self._deltas(self._asked("", []), grammar(1), max_tokens=1):
                pass

    def sentences(self, question: str, hits: Sequence[Hit]) -> Iterator[str]:
        """The sentences that the model writes, each with its [n] marks as soon as it is complete.

        Raises:
            WriterError: the endpoint did not answer in time, refused, or sent what is no chat completion.
        """
        with stage("llm"), _told():
            offered = hits[: self.passages]
            deltas = self._deltas(self._asked(question, offered), grammar(max(1, len(offered))))
            yield from (one for one in marked_sentences(deltas) if not (self._settings.llm and is_cut(one)))

    def translation(self, sentence: str, language: str) -> str:
        """The sentence in another language (one of `LANGUAGES`), <1>-like marks kept if the model does as it is told.

        Raises:
            WriterError: as `sentences`.
        """
        name, example = LANGUAGES[language]
        system = (PROMPTS / "translate.txt").read_text("utf-8").format(language=name)
        with stage("llm"), _told():
            prompt = [("system", system), ("user", EXAMPLE), ("assistant", example), ("user", sentence)]
            return "".join(self._deltas(prompt, ONE_LINE)).strip()

    def _asked(self, question: str, hits: Sequence[Hit]) -> Any:
        from langsmith import tracing_context

        self._open()
        chars = LOCAL_CHARS - len(question) if self._settings.llm else None
        with tracing_context(enabled=False):  # else LANGSMITH_* variables could send questions elsewhere
            return self._prompt.invoke({"question": question, "hits": list(hits), "chars": chars})

    def _deltas(self, prompt: Any, rules: str, **limits: Any) -> Iterator[str]:
        """Pieces of text as they come, until the answer or the length is at its end; a local model keeps the rules."""
        from langsmith import tracing_context

        self._open()
        length = 0
        if self._settings.llm:
            limits["extra_body"] = {"grammar": rules}
        # The model is streamed by itself: a chain that is closed early still reads its input to the end.
        with closing(self._model.stream(prompt, **limits)) as stream:
            while length < MAX_CHARS:
                with tracing_context(enabled=False):
                    message = next(stream, None)
                if message is None:
                    return
                length += len(message.text)
                yield str(message.text)

    def _open(self) -> None:
        if self._model is None:
            self._prompt, self._model = _prompt(), _model(self._settings)


@contextmanager
def _told() -> Iterator[None]:
    """Whatever goes wrong with the model is an error of the writer."""
    import openai

    try:
        yield
    except (openai.OpenAIError, httpx.HTTPError, ModelError, *UNREADABLE) as error:
        raise WriterError(f"{type(error).__name__}: {error}") from error


def numbered(hits: Sequence[Hit], chars: int | None = None) -> str:
    """Passages as the model sees them: `[1] title › headings: text`.

    With `chars` about so many characters in all, shared by the passages, each with its innermost heading only, no title
    twice, and of a long text the part with its sentence nearest the question: a model on two cores reads slowly.
    """
    lines: list[str] = []
    for number, hit in enumerate(hits, 1):
        path, text = [hit.title, *hit.passage.section], hit.passage.context or hit.passage.text
        if chars is not None:
            again = any(hit.title == other.title for other in hits[: number - 1])
            path = [*([] if again else [hit.title]), *hit.passage.section[-1:]]
        head = f"[{number}] {' › '.join(dict.fromkeys(path))}: "
        if chars is not None:
            share = (chars - sum(map(len, lines))) // (len(hits) - number + 1)
            text = _nearest(hit, text, max(LEAST_CHARS, share - len(head)))
        lines.append(head + text)
    return "\n".join(lines)


def _nearest(hit: Hit, text: str, chars: int) -> str:
    """So much of a text that it begins with the sentence nearest the question, or earlier where there is room."""
    if len(text) <= chars or hit.passage.context or not hit.sentences:
        return text[:chars]
    start, end, _ = max(hit.sentences, key=lambda one: one[2])
    begin = min((one[0] for one in hit.sentences if end - one[0] <= chars), default=start)
    return text[begin - hit.passage.start :][:chars]


def _prompt() -> Any:
    from langchain_core.prompts import ChatPromptTemplate
    from langchain_core.runnables import RunnablePassthrough

    prompt = ChatPromptTemplate.from_messages(
        [
            ("system", (PROMPTS / "system.txt").read_text("utf-8")),
            ("user", (PROMPTS / "question.txt").read_text("utf-8")),
        ]
    )
    return RunnablePassthrough.assign(passages=lambda given: numbered(given["hits"], given["chars"])) | prompt


def _model(settings: Settings) -> Any:
    from langchain.chat_models import init_chat_model

    at = endpoint(settings)
    return init_chat_model(
        at.model,
        model_provider="openai",
        base_url=at.url,
        api_key=at.key,
        openai_proxy=None,
        http_client=_client(settings.llm_timeout),
        use_responses_api=False,
        stream_usage=False,
        temperature=0,
        timeout=settings.llm_timeout,
        max_retries=0,
        max_tokens=MAX_TOKENS,
    )


def _client(timeout: float) -> httpx.Client:
    """A client that goes to the endpoint named and nowhere else: no proxy of the environment, no redirect."""

    def bound(response: httpx.Response) -> None:
        assert isinstance(response.stream, httpx.SyncByteStream)  # noqa: S101 (the client is not asynchronous)
        response.stream = _UntilDeadline(response.stream, time.monotonic() + timeout)

    return httpx.Client(
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(timeout, connect=min(CONNECT_S, timeout)),
        event_hooks={"request": [_without_telemetry], "response": [bound]},
    )


class _UntilDeadline(httpx.SyncByteStream):
    """A response's body that ends in an error at the deadline, however slowly and steadily it trickles in."""

    def __init__(self, stream: httpx.SyncByteStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def __iter__(self) -> Iterator[bytes]:
        for part in self._stream:
            if time.monotonic() > self._deadline:
                raise httpx.ReadTimeout("no complete answer in time")
            yield part

    def close(self) -> None:
        self._stream.close()


def _without_telemetry(request: httpx.Request) -> None:
    """Takes away what describes this machine or comes from variables of other programs."""
    for name in [*request.headers]:
        if name.startswith(("x-stainless-", "openai-")):
            del request.headers[name]
    request.headers["User-Agent"] = "keikaku-navi"
