"""A file is given to whoever is signed in at this machine, and to nobody else."""

from __future__ import annotations

import json

import httpx

from dashboard import sign_in
from dashboard.downloads import DIAGNOSTICS, ROUTES
from dashboard.sign_in import COOKIE
from engine.domain.acting import Acting, Role
from tests.builders import SAFE_HOUSE, Desk, a_contribution, ask_all, let_answer
from tests.dashboard import arriving
from tests.dashboard.visits import screened


def fetch(monkeypatch, desk: Desk, acting: Acting | None, **given) -> httpx.Response:
    monkeypatch.setattr(arriving, "ROUTES", [*sign_in.ROUTES, *ROUTES])
    cookies = {COOKIE: arriving.a_sign_in(desk, acting.user)} if acting else None
    return arriving.ask(DIAGNOSTICS, cookies=cookies, **given)


def test_the_diagnostics_are_a_file_in_json_without_anything_of_a_case(
    monkeypatch, desk: Desk, workers: dict[str, Acting]
) -> None:
    let_answer(desk, "lantern", a_contribution("Perpetua Quickthorn was seen."))
    reference = screened(desk)
    ask_all(desk, reference)
    answer = fetch(monkeypatch, desk, desk.add("ada", Role.ADMINISTRATOR))
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="stac-diagnostics.json"'
    assert answer.headers["cache-control"] == "no-store"
    told = json.loads(answer.text)
    assert {each["code"]: each["figures"]["waiting"] for each in told["agencies"]}["lantern"] == 1
    for planted in (reference, "Quickthorn", "Roe", "Kent", SAFE_HOUSE, "lantern-worker", "cora"):
        assert planted not in answer.text


def test_nobody_who_is_not_signed_in_gets_it(monkeypatch, desk: Desk, workers: dict[str, Acting]) -> None:
    assert fetch(monkeypatch, desk, None).status_code == 404


def test_nobody_on_another_machine_gets_it(monkeypatch, desk: Desk, workers: dict[str, Acting]) -> None:
    assert fetch(monkeypatch, desk, desk.chair, client="192.0.2.7").status_code == 404
