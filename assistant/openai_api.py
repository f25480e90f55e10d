"""The OpenAI shape of asking: chat completions, streamed or not, and the one model there is.

Shape of requests, chunks and errors: https://platform.openai.com/docs/api-reference/chat. The answer carries its [n]
marks; the top level of a completion, and of the last chunk of a stream, also has `citations`, `status` and `reason`.
"""

import json
import re
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.sse import format_sse_event
from pydantic import BaseModel, BeforeValidator, ConfigDict
from starlette.exceptions import HTTPException

from assistant.answer import HISTORY_MAX_TURNS, TURN_MAX_CHARS, Answer, Question, Text, Turn
from assistant.chain import Assistant
from assistant.event_stream import NO_STORE, event_stream
from assistant.problems import RETRY_LATER, documented, problem
from index.generation_error import GenerationError

MODEL = "keikaku-navi"
# What would change the answer is refused unless it asks for what is done anyway; all else (temperature…) is ignored.
NEUTRAL: dict[str, tuple[object, ...]] = {
    "n": (None, 1),
    "tools": (None, []),
    "functions": (None, []),
    "tool_choice": (None, "none", "auto"),
    "response_format": (None, {"type": "text"}),
    "modalities": (None, ["text"]),
    "audio": (None,),
    "logprobs": (None, False),
}
PIECE = re.compile(r".*?(?:\[\d+\])+\s*|.+", re.DOTALL)  # up to and with the marks of a sentence
SHAPES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A chat completion; with `stream` its chunks, then `[DONE]`",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    "4XX": documented(400)[400],  # a range: else the framework describes an error of its own shape
    **documented(500, 503),
}


class Part(BaseModel):
    """One part of a message; there is text only."""

    type: Literal["text"]
    text: Text


def _parts(content: object) -> object:
    """A plain text as its one part, and nothing as none."""
    if content is None:
        return ()
    return ({"type": "text", "text": content},) if isinstance(content, str) else content


class Message(BaseModel):
    """One message; `system` and `developer` are read over, since nobody changes the rules."""

    role: Literal["system", "developer", "user", "assistant"]
    content: Annotated[
        tuple[Part, ...], BeforeValidator(_parts, json_schema_input_type=str | tuple[Part, ...] | None)
    ] = ()

    @property
    def said(self) -> str:
        """The text, its parts one a line."""
        return "\n".join(part.text for part in self.content)


class Completion(BaseModel):
    """What `POST /v1/chat/completions` takes; the last user message is the question."""

    model_config = ConfigDict(extra="allow")

    model: str
    messages: tuple[Message, ...]
    stream: bool | None = None


class CompletionError(ValueError):
    """A request that cannot be answered, as OpenAI words it: HTTP status, code and parameter."""

    def __init__(self, message: str, param: str, code: str, status: int = 400) -> None:
        super().__init__(message)
        self.param, self.code, self.status = param, code, status


class OpenAIRoute(APIRoute):
    """A route that answers wrong requests with a problem document which also has OpenAI's `error` member."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler, with its errors put into that shape."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await handler(request)
            except CompletionError as error:
                return _problem(error.status, str(error), error.param, error.code)
            except RequestValidationError as error:
                places = [(".".join(map(str, one["loc"][1:])), one["msg"]) for one in error.errors()]
                said = "; ".join(f"{place}: {message}" for place, message in places)
                said = f"リクエストが正しくありません / bad request: {said}"
                return _problem(400, said, places[0][0])
            except GenerationError as error:
                return _problem(503, str(error))
            except HTTPException as error:
                return _problem(error.status_code, str(error.detail))

        return handle


def openai_router(assistant: Assistant) -> APIRouter:
    """Routes under /v1, over all documents as `POST /api/ask`; who may reach them is the caller's to decide."""
    router = APIRouter(route_class=OpenAIRoute, tags=["openai"])

    @router.get("/v1/models", responses=documented(403, 500))
    def models() -> dict[str, Any]:
        """The models there are: one, whatever writes the answers behind it."""
        return {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}]}

    @router.post("/v1/chat/completions", response_model=None, responses=SHAPES)
    def complete(body: Completion) -> Response:
        """A cited answer in OpenAI's shape; `citations`, `status` and `reason` stand beside `choices`."""
        question = question_of(body)
        if body.stream:
            return event_stream(_chunks(assistant, question), _broken_off)
        answer = assistant.ask(question)
        choice = {"message": {"role": "assistant", "content": answer.text}, "finish_reason": "stop"}
        return JSONResponse(_shape("chat.completion", _new_id(), choice, answer), headers=NO_STORE)

    return router


