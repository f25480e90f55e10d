"""`keikaku model list` and `keikaku model fetch`."""

from typing import Annotated

import typer

from corpus.settings import load_settings
from index.models import fetch, list_models
from ui.console import progress_bars

model_app = typer.Typer(no_args_is_help=True, help="モデルの重み / Weights of models")


@model_app.command("list")
def show() -> None:
    """知っているモデルの一覧 / List known models: name, kind, licence, size, whether it is here."""
    for entry in list_models(load_settings().model_dir):
        state = (
            "取得済み / present"
            if entry.present
            else f"未取得 / absent, download {entry.download_bytes // 10**6} MB"
        )
        print(f"{entry.name}\t{entry.kind}\t{entry.licence}\t{entry.disk_bytes // 10**6} MB\t{state}")


@model_app.command("fetch")
def get(name: Annotated[str, typer.Argument(help="モデル名 / name of `keikaku model list`")]) -> None:
    """重みを取得し、SHA-256で検証する / Fetch weights, verified by SHA-256."""
    with progress_bars() as progress:
        folder = fetch(name, load_settings().model_dir, progress)
    print(f"取得しました / fetched: {folder}")
