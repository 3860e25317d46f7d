"""What a page sends while somebody types: taken from its author alone, and never shown."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from dashboard import drafts, sign_in
from dashboard.drafts import SAVE
from dashboard.sign_in import COOKIE
from engine.domain.accounts.acting import Acting, Role
from engine.domain.accounts.sign_ins import SignInEnd, SignInWay
from engine.domain.drafts import DraftForm
from engine.services.access import restrictions
from engine.services.accounts.sign_ins import end_sign_in
from engine.services.accounts.users import change_role, set_active
from engine.services.drafts import open_draft
from tests.builders import Desk
from tests.dashboard import arriving
from tests.dashboard.visits import screened

ORIGIN = {"origin": "http://127.0.0.1"}
TYPED = "He waited at the corner again. "


@pytest.fixture(autouse=True)
def routes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "ROUTES", [*sign_in.ROUTES, *drafts.ROUTES])


def a_pass(desk: Desk, who: Acting, case: str) -> str:
    return open_draft(desk.context(who), form=DraftForm.INCIDENT, case=case).signed_pass


def stored(desk: Desk, who: Acting, case: str) -> dict[str, str]:
    draft = open_draft(desk.context(who), form=DraftForm.INCIDENT, case=case)
    return {code: each.text for code, each in draft.fields.items()}


def send(token: str | None, signed_pass: str, text: str = TYPED, **given: Any) -> httpx.Response:
    body = json.dumps({"signed_pass": signed_pass, "field": "what", "text": text}).encode()
    return arriving.ask(
        SAVE,
        method="POST",
        **{
            "headers": ORIGIN,
            "cookies": {COOKIE: token} if token else None,
            "content": body,
            **given,
        },
    )


def refusals(desk: Desk) -> list[dict[str, object]]:
    with desk.runtime.uow.unrecorded() as work:
        entries = [json.loads(entry.body) for entry in work.audit.entries()]
    return [entry["facts"] for entry in entries if entry["what"] == "refuse"]


def test_what_is_sent_is_stored_and_the_answer_says_when(desk: Desk) -> None:
    case = screened(desk)
    token = arriving.a_sign_in(desk, "cora")
    answer = send(token, a_pass(desk, desk.coordinator, case))
    assert (answer.status_code, answer.json()) == (200, {"saved_at": "09:00", "is_signed_in": True})
    assert answer.headers["cache-control"] == "no-store"
    assert stored(desk, desk.coordinator, case) == {"what": TYPED}
    assert refusals(desk) == []


@pytest.mark.parametrize(
    "given",
    [
        {"headers": {}},
        {"headers": {"origin": "http://elsewhere.example"}},
        {"method": "GET", "content": None},
    ],
    ids=["no page", "another site", "reading"],
)
def test_nothing_is_taken_from_another_page_and_nothing_is_read(desk: Desk, given: dict[str, Any]) -> None:
    case = screened(desk)
    token = arriving.a_sign_in(desk, "cora")
    signed_pass = a_pass(desk, desk.coordinator, case)
    if "method" in given:
        answer = arriving.ask(SAVE, **{**given, "cookies": {COOKIE: token}})
        assert TYPED not in answer.text
    else:
        assert send(token, signed_pass, **given).status_code == 404
    assert stored(desk, desk.coordinator, case) == {}


def test_a_pass_of_somebody_else_is_answered_as_one_that_is_forged_and_is_in_the_log(desk: Desk) -> None:
    case = screened(desk)
    token = arriving.a_sign_in(desk, "chair")
    theirs = send(token, a_pass(desk, desk.coordinator, case))
    desk.clock.forward(timedelta(minutes=1))
    forged = send(token, "forged")
    assert (theirs.status_code, theirs.content) == (forged.status_code, forged.content)
    assert theirs.status_code == 404
    assert [each["because"] for each in refusals(desk)] == ["draft", "draft"]
    assert stored(desk, desk.coordinator, case) == {}


def test_a_case_that_closed_is_answered_as_one_that_never_was(desk: Desk) -> None:
    case, other = screened(desk), screened(desk, "2")
    desk.add("typist", Role.COORDINATOR)
    typist = Acting(user="typist", role=Role.COORDINATOR)
    token = arriving.a_sign_in(desk, "typist")
    signed_pass, open_pass = a_pass(desk, typist, case), a_pass(desk, typist, other)
    restrictions.restrict(desk.context(desk.chair), reference=case, why="A party works for us.")
    closed, forged = send(token, signed_pass), send(token, "forged")
    assert (closed.status_code, closed.content, dict(closed.headers)) == (
        forged.status_code,
        forged.content,
        dict(forged.headers),
    )
    assert case not in closed.text
    assert send(token, open_pass).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"not json", 404),
        (b'{"signed_pass": "x"}', 404),
        (b'{"signed_pass": "x", "field": "what", "text": "a", "more": 1}', 404),
        (b'{"signed_pass": "x", "field": "_short", "text": "a"}', 404),
        (b'{"signed_pass": "x", "field": "what", "text": "' + b"x" * 70_000 + b'"}', 413),
    ],
    ids=["no json", "without text", "more than we know", "no field of text", "too large"],
)
def test_what_is_no_draft_is_refused_in_a_word(desk: Desk, body: bytes, status: int) -> None:
    token = arriving.a_sign_in(desk, "cora")
    assert send(token, "", content=body).status_code == status


def test_a_text_that_is_longer_than_a_draft_is_named_as_that(desk: Desk) -> None:
    signed_pass = a_pass(desk, desk.coordinator, screened(desk))
    answer = send(arriving.a_sign_in(desk, "cora"), signed_pass, "x" * 12_001)
    assert (answer.status_code, answer.text) == (422, "draft: shorten the text to 12,000 characters")


def expired(desk: Desk, token: str) -> None:
    desk.clock.forward(desk.runtime.settings.sign_in.lasts)


def locked(desk: Desk, token: str) -> None:
    end_sign_in(**desk.common, token=token, because=SignInEnd.LOCKED)


@pytest.mark.parametrize("ends", [expired, locked])
def test_for_thirty_minutes_after_a_sign_in_expired_its_user_still_writes_and_reads_nothing(
    desk: Desk, ends: Any
) -> None:
    case = screened(desk)
    token = arriving.a_sign_in(desk, "cora")
    signed_pass = a_pass(desk, desk.coordinator, case)
    ends(desk, token)
    desk.clock.forward(timedelta(minutes=29, seconds=59))
    answer = send(token, signed_pass)
    assert (answer.status_code, answer.json()["is_signed_in"]) == (200, False)
    assert TYPED not in answer.text
    assert arriving.ask("/agencies", cookies={COOKIE: token}).status_code == 303
    desk.clock.forward(timedelta(seconds=1))
    assert send(token, signed_pass, "Too late.").status_code == 404
    assert stored(desk, desk.coordinator, case) == {"what": TYPED}


def signed_out(desk: Desk, token: str) -> None:
    end_sign_in(**desk.common, token=token)


def disabled(desk: Desk, token: str) -> None:
    set_active(desk.context(desk.coordinator), name="typist", active=False)


def changed(desk: Desk, token: str) -> None:
    change_role(desk.context(desk.coordinator), name="typist", role=Role.CHAIR)


def locked_then_changed(desk: Desk, token: str) -> None:
    locked(desk, token)
    changed(desk, token)


@pytest.mark.parametrize("ends", [signed_out, disabled, changed, locked_then_changed])
def test_a_sign_in_that_was_ended_on_purpose_writes_nothing(desk: Desk, ends: Any) -> None:
    typist = desk.add("typist", Role.COORDINATOR)
    case = screened(desk)
    token = arriving.a_sign_in(desk, "typist")
    signed_pass = a_pass(desk, typist, case)
    ends(desk, token)
    assert send(token, signed_pass).status_code == 404
    with desk.runtime.uow.unrecorded() as work:
        assert work.drafts.owners() == ()
    assert {each["refused"] for each in refusals(desk)} == {"draft"}


def test_a_development_sign_in_from_elsewhere_writes_nothing_when_it_has_expired(desk: Desk) -> None:
    token = arriving.a_sign_in(desk, "cora")
    signed_pass = a_pass(desk, desk.coordinator, screened(desk))
    expired(desk, token)
    assert send(token, signed_pass, client="192.0.2.7").status_code == 404
    proved = arriving.a_sign_in(desk, "cora", SignInWay.PASSWORD)
    expired(desk, proved)
    assert send(proved, a_pass(desk, desk.coordinator, screened(desk, "2")), client="192.0.2.7").is_success


def test_sending_a_draft_is_no_use_of_a_sign_in(desk: Desk) -> None:
    settings = desk.runtime.settings
    shorter = settings.sign_in.model_copy(update={"lock_after_idle_minutes": 15})
    desk.runtime.settings = settings.model_copy(update={"sign_in": shorter})
    token = arriving.a_sign_in(desk, "cora")
    signed_pass = a_pass(desk, desk.coordinator, screened(desk))
    for _ in range(2):
        desk.clock.forward(timedelta(minutes=7))
        assert send(token, signed_pass).json()["is_signed_in"]
    desk.clock.forward(timedelta(minutes=1))
    assert not send(token, signed_pass).json()["is_signed_in"]