def question_of(body: Completion) -> Question:
    """The last user message with what was said before it, as much of that as a Question takes.

    Raises:
        CompletionError: another model, something no answer here can have, or no user message.
    """
    if body.model != MODEL:
        said = f"モデルは {MODEL} だけです / there is no such model, only {MODEL}"
        raise CompletionError(said, "model", "model_not_found", 404)
    for name, values in NEUTRAL.items():
        if (body.model_extra or {}).get(name) not in values:
            said = f"{name} のこの値には対応していません / this value of {name} is not supported"
            raise CompletionError(said, name, "unsupported_parameter")
    last = max((at for at, one in enumerate(body.messages) if one.role == "user"), default=None)
    if last is None:
        said = "ユーザーのメッセージがありません / there is no user message"
        raise CompletionError(said, "messages", "missing_user_message")
    history = tuple(
        Turn(role=one.role, content=one.said[:TURN_MAX_CHARS])
        for one in body.messages[:last]
        if one.role in ("user", "assistant")
    )
    return Question(question=body.messages[last].said, history=history[-HISTORY_MAX_TURNS:])


def _problem(status: int, message: str, param: str | None = None, code: str | None = None) -> JSONResponse:
    headers = RETRY_LATER if status == 503 else None
    return problem(status, message, headers, _error(status, message, param, code))


def _error(status: int, message: str, param: str | None = None, code: str | None = None) -> dict[str, Any]:
    kind = "server_error" if status >= 500 else "invalid_request_error"
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def _chunks(assistant: Assistant, question: Question) -> Iterator[bytes]:
    """The completion's chunks and `[DONE]`.

    Only the final text is sent: a chunk cannot be taken back, and a written answer may replace the quoted one.
    """
    chunk_id = _new_id()

    def chunk(delta: dict[str, str], answer: Answer | None = None) -> bytes:
        choice = {"delta": delta, "finish_reason": "stop" if answer else None}
        return _event(_shape("chat.completion.chunk", chunk_id, choice, answer))

    yield chunk({"role": "assistant", "content": ""})
    answer = assistant.ask(question)
    for piece in PIECE.findall(answer.text):
        yield chunk({"content": piece})
    yield chunk({}, answer)
    yield format_sse_event(data_str="[DONE]")


def _broken_off(problem_document: dict[str, Any]) -> bytes:
    return _event(_error(problem_document["status"], problem_document["detail"]))


def _shape(kind: str, completion_id: str, choice: dict[str, Any], answer: Answer | None) -> dict[str, Any]:
    """A completion or a chunk of one; without `usage`, since no tokens are counted."""
    shape = {
        "id": completion_id,
        "object": kind,
        "created": int(time.time()),
        "model": MODEL,
        "choices": [{"index": 0, "logprobs": None, **choice}],
    }
    extra = answer.model_dump(mode="json", include={"citations", "status", "reason"}) if answer else {}
    return {**shape, **extra}


def _new_id() -> str:
    return f"chatcmpl-{uuid.uuid4().hex}"


def _event(data: dict[str, Any]) -> bytes:
    return format_sse_event(data_str=json.dumps(data, ensure_ascii=False))
