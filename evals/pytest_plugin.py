"""A pytest plugin: `pytest --keikaku-cases FILE` makes each case a test, so that a city can gate its own CI.

Answers come from a library (`--keikaku-data-dir`, default: that of the settings) or from a running server
(`--keikaku-url`). Nothing of the product is imported before a case file is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from evals.asking import Asked
    from evals.cases import Case
    from evals.score import Score

ANSWERS = pytest.StashKey["Answers"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("keikaku", "計画ナビの評価 / evaluation of Keikaku Navi")
    group.addoption(
        "--keikaku-cases", action="append", default=[], metavar="FILE", help="ケースのJSONL / cases, JSONL"
    )
    group.addoption("--keikaku-data-dir", metavar="DIR", help="ライブラリのフォルダ / folder of the library")
    group.addoption("--keikaku-url", metavar="URL", help="動いているサーバー / server that is running")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "keikaku(kind): a case of an evaluation file")
    if config.option.keikaku_data_dir and config.option.keikaku_url:
        raise pytest.UsageError("--keikaku-data-dir と --keikaku-url は一方だけ / give one of them, not both")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Adds the cases before -k and -m choose among all tests."""
    for name in config.option.keikaku_cases:
        path = Path(name)
        if not path.is_file():
            raise pytest.UsageError(f"--keikaku-cases: ファイルがありません / no such file: {path}")
        items += CaseFile.from_parent(session, name=path.name, path=path.resolve()).collect()


def pytest_unconfigure(config: pytest.Config) -> None:
    if answers := config.stash.get(ANSWERS, None):
        answers.close()


class CaseFile(pytest.Collector):
    """A file of cases."""

    def __init__(self, *, path: Path, **given: Any) -> None:
        super().__init__(path=path, **given)

    def collect(self) -> Iterator[CaseItem]:
        from evals.cases import CaseError, read_cases

        try:
            cases = read_cases(self.path)
        except CaseError as error:
            raise pytest.UsageError(str(error)) from None
        for case in cases:
            yield CaseItem.from_parent(self, name=case.id, case=case)


class CaseItem(pytest.Item):
    """One case: passes where the answer has every deciding mark."""

    def __init__(self, *, case: Case, **given: Any) -> None:
        super().__init__(**given)
        self.case = case
        self.add_marker(pytest.mark.keikaku(kind=case.kind.value))
        self.extra_keyword_matches.add(case.kind.value)

    def runtest(self) -> None:
        answers = self.config.stash.setdefault(ANSWERS, Answers(self.config))
        asked, score = answers.of(self.case)
        self.user_properties += [("seconds", asked.seconds), ("status", score.status.value)]
        if not score.passed:
            raise WrongAnswerError(self.case, asked, score)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, WrongAnswerError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, f"{self.case.id} [{self.case.kind}] {self.case.question}"


class WrongAnswerError(AssertionError):
    """A case that did not pass, with all that is needed to see why."""

    def __init__(self, case: Case, asked: Asked, score: Score) -> None:
        from evals.report import reasons

        answer = asked.answer
        lines = [
            f"質問 / question: {case.question}",
            f"期待 / expected: {case.expect.status} {' + '.join('|'.join(one) for one in case.expect.facts)}".rstrip(),
            f"回答 / answer:   {answer.status} {answer.text}".rstrip(),
            *(f"  [{one.number}] {one.source}: {one.quote}" for one in answer.citations),
            *(f"✗ {reason}" for reason in reasons(score)),
        ]
        super().__init__("\n".join(lines))


class Answers:
    """Opens the library or the server at the first case and closes it at the end of the session."""

    def __init__(self, config: pytest.Config) -> None:
        self._config, self._open = config, ExitStack()
        self._asking: Any = None

    def of(self, case: Case) -> tuple[Asked, Score]:
        """The answer to a case and its score."""
        from evals.asking import asking
        from evals.score import score_one

        if self._asking is None:
            option = self._config.option
            folder = Path(option.keikaku_data_dir) if option.keikaku_data_dir else None
            self._asking = self._open.enter_context(asking(folder, option.keikaku_url))
        asked: Asked = self._asking.ask(case)
        return asked, score_one(case, asked.answer, asked.seconds, self._asking.texts)

    def close(self) -> None:
        """Gives the library or the connection back."""
        self._open.close()
