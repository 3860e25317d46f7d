"""A topic in an agency's response: its people alone have the alarm until it is released or disclosed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role
from engine.domain.alarms import AlarmSinceView, Door
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.responses.answers import NilReturn, RefusalGround, Refused
from engine.domain.sharing import WHOLE_ANSWER, AudienceKind, Grounds, RuleGiven
from engine.services.alarms.own_topics import disclose_topics, refuse_topics
from engine.services.cases.lists import list_page
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.referrals.incidents import record_incident
from engine.services.referrals.screening import acknowledge_alarm, screen
from engine.services.responses.agency_answers import answer_by_hand, refuse, release
from engine.services.responses.corrections import answer_change, ask_change
from engine.services.responses.topics import record_response_topics
from engine.services.responses.withdrawal import withdraw
from engine.services.sharing.incident_rules import set_incident_rule
from engine.services.sharing.release_rules import ledger, set_rule
from tests.builders import (
    Desk,
    a_contribution,
    a_desk,
    a_referral,
    a_screening,
    an_incident,
    ask_all,
    let_answer,
    with_toys,
)
from tests.differential import statements_of

WEAPON, KILL, FRIGHTENED = (
    AlarmTopic.WEAPON,
    AlarmTopic.THREAT_TO_KILL,
    AlarmTopic.VICTIM_EXTREMELY_FRIGHTENED,
)
KNIFE = {WEAPON: YesNo.YES}
HOUR = timedelta(hours=1)
WAYS = "Release, refuse and say why, or override for immediate danger"
NOTHING = NilReturn(looked_in=("cards",), says="Nothing.")
GROUNDS = Grounds(purpose="case work", necessity="They plan visits.")
DECLINES = Refused(ground=RefusalGround.OTHER, says="Not now.")


@dataclass(frozen=True)
class Office:
    """A case on which lantern prepared a response, with another agency's practitioner on it."""

    desk: Desk
    case: str
    lantern: Acting
    colleague: Acting
    harbour: Acting

    @property
    def panel(self) -> tuple[Acting, ...]:
        return self.desk.coordinator, self.desk.chair, self.harbour

    def alarms(self, acting: Acting) -> list[WorkItem]:
        return [item for item in worklist(self.desk.context(acting)).items if item.is_alarm]

    def on_page(self, acting: Acting) -> tuple[AlarmSinceView, ...]:
        return view_case(self.desk.context(acting), reference=self.case).alarms_since

    def asks(self, **topics: YesNo) -> None:
        """Lantern's practitioner reads what was prepared and answers the topics."""
        given = {AlarmTopic[name.upper()]: answer for name, answer in topics.items()}
        context = self.desk.context(self.lantern)
        record_response_topics(context, reference=self.case, agency="lantern", topics=given)

    def releases(self, **more: object) -> None:
        release(self.desk.context(self.lantern), reference=self.case, agency="lantern", **more)  # type: ignore[arg-type]

    def by_hand(self, answer: object, **more: object) -> None:
        context = self.desk.context(self.lantern)
        answer_by_hand(context, reference=self.case, agency="lantern", answer=answer, **more)  # type: ignore[arg-type]

    def prepares(self, *sentences: str) -> None:
        """Lantern's software prepares a newer response."""
        let_answer(self.desk, "lantern", a_contribution(*sentences))
        ask_all(self.desk, self.case, again=True)

    def is_lanterns_alone(self) -> bool:
        """Whether lantern's people have an open alarm, and the others know of none; rows agree with facts."""
        self.agrees()
        for acting in self.panel:
            if self.alarms(acting) or self.on_page(acting):
                return False
        own = [self.alarms(each) for each in (self.lantern, self.colleague)]
        return all([item.what for item in items] == [WAYS] for items in own)

    def is_the_panels(self, *topics: AlarmTopic) -> bool:
        """Whether each person of the panel has one line, about these topics; rows agree with facts."""
        self.agrees()
        for acting in (*self.panel, self.lantern):
            items = self.alarms(acting)
            there = [each for each in self.on_page(acting) if each.is_open]
            if len(items) != 1 or {topic for each in there for topic in each.raised} != set(topics):
                return False
        return not any(item.what == WAYS for item in self.alarms(self.lantern))

    def agrees(self) -> None:
        """What waits is as the facts say."""
        assert not any(self.desk.runtime.due.differences(self.desk.runtime.uow).values())


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with a_desk(tmp_path / "home") as desk:
        workers = with_toys(desk)
        colleague = desk.add("lena", Role.PRACTITIONER, "lantern")
        people = (*(each.user for each in workers.values()), colleague.user)
        let_answer(desk, "lantern", a_contribution("A knife was seen.", "He was known."))
        (case,) = desk.refer(a_referral(party_works_for=YesNo.NO)).referrals
        screening = a_screening(TriageOutcome.CONFERENCE, people=people)
        screen(desk.context(desk.coordinator), reference=case, screening=screening)
        ask_all(desk, case)
        yield Office(desk, case, workers["lantern"], colleague, workers["harbour"])


