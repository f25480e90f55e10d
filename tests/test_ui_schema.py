"""Whatever is sent to the interface as its OpenAPI document describes it, or nearly so, is answered as described.

`SCHEMA_EXAMPLES` says how many requests each operation gets (`make fuzz-api` sends many).
"""

import itertools
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from library_made import LOCAL, made_app, made_library, made_settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import status_code_conformance

EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES", "3"))
CHECKS = [not_a_server_error, status_code_conformance]


@pytest.fixture(scope="module")
def interface(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("interface")
    settings = made_settings(folder, public_rate="999999999/second", public_rate_total="999999999/second")
    with made_library(folder, settings) as library:
        schema = schemathesis.openapi.from_asgi(
            "/api/openapi.json", made_app(library, settings), headers={"host": "localhost"}
        )
        yield schema.exclude(path_regex="^/mcp")  # speaks JSON-RPC, which says nothing by its status


def test_every_answer_is_as_described(interface: Any) -> None:
    wrong: dict[str, str] = {}
    seen: Counter[int] = Counter()
    operations = [result.ok() for result in interface.get_all_operations()]
    for operation, mode in itertools.product(operations, schemathesis.GenerationMode):

        @hypothesis.settings(
            max_examples=EXAMPLES, derandomize="SCHEMA_EXAMPLES" not in os.environ, deadline=None, database=None,
            suppress_health_check=list(hypothesis.HealthCheck), phases=[hypothesis.Phase.generate],
        )  # fmt: skip
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def answered(case: schemathesis.Case) -> None:
            said = case.call_and_validate(base_url=LOCAL, checks=CHECKS, headers={"host": "localhost"})
            seen[said.status_code] += 1

        try:
            answered()
        except hypothesis.errors.Unsatisfiable:  # nothing that this operation takes can be wrong
            assert mode is schemathesis.GenerationMode.NEGATIVE
        except FailureGroup as error:
            wrong[operation.label] = str(error)
    assert {200, 204, 404, 422} <= set(seen), seen
    assert not wrong, "\n\n".join(f"{name}: {said}" for name, said in wrong.items())
