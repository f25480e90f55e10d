"""What makes a library's vectors, tokens and passages: a catalog of another identity has to be read again."""

from corpus import passages
from corpus.records import Identity
from index import tokens
from index.embedding import Embedder


def identity_of(embedder: Embedder) -> Identity:
    """The embedding model with the dictionary and the rules of this program."""
    return Identity(embedder.identity, tokens.identity(), passages.RULES)