def test_prepared_it_is_the_alarm_of_that_agencys_people_on_the_case_alone(office: Office) -> None:
    stranger = office.desk.add("lotte", Role.PRACTITIONER, "lantern")
    office.asks(weapon=YesNo.YES)
    assert office.is_lanterns_alone()
    (item,) = office.alarms(office.colleague)
    assert item.due_at == office.desk.clock.now() + HOUR
    assert "Weapon" in item.why
    assert office.alarms(stranger) == [], "of that agency, and not on the case"
    (alarm,) = office.on_page(office.colleague)
    assert (alarm.door, alarm.about) == (Door.RESPONSE, "lantern 1")
    for acting in office.panel:
        view = view_case(office.desk.context(acting), reference=office.case)
        assert view.alarms.since == {}
        assert not any("weapon" in gap.says and "since" in gap.says for gap in view.gaps)


def test_others_are_told_the_same_after_the_same_work(office: Office) -> None:
    desk = office.desk

    def asked() -> list[object]:
        given: list[object] = []
        for acting in office.panel:
            context = desk.context(acting)
            with statements_of(desk) as statements:
                given += [worklist(context), list_page(context, count=None).rows]
                given.append(view_case(context, reference=office.case))
            given.append(statements)
        return given

    context = desk.context(office.lantern)
    office.releases()
    asked()  # the first reading derives and remembers more
    office.prepares("A knife was seen.")
    before = asked()
    office.asks(weapon=YesNo.YES, victim_extremely_frightened=YesNo.YES)
    assert asked() == before
    (alarm,) = office.on_page(office.lantern)
    refuse_topics(context, reference=office.case, alarm=alarm.reference, why="It is another person's.")
    assert asked() == before
    office.releases()
    assert asked() != before


@pytest.mark.parametrize("answer", [YesNo.NO, YesNo.NOT_KNOWN])
def test_a_topic_that_is_not_answered_with_yes_is_no_alarm(office: Office, answer: YesNo) -> None:
    office.asks(weapon=answer)
    assert office.alarms(office.lantern) == []
    office.releases()
    assert office.alarms(office.desk.coordinator) == []
    office.agrees()


def test_its_release_starts_the_panels_clock(office: Office) -> None:
    office.asks(weapon=YesNo.YES)
    office.desk.clock.forward(timedelta(hours=3))
    office.releases()
    assert office.is_the_panels(WEAPON)
    (item,) = office.alarms(office.desk.chair)
    assert item.due_at == office.desk.clock.now() + HOUR
    assert not item.is_overdue
    acknowledge_alarm(office.desk.context(office.desk.coordinator), reference=office.case)
    assert all(office.alarms(each) == [] for each in office.panel)
    office.agrees()


def test_a_topic_that_is_asked_with_the_release_is_the_panels_at_once_and_joins_the_same(
    office: Office,
) -> None:
    office.asks(weapon=YesNo.YES)
    office.releases(topics={WEAPON: YesNo.YES, KILL: YesNo.NO})
    assert office.is_the_panels(WEAPON)
    assert len(office.on_page(office.desk.chair)) == 1, "one report, one alarm"


def test_what_is_withheld_from_a_release_stays_the_agencys_alarm(office: Office) -> None:
    office.asks(weapon=YesNo.YES)
    office.releases(strike=("finding-1",))
    assert office.is_lanterns_alone()
    withdraw(office.desk.context(office.lantern), reference=office.case, agency="lantern", item="finding-2")
    assert office.is_lanterns_alone(), "a later version of a release that withheld it has it neither"


