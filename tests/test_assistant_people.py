"""Accounts, passwords, delays after failures, sessions, keys and what is recorded of all that."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from people_made import PASSWORD, VISITOR, HandClock, add, new_catalog, soon

from assistant import passwords
from assistant.account_store import AccountError
from assistant.accounts import AT_THIS_MACHINE, Person
from assistant.audit import Action, Filter
from assistant.passwords import PasswordError
from assistant.people import People, SignInError, Visitor
from corpus.catalog import Catalog
from corpus.schema import Base


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return new_catalog(tmp_path)


@pytest.fixture
def people(catalog: Catalog, clock: HandClock) -> People:
    return People(catalog, clock)


def actions(people: People) -> list[str]:
    """What was recorded, oldest first."""
    return [one.action for one in people.audit.entries(Filter(), 100)][::-1]


def fails(people: People, name: str, visitor: Visitor = VISITOR, password: str = "") -> int:
    """Fails to sign in; gives the seconds to wait."""
    with pytest.raises(SignInError) as refused:
        people.sign_in(name, password, visitor)
    return refused.value.wait


# --- accounts --------------------------------------------------------------------------------------------
def test_a_name_is_one_account_however_it_is_typed(people: People) -> None:
    tanaka = add(people, "Ｔａｎａｋａ")
    assert tanaka.name == "tanaka"
    assert people.accounts.named(" TANAKA ").id == tanaka.id
    with pytest.raises(AccountError, match="there is one already: tanaka"):
        add(people, "tanaka")
    for name in ("", "a b", "a\nb", "<b>", "x" * 65):
        with pytest.raises(AccountError, match="a name is"):
            add(people, name)


@pytest.mark.parametrize(
    ("password", "said"),
    [("short", "at least 12"), ("abcdefghijk", "at least 12"), ("a" * 129, "at most 128"), ("a" * 12, "guess"),
     ("tanakatanakatanaka", "guess"), ("121212121212", "guess"), ("keikakutanaka", "guess")],
)  # fmt: skip
def test_a_password_is_judged_by_its_length_and_not_by_kinds_of_characters(
    people: People, password: str, said: str
) -> None:
    with pytest.raises(PasswordError, match=said):
        add(people, "tanaka", password=password)
    assert not people.accounts.any()
    add(people, "tanaka", password="あいうえおかきくけこさし")


def test_passwords_are_kept_as_argon2id_and_renewed_when_the_parameters_change(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with monkeypatch.context() as patched:
        patched.setattr(passwords, "HASHER", old)
        add(people, "tanaka")
    before = people.accounts.with_password("tanaka")[1]
    people.sign_in("tanaka", PASSWORD, VISITOR)
    after = people.accounts.with_password("tanaka")[1]
    assert before and after
    assert (before.startswith("$argon2id$"), before == after) == (True, False)
    assert (passwords.is_outdated(before), passwords.is_outdated(after)) == (True, False)
    people.sign_in("tanaka", PASSWORD, VISITOR)
    assert people.accounts.with_password("tanaka")[1] == after


def test_a_password_typed_at_another_keyboard_is_the_same(people: People) -> None:
    add(people, "tanaka", password="ﾊﾟｽﾜｰﾄﾞ１２３４５６７")
    people.sign_in("ＴＡＮＡＫＡ", "パスワード1234567", VISITOR)


def test_the_last_admin_stays(people: People) -> None:
    one, two = add(people, "one", "admin"), add(people, "two", "admin")
    people.accounts.set_role(AT_THIS_MACHINE, two.id, "staff")
    for refused in (
        lambda: people.accounts.set_role(AT_THIS_MACHINE, one.id, "editor"),
        lambda: people.accounts.set_disabled(AT_THIS_MACHINE, one.id, True),
        lambda: people.accounts.remove(AT_THIS_MACHINE, one.id),
    ):
        with pytest.raises(AccountError, match="the last admin stays"):
            refused()
    people.accounts.set_role(AT_THIS_MACHINE, two.id, "admin")
    people.accounts.set_disabled(AT_THIS_MACHINE, two.id, True)
    with pytest.raises(AccountError, match="the last admin stays"):
        people.accounts.remove(AT_THIS_MACHINE, one.id)
    people.accounts.set_disabled(AT_THIS_MACHINE, two.id, False)
    people.accounts.remove(AT_THIS_MACHINE, one.id)
    assert [account.name for account in people.accounts.all()] == ["two"]


def test_of_two_admins_who_leave_at_once_one_stays(people: People) -> None:
    ids = [add(people, name, "admin").id for name in ("one", "two")]
    refused: list[str] = []

    def leave(account_id: str) -> None:
        try:
            people.accounts.remove(AT_THIS_MACHINE, account_id)
        except AccountError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=leave, args=[one]) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(people.accounts.all()), len(refused)) == (1, 1)


# --- signing in ------------------------------------------------------------------------------------------
def test_delays_grow_end_and_are_not_counted_while_they_last(people: People, clock: HandClock) -> None:
    add(people, "tanaka")
    assert [fails(people, "tanaka") for _ in range(5)] == [0, 0, 0, 0, 30]
    clock.wait(seconds=10)
    assert fails(people, "tanaka", password=PASSWORD) == 20
    waits = []
    for _ in range(7):
        clock.wait(seconds=900)
        waits.append(fails(people, "tanaka"))
    assert waits == [60, 120, 240, 480, 900, 900, 900]
    clock.wait(seconds=900)
    people.sign_in("tanaka", PASSWORD, VISITOR)
    assert fails(people, "tanaka") == 0
    assert actions(people).count(Action.LOCKED_OUT) == 8


def test_delays_outlive_a_restart_and_are_forgotten_after_a_day(
    people: People, catalog: Catalog, clock: HandClock
) -> None:
    add(people, "tanaka")
    for _ in range(5):
        fails(people, "tanaka")
    again = People(Catalog(catalog.url), clock)
    assert fails(again, "tanaka") == 30
    clock.wait(hours=25)
    assert fails(again, "tanaka") == 0


def test_unknown_names_are_treated_alike(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    add(people, "tanaka")
    verified: list[str] = []
    real = PasswordHasher.verify
    monkeypatch.setattr(
        PasswordHasher, "verify", lambda self, kept, typed: verified.append(kept) or real(self, kept, typed)
    )
    known, unknown = Visitor("192.0.2.1", ""), Visitor("192.0.2.2", "")
    assert [fails(people, "tanaka", known) for _ in range(6)] == [
        fails(people, "suzuki", unknown) for _ in range(6)
    ]
    parameters = {kept.rpartition("$")[0].rpartition("$")[0] for kept in verified}
    assert (len(verified), len(parameters)) == (10, 1)
    with pytest.raises(SignInError, match="wrong name or password"):
        people.sign_in("sato", PASSWORD, Visitor("192.0.2.3", ""))


def test_guessing_elsewhere_does_not_keep_a_known_browser_out(people: People) -> None:
    add(people, "tanaka")
    _, tokens = people.sign_in("tanaka", PASSWORD, VISITOR)
    for number in range(12):
        fails(people, "tanaka", Visitor(f"198.51.100.{number}", ""))
    assert fails(people, "tanaka", password=PASSWORD) == 30
    home = Visitor("192.0.2.7", "", tokens.browser)
    people.sign_in("tanaka", PASSWORD, home)
    assert [fails(people, "tanaka", home) for _ in range(5)] == [0, 0, 0, 0, 30]


def test_one_address_cannot_try_many_names(people: People, clock: HandClock) -> None:
    add(people, "tanaka")
    assert [fails(people, f"name{number}") for number in range(20)] == [0] * 19 + [30]
    clock.wait(seconds=31)
    people.sign_in("tanaka", PASSWORD, VISITOR)
    clock.wait(seconds=31)
    assert fails(people, "name20") == 60  # a success of one's own does not clear what the address tried


def test_attempts_at_once_count_before_they_are_judged(people: People) -> None:
    add(people, "tanaka")
    waits: list[int] = []
    threads = [threading.Thread(target=lambda: waits.append(fails(people, "tanaka"))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert actions(people).count(Action.SIGN_IN_FAILED) == 5
    assert sum(wait > 0 for wait in waits) >= 7


def test_a_shut_account_is_out_at_once(people: People) -> None:
    tanaka = add(people, "tanaka")
    _, tokens = people.sign_in("tanaka", PASSWORD, VISITOR)
    people.accounts.set_disabled(AT_THIS_MACHINE, tanaka.id, True)
    assert people.sessions.find(tokens.session) is None
    assert fails(people, "tanaka", password=PASSWORD) == 0
    people.accounts.set_disabled(AT_THIS_MACHINE, tanaka.id, False)
    people.sign_in("tanaka", PASSWORD, VISITOR)


# --- sessions --------------------------------------------------------------------------------------------
def test_a_session_ends_after_idling_and_after_a_day_s_work(people: People, clock: HandClock) -> None:
    tanaka = add(people, "tanaka")
    _, tokens = people.sign_in("tanaka", PASSWORD, VISITOR)
    for _ in range(3):
        clock.wait(hours=3, minutes=50)
        assert people.sessions.find(tokens.session)
        assert soon(lambda: people.accounts.get(tanaka.id).seen_at == clock.at)
    clock.wait(minutes=31)
    assert people.sessions.find(tokens.session) is None
    _, again = people.sign_in("tanaka", PASSWORD, VISITOR)
    clock.wait(hours=4, seconds=1)
    assert people.sessions.find(again.session) is None


def test_who_is_signed_in_does_not_wait_for_a_long_write(
    people: People, catalog: Catalog, clock: HandClock
) -> None:
    tanaka = add(people, "tanaka")
    _, tokens = people.sign_in("tanaka", PASSWORD, VISITOR)
    signed_in_at = clock.at
    clock.wait(minutes=5)
    with Catalog(catalog.url).writing() as other:
        other.connection()
        assert people.sessions.find(tokens.session)
        assert people.sessions.find(tokens.session)
        assert people.accounts.get(tanaka.id).seen_at == signed_in_at
    assert soon(lambda: people.accounts.get(tanaka.id).seen_at == clock.at)


def test_a_new_password_signs_every_other_browser_out(people: People) -> None:
    tanaka = add(people, "tanaka")
    tokens = [people.sign_in("tanaka", PASSWORD, VISITOR)[1] for _ in range(3)]
    with pytest.raises(SignInError, match="present password is wrong"):
        people.change_password(tanaka, "wrong", "another password", VISITOR)
    own = people.change_password(tanaka, PASSWORD, "another password", VISITOR)
    assert [people.sessions.find(one.session) for one in tokens] == [None] * 3
    assert people.sessions.find(own.session)
    people.sign_in("tanaka", "another password", VISITOR)
    people.sign_out_elsewhere(tanaka, own.session)
    assert [one.own for one in people.sessions.of(tanaka.id, own.session)] == [True]


# --- keys ------------------------------------------------------------------------------------------------
def test_a_key_is_rotated_without_a_gap(people: People, clock: HandClock) -> None:
    _, old = people.keys.add(AT_THIS_MACHINE, "batch", "editor")
    clock.wait(minutes=1)
    renewed, secret = people.keys.rotate(AT_THIS_MACHINE, "batch", timedelta(hours=1))
    assert (renewed.name, renewed.role) == ("batch", "editor")
    assert people.keys.find(old)
    assert people.keys.find(secret)
    clock.wait(hours=1)
    assert people.keys.find(old) is None
    assert people.keys.find(secret)
    people.keys.revoke(AT_THIS_MACHINE, "batch")
    assert people.keys.find(secret) is None


def test_a_key_is_shown_once_and_works_until_it_is_revoked(people: People, clock: HandClock) -> None:
    key, secret = people.keys.add(AT_THIS_MACHINE, "batch", "evaluator")
    assert people.keys.find(secret) == Person(f"key:{key.id}", "batch", "evaluator")
    assert soon(lambda: people.keys.all()[0].used_at == clock.at)
    assert people.keys.find(secret + "x") is None
    with pytest.raises(AccountError, match="there is a key of that name"):
        people.keys.add(AT_THIS_MACHINE, "Batch", "staff")
    people.keys.revoke(AT_THIS_MACHINE, "batch")
    assert people.keys.find(secret) is None
    with pytest.raises(AccountError, match="no such key in force"):
        people.keys.revoke(AT_THIS_MACHINE, key.id)
    again, _ = people.keys.add(AT_THIS_MACHINE, "batch", "staff")
    people.keys.revoke(AT_THIS_MACHINE, again.id)


# --- the record ------------------------------------------------------------------------------------------
def test_everything_is_recorded_and_nothing_secret(people: People, catalog: Catalog) -> None:
    tanaka = add(people, "tanaka", "admin")
    account, tokens = people.sign_in("tanaka", PASSWORD, VISITOR)
    fails(people, "tanaka")
    fails(people, "my-secret-password")
    people.sign_out(account, tokens.session)
    suzuki = add(people, "suzuki")
    people.accounts.set_role(tanaka.person, suzuki.id, "editor")
    people.accounts.set_password(tanaka.person, suzuki.id, "another password")
    people.accounts.set_disabled(tanaka.person, suzuki.id, True)
    people.accounts.set_disabled(tanaka.person, suzuki.id, False)
    people.accounts.remove(tanaka.person, suzuki.id)
    _, secret = people.keys.add(tanaka.person, "batch", "staff")
    people.keys.revoke(tanaka.person, "batch")
    people.audit.note(tanaka.person, Action.DOCUMENT_ADDED, "plan.md", visibility="public")
    assert actions(people) == [
        Action.ACCOUNT_ADDED, Action.SIGNED_IN, Action.SIGN_IN_FAILED, Action.SIGN_IN_FAILED, Action.SIGNED_OUT,
        Action.ACCOUNT_ADDED, Action.ROLE_CHANGED, Action.PASSWORD_CHANGED, Action.ACCOUNT_DISABLED,
        Action.ACCOUNT_ENABLED, Action.ACCOUNT_REMOVED, Action.KEY_ADDED, Action.KEY_REVOKED, Action.DOCUMENT_ADDED,
    ]  # fmt: skip
    with catalog.session() as session:
        tables = Base.metadata.sorted_tables
        kept = "\n".join(str(row) for table in tables for row in session.execute(table.select()))
    for hidden in (
        PASSWORD,
        "another password",
        "my-secret-password",
        secret,
        tokens.session,
        tokens.browser,
    ):
        assert hidden not in kept
    [changed] = people.audit.entries(Filter(action=Action.ROLE_CHANGED), 10)
    assert (changed.person, changed.target, changed.detail) == (
        "tanaka",
        "suzuki",
        {"before": "staff", "after": "editor"},
    )


def test_the_record_is_asked_by_person_action_and_time(people: People, clock: HandClock) -> None:
    add(people, "tanaka", "admin")
    start = clock.at
    clock.wait(days=1)
    add(people, "suzuki")
    people.sign_in("suzuki", PASSWORD, VISITOR)
    assert [one.action for one in people.audit.entries(Filter("suzuki"), 9)] == [
        Action.SIGNED_IN,
        Action.ACCOUNT_ADDED,
    ]
    assert people.audit.count(Filter(action=Action.ACCOUNT_ADDED)) == 2
    assert people.audit.count(Filter(since=clock.at)) == 2
    assert people.audit.count(Filter(since=start, before=clock.at)) == 1
    assert [one.target for one in people.audit.every(Filter())] == ["suzuki", "suzuki", "tanaka"]
    assert len(people.audit.entries(Filter(), 2, offset=2)) == 1


def test_nothing_about_people_makes_the_indexes_old(tmp_path: Path, people: People, catalog: Catalog) -> None:
    before = catalog.revision()
    add(people, "tanaka")
    people.sign_in("tanaka", PASSWORD, VISITOR)
    people.keys.add(AT_THIS_MACHINE, "batch", "staff")
    assert catalog.revision() == before


def test_two_processes_write_at_once(people: People, catalog: Catalog, clock: HandClock) -> None:
    """Each reads before it writes, which SQLite refuses where another has written in between."""
    add(people, "tanaka")
    others = [People(Catalog(catalog.url), clock) for _ in range(4)]
    errors: list[BaseException] = []

    def work(own: People) -> None:
        try:
            for number in range(5):
                own.keys.add(AT_THIS_MACHINE, f"key-{id(own)}-{number}", "staff")
        except Exception as error:  # noqa: BLE001 (seen by the assertion below)
            errors.append(error)

    threads = [threading.Thread(target=work, args=[one]) for one in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (errors, len(people.keys.all())) == ([], 20)
