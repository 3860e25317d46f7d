"""Tokens of the command that are forged, taken from elsewhere or over: each is refused and in the log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.accounts import sign_in
from engine.domain.accounts.acting import Role
from engine.domain.accounts.sign_ins import SignInEnd, SignInWay
from engine.domain.errors import StacError
from engine.services.accounts.passwords import give_start_password
from engine.services.accounts.sign_ins import begin_sign_in, end_sign_in, token_digest
from engine.services.accounts.users import set_active
from tests.attacks.counted import ran
from tests.builders import Desk, a_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A record in which people can prove who they are, so that no name alone is enough."""
    with a_desk(tmp_path_factory.mktemp("tokens") / "home") as made:
        give_start_password(made.context(made.coordinator), name="cora")
        yield made


def begun(desk: Desk, name: str = "cora", **changes: Any) -> str:
    given: dict[str, Any] = {
        "way": SignInWay.PASSWORD,
        "lasts": timedelta(hours=1),
        "account": sign_in.account(),
        **changes,
    }
    return begin_sign_in(**desk.common, name=name, **given)


def store_token(desk: Desk, user: str, token: str, mode: int = 0o600) -> None:
    sign_in.write_token(desk.runtime.settings.home, user, token)
    (sign_in._folder(desk.runtime.settings.home) / user).chmod(mode)


def tokens(desk: Desk) -> Iterator[tuple[str, str, str, int]]:
    """By name: under whose name a token lies, the token, and its file's mode."""
    good = begun(desk)
    for forged in ("made-up", "", "x" * 4_000, "../../stac.db", "' OR 1=1 --", token_digest(good)):
        yield f"forged {forged[:9]}", "cora", forged, 0o600
    yield "of another account", "cora", begun(desk, account="somebody (4711)"), 0o600
    yield "of a browser", "cora", begun(desk, account=None), 0o600
    yield "of another user", "cora", begun(desk, "chair"), 0o600
    yield "under another's name", "chair", good, 0o600
    ended = begun(desk)
    end_sign_in(**desk.common, token=ended, because=SignInEnd.SIGNED_OUT)
    yield "ended", "cora", ended, 0o600
    desk.add("gone", Role.ANALYST)
    gone = begun(desk, "gone")
    set_active(desk.context(desk.coordinator), name="gone", active=False)
    yield "of a disabled user", "gone", gone, 0o600
    yield "that others may read", "cora", good, 0o644


def refusals(desk: Desk) -> int:
    with desk.runtime.uow.unrecorded() as work:
        answer = [json.loads(entry.body) for entry in work.audit.entries()]
    return sum(entry["what"] == "refuse" and entry["facts"]["refused"] == "sign_in" for entry in answer)


def test_a_forged_token_acts_as_nobody_and_is_in_the_log(desk: Desk) -> None:
    tried = 0
    for name, user, token, mode in tokens(desk):
        desk.clock.forward(timedelta(seconds=61))
        store_token(desk, user, token, mode)
        before = refusals(desk)
        with pytest.raises(StacError), desk.runtime.refusals.noted():
            raise AssertionError(f"{name}: {sign_in.acting_now(desk.runtime, user, 'case work')}")
        assert refusals(desk) == before + 1, name
        (sign_in._folder(desk.runtime.settings.home) / user).unlink()
        tried += 1
    ran("forged tokens of the command", tried)


def test_a_token_of_ones_own_does_act(desk: Desk, tmp_path: Path) -> None:
    store_token(desk, "cora", begun(desk))
    assert sign_in.acting_now(desk.runtime, "cora", "case work").user == "cora"
