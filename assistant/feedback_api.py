"""`POST /api/feedback` and `/api/public/feedback`: what people think of an answer they were given."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Request
from pydantic import StringConstraints

from assistant.accounts import Person
from assistant.answer import Frozen, Text
from assistant.limits import PublicLimits
from assistant.problems import documented
from assistant.recorder import Recorder
from assistant.usage import Vote

COMMENT_MAX_CHARS = 1000
UNKNOWN = "この回答は見つかりません / no such answer"


Reason = Literal["wrong", "not_asked", "hard", "incomplete"]


class Feedback(Frozen):
    """A vote on an answer; the comment says why."""

    answer_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    vote: Vote
    comment: Annotated[Text, StringConstraints(max_length=COMMENT_MAX_CHARS)] = ""


class PublicFeedback(Feedback):
    """A citizen's vote; of why only one of a few reasons is counted."""

    reason: Reason | None = None


def feedback_router(
    recorder: Recorder, person_of: Callable[[Request], Person], limits: PublicLimits
) -> APIRouter:
    """The two routes; of a citizen's vote only the count is kept."""
    router = APIRouter(tags=["feedback"])
    problems = documented(403, 404, 413, 422, 500)

    @router.post("/api/feedback", status_code=204, responses=problems)
    def vote(feedback: Feedback, request: Request) -> None:
        """Keeps a vote, in place of the person's earlier one on the answer."""
        if not recorder.vote(person_of(request), feedback.answer_id, feedback.vote, feedback.comment):
            raise HTTPException(404, UNKNOWN)

    @router.post(
        "/api/public/feedback",
        status_code=204,
        dependencies=[Depends(limits)],
        responses={**problems, **documented(429)},
    )
    def vote_of_citizen(feedback: PublicFeedback) -> None:
        """Counts a citizen's vote and its reason; the comment is not kept."""
        if not recorder.vote_of_citizen(feedback.answer_id, feedback.vote, feedback.reason):
            raise HTTPException(404, UNKNOWN)

    return router
