"""Sentences that a language model wrote, each let through only if it stands on the passages that it cites."""

from collections.abc import Iterator, Sequence

from assistant.answering import IS_QUESTION
from assistant.draft import DraftSentence, quote_all
from assistant.generate import Writer
from assistant.rule_changes import orders_reader
from assistant.verify import MARK, SUPPORT, cited_numbers, support, unsupported
from corpus.normalise import normalise
from corpus.telemetry import stage
from index.search import Hit


def verified_sentences(writer: Writer, question: str, hits: Sequence[Hit]) -> Iterator[DraftSentence]:
    """The written sentences with their quotes, without those that do not stand on what they cite.

    A passage that gives its reader orders is not shown to the model: whatever it says to say would stand on it.
    """
    offered, said = [hit for hit in hits if not _gives_orders(hit)][: writer.passages], set()
    for sentence in writer.sentences(question, offered):
        checked = check(sentence, offered)
        if checked and checked.text not in said:
            said.add(checked.text)
            yield checked


def _gives_orders(hit: Hit) -> bool:
    return orders_reader(normalise(f"{hit.title} {' '.join(hit.passage.section)} {hit.passage.text}"))


@stage("verify")
def check(sentence: str, hits: Sequence[Hit]) -> DraftSentence | None:
    """The sentence without its marks and with its quotes, or None where it does not stand on them or only asks."""
    numbers = cited_numbers(sentence)
    if not numbers or not all(1 <= number <= len(hits) for number in numbers):
        return None
    cited = [hits[number - 1] for number in dict.fromkeys(numbers)]
    sources = [hit.said for hit in cited]
    plain = MARK.sub("", sentence).strip()
    if IS_QUESTION.search(plain):
        return None
    if unsupported(plain, sources) or support(plain, sources) < SUPPORT:
        return None
    return DraftSentence(plain, tuple(quote_all(hit) for hit in cited))
