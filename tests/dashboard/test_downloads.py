"""A file is given once, within a minute, to the sign-in that asked for it, and to nobody else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from dashboard import sign_in
from dashboard.downloads import ASK, COMMAND_CODE, DIAGNOSTICS, ROUTES
from dashboard.sign_in import COOKIE
from engine.domain.accounts.acting import Acting, Role
from engine.services.accounts.one_time_tokens import sign_in_with_code
from engine.services.accounts.sign_ins import end_sign_in
from tests.builders import SAFE_HOUSE, Desk, a_contribution, ask_all, let_answer
from tests.dashboard import arriving
from tests.dashboard.visits import screened

ORIGIN = {"origin": "http://127.0.0.1"}


@pytest.fixture(autouse=True)
def routes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "ROUTES", [*sign_in.ROUTES, *ROUTES])


def cookies(desk: Desk, acting: Acting) -> dict[str, str]:
    return {COOKIE: arriving.a_sign_in(desk, acting.user)}


def ask_for(signed_in: dict[str, str] | None, kind: str = DIAGNOSTICS, **given: Any) -> httpx.Response:
    return arriving.ask(
        ASK, method="POST", form={"kind": kind}, cookies=signed_in, **{"headers": ORIGIN, **given}
    )


def fetch(address: str, signed_in: dict[str, str] | None, **given: Any) -> httpx.Response:
    return arriving.ask(address, cookies=signed_in, **given)


def link_of(signed_in: dict[str, str]) -> str:
    answer = ask_for(signed_in)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def refusals(desk: Desk) -> int:
    with desk.runtime.uow.unrecorded() as work:
        return sum('"what":"refuse file link"' in entry.body for entry in work.audit.entries())


def test_the_diagnostics_are_a_file_in_json_without_anything_of_a_case(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    let_answer(desk, "lantern", a_contribution("Perpetua Quickthorn was seen."))
    reference = screened(desk)
    ask_all(desk, reference)
    ada = cookies(desk, desk.add("ada", Role.ADMINISTRATOR))
    answer = fetch(link_of(ada), ada)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="stac-diagnostics.json"'
    assert answer.headers["cache-control"] == "no-store"
    result = json.loads(answer.text)
    assert {each["code"]: each["figures"]["waiting"] for each in result["agencies"]}["lantern"] == 1
    for planted in (reference, "Quickthorn", "Roe", "Kent", SAFE_HOUSE, "lantern-worker", "cora"):
        assert planted not in answer.text


def test_a_link_is_good_once(desk: Desk, workers: dict[str, Acting]) -> None:
    cora = cookies(desk, desk.coordinator)
    link = link_of(cora)
    assert fetch(link, cora).status_code == 200
    assert fetch(link, cora).status_code == 404
    assert refusals(desk) == 1


@pytest.mark.parametrize(("seconds", "status"), [(59, 200), (60, 404)])
def test_a_link_is_good_for_a_minute(
    desk: Desk, workers: dict[str, Acting], seconds: int, status: int
) -> None:
    cora = cookies(desk, desk.coordinator)
    link = link_of(cora)
    desk.clock.forward(timedelta(seconds=seconds))
    assert fetch(link, cora).status_code == status


def test_another_users_link_is_nothing_and_stays_good_for_its_owner(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    cora, chair = cookies(desk, desk.coordinator), cookies(desk, desk.chair)
    link = link_of(cora)
    assert fetch(link, chair).status_code == 404
    assert fetch(link, None).status_code == 404
    assert refusals(desk) == 1
    assert fetch(link, cora).status_code == 200


def test_another_sign_in_of_the_same_user_is_another(desk: Desk, workers: dict[str, Acting]) -> None:
    link = link_of(cookies(desk, desk.coordinator))
    assert fetch(link, cookies(desk, desk.coordinator)).status_code == 404


def test_a_link_ends_with_the_sign_in(desk: Desk, workers: dict[str, Acting]) -> None:
    cora = cookies(desk, desk.coordinator)
    link = link_of(cora)
    end_sign_in(**desk.common, token=cora[COOKIE])
    assert fetch(link, cora).status_code == 404


def test_a_refusal_never_says_why(desk: Desk, workers: dict[str, Acting]) -> None:
    cora, chair = cookies(desk, desk.coordinator), cookies(desk, desk.chair)
    link = link_of(cora)
    answers = [fetch(link, chair), fetch(f"{ASK}/made-up", chair), fetch(link, None)]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, "There is nothing here.")}


@pytest.mark.parametrize(
    "path",
    ["/files/../stac.db", "/files/..%2Fstac.db", "/files/%2e%2e%2fkeys%2fdigest.key", "/files//etc/passwd"],
)
def test_a_path_leads_to_no_file(desk: Desk, workers: dict[str, Acting], path: str) -> None:
    answer = fetch(path, cookies(desk, desk.coordinator))
    assert "content-disposition" not in answer.headers
    assert b"SQLite" not in answer.content


@pytest.mark.parametrize("kind", ["", "other", "../diagnostics", "file: diagnostics"])
def test_a_kind_that_is_none_is_not_made(desk: Desk, workers: dict[str, Acting], kind: str) -> None:
    assert ask_for(cookies(desk, desk.coordinator), kind).status_code == 404


def test_another_site_asks_for_nothing(desk: Desk, workers: dict[str, Acting]) -> None:
    cora = cookies(desk, desk.coordinator)
    assert ask_for(cora, headers={"origin": "http://evil.example"}).status_code == 404
    assert ask_for(cora, headers={}).status_code == 404


def test_nobody_on_another_machine_gets_it(desk: Desk, workers: dict[str, Acting]) -> None:
    cora = cookies(desk, desk.coordinator)
    link = link_of(cora)
    assert fetch(link, cora, client="192.0.2.7").status_code == 404
    assert ask_for(None).status_code == 404


def code_of(desk: Desk, signed_in: dict[str, str]) -> str:
    answer = arriving.ask(COMMAND_CODE, method="POST", cookies=signed_in, headers=ORIGIN)
    assert answer.status_code == 200
    return str(answer.text.split("--code ")[1].split("<")[0])


def with_code(desk: Desk, code: str, name: str = "cora") -> str:
    return sign_in_with_code(
        **desk.common, name=name, code=code, lasts=timedelta(hours=1), account="cora (1000)"
    )


def test_a_code_signs_the_same_person_in_at_the_command_once(desk: Desk) -> None:
    code = code_of(desk, cookies(desk, desk.coordinator))
    assert with_code(desk, code.upper())
    with pytest.raises(Exception, match="get a new code"):
        with_code(desk, code)


def test_a_code_is_nobody_elses_and_ends_with_the_sign_in(desk: Desk) -> None:
    cora = cookies(desk, desk.coordinator)
    with pytest.raises(Exception, match="get a new code"):
        with_code(desk, code_of(desk, cora), name="chair")
    code = code_of(desk, cora)
    end_sign_in(**desk.common, token=cora[COOKIE])
    with pytest.raises(Exception, match="get a new code"):
        with_code(desk, code)


def test_who_is_not_signed_in_gets_no_code(desk: Desk) -> None:
    assert arriving.ask(COMMAND_CODE, method="POST", headers=ORIGIN).status_code == 404
    cora = cookies(desk, desk.coordinator)
    foreign = {"origin": "http://evil.example"}
    assert arriving.ask(COMMAND_CODE, method="POST", cookies=cora, headers=foreign).status_code == 404


def test_a_link_to_a_file_is_no_code_and_a_code_no_link(desk: Desk, workers: dict[str, Acting]) -> None:
    cora = cookies(desk, desk.coordinator)
    code = code_of(desk, cora).replace("-", "")
    assert fetch(f"{ASK}/{code}", cora).status_code == 404
    with pytest.raises(Exception, match="get a new code"):
        with_code(desk, link_of(cora).removeprefix(f"{ASK}/"))