def test_a_release_that_says_so_has_the_topic_though_another_item_is_withheld(office: Office) -> None:
    office.asks(weapon=YesNo.YES)
    office.releases(strike=("finding-2",), topics=KNIFE)
    assert office.is_the_panels(WEAPON)


def test_a_release_that_says_no_to_the_topic_does_not_have_it(office: Office) -> None:
    office.asks(weapon=YesNo.YES)
    office.releases(topics={WEAPON: YesNo.NO})
    assert office.is_lanterns_alone()


def test_a_newer_response_that_was_prepared_after_a_release_is_the_agencys_until_its_release(
    office: Office,
) -> None:
    office.releases()
    office.prepares("A second knife was seen.")
    office.asks(weapon=YesNo.YES)
    assert office.is_lanterns_alone()
    withdraw(office.desk.context(office.lantern), reference=office.case, agency="lantern", item="finding-1")
    assert office.is_lanterns_alone(), "a new version of what was released before"
    office.releases()
    assert office.is_the_panels(WEAPON)


def test_a_newer_version_that_replaces_it_releases_it_unless_a_person_says_no(office: Office) -> None:
    office.asks(weapon=YesNo.YES)
    office.prepares("A knife was seen twice.")
    assert office.is_lanterns_alone()
    office.asks(weapon=YesNo.NO)
    office.releases()
    assert office.is_lanterns_alone()
    office.prepares("A knife was seen three times.")
    office.releases()
    assert office.is_the_panels(WEAPON)


def test_a_refusal_of_the_alarm_ends_its_line_and_is_the_agencys_own(office: Office) -> None:
    office.asks(weapon=YesNo.YES)
    (alarm,) = office.on_page(office.lantern)
    context = office.desk.context(office.lantern)
    refuse_topics(context, reference=office.case, alarm=alarm.reference, why="It is another person's.")
    assert all(office.alarms(each) == [] for each in (office.lantern, office.colleague, *office.panel))
    (refused,) = office.on_page(office.colleague)
    assert refused.refused_because == "It is another person's."
    assert not refused.stays_on_top
    assert all(office.on_page(each) == () for each in office.panel)
    with pytest.raises(ConflictError, match="lantern-worker recorded 'refuse'"):
        refuse_topics(
            office.desk.context(office.colleague), reference=office.case, alarm=alarm.reference, why="So."
        )
    office.releases()
    assert office.is_the_panels(WEAPON), "it was released after all"
    assert all(each.refused_because is None for each in office.on_page(office.desk.chair))


def test_the_topics_are_disclosed_for_immediate_danger_without_the_response(office: Office) -> None:
    office.asks(weapon=YesNo.YES)
    (alarm,) = office.on_page(office.lantern)
    office.desk.clock.forward(timedelta(minutes=20))
    here = {"reference": office.case, "alarm": alarm.reference, "why": "He is on the way."}
    disclose_topics(office.desk.context(office.lantern), **here)
    assert office.is_the_panels(WEAPON)
    (item,) = office.alarms(office.desk.coordinator)
    assert item.due_at == office.desk.clock.now() + HOUR
    (shown,) = office.on_page(office.desk.coordinator)
    assert (shown.about, shown.at) == ("lantern", office.desk.clock.now())
    assert (shown.disclosed_because, shown.disclosed_by) == ("He is on the way.", "lantern-worker")
    assert "knife" not in shown.model_dump_json()
    (line, *_) = ledger(office.desk.context(office.desk.chair), reference=office.case).entries
    assert [each.key for each in line.items] == ["alarm topic: weapon"]
    with pytest.raises(ConflictError, match="recorded 'disclose'"):
        refuse_topics(office.desk.context(office.colleague), **here)
    office.releases(topics=KNIFE)
    assert office.is_the_panels(WEAPON)
    assert len(office.on_page(office.desk.chair)) == 1, "the same report"


