"""The city and the fiscal year that a question names, as a soft preference among the documents.

「富士市の令和8年度」 prefers documents whose file name or title says so to those that name another city or year;
a document that names none is neither preferred nor put back.
"""

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.wareki import find_periods, find_years
from index.forward import ForwardIndex

PUT_BACK = 0.85  # of its score keeps a passage of a document about another city or year
CITY = re.compile(r"(?:^|[\s_/・「『（(])([^\s_/・「『（()]{1,6}?[市区町村])(?=[のがは]|\W|_|$)")


def cities_in(named: str) -> frozenset[str]:
    """Municipalities that a file name or title begins a part with."""
    return frozenset(CITY.findall(named))


def years_in(text: str) -> frozenset[int]:
    """Every fiscal year named, those within a period too."""
    text = text.replace("_", " ")
    spans = [*find_years(text), *find_periods(text)]
    return frozenset(year for span in spans for year in range(span.first, span.last + 1))


def preference(index: ForwardIndex, question: str) -> NDArray[np.float32] | None:
    """A factor for each document; None where the question names no city or year that a document is about."""
    cities = frozenset(city for city in index.cities if city in question)
    asked = years_in(question)
    years = asked if asked & index.years else frozenset()
    if not cities and not years:
        return None
    return np.array(
        [
            PUT_BACK ** (_is_elsewhere(one.cities, cities) + _is_elsewhere(one.years, years))
            for one in index.documents
        ],
        np.float32,
    )


def _is_elsewhere(named: frozenset[Any], asked: frozenset[Any]) -> bool:
    return bool(asked and named and not named & asked)
