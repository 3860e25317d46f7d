"""The victim's own despair: who has the alarm, who reads it, to whom it goes, and that nobody else learns."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from cli.system.checks import NOTE, OK, WRONG
from cli.system.doctor_alarms import duty_responder_checks
from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.lifecycle import Act, TriageOutcome
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError, StacError
from engine.domain.rights.information_requests import RequestDecided, RequestGiven
from engine.domain.vault.despair import RISK, Ground, PassOn, Recorded
from engine.services.access import conflicts, restrictions
from engine.services.access.log import read_access_log
from engine.services.accounts.users import set_active
from engine.services.cases.due_kinds import KINDS
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.context import Context
from engine.services.referrals import screening
from engine.services.rights import retention, victim_requests
from engine.services.vault import despair, keys
from engine.services.vault.despair_lines import DESPAIR
from engine.services.vault.notifications import vault_on_case
from tests.builders import SAFE_HOUSE, Desk, a_referral, a_screening, in_one_entry, with_toys
from tests.differential import statements_of

SAID = "Said that there is no point in waking up tomorrow."
EVERYBODY = ("voice", "harbour", "lantern")


@dataclass
class Told:
    """A screened case; harbour's practitioner learnt of the victim's despair. Lantern treats."""

    desk: Desk
    workers: dict[str, Acting]
    case: str

    def __post_init__(self) -> None:
        self.settings = self.desk.runtime.settings
        self.advocate, self.first, self.second = (self.workers[code] for code in EVERYBODY)

    def context(self, acting: Acting) -> Context:
        context = replace(self.desk.context(acting), settings=self.settings)
        return context.with_agencies(
            known.model_copy(update={"seat": "treatment"}) if known.code == "lantern" else known
            for known in context.agencies_known
        )

    def on_duty(self, user: Acting) -> None:
        self.settings = self.settings.model_copy(update={"duty_responder": user.user})

    def name(self, *users: Acting) -> None:
        names = [user.user for user in users]
        screening.name_people(self.desk.context(self.desk.chair), reference=self.case, people=names)

    def record(self, acting: Acting, what: str = SAID) -> Recorded:
        return despair.record_despair(self.context(acting), reference=self.case, what=what)

    def read(self, acting: Acting, item: str) -> str:
        return despair.read_despair(self.context(acting), reference=self.case, item=item).text

    def acknowledge(self, acting: Acting, item: str) -> None:
        despair.acknowledge_despair(self.context(acting), reference=self.case, item=item)

    def done(self, acting: Acting, item: str, what: str = "Rang; a friend stays tonight.") -> None:
        despair.record_despair_done(self.context(acting), reference=self.case, item=item, done=what)

    def pass_on(self, acting: Acting, item: str, **given: Any) -> None:
        given = {"to": "lantern", "ground": Ground.LIFE, "why": "The victim has the tablets.", **given}
        despair.pass_on_despair(
            self.context(acting), reference=self.case, item=item, given=PassOn.model_validate(given)
        )

    def lines(self, acting: Acting) -> list[WorkItem]:
        return [item for item in worklist(self.context(acting)).items if item.kind == DESPAIR]

    def whats(self, acting: Acting) -> list[str]:
        return [item.what for item in self.lines(acting)]


def _screened(desk: Desk, *codes: str) -> str:
    """A screened case with the practitioners of these agencies on it: no agency is asked."""
    (case,) = desk.refer(a_referral()).referrals
    people = tuple(f"{code}-worker" for code in codes)
    screening.screen(
        desk.context(desk.coordinator),
        reference=case,
        screening=a_screening(TriageOutcome.ADVICE, people=people),
    )
    return case


@pytest.fixture
def noting(desk: Desk) -> Told:
    """With the advocate on the case."""
    workers = with_toys(desk)
    return Told(desk, workers, _screened(desk, *EVERYBODY))


@pytest.fixture
def alone(desk: Desk) -> Told:
    """Without an advocate on the case."""
    workers = with_toys(desk)
    return Told(desk, workers, _screened(desk, "harbour", "lantern"))


def test_the_advocate_on_the_case_alone_has_the_alarm_and_it_says_no_content(noting: Told) -> None:
    noting.on_duty(noting.desk.coordinator)
    noted = noting.record(noting.first)
    assert noted.alarm_for == (noting.advocate.user,)
    assert "999" in noted.what_to_do
    (line,) = noting.lines(noting.advocate)
    assert (line.what, line.reference, line.is_alarm) == (RISK, noting.case, True)
    assert line.due_at == noting.desk.clock.now() + timedelta(minutes=noting.settings.alarm_within_minutes)
    assert all(part in line.why for part in (noted.reference, "999", "116 123"))
    assert SAID not in line.model_dump_json()
    for other in (noting.first, noting.second, noting.desk.coordinator, noting.desk.chair):
        assert noting.lines(other) == []


def test_the_advocate_reads_it_and_nobody_else_finds_any_note(noting: Told) -> None:
    noted = noting.record(noting.first)
    assert noting.read(noting.advocate, noted.reference) == SAID
    for other in (noting.first, noting.second, noting.desk.coordinator, noting.desk.chair):
        with pytest.raises(NotFoundError):
            noting.read(other, noted.reference)
        assert despair.despair_on_case(noting.context(other), reference=noting.case).notes == ()


def test_without_an_advocate_who_learnt_it_and_the_duty_responder_have_it(alone: Told) -> None:
    duty = alone.desk.add("duty", Role.PRACTITIONER, "harbour")
    alone.on_duty(duty)
    noted = alone.record(alone.first)
    assert noted.alarm_for == ("duty", alone.first.user)
    for acting in (alone.first, duty):
        assert alone.whats(acting) == [RISK]
        assert alone.read(acting, noted.reference) == SAID
    for other in (alone.advocate, alone.second, alone.desk.coordinator, alone.desk.chair):
        assert alone.lines(other) == []
        with pytest.raises(NotFoundError):
            alone.read(other, noted.reference)


def test_an_advocate_named_later_has_it_and_those_who_stood_in_do_not(alone: Told) -> None:
    noted = alone.record(alone.first)
    assert alone.whats(alone.first) == [RISK]
    alone.name(alone.advocate)
    assert alone.whats(alone.first) == []
    assert alone.whats(alone.advocate) == [RISK]
    with pytest.raises(NotFoundError):
        alone.read(alone.first, noted.reference)


def test_an_advocate_with_a_conflict_of_interest_is_none(noting: Told) -> None:
    conflicts.say_of(
        noting.desk.context(noting.desk.chair),
        reference=noting.case,
        user=noting.advocate.user,
        is_connected=True,
        why="A cousin.",
    )
    noting.record(noting.first)
    assert noting.whats(noting.advocate) == []
    assert noting.whats(noting.first) == [RISK]


def test_the_duty_responder_has_none_of_a_restricted_case(alone: Told) -> None:
    duty = alone.desk.add("duty", Role.PRACTITIONER, "harbour")
    alone.on_duty(duty)
    noted = alone.record(alone.first)
    restrictions.restrict(alone.desk.context(alone.desk.chair), reference=alone.case, why="A colleague.")
    assert alone.whats(duty) == []
    with pytest.raises(NotFoundError):
        alone.read(duty, noted.reference)
    assert alone.whats(alone.first) == [RISK]


def test_who_recorded_it_does_not_acknowledge_it_where_somebody_else_can(alone: Told) -> None:
    alone.on_duty(alone.desk.coordinator)
    noted = alone.record(alone.first)
    with pytest.raises(InvalidInputError, match="another person"):
        alone.acknowledge(alone.first, noted.reference)
    alone.acknowledge(alone.desk.coordinator, noted.reference)
    with pytest.raises(InvalidInputError, match="already"):
        alone.acknowledge(alone.desk.coordinator, noted.reference)


def test_who_recorded_it_acknowledges_it_where_nobody_else_can(noting: Told) -> None:
    noted = noting.record(noting.advocate)
    noting.acknowledge(noting.advocate, noted.reference)
    assert noting.whats(noting.advocate) == ["Record what was done about the victim's risk"]


def test_acknowledged_is_not_over_until_what_was_done_is_recorded(noting: Told) -> None:
    noted = noting.record(noting.first)
    with pytest.raises(InvalidInputError, match="acknowledge it first"):
        noting.done(noting.advocate, noted.reference)
    noting.acknowledge(noting.advocate, noted.reference)
    (line,) = noting.lines(noting.advocate)
    assert not line.is_alarm
    noting.desk.clock.forward(timedelta(hours=noting.settings.alarm_owned_hours, minutes=1))
    (line,) = noting.lines(noting.advocate)
    assert line.is_alarm
    noting.done(noting.advocate, noted.reference)
    assert noting.lines(noting.advocate) == []
    seen = despair.read_despair(noting.context(noting.advocate), reference=noting.case, item=noted.reference)
    assert seen.done == "Rang; a friend stays tonight."


def _agreed(noting: Told) -> dict[str, Any]:
    return {"ground": Ground.AGREED, "agreed_on": noting.desk.clock.today(), "why": "Said yes on the phone."}


def _request(noting: Told, *, refuses: bool | None = None, is_met: bool = True) -> dict[str, Any]:
    words = dict.fromkeys(("what", "why", "necessary", "handled"), "For care.")
    asked = victim_requests.ask_about_victim(
        noting.context(noting.desk.coordinator),
        reference=noting.case,
        request=RequestGiven.model_validate({"agency": "lantern", **words}),
    )
    decided = RequestDecided(
        is_met=is_met, authorised_person="An inspector", why="For care.", no_notice_because="Urgent."
    )
    chair = noting.context(noting.desk.chair)
    victim_requests.decide_request(chair, request=asked.reference, decision=decided)
    if refuses is not None:
        victim_requests.answer_request(
            noting.context(noting.second), request=asked.reference, refuses=refuses, why="Because."
        )
    return {"ground": Ground.REQUEST, "why": "The request is about this."}


@pytest.mark.parametrize("ground", [_agreed, _request, lambda noting: {}])
def test_on_each_ground_it_opens_to_that_service_and_the_advocate_is_informed(
    noting: Told, ground: Callable[[Told], dict[str, Any]]
) -> None:
    noted = noting.record(noting.first)
    other = noting.desk.add("lantern-elsewhere", Role.PRACTITIONER, "lantern")
    second_advocate = noting.desk.add("voice-second", Role.PRACTITIONER, "voice")
    noting.name(second_advocate)
    noting.pass_on(noting.advocate, noted.reference, **ground(noting))
    assert noting.read(noting.second, noted.reference) == SAID
    (line,) = noting.lines(noting.second)
    assert line.what == RISK
    assert "own care" in line.why
    assert SAID not in line.why
    assert "passed on for the victim's own care" in noting.whats(second_advocate)[-1]
    assert noting.whats(noting.advocate) == [RISK], "who passed it on knows"
    noting.acknowledge(noting.second, noted.reference)
    assert noting.lines(noting.second) == []
    for nobody in (noting.first, other, noting.desk.chair, noting.desk.coordinator):
        with pytest.raises(NotFoundError):
            noting.read(nobody, noted.reference)
    with pytest.raises(NotFoundError):
        noting.done(noting.second, noted.reference)
    with pytest.raises(NotFoundError):
        noting.pass_on(noting.second, noted.reference)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (lambda noting: {"ground": Ground.AGREED}, "date"),
        (lambda noting: {"ground": Ground.AGREED, "agreed_on": date(2030, 1, 1)}, "future"),
        (lambda noting: {"agreed_on": date(2026, 3, 1)}, "agreed"),
        (lambda noting: {"ground": Ground.REQUEST}, "was made"),
        (lambda noting: _request(noting, is_met=False), "was made"),
        (lambda noting: _request(noting, refuses=True), "was made"),
        (lambda noting: {"why": "  "}, "reason"),
        (lambda noting: {"to": "harbour"}, "treats"),
        (lambda noting: {"to": "voice"}, "treats"),
    ],
)
def test_without_its_ground_it_is_passed_on_to_nobody(
    noting: Told, given: Callable[[Told], dict[str, Any]], names: str
) -> None:
    noted = noting.record(noting.first)
    with pytest.raises(InvalidInputError, match=names):
        noting.pass_on(noting.advocate, noted.reference, **given(noting))
    with pytest.raises(NotFoundError):
        noting.read(noting.second, noted.reference)


def test_it_is_passed_on_only_where_the_service_has_somebody_on_the_case(desk: Desk) -> None:
    workers = with_toys(desk)
    noting = Told(desk, workers, _screened(desk, "voice", "harbour"))
    noted = noting.record(noting.first)
    with pytest.raises(InvalidInputError, match="on the case"):
        noting.pass_on(noting.advocate, noted.reference)


def test_who_did_not_have_the_alarm_passes_nothing_on(noting: Told) -> None:
    noted = noting.record(noting.first)
    for acting in (noting.first, noting.desk.chair, noting.desk.coordinator):
        with pytest.raises(NotFoundError):
            noting.pass_on(acting, noted.reference)


def test_who_does_not_work_the_case_records_nothing(noting: Told) -> None:
    stranger = noting.desk.add("stranger", Role.PRACTITIONER, "harbour")
    analyst = noting.desk.add("ana", Role.ANALYST, None)
    noting.name(analyst)
    with pytest.raises(NotFoundError):
        noting.record(stranger)
    with pytest.raises(NotPermittedError):
        noting.record(analyst)
    with pytest.raises(InvalidInputError):
        noting.record(noting.first, "")


def test_whoever_may_not_know_is_answered_alike_and_after_the_same_work(noting: Told) -> None:
    def work_of(acting: Acting, item: str) -> tuple[list[str], list[object]]:
        context = noting.context(acting)
        _ = context.agencies_known
        with statements_of(noting.desk) as given:
            answers: list[object] = []
            asks: list[Callable[[], object]] = [
                lambda: despair.despair_on_case(context, reference=noting.case).notes,
                lambda: despair.read_despair(context, reference=noting.case, item=item),
                lambda: worklist(context).items,
                lambda: vault_on_case(context, reference=noting.case).items,
                lambda: view_case(context, reference=noting.case),
            ]
            for ask in asks:
                try:
                    answers.append(ask())
                except StacError as error:
                    answers.append(str(error))
        return given, answers

    noting.on_duty(noting.desk.coordinator)
    others = (noting.second, noting.desk.coordinator, noting.desk.chair)
    item = "V-7K3M9QV"
    _ = [work_of(acting, item) for acting in others]  # what a process does once
    before = [work_of(acting, item) for acting in others]
    noted = noting.record(noting.first)
    after = [work_of(acting, item) for acting in others]
    for (then, told_then), (now, told_now) in zip(before, after, strict=True):
        assert now == then
        assert told_now == told_then
    for acting, (_, answers) in zip(others, before, strict=True):
        _, with_it = work_of(acting, noted.reference)
        said = [str(each).replace(noted.reference, item) for each in with_it]
        assert said == [str(each) for each in answers]


def test_the_access_log_of_the_case_and_the_audit_name_neither_the_case_nor_the_text(noting: Told) -> None:
    def log() -> int:
        return read_access_log(noting.context(noting.desk.chair), reference=noting.case).total

    log()
    before = log()
    noted = noting.record(noting.first)
    noting.read(noting.advocate, noted.reference)
    noting.acknowledge(noting.advocate, noted.reference)
    assert log() == before + 1, "the look at the log before"
    with noting.desk.runtime.uow.unrecorded() as work:
        bodies = [json.loads(entry.body) for entry in work.audit.entries()]
    about = [body for body in bodies if body["what"].endswith("protected note")]
    assert [body["facts"] for body in about] == [{"note": noted.reference}] * 3
    assert all(body["cases"] == [] for body in about)
    assert SAID not in json.dumps(bodies)


def test_no_kind_of_what_waits_reads_it_so_it_is_never_a_row(noting: Told) -> None:
    assert not any("protected_note" in kind.reads for kind in KINDS)

    def rows() -> dict[str, int]:
        with noting.desk.runtime.uow.unrecorded() as work:
            return {
                kind.name: len(list(kind.of(work, [noting.case], noting.desk.runtime.uow._derives._given)))  # type: ignore[union-attr]
                for kind in KINDS
            }

    before = rows()
    noting.record(noting.first)
    assert rows() == before


def test_a_protected_detail_in_it_is_masked_for_all_but_who_typed_it(noting: Told) -> None:
    noted = noting.record(noting.first, f"Alone at {SAFE_HOUSE} with tablets.")
    assert SAFE_HOUSE not in noting.read(noting.advocate, noted.reference)


def test_it_opens_after_a_change_of_key(noting: Told) -> None:
    noted = noting.record(noting.first)
    administrator = noting.desk.add("adam", Role.ADMINISTRATOR, None)
    keys.rotate(noting.desk.runtime.context(administrator))
    assert keys.not_under_newest_key(uow=noting.desk.runtime.uow) == 0
    assert noting.read(noting.advocate, noted.reference) == SAID


def test_an_erasure_takes_it_and_no_certificate_counts_it(noting: Told) -> None:
    noted = noting.record(noting.first)
    screening.end_involvement(
        noting.desk.context(noting.desk.chair), reference=noting.case, act=Act.CLOSE, why="Over."
    )
    with noting.desk.runtime.uow.unrecorded() as work:
        held = len(work.protected.items_on([noting.case]))
    here: dict[str, Any] = {"reference": noting.case, "owner": "desk"}
    retention.review(noting.desk.context(noting.desk.coordinator), **here, erase=True, why="Not needed.")
    assert noting.read(noting.advocate, noted.reference) == SAID
    made = retention.erase(noting.desk.context(noting.desk.chair), **here)
    assert made.protected_values >= held
    assert noting.lines(noting.advocate) == []
    with pytest.raises(NotFoundError):
        noting.read(noting.advocate, noted.reference)


@pytest.mark.parametrize(("owner", "is_left"), [("harbour", False), ("lantern", True)])
def test_it_goes_with_the_part_of_the_agency_that_learnt_it(noting: Told, owner: str, is_left: bool) -> None:
    noting.record(noting.first)
    noting.acknowledge(noting.advocate, noting.record(noting.first, "Again.").reference)
    with in_one_entry(noting.desk.runtime) as work:
        assert work.erasing.protected(noting.case, told_by=owner) == 0
        assert bool(work.protected_notes.on(noting.case)) is is_left


def test_a_service_that_treats_is_one_with_that_seat() -> None:
    known = {"code": "care", "name": "C", "version": "1", "contact": "c@example.invalid"}
    assert AgencyKnown.model_validate({**known, "seat": "treatment"}).treats
    assert not AgencyKnown.model_validate({**known, "seat": "investigation"}).treats


def test_doctor_asks_for_a_duty_responder_and_counts_no_note(alone: Told) -> None:
    runtime = alone.desk.runtime
    (before,) = duty_responder_checks(runtime)
    assert before.state == NOTE
    assert "duty_responder" in str(before.mend)
    alone.record(alone.first)
    assert list(duty_responder_checks(runtime)) == [before]


@pytest.mark.parametrize(
    ("name", "role", "state"),
    [
        ("harbour-worker", None, OK),
        ("cora", None, OK),
        ("nobody", None, WRONG),
        ("anna", Role.ANALYST, WRONG),
        ("left", Role.PRACTITIONER, WRONG),
    ],
)
def test_doctor_says_whether_the_duty_responder_can_act(
    alone: Told, name: str, role: Role | None, state: str
) -> None:
    runtime = alone.desk.runtime
    user = {"harbour-worker": alone.workers["harbour"].user, "cora": alone.desk.coordinator.user}.get(
        name, name
    )
    if role is not None:
        alone.desk.add(user, role, "harbour" if role is Role.PRACTITIONER else None)
    if name == "left":
        set_active(alone.desk.context(alone.desk.coordinator), name=user, active=False)
    settings = runtime.settings.model_copy(update={"duty_responder": user})
    runtime.__dict__["settings"] = settings
    (check,) = duty_responder_checks(runtime)
    assert (check.state, user in check.finding) == (state, True)
