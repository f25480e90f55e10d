"""`keikaku backup` and `keikaku restore`."""

from pathlib import Path
from typing import Annotated

import typer

from corpus.catalog import Catalog
from corpus.settings import load_settings
from index.backup import backup as back_up
from index.backup import restore as put_back
from index.owner import OwnerLock

File = Annotated[Path, typer.Argument(metavar="FILE", help="バックアップのファイル / the backup's file")]


def backup(file: File) -> None:
    """台帳全体を1つのファイルに書く。提供中でもよい / Write everything to one file, also while serving."""
    manifest = back_up(Catalog(load_settings().catalog_url), file)
    print(f"保存 / backed up: {file} ({manifest.documents} documents, SHA-256 {manifest.sha256})")


def restore(
    file: File,
    replace: Annotated[
        bool, typer.Option("--replace", help="今の内容と入れ替える / put it in the place of what is there")
    ] = False,
) -> None:
    """バックアップを空のライブラリに戻す。先にサーバーを止める / Restore into an empty library; stop servers first."""
    settings = load_settings()
    with OwnerLock(settings.data_dir):
        manifest = put_back(file, Catalog(settings.catalog_url), replace)
    print(f"復元 / restored: {manifest.documents} documents ({manifest.made_at})")
