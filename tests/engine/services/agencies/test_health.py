"""How agencies stand is told in counts and times, from the clock at every read, and names nobody."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.health import AgencyHealth, Trouble
from engine.domain.errors import NotPermittedError
from engine.domain.referrals.intake import Referral
from engine.domain.responses.answers import FailureReason, NilReturn
from engine.hooks.conformance.candidate import Candidate
from engine.hooks.conformance.last_check import store_level
from engine.hooks.seals import SEAL_FILE
from engine.services.agencies import health as agency_health
from engine.services.agencies import suspension
from engine.services.cases import worklists
from engine.services.referrals.screening import screen
from engine.services.responses import agency_answers
from tests.builders import (
    SAFE_HOUSE,
    SAFE_PHONE,
    TOY_CODES,
    Desk,
    a_contribution,
    a_person,
    a_referral,
    a_screening,
    ask_all,
    let_answer,
    with_toys,
)
from tests.engine.hooks.conformance.test_levels import a_report
from tests.seals import sealed

PLANTED = "Perpetua Quickthorn has a scar and lives behind the mill"


def health(desk: Desk, code: str = "lantern", acting: Acting | None = None) -> AgencyHealth:
    all_of_them = agency_health.health(**common(desk, acting))
    return next(each for each in all_of_them if each.code == code)


def common(desk: Desk, acting: Acting | None = None) -> dict[str, Any]:
    return {"context": desk.context(acting or desk.coordinator)}


def other(number: str, **changes: Any) -> Referral:
    return a_referral(
        number, perpetrator=a_person("Otto", f"P{number}"), victim=a_person("Vera", f"V{number}"), **changes
    )


def asked(desk: Desk, number: str = "1", **changes: Any) -> str:
    reference = desk.refer(other(number, **changes)).referrals[0]
    screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    ask_all(desk, reference)
    return reference


def release(desk: Desk, worker: Acting, reference: str) -> None:
    agency_answers.release(desk.context(worker), reference=reference, agency=str(worker.agency))


def told_to(desk: Desk, acting: Acting) -> list[str]:
    work = worklists.worklist(desk.context(acting))
    return [f"{item.reference} {item.what}" for item in work.items if item.kind == "agency"]


def test_an_agency_that_was_never_asked_has_no_figures_and_no_trouble(desk: Desk) -> None:
    with_toys(desk)
    stands = health(desk)
    assert stands.figures.last_success_at is None
    assert (stands.figures.waiting, stands.figures.overdue) == (0, 0)
    assert stands.median_hours_to_release is None
    assert stands.failures_by_reason == {}
    assert stands.troubles == ()
    assert stands.level == "not checked"


def test_a_level_is_shown_only_of_the_files_that_were_checked(desk: Desk) -> None:
    with_toys(desk)
    agencies, home = desk.runtime.agencies, desk.runtime.settings.home
    digest = Candidate(announced=agencies.place("lantern"), installed=True).digest()
    checked = a_report().model_copy(
        update={"agency": "lantern", "version": agencies.version("lantern"), "digest": digest}
    )
    store_level(home, checked)
    assert health(desk).level == "gold"
    store_level(home, checked.model_copy(update={"digest": "0" * 64}))
    assert health(desk).level.startswith("not checked since its files changed")


def test_waiting_counts_what_is_not_released_and_overdue_those_past_their_time(desk: Desk) -> None:
    workers = with_toys(desk)
    let_answer(desk, "lantern", a_contribution())
    first, _ = asked(desk, "1"), asked(desk, "2")
    assert (health(desk).figures.waiting, health(desk).figures.overdue) == (2, 0)
    release(desk, workers["lantern"], first)
    desk.clock.forward(timedelta(days=30))
    assert (health(desk).figures.waiting, health(desk).figures.overdue) == (1, 1)


def test_what_is_asked_no_more_does_not_wait(desk: Desk) -> None:
    with_toys(desk)
    let_answer(desk, "lantern", a_contribution())
    reference = asked(desk)
    from engine.services.conference import decisions

    decisions.open_conference(desk.context(desk.chair), reference=reference)
    assert health(desk).figures.waiting == 0


def test_the_lag_is_the_middle_time_from_asking_to_release(desk: Desk) -> None:
    workers = with_toys(desk)
    let_answer(desk, "lantern", a_contribution())
    references = [asked(desk, str(number)) for number in range(3)]
    for reference, hours in zip(references, (1, 3, 92), strict=True):
        desk.clock.forward(timedelta(hours=hours))
        release(desk, workers["lantern"], reference)
    assert health(desk).median_hours_to_release == 4.0


def test_a_release_before_the_counted_days_is_not_in_the_lag(desk: Desk) -> None:
    workers = with_toys(desk)
    let_answer(desk, "lantern", a_contribution())
    release(desk, workers["lantern"], asked(desk))
    desk.clock.forward(timedelta(days=desk.runtime.settings.agency_figures_over_days + 1))
    assert health(desk).median_hours_to_release is None


def test_failures_are_counted_by_reason_and_again_each_time_they_are_met(desk: Desk) -> None:
    with_toys(desk)
    let_answer(desk, "lantern", None)
    reference = asked(desk)
    ask_all(desk, reference, again=True)
    (desk.runtime.settings.home / "agencies" / "lantern" / "answer.json").write_text("{}")
    ask_all(desk, reference, again=True)
    stands = health(desk)
    assert stands.failures_by_reason[FailureReason.TIME_LIMIT] == 2
    assert sum(stands.failures_by_reason.values()) == 3
    assert next(iter(stands.failures_by_reason)) is FailureReason.TIME_LIMIT
    assert stands.figures.last_success_at is None


def test_an_agency_is_failing_while_its_last_call_failed_and_not_after_a_good_one(desk: Desk) -> None:
    with_toys(desk)
    let_answer(desk, "lantern", None)
    reference = asked(desk)
    (problem,) = health(desk).troubles
    assert problem.trouble is Trouble.FAILING
    assert "no answer within the time limit; it has not responded yet." in problem.says
    assert told_to(desk, desk.coordinator) == ["lantern Review the agency: failing"]
    let_answer(desk, "lantern", a_contribution())
    desk.clock.forward(timedelta(minutes=1))
    ask_all(desk, reference, again=True)
    assert health(desk).troubles == ()
    assert told_to(desk, desk.coordinator) == []


def test_records_that_cannot_be_read_are_told_by_file_so_that_somebody_can_mend_them(desk: Desk) -> None:
    with_toys(desk)
    reference = asked(desk)
    settings = desk.runtime.settings.home / "agencies" / "lantern" / "agency-settings.toml"
    settings.write_text("environment = ", encoding="utf-8")
    desk.clock.forward(timedelta(minutes=1))
    ask_all(desk, reference, again=True)
    (problem,) = health(desk).troubles
    assert (
        "asked, 2 March 2026, 09:01: its records could not be read: agency-settings.toml has a line that "
        "breaks its format; its last response was 2 March 2026, 09:00." in problem.says
    )
    let_answer(desk, "lantern", None)
    settings.unlink()
    desk.clock.forward(timedelta(minutes=1))
    ask_all(desk, reference, again=True)
    (problem,) = health(desk).troubles
    assert "no answer within the time limit; its last" in problem.says


def test_an_agency_is_silent_after_the_configured_working_days_and_not_a_minute_before(desk: Desk) -> None:
    workers = with_toys(desk)
    let_answer(desk, "lantern", a_contribution())
    asked(desk)  # Monday 2 March, nine o'clock: five working days on is Monday the 9th, 17:00
    desk.clock.move_to(desk.clock.now() + timedelta(days=7, hours=8))
    assert health(desk).troubles == ()
    desk.clock.forward(timedelta(minutes=1))
    (problem,) = health(desk).troubles
    assert problem.trouble is Trouble.SILENT
    assert problem.says == (
        "Nothing has been released since 2 March 2026, 09:00, more than 5 working days ago, and 1 request "
        "waits."
    )
    assert "lantern Review the agency: silent" in told_to(desk, desk.coordinator)
    assert told_to(desk, desk.chair) == []
    assert told_to(desk, workers["lantern"]) == []


def test_an_agency_that_released_something_lately_is_not_silent(desk: Desk) -> None:
    workers = with_toys(desk)
    let_answer(desk, "lantern", a_contribution())
    first, _ = asked(desk, "1"), asked(desk, "2")
    desk.clock.forward(timedelta(days=8))
    release(desk, workers["lantern"], first)
    assert health(desk).troubles == ()


def test_an_agency_whose_people_answer_by_hand_is_not_silent(desk: Desk) -> None:
    workers = with_toys(desk)
    let_answer(desk, "lantern", None)
    first, _ = asked(desk, "1"), asked(desk, "2")
    desk.clock.forward(timedelta(days=8))
    agency_answers.answer_by_hand(
        desk.context(workers["lantern"]),
        reference=first,
        agency="lantern",
        answer=NilReturn(looked_in=("register",), says="Nothing was held."),
    )
    assert [problem.trouble for problem in health(desk).troubles] == [Trouble.FAILING]


def test_a_suspended_agency_is_told_to_the_coordinator_with_when_and_by_whom(desk: Desk) -> None:
    with_toys(desk)
    suspension.suspend(desk.context(desk.chair), installed=TOY_CODES, agency="lantern", why="It moves house.")
    stands = health(desk)
    assert stands.suspension is not None
    assert (stands.suspension.by, stands.suspension.why) == ("chair", "It moves house.")
    assert stands.troubles[0].says == (
        "Suspended since 2 March 2026, 09:00 by chair: no requests are sent; no requests wait."
    )
    assert told_to(desk, desk.coordinator) == ["lantern Review the agency: suspended"]


def test_the_diagnostics_hold_no_name_no_reference_and_nothing_that_a_person_typed(desk: Desk) -> None:
    with_toys(desk)
    for code in TOY_CODES:
        let_answer(desk, code, a_contribution(PLANTED, "Otto P1 was seen."))
    references = [asked(desk, str(n), reason=PLANTED) for n in range(3)]
    suspension.suspend(
        desk.context(desk.chair), installed=TOY_CODES, agency="lantern", why="Perpetua asked for it"
    )
    text = agency_health.diagnostics(**common(desk)).model_dump_json()
    assert '"waiting":3' in text
    people = ("Perpetua", "Quickthorn", "Otto", "Vera", "V1", "Roe", "cora", "chair", "lantern-worker")
    for planted in (*references, *people, SAFE_HOUSE, SAFE_PHONE, "scar", str(desk.runtime.settings.home)):
        assert planted not in text, planted


def test_the_health_of_agencies_names_no_case(desk: Desk) -> None:
    with_toys(desk)
    for code in TOY_CODES:
        let_answer(desk, code, a_contribution(PLANTED))
    references = [asked(desk, str(n)) for n in range(2)]
    text = "".join(each.model_dump_json() for each in agency_health.health(**common(desk)))
    for planted in (*references, "Otto", "Vera", "Perpetua"):
        assert planted not in text


def test_everybody_at_a_page_may_see_it_and_a_flow_may_not(desk: Desk) -> None:
    with_toys(desk)
    for role in (Role.AUDITOR, Role.MANAGER, Role.ADMINISTRATOR, Role.ANALYST):
        assert health(desk, acting=desk.add(f"one-{role.name.lower()}", role)).code == "lantern"
    with pytest.raises(NotPermittedError):
        health(desk, acting=Acting(user="flow", role=Role.SYSTEM))


def test_an_extract_that_is_missing_unsealed_dated_or_not_kept_is_each_told_as_such(desk: Desk) -> None:
    with_toys(desk)
    folder = desk.runtime.settings.home / "agencies" / "police"
    assert health(desk).extract == "not applicable: its plugin reads a system of its own"
    assert health(desk, "police").extract == "no extract yet"
    folder.mkdir(parents=True)
    (folder / "persons.csv").write_text("person_id\n1\n")
    unsealed = health(desk, "police")
    assert unsealed.extract.startswith("cannot be relied on: extract.json was not found")
    assert unsealed.extract_dated is None
    sealed(folder)
    stands = health(desk, "police")
    assert stands.extract_dated is not None
    assert stands.extract == f"{stands.extract_dated:%-d %B %Y}"
    assert stands.extract_tables == ()
    seal = json.loads((folder / SEAL_FILE).read_text())
    seal["tables"] = [{"table": "Tenants", "rows": 1200, "matchable": 1187}]
    (folder / SEAL_FILE).write_text(json.dumps(seal))
    (table,) = health(desk, "police").extract_tables
    assert table.in_words == "Tenants: 1,200 rows, 1,187 can be matched on"
    (folder / "persons.csv").write_text("person_id\n1\n2\n")
    assert health(desk, "police").extract_tables == ()
