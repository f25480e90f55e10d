"""`keikaku bundle`."""

from pathlib import Path
from typing import Annotated

import typer

from corpus.settings import load_settings
from ui.console import progress_bars


def bundle(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="作るフォルダー（ないか空）/ folder to make, absent or empty"),
    ],
    with_llm: Annotated[
        bool, typer.Option("--llm", help="この計算機の言語モデルも入れる / the local language model too")
    ] = False,
) -> None:
    """閉じたネットワークに入れるためのフォルダーを作る / Make a folder that installs without a network."""
    from ui.bundle import make_bundle

    with progress_bars() as progress:
        made = make_bundle(folder, load_settings(), progress, with_llm)
    print(
        f"作りました / made: {made.folder} ({made.wheels} wheels, {made.size // 10**6:,} MB)\n"
        f"運んで、そこで実行 / carry it over and run there: sh install.sh FOLDER"
    )
