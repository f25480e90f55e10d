"""The layers import one way, and each heavy library in its own file only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("corpus", "index", "assistant", "evals", "ui")
TRAINING = ("evals/reranker_model.py", "evals/reranker_train.py")
HEAVY = {
    "chromadb": {"index/dense.py"},
    "tantivy": {"index/lexical.py"},
    "sudachipy": {"index/tokens.py"},
    "sentence_transformers": {"index/onnx_module.py", "index/rerank.py", "index/torch_encoder.py"},
    "torch": {"index/onnx_module.py", "index/rerank.py", "index/torch_encoder.py", *TRAINING},
    "onnxruntime": {"index/onnx_files.py"},
    "gradio": {"ui/chat.py", "ui/chat_theme.py"},
    "openai": {"assistant/generate.py"},
    "langchain": {"assistant/generate.py"},
    "mcp": {"assistant/mcp_server.py"},
    "ray": {"index/cluster.py"},
    "vl_convert": {"ui/vega.py"},
}
FILES = [path for layer in LAYERS for path in sorted((ROOT / layer).rglob("*.py"))]


def imported(source: str) -> Iterator[str]:
    """Dotted names of everything a module imports, wherever in the file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def wrong_way(layer: str, source: str) -> list[str]:
    """Imports of a layer above the module's own."""
    above = LAYERS[LAYERS.index(layer) + 1 :]
    return [name for name in imported(source) if name.split(".")[0] in above]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    assert wrong_way(path.relative_to(ROOT).parts[0], path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_heavy_libraries_are_imported_in_one_place(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    found = {top for one in imported(path.read_text("utf-8")) if (top := one.split(".")[0]) in HEAVY}
    assert {top for top in found if name not in HEAVY[top]} == set()


def test_a_wrong_way_import_is_found() -> None:
    assert wrong_way("corpus", "def f():\n    from index.search import Hit\n") == ["index.search"]
    assert wrong_way("assistant", "import ui.chat\n") == ["ui.chat"]
    assert wrong_way("ui", "import assistant.chain\n") == []


def test_no_module_loads_a_heavy_library_at_import() -> None:
    """Only the chat page, the ONNX module and the training may; they are themselves imported when needed."""
    for path in FILES:
        name = path.relative_to(ROOT).as_posix()
        if name in {"ui/chat.py", "ui/chat_theme.py", "index/onnx_module.py", *TRAINING}:
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                tops = {one.split(".")[0] for one in imported(ast.unparse(node))}
                assert not tops & set(HEAVY), f"{name}: {ast.unparse(node)}"
