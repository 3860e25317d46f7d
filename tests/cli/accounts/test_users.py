"""Users and signing in at the command: whose word counts, for how long, and under which account."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from cli.accounts import sign_in as account_sign_in
from engine.access import passwords
from tests.cli.command import CommandResult, Stac
from tests.databases import add_settings, stored_bytes

OWN = "three quiet herons"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same hashes with the least work."""
    from argon2 import PasswordHasher

    least = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", least)
    monkeypatch.setattr(passwords, "_OF_NOBODY", least.hash("nobody's"))


def sign_in(stac: Stac, name: str = "amina", password: str = OWN) -> CommandResult:
    return stac("login", name, user=None, stdin=f"{password}\n")


@pytest.fixture
def real(stac: Stac) -> Stac:
    """A record with one real person, an administrator who chose a password; nobody is signed in."""
    start = stac.json("user", "create", "amina", "--role", "administrator", "--with-password")[
        "start_password"
    ]
    findings = stac("login", "amina", user=None, stdin=f"{start}\n{OWN}\n{OWN}\n")
    assert findings.code == 0, findings
    assert stac("logout", user=None).out == "signed out: amina\n"
    return stac


def token_file(stac: Stac, name: str = "amina") -> Path:
    return stac.home / "sign-ins" / str(os.getuid()) / name


def last_entry(stac: Stac) -> str:
    with stac.runtime() as runtime, runtime.uow.unrecorded() as work:
        return [entry.body for entry in work.audit.entries()][-1]


def test_among_invented_people_a_name_is_enough(stac: Stac) -> None:
    assert stac("case", "list", user="chair").code == 0
    assert stac("case", "list", "--as", "police-1", user=None).code == 0


def test_among_invented_people_there_is_nothing_to_sign_in_to(stac: Stac) -> None:
    findings = stac("login", "demo", user=None)
    assert findings.code == 1
    assert "no user of this record has a password yet; use --as demo" in findings.err


def test_from_the_first_real_person_on_no_name_is_enough_not_even_the_demonstrations(real: Stac) -> None:
    for name in ("demo", "chair", "amina"):
        findings = real("case", "list", user=name)
        assert findings.code == 1
        assert findings.err == f"{name} is not signed in under this account; run 'stac login {name}'\n"
    assert "give the user" in real("case", "list", user=None).err


def test_the_first_password_says_that_a_name_is_not_enough_any_more(stac: Stac) -> None:
    findings = stac("user", "create", "amina", "--role", "co-ordinator", "--with-password")
    assert "shown only once: " in findings.out
    assert "From now on users must sign in" in findings.out


def test_the_first_password_is_for_somebody_who_can_give_others_theirs(stac: Stac) -> None:
    findings = stac("user", "create", "carl", "--role", "chair", "--with-password")
    assert findings.code == 1
    assert "must be a coordinator or administrator" in findings.err
    assert stac("user", "reset-password", "chair").code == 1
    assert "carl" not in stac("user", "list").out
    assert stac("case", "list", user="chair").code == 0


def test_who_signed_in_acts_until_they_sign_out(real: Stac) -> None:
    findings = sign_in(real)
    assert findings.code == 0, findings
    assert "amina is signed in under" in findings.out
    assert OWN not in findings.out + findings.err
    assert real("user", "list", user="amina").code == 0
    assert real("user", "list", user=None).code == 0, "the only sign-in of an account need not be named"
    real("logout", user=None)
    assert real("user", "list", user="amina").code == 1
    assert not token_file(real).exists()


def test_as_chooses_among_the_accounts_own_sign_ins_and_never_replaces_one(real: Stac) -> None:
    sign_in(real)
    start = real.json("user", "create", "basil", "--role", "chair", "--with-password", user="amina")
    assert real("case", "list", user="basil").code == 1
    real("login", "basil", user=None, stdin=f"{start['start_password']}\n{OWN}\n{OWN}\n")
    assert real("case", "list", user="basil").code == 0
    findings = real("case", "list", user=None)
    assert findings.code == 1
    assert "choose one of your sign-ins: --as amina or --as basil" in findings.err


def test_a_token_is_kept_for_the_account_alone_and_the_record_has_its_digest(real: Stac) -> None:
    sign_in(real)
    file = token_file(real)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    stored = stored_bytes(real.home)
    assert file.read_bytes() not in stored
    assert OWN.encode() not in stored


