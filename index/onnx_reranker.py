"""Runs the reranker in ONNX Runtime: a question and passages in, scores out. Loads no torch."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

import numpy as np

from index.onnx_files import Tokenizer, open_graph

CONFIG_FILE = "onnx_reranker.json"


class OnnxReranker:
    """A tokenizer and a graph, both ready; safe to use from several threads."""

    def __init__(self, tokenizer: Tokenizer, graph: Any, config: dict[str, Any], threads: int) -> None:
        self._tokenizer, self._graph, self._config = tokenizer, graph, config
        self._threads = threads

    @classmethod
    def open(cls, folder: Path, threads: int) -> Self:
        """Loads the model.

        Args:
            folder: holds model.onnx with its weights, sentencepiece.model and onnx_reranker.json.
            threads: how many threads may compute side by side.
        """
        config = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
        return cls(Tokenizer.open(folder), open_graph(folder), config, threads)

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """How well each passage answers, higher is better; of long texts the beginning is read.

        Passages of like length are read together, so that little of it is padding.
        """
        config = self._config
        asked, _ = self._tokenizer.numbers([config["question_prompt"] + question], config["question_tokens"])
        order = sorted(range(len(passages)), key=lambda number: len(passages[number]))
        groups = [[order[at] for at in part] for part in np.array_split(np.arange(len(order)), self._threads)]

        def judged(group: list[int]) -> list[float]:
            if not group:
                return []
            texts = [config["passage_prompt"] + passages[number] for number in group]
            ids, mask = self._tokenizer.numbers(texts, config["passage_tokens"])
            found = self._graph.run(None, {"question": asked, "passages": ids, "mask": mask})[0]
            return [float(score) for score in found]

        with ThreadPoolExecutor(self._threads) as pool:
            found = [score for scores in pool.map(judged, groups) for score in scores]
        by_number = dict(zip((number for group in groups for number in group), found, strict=True))
        return [by_number[number] for number in range(len(passages))]
