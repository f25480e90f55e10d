"""`keikaku user …` and `keikaku key …`: they write their tables directly, whether or not a server runs."""

import getpass
import sys
from datetime import timedelta
from typing import Annotated

import typer

from assistant.account_store import AccountError, Accounts
from assistant.accounts import AT_THIS_MACHINE, Role
from assistant.keys import Keys
from assistant.local_time import local_time
from corpus.catalog import Catalog
from corpus.settings import load_settings
from ui.console import complain

user_app = typer.Typer(no_args_is_help=True, help="利用者 / People who may sign in")
key_app = typer.Typer(no_args_is_help=True, help="プログラムのための鍵 / Keys for programs")

Name = Annotated[str, typer.Argument(metavar="NAME", help="利用者名 / name")]
RoleOption = Annotated[Role, typer.Option(help="役割 / role")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="パスワードを標準入力から読む / read it from standard input")
]


@user_app.command("add")
def add_user(name: Name, role: RoleOption = "staff", password_stdin: FromStdin = False) -> None:
    """利用者を加える。以後はサインインが必要になる / Add somebody; from then on people must sign in."""
    accounts = Accounts(_prepared())
    added = accounts.add(AT_THIS_MACHINE, name, role, _password(password_stdin))
    print(f"追加 / added: {added.name} ({added.role})")
    if not any(one.role == "admin" for one in accounts.all()):
        complain("管理者（admin）がまだいません / there is no admin yet: keikaku user add NAME --role admin")


@user_app.command("list")
def list_users() -> None:
    """利用者の一覧 / List people: name, role, state, last seen."""
    if catalog := _existing():
        for one in Accounts(catalog).all():
            state = "停止 / disabled" if one.disabled else "有効 / active"
            print(one.name, one.role, state, local_time(one.seen_at), sep="\t")


@user_app.command("remove")
def remove_user(name: Name) -> None:
    """利用者を取り除く / Remove somebody."""
    accounts = Accounts(_prepared())
    account = accounts.named(name)
    accounts.remove(AT_THIS_MACHINE, account.id)
    print(f"削除 / removed: {account.name}")


@user_app.command("role")
def change_role(
    name: Name, role: Annotated[Role, typer.Argument(metavar="ROLE", help="役割 / role")]
) -> None:
    """役割を変える / Change somebody's role: staff, editor, evaluator, admin."""
    accounts = Accounts(_prepared())
    account = accounts.named(name)
    accounts.set_role(AT_THIS_MACHINE, account.id, role)
    print(f"変更 / changed: {account.name} ({role})")


@user_app.command("password")
def change_password(name: Name, password_stdin: FromStdin = False) -> None:
    """パスワードを変える。すべての端末がサインアウトされる / Change a password; signs all browsers out."""
    accounts = Accounts(_prepared())
    account = accounts.named(name)
    accounts.set_password(AT_THIS_MACHINE, account.id, _password(password_stdin))
    print(f"変更 / changed: {account.name}")


@key_app.command("add")
def add_key(
    name: Annotated[str, typer.Argument(metavar="NAME", help="鍵の名前 / what it is for")],
    role: RoleOption = "staff",
) -> None:
    """鍵を作る。一度だけ表示する / Make a key; it is shown once."""
    key, secret = Keys(_prepared()).add(AT_THIS_MACHINE, name, role)
    print(
        f"追加 / added: {key.name} ({key.role}, {key.id})。表示は一度だけです / shown only now:",
        file=sys.stderr,
    )
    print(secret)


@key_app.command("list")
def list_keys() -> None:
    """鍵の一覧 / List keys: id, name, role, beginning, state, last used."""
    if catalog := _existing():
        keys = Keys(catalog)
        for one in keys.all():
            state = "有効 / active" if keys.is_in_force(one) else "取り消し済み / revoked"
            print(one.id, one.name, one.role, f"{one.beginning}…", state, local_time(one.used_at), sep="\t")


@key_app.command("rotate")
def rotate_key(
    name: Annotated[
        str, typer.Argument(metavar="NAME|ID", help="名前かID / name or id of `keikaku key list`")
    ],
    hours: Annotated[
        float, typer.Option(min=0, help="古い鍵が使える時間 / how long the old one opens")
    ] = 24.0,
) -> None:
    """鍵を新しくする。古い鍵はしばらく使える / Make a key anew; the old one opens for a while."""
    key, secret = Keys(_prepared()).rotate(AT_THIS_MACHINE, name, timedelta(hours=hours))
    print(
        f"更新 / rotated: {key.name} ({key.role}, {key.id})。表示は一度だけです / shown only now:",
        file=sys.stderr,
    )
    print(secret)


@key_app.command("revoke")
def revoke_key(
    name: Annotated[
        str, typer.Argument(metavar="NAME|ID", help="名前かID / name or id of `keikaku key list`")
    ],
) -> None:
    """鍵を取り消す / End a key at once."""
    key = Keys(_prepared()).revoke(AT_THIS_MACHINE, name)
    print(f"取り消し / revoked: {key.name} ({key.id})")


def _prepared() -> Catalog:
    """The catalog with its tables, made where there is none: people may be there before documents."""
    catalog = Catalog(load_settings().catalog_url)
    catalog.prepare()
    return catalog


def _existing() -> Catalog | None:
    """The catalog, where it has tables of people; looking makes none."""
    catalog = Catalog(load_settings().catalog_url)
    return catalog if catalog.has_tables("accounts", "api_keys") else None


def _password(from_stdin: bool) -> str:
    """A password typed twice, or the first line of standard input.

    Raises:
        AccountError: the two differ, or there is no terminal to type at.
    """
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise AccountError(
            "端末がありません。--password-stdin で渡してください / no terminal: pass it with --password-stdin"
        )
    first = getpass.getpass("パスワード / password: ")
    if first != getpass.getpass("もう一度 / again: "):
        raise AccountError("一致しません / the two are not the same")
    return first
