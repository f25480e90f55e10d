"""The `keikaku` command. Exit 0 done, 1 something failed (what, on stderr), 2 wrong usage."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import httpx
import typer

from assistant.account_store import AccountError
from assistant.answer import Answer, Question, readable
from assistant.handover import HandoverError
from assistant.passwords import PasswordError
from corpus.amounts import format_yen
from corpus.catalog import Catalog, CatalogError
from corpus.settings import SettingsError, load_settings
from evals.cases import EvalError
from index.backup import BackupError
from index.cluster import ClusterError
from index.generation_error import GenerationError
from index.glossary import GlossaryError
from index.known import ModelError
from index.library import Added
from index.owner import Owned
from ui.backup_commands import backup, restore
from ui.bundle_command import bundle
from ui.bundle_wheels import BundleError
from ui.console import complain, progress_bars
from ui.desk import Visibility, open_desk
from ui.eval_commands import eval_app
from ui.model_commands import model_app
from ui.people_commands import key_app, user_app
from ui.settings_help import settings_table

app = typer.Typer(
    name="keikaku",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="計画ナビ：計画文書について出典つきで答えます / Keikaku Navi: cited answers over plan documents",
    epilog=settings_table(),
)
app.command()(backup)
app.command()(restore)
app.command()(bundle)
app.add_typer(model_app, name="model")
app.add_typer(eval_app, name="eval")
app.add_typer(user_app, name="user")
app.add_typer(key_app, name="key")

EXPECTED = (
    AccountError, BackupError, BundleError, CatalogError, ClusterError, EvalError, GenerationError,
    GlossaryError, HandoverError, ModelError, Owned, PasswordError, SettingsError, OSError,
    httpx.TransportError,  # the server that owns the library is starting or has just ended
)  # fmt: skip


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="待ち受けるアドレス / address to listen at")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="ポート / port")] = 8000,
    samples: Annotated[
        bool,
        typer.Option(
            "--samples", help="空のライブラリに見本の計画を入れる / add the samples to an empty library"
        ),
    ] = False,
) -> None:
    """API・チャット・ウィジェットを提供する / Serve API, chat and widget."""
    from ui.serve import serve as run

    raise typer.Exit(run(load_settings(), host, port, samples))


@app.command()
def add(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH…", help="ファイルまたはフォルダ / files or folders", exists=True),
    ],
    visibility: Annotated[Visibility, typer.Option(help="公開範囲 / who may see it")] = "staff",
    supersedes: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID|SOURCE",
            help="この1文書が取って代わる古い文書（くり返せる）/ older document that this one file replaces",
        ),
    ] = None,
    sync: Annotated[
        bool,
        typer.Option("--sync", help="ここにない文書を取り除く / remove documents that are not among these"),
    ] = False,
    ray: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Rayクラスターで読む / read and embed on a Ray cluster: auto, host:port or local",
        ),
    ] = None,
) -> None:
    """文書を取り込む / Add files and folders."""
    if supersedes and not (len(paths) == 1 and paths[0].is_file()):
        raise typer.BadParameter(
            "ファイルを1つだけ指定してください / name one file", param_hint="--supersedes"
        )
    failed = 0
    with progress_bars() as progress, open_desk(load_settings(), progress, create=True) as desk:
        for added in desk.add(paths, visibility, sync, ray):
            failed += added.status == "failed"
            _tell(added)
            for older in supersedes or [] if added.document_id else []:
                try:
                    desk.supersede(added.document_id or "", older)
                except KeyError:
                    complain(f"文書がありません / no such document: {older}")
                    failed += 1
    raise typer.Exit(1 if failed else 0)


STATUSES = {
    "added": "追加 / added",
    "updated": "更新 / updated",
    "unchanged": "変更なし（登録済み）/ unchanged, already added",
    "removed": "削除 / removed",
}


def _tell(added: Added) -> None:
    """One line for one file."""
    if added.status == "failed":
        complain(f"失敗 / failed: {added.source}: {added.reason}")
        return
    count = f" ({added.passages})" if added.passages else ""
    print(f"{STATUSES[added.status]}: {added.source}{count}", flush=True)
    if added.note:
        complain(f"注意 / note: {added.source}: {added.note}")


@app.command("list")
def list_documents() -> None:
    """文書の一覧 / List documents: id, source, title."""
    catalog = Catalog(load_settings().catalog_url)
    if catalog.exists():
        for record in catalog.records():
            print(record.id, record.source, record.title, sep="\t")


@app.command()
def remove(
    document_id: Annotated[str, typer.Argument(metavar="ID", help="文書のID / id of `keikaku list`")],
) -> None:
    """文書を取り除く / Remove a document."""
    with progress_bars() as progress, open_desk(load_settings(), progress) as desk:
        try:
            desk.remove(document_id)
        except KeyError:
            complain(f"文書がありません / no such document: {document_id}")
            raise typer.Exit(1) from None
    print(f"削除 / removed: {document_id}")


@app.command()
def rebuild() -> None:
    """索引を作り直す（モデルや規則が変わったときは読み直す）/ Build the indexes anew."""
    with progress_bars() as progress, open_desk(load_settings(), progress, check=False) as desk:
        desk.rebuild()
    print("作り直しました / rebuilt")


@app.command()
def verify() -> None:
    """台帳と索引を検査する / Check every passage, vector and both indexes."""
    with progress_bars() as progress, open_desk(load_settings(), progress, repair=False) as desk:
        print(f"異常なし / verified: {desk.verify()} passages")


@app.command()
def ask(
    question: Annotated[str, typer.Argument(metavar="質問", help="質問 / question")],
    as_json: Annotated[bool, typer.Option("--json", help="JSONで出力 / print JSON")] = False,
) -> None:
    """質問する / Ask a question."""
    with progress_bars() as progress, open_desk(load_settings(), progress) as desk:
        answer = desk.ask(Question(question=question))
    print(answer.model_dump_json(indent=1) if as_json else _readable(answer))


@app.command()
def search(
    query: Annotated[str, typer.Argument(metavar="語", help="検索語 / words or question")],
    limit: Annotated[int, typer.Option("-k", min=1, max=100, help="件数 / number of hits")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="JSONで出力 / print JSON")] = False,
) -> None:
    """検索する / Search passages."""
    with progress_bars() as progress, open_desk(load_settings(), progress) as desk:
        hits = desk.search(readable(query), limit)
    if as_json:
        print(json.dumps({"hits": hits}, ensure_ascii=False, indent=1))
        return
    for hit in hits:
        reasons = " ".join(f"{name}={value:.3f}" for name, value in hit["reasons"].items())
        print(
            f"{hit['score']:.3f} {hit['source']} {' › '.join(hit['section'])} ({reasons})\n      "
            f"{hit['text']}"
        )


@app.command()
def facts(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="語", help="含む語 / words that must occur")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="種類（予算、決算、期間…）/ kind")] = None,
    year: Annotated[int | None, typer.Option(help="年度（西暦）/ fiscal year")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSVで出力 / print CSV")] = False,
) -> None:
    """予算・期間などの一覧 / List budgets and schedules with their sources."""
    from assistant.downloads import csv_lines
    from assistant.stated import stated, table

    catalog = Catalog(load_settings().catalog_url)
    found = list(stated(catalog, kind, year, " ".join(words or []))) if catalog.exists() else []
    if as_csv:
        print("".join(csv_lines(table(found))), end="")
        return
    for one in found:
        amount = format_yen(one.fact.amount_yen) if one.fact.amount_yen is not None else ""
        years = ",".join(map(str, one.fact.fiscal_years))
        place = f"{one.record.source}{f' p.{one.passage.page}' if one.passage.page else ''}"
        print(one.fact.subject, one.fact.kind, amount, years, place, sep="\t")


def _readable(answer: Answer) -> str:
    sources = [
        f"[{one.number}] {' › '.join([one.title, *one.section])}"
        f"{f' p.{one.page}' if one.page else ''}「{one.quote}」"
        for one in answer.citations
    ]
    return "\n".join([answer.text, "", *sources]) if sources else answer.text


def main() -> None:
    """Runs the command; what can be foreseen ends in one line on stderr and exit 1, Ctrl-C in exit 130."""
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # for old terminals
    try:
        app()
    except BrokenPipeError:
        sys.exit(0)  # the reader has what it wanted: `keikaku ask … | head -1`
    except EXPECTED as error:
        complain(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        _flush()


def _flush() -> None:
    """Writes what is left; a reader that is gone (`keikaku list | head`) is no error of ours."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # so that nothing is flushed again at exit
