"""What changes on the case on the screen changes the pulse of those who may know of it, and no other."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.conference.agenda import Deferral
from engine.domain.conference.changes import ChangeKind
from engine.domain.conference.remarks import RemarkAct, RemarkGiven
from engine.domain.conference.victim_words import Manner, VictimWordsGiven
from engine.domain.dates import read_date
from engine.domain.plans.actions import ActionStatus
from engine.domain.responses.answers import Nature, Stage
from engine.domain.sharing import AudienceKind, Grounds, RuleGiven, VisibilityToOthers
from engine.services.access import conflicts
from engine.services.conference import agenda, amending, remarks, session
from engine.services.conference.victim_words import record_victim_words
from engine.services.plans.actions import act
from engine.services.plans.urgent import start_urgent_action
from engine.services.referrals.incidents import record_incident
from engine.services.responses import agency_answers
from engine.services.responses import requests as response_requests
from engine.services.sharing import release_rules
from tests.builders import TOY_CODES, a_contribution, an_incident, an_urgent_action, in_one_entry
from tests.conferences import Room
from tests.prepared import prepared


class Watched:
    """The screens of the chair, of two agencies on the case, and of one who may not know of it."""

    def __init__(self, room: Room) -> None:
        self.room, self.case = room, room.cases[0]
        with room.desk.runtime.uow.unrecorded() as work:
            people = {name: work.users.get(f"{name}-worker").acting() for name in TOY_CODES}
        self.harbour, self.lantern, self.voice = (people[name] for name in TOY_CODES)
        self._before = self.marks()

    def marks(self) -> dict[str, Any]:
        people = {"chair": self.room.desk.chair, "lantern": self.lantern, "harbour": self.harbour}
        people["voice"] = self.voice  # declared a conflict of interest
        return {who: session.read_pulse(**self.room.here(acting)) for who, acting in people.items()}

    def changed(self) -> dict[str, set[ChangeKind]]:
        """For whom which kinds changed since this was asked last; nothing else of a pulse did."""
        before, after = self._before, self.marks()
        self._before = after
        assert {who: pulse.version for who, pulse in before.items()} == {
            who: pulse.version for who, pulse in after.items()
        }
        kinds = {
            who: {
                kind for kind in ChangeKind if before[who].changes.get(kind) != after[who].changes.get(kind)
            }
            for who in after
        }
        return {who: found for who, found in kinds.items() if found}

    def here(self, acting: Acting) -> dict[str, Any]:
        return {"context": self.room.context(acting), "reference": self.case}


@pytest.fixture
def watched(room: Room) -> Watched:
    prepared(room.desk, _begin, room)
    return Watched(room)


def _begin(room: Room) -> None:
    response_requests.open_requests(room.context(room.desk.coordinator), reference=room.cases[0])
    room.started(room.cases[0])
    for user in ("harbour-worker", "lantern-worker", "voice-worker"):
        room.attend(user)
    with room.desk.runtime.uow.unrecorded() as work:
        voice = work.users.get("voice-worker").acting()
    conflicts.say_own(room.context(voice), reference=room.cases[0], is_connected=True)
    room.next()


def for_all(*kinds: ChangeKind) -> dict[str, set[ChangeKind]]:
    return {who: set(kinds) for who in ("chair", "lantern", "harbour")}


def test_reading_the_case_changes_nothing_and_a_private_item_has_no_mark(watched: Watched) -> None:
    watched.room.view(watched.lantern)
    remarks.view_remarks(**watched.room.here(watched.harbour), case=watched.case)
    assert watched.changed() == {}
    assert watched.marks()["voice"].changes == {}
    assert watched.room.view(watched.lantern).changes == watched.marks()["lantern"].changes


def test_an_action_and_a_report_on_it(watched: Watched) -> None:
    start_urgent_action(
        **watched.here(watched.harbour), action=an_urgent_action("harbour"), agencies=TOY_CODES
    )
    assert watched.changed() == for_all(ChangeKind.ACTION, ChangeKind.PLAN)
    with watched.room.desk.runtime.uow.unrecorded() as work:
        (action,) = work.plans.of([watched.case])[watched.case].actions
    act(watched.room.context(watched.harbour), action=action.reference, status=ActionStatus.DONE)
    assert watched.changed() == for_all(ChangeKind.ACTION)


def test_a_response_counts_from_its_release_and_not_where_its_owner_hides_it(watched: Watched) -> None:
    with in_one_entry(watched.room.desk.runtime) as work:
        work.touches(watched.case)
        work.answers.add(
            watched.case,
            "harbour",
            a_contribution("Two calls were held."),
            stage=Stage.PREPARED,
            author="plugin",
            plugin_version="1",
            at=watched.room.desk.clock.now(),
        )
    assert watched.changed() == {}
    rule = RuleGiven(
        item="*",
        audience=AudienceKind.OWNER,
        otherwise=VisibilityToOthers.HIDE,
        grounds=Grounds(purpose="case work"),
        why="A source is at risk.",
    )
    release_rules.set_rule(**watched.here(watched.lantern), agency="lantern", rule=rule)
    for acting in (watched.harbour, watched.lantern):
        given = a_contribution(f"Two visits of {acting.agency}.")
        agency_answers.answer_by_hand(**watched.here(acting), agency=str(acting.agency), answer=given)
        is_hidden = acting == watched.lantern
        assert watched.changed() == (
            {"lantern": {ChangeKind.RESPONSE}} if is_hidden else for_all(ChangeKind.RESPONSE)
        )


def test_an_incident(watched: Watched) -> None:
    record_incident(**watched.here(watched.harbour), incident=an_incident("2026-02-21"))
    assert watched.changed() == for_all(ChangeKind.INCIDENT)


def test_a_decision_and_a_dissent(watched: Watched) -> None:
    watched.room.decide(watched.case)
    assert watched.changed() == for_all(ChangeKind.DECISION)
    amending.enter_dissent(**watched.here(watched.lantern), reasons="It asks too little.")
    assert watched.changed() == for_all(ChangeKind.DISSENT)
    amending.state_no_dissent(**watched.here(watched.harbour))
    assert watched.changed() == for_all(ChangeKind.DISSENT)


def test_what_was_said_counts_from_its_release(watched: Watched) -> None:
    given = RemarkGiven(agency="harbour", text="He came.", source="A visit.", nature=Nature.FACT)
    remark = remarks.enter_remark(**watched.room.here(watched.harbour), case=watched.case, given=given)
    assert watched.changed() == {"harbour": {ChangeKind.REMARK}}
    remarks.settle_remark(
        watched.room.context(watched.harbour), remark=remark.reference, act=RemarkAct.RELEASED
    )
    assert watched.changed() == for_all(ChangeKind.REMARK)


def test_the_victims_words_change_nothing_for_who_may_not_read_them(watched: Watched) -> None:
    given = VictimWordsGiven(
        text="I want it to stop.",
        manner=Manner.OWN_WORDS,
        said_by="the victim",
        said_on=read_date("2026-03-01"),
        said_to="the advocate",
    )
    record_victim_words(**watched.here(watched.room.desk.chair), given=given)
    assert watched.changed() == {"chair": {ChangeKind.VICTIM_WORDS}}


def test_a_deferral_shows_only_to_those_who_may_see_its_item(watched: Watched) -> None:
    deferral = Deferral(
        because="No report yet.", until=watched.room.desk.clock.today(), meanwhile="A police alarm."
    )
    agenda.defer_item(**watched.room.here(), place=1, seen=1, deferral=deferral)
    assert watched.changed() == for_all(ChangeKind.AGENDA)