def test_a_token_is_worth_nothing_to_another_account(real: Stac, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(real)
    monkeypatch.setattr(account_sign_in, "account", lambda: "eve (4711)")
    findings = real("user", "list", user="amina")
    assert findings.code == 1
    assert "it belongs to another account of this machine" in findings.err


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_token_that_others_could_have_read_is_not_taken(real: Stac, mode: int) -> None:
    sign_in(real)
    token_file(real).chmod(mode)
    assert real("user", "list", user="amina").code == 1


def test_a_token_under_another_users_name_is_not_taken(real: Stac) -> None:
    sign_in(real)
    token_file(real).rename(token_file(real, "chair"))
    findings = real("user", "list", user="chair")
    assert findings.code == 1
    assert "is not valid" in findings.err


@pytest.mark.parametrize("name", ["../amina", "/etc/passwd", ".", "amina/x"])
def test_a_name_that_is_a_path_is_nobodys(real: Stac, name: str) -> None:
    sign_in(real)
    assert real("user", "list", user=name).code == 1
    assert real("logout", name, user=None).out == "No user was signed in under this account.\n"
    assert token_file(real).exists()


def test_a_sign_in_is_short(real: Stac) -> None:
    add_settings(real.home, "[sign_in]\ncommand_minutes = 5\n")
    assert "for 5 minutes" in sign_in(real).out


def test_the_audit_names_the_user_and_the_account(real: Stac) -> None:
    sign_in(real)
    real("user", "list", user="amina")
    entry = last_entry(real)
    assert '"user":"amina"' in entry
    assert f'"account":"{account_sign_in.account()}"' in entry
    assert real("audit", "verify", user=None).code == 0


def test_the_audit_names_the_account_of_who_acts_on_a_name_too(stac: Stac) -> None:
    stac("user", "list")
    assert f'"account":"{account_sign_in.account()}"' in last_entry(stac)


def test_a_wrong_password_signs_nobody_in_and_is_one_sentence(real: Stac) -> None:
    findings = sign_in(real, password="not the password")
    assert findings.code == 1
    assert "the user name or password is wrong" in findings.err
    assert sign_in(real, name="nobody", password="not the password").err == findings.err


def test_a_start_password_is_changed_before_anything_is_done(real: Stac) -> None:
    sign_in(real)
    start = real.json("user", "reset-password", "amina", user="amina")["start_password"]
    assert real("user", "list", user="amina").code == 1, "a reset ends what one was signed in to"
    findings = real("login", "amina", user=None, stdin=f"{start}\nshort\nshort\n")
    assert findings.code == 1
    assert "at least 12 characters" in findings.err
    findings = real("login", "amina", user=None, stdin=f"{start}\nfour quiet herons\nfour quiet herons\n")
    assert findings.code == 0
    assert "choose your own" in findings.out


def test_who_is_disabled_is_out_at_once(real: Stac) -> None:
    sign_in(real)
    real("user", "create", "basil", "--role", "co-ordinator", "--with-password", user="amina")
    start = real.json("user", "reset-password", "basil", user="amina")["start_password"]
    real("login", "basil", user=None, stdin=f"{start}\n{OWN}\n{OWN}\n")
    assert (
        real("user", "disable", "basil", user="amina").out
        == "user basil is disabled, and signed out everywhere\n"
    )
    assert "the user is disabled" in real("case", "list", user="basil").err
    assert real("user", "disable", "basil", "--undo", user="amina").out == "user basil may sign in again\n"
    assert real("case", "list", user="basil").code == 1


def test_another_role_is_signed_in_to_anew(real: Stac) -> None:
    sign_in(real)
    changed = real("user", "update", "demo", "--role", "manager", user="amina").out
    assert changed == "user demo is manager, and is not named on any case now\n"
    findings = real("user", "update", "demo", "--role", "practitioner", user="amina")
    assert findings.code == 1
    assert "give an agency for a practitioner" in findings.err


def test_the_demonstration_does_not_act_in_a_record_of_real_people(real: Stac) -> None:
    folder = real.home / "demo"
    folder.mkdir()
    (folder / "made-by-demo.json").write_text('{"seed": 7, "referrals": 500, "state": "finished"}')
    findings = real("demo", "--headless", user=None)
    assert findings.code == 1
    assert "demo is not signed in under this account" in findings.err


@pytest.mark.parametrize(
    "command",
    [
        ("doctor",),
        ("agency", "list"),
        ("audit", "verify"),
        ("init",),
    ],
)
def test_what_shows_no_case_needs_nobody(
    real: Stac, command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAC_ANCHORS", str(tmp_path / "elsewhere.jsonl"))  # 'doctor' asks for it
    assert real(*command, user=None).code == 0