def test_only_a_practitioner_of_that_agency_on_the_case_refuses_or_discloses(office: Office) -> None:
    office.asks(weapon=YesNo.YES)
    (alarm,) = office.on_page(office.lantern)
    stranger = office.desk.add("lotte", Role.PRACTITIONER, "lantern")
    here = {"reference": office.case, "alarm": alarm.reference, "why": "So."}
    for act in (refuse_topics, disclose_topics):
        for acting in (office.harbour, stranger):
            with pytest.raises(NotFoundError):
                act(office.desk.context(acting), **here)
        with pytest.raises(NotPermittedError):
            act(office.desk.context(office.desk.chair), **here)
    office.releases()
    with pytest.raises(InvalidInputError, match="was released"):
        refuse_topics(office.desk.context(office.lantern), **here)


def test_a_failure_a_nil_return_and_a_refused_response_release_no_topic(office: Office) -> None:
    office.asks(weapon=YesNo.YES)
    let_answer(office.desk, "lantern", None)
    ask_all(office.desk, office.case, again=True)
    assert office.is_lanterns_alone()
    office.by_hand(NOTHING)
    assert office.is_lanterns_alone()
    context = office.desk.context(office.lantern)
    refuse(context, reference=office.case, agency="lantern", refusal=DECLINES, topics={KILL: YesNo.YES})
    assert office.is_lanterns_alone()
    office.by_hand(a_contribution("He was known."), topics={WEAPON: YesNo.NO})
    assert office.is_lanterns_alone()
    office.by_hand(a_contribution("He has a knife."), topics={WEAPON: YesNo.YES, KILL: YesNo.YES})
    assert office.is_the_panels(WEAPON, KILL)


def test_a_response_by_hand_is_the_panels_alarm_and_a_newer_one_alarms_again(office: Office) -> None:
    office.by_hand(a_contribution("A knife."), topics=KNIFE)
    assert office.is_the_panels(WEAPON)
    acknowledge_alarm(office.desk.context(office.desk.coordinator), reference=office.case)
    office.by_hand(a_contribution("A knife."), topics=KNIFE)
    assert office.alarms(office.desk.chair) == [], "the same response: it is no new report"
    office.by_hand(a_contribution("Another knife."))
    assert office.alarms(office.desk.chair) == [], "not asked is no alarm"
    office.by_hand(a_contribution("A third knife."), topics=KNIFE)
    assert office.is_the_panels(WEAPON)


def test_a_withdrawn_item_leaves_the_alarm_and_asks_again(office: Office) -> None:
    office.asks(weapon=YesNo.YES)
    office.releases()
    context = office.desk.context(office.lantern)
    topics = {WEAPON: YesNo.NO, KILL: YesNo.YES}
    withdraw(context, reference=office.case, agency="lantern", item="finding-1", topics=topics)
    assert office.is_the_panels(WEAPON, KILL)
    assert len(office.on_page(office.desk.chair)) == 2, "the change is another row"
    withdraw(context, reference=office.case, agency="lantern", item="finding-2", topics=KNIFE)
    assert len(office.on_page(office.desk.chair)) == 2, "a withdrawal is no new act"


def test_a_corrected_response_leaves_the_alarm_and_asks_again(office: Office) -> None:
    office.asks(weapon=YesNo.YES)
    office.releases()
    desk, context = office.desk, office.desk.context(office.lantern)

    def asked() -> str:
        found = ask_change(
            desk.context(desk.coordinator),
            reference=office.case,
            owner="lantern",
            item="finding-1",
            what="It was a toy.",
        )
        return found.reference

    with pytest.raises(InvalidInputError, match="topics"):
        answer_change(context, request=asked(), accept=False, why="No.", topics=KNIFE)
    sentence = "A knife was seen and he said that he would kill."
    answer_change(
        context,
        request=asked(),
        accept=True,
        why="Yes.",
        sentence=sentence,
        topics={**KNIFE, KILL: YesNo.YES},
    )
    assert office.is_the_panels(WEAPON, KILL)
    answer_change(
        context, request=asked(), accept=True, why="Yes.", sentence="A toy.", topics={WEAPON: YesNo.NO}
    )
    assert office.is_the_panels(WEAPON, KILL)


def test_a_response_for_the_owner_alone_is_the_panels_alarm_once_its_rule_says_so(office: Office) -> None:
    desk, here = office.desk, office.desk.context(office.lantern)

    def ruled(audience: AudienceKind) -> None:
        rule = RuleGiven(item=WHOLE_ANSWER, audience=audience, grounds=GROUNDS, why="So.")
        set_rule(here, reference=office.case, agency="lantern", rule=rule)

    ruled(AudienceKind.OWNER)
    office.by_hand(a_contribution("A knife."), topics=KNIFE)
    assert office.is_lanterns_alone()
    desk.clock.forward(timedelta(hours=2))
    ruled(AudienceKind.PANEL)
    assert office.is_the_panels(WEAPON)
    (item,) = office.alarms(desk.chair)
    assert item.due_at == desk.clock.now() + HOUR


def test_what_only_one_agency_knows_does_not_hide_the_panels_alarm(office: Office) -> None:
    """A lasting topic alarms when it becomes yes for the panel, whatever an agency keeps."""
    office.asks(victim_extremely_frightened=YesNo.YES)
    assert office.is_lanterns_alone()
    record_incident(
        office.desk.context(office.harbour),
        reference=office.case,
        incident=an_incident("2026-03-02"),
        topics={FRIGHTENED: YesNo.YES},
    )
    assert len(office.alarms(office.desk.chair)) == 1
    assert len(office.alarms(office.lantern)) == 2, "the panel's, and that of its own response"
    office.agrees()


def test_an_incident_that_its_owner_keeps_has_the_same_ways_on(office: Office) -> None:
    desk, here = office.desk, office.desk.context(office.lantern)
    incident = record_incident(
        here,
        reference=office.case,
        incident=an_incident("2026-03-02"),
        topics=KNIFE,
        kept_with_us="Said in confidence.",
    )
    assert office.is_lanterns_alone()
    (alarm,) = office.on_page(office.colleague)
    refuse_topics(here, reference=office.case, alarm=alarm.reference, why="The victim asked us not to.")
    assert office.alarms(office.colleague) == []
    desk.clock.forward(timedelta(hours=5))
    disclose_topics(here, reference=office.case, alarm=alarm.reference, why="He is on the way.")
    assert office.is_the_panels(WEAPON)
    (shown,) = office.on_page(desk.chair)
    assert shown.about == "lantern"
    assert incident not in view_case(desk.context(desk.chair), reference=office.case).model_dump_json()


def test_a_rule_that_gives_an_incident_to_the_panel_starts_its_clock(office: Office) -> None:
    desk, here = office.desk, office.desk.context(office.lantern)
    incident = record_incident(
        here,
        reference=office.case,
        incident=an_incident("2026-03-02"),
        topics=KNIFE,
        kept_with_us="Said in confidence.",
    )
    desk.clock.forward(timedelta(hours=5))
    (own,) = office.alarms(office.lantern)
    assert own.is_overdue
    rule = RuleGiven(
        item=incident,
        audience=AudienceKind.PANEL,
        grounds=GROUNDS,
        why="The victim agrees.",
    )
    set_incident_rule(here, reference=office.case, rule=rule)
    assert office.is_the_panels(WEAPON)
    (item,) = office.alarms(desk.coordinator)
    assert item.due_at == desk.clock.now() + HOUR
    assert incident in item.why


def test_two_who_release_at_once_leave_one_alarm(office: Office) -> None:
    office.releases(topics=KNIFE, expected_version=1)
    with pytest.raises((ConflictError, NotFoundError, InvalidInputError)):
        release(
            office.desk.context(office.colleague),
            reference=office.case,
            agency="lantern",
            expected_version=1,
            topics={KILL: YesNo.YES},
        )
    assert office.is_the_panels(WEAPON)


def test_topics_are_asked_about_what_is_on_the_screen(office: Office) -> None:
    context = office.desk.context(office.lantern)
    with pytest.raises(InvalidInputError, match="answer at least one topic"):
        record_response_topics(context, reference=office.case, agency="lantern", topics={})
    office.prepares("A newer one.")
    with pytest.raises(InvalidInputError, match="was prepared since"):
        record_response_topics(
            context, reference=office.case, agency="lantern", topics=KNIFE, expected_version=1
        )
    with pytest.raises(NotPermittedError):
        record_response_topics(
            office.desk.context(office.harbour), reference=office.case, agency="lantern", topics=KNIFE
        )
    assert office.alarms(office.lantern) == []


def test_a_response_typed_in_place_of_the_prepared_one_does_not_release_its_topic(office: Office) -> None:
    office.asks(weapon=YesNo.YES)
    office.by_hand(a_contribution("He was known."))
    assert office.is_lanterns_alone()
