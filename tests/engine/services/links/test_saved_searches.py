"""Standing questions: raised once, by what their owner may see, judged, counted, over on their day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.domain.accounts.acting import Acting, Role, flow_acting
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.links.items_question import AskedRole, ItemsQuestion, Listed
from engine.domain.links.saved_searches import (
    AlertsShown,
    AlertState,
    AroundQuestion,
    Asked,
    PathQuestion,
    PatternQuestion,
    SavedSearch,
)
from engine.domain.people.persons import Thing, ThingKind
from engine.domain.people.same_person import SameVerdict
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue, Referral
from engine.domain.rights.retention import DESK_OWNER
from engine.links.patterns.finding import PatternKey
from engine.services.access import restrictions
from engine.services.accounts import users
from engine.services.cases import worklists
from engine.services.links import alerts as link_alerts
from engine.services.links import saved_searches
from engine.services.people import same_person
from engine.services.referrals import screening
from engine.services.rights import retention
from tests.builders import (
    SAFE_PHONE,
    Desk,
    a_desk,
    a_person,
    a_referral,
    a_screening,
    an_incident,
    in_one_entry,
    with_toys,
)
from tests.databases import drop_triggers, record_of
from tests.differential import two_worlds
from tests.engine.services.rights.test_retention import decided, ended

pytestmark = pytest.mark.whose_is_said

PHONE = "07700 900123"
WHY = "The panel asked to be told."
FLOW = flow_acting("standing questions", "runner")
_REFERENCE = re.compile(r"\b[A-Z]-[0-9A-Z]{7}\b")


def tied(number: str, *phones: str, **changes: Any) -> Referral:
    """A referral of two people of its own whose alleged perpetrator has these phones."""
    return a_referral(
        number,
        **{
            "perpetrator": a_person("Dan", f"Perp{number}"),
            "victim": a_person("Vic", f"Victim{number}"),
            "perpetrator_things": tuple(Thing(kind=ThingKind.PHONE, value=phone) for phone in phones),
            "protected": (),
            **changes,
        },
    )


def watching(desk: Desk, question: Asked, acting: Acting | None = None, **more: Any) -> SavedSearch:
    return saved_searches.save_query(
        desk.context(acting or desk.coordinator),
        snapshots=desk.runtime.link_snapshots,
        question=question,
        why=WHY,
        **more,
    )


def asked(desk: Desk) -> int:
    return saved_searches.ask_standing_queries(desk.context(FLOW), snapshots=desk.runtime.link_snapshots)


def alerts(desk: Desk, acting: Acting | None = None) -> AlertsShown:
    return link_alerts.my_alerts(
        desk.context(acting or desk.coordinator), snapshots=desk.runtime.link_snapshots
    )


def judged(desk: Desk, reference: str, *, acted: bool, acting: Acting | None = None, why: str = WHY) -> None:
    link_alerts.judge_alert(
        desk.context(acting or desk.coordinator),
        snapshots=desk.runtime.link_snapshots,
        reference=reference,
        acted=acted,
        why=why,
    )


def lines(desk: Desk, acting: Acting) -> list[str]:
    seen = worklists.worklist(desk.context(acting), snapshots=lambda: desk.runtime.link_snapshots)
    whats = [item.what for item in seen.items if item.kind == link_alerts.ALERT_ITEM]
    return [_REFERENCE.sub("X", what) for what in whats]


def perpetrator_of(desk: Desk, case: str) -> str:
    with desk.runtime.uow.unrecorded() as work:
        return next(
            each.reference for each in work.people.on_cases([case]) if "Dan" in str(each.described.forename)
        )


def _people_on(desk: Desk, case: str) -> set[str]:
    with desk.runtime.uow.unrecorded() as work:
        return {each.reference for each in work.people.on_cases([case])}


def _judged_the_same(desk: Desk, one: str, other: str) -> None:
    """Two records of the alleged perpetrator are judged to be one person."""
    same_person.judge_same(
        desk.context(desk.coordinator),
        one=perpetrator_of(desk, one),
        other=perpetrator_of(desk, other),
        verdict=SameVerdict.SAME,
        why=WHY,
    )


def screen(desk: Desk, *references: str) -> None:
    for reference in references:
        screening.screen(
            desk.context(desk.coordinator).with_agencies(()), reference=reference, screening=a_screening()
        )


def test_who_comes_to_lie_near_raises_one_alert_once_however_often_it_is_asked(desk: Desk) -> None:
    (first,) = desk.refer(tied("1", PHONE)).referrals
    watching(desk, AroundQuestion(reference=perpetrator_of(desk, first)))
    assert (asked(desk), alerts(desk).alerts) == (1, ())
    (second,) = desk.refer(tied("2", PHONE)).referrals
    desk.refer(tied("3", "07700 900999"))
    for _ in range(2):
        asked(desk)
    (alert,) = alerts(desk).alerts
    assert alert.begin_at == perpetrator_of(desk, second)
    assert alert.says.startswith(f"The person {alert.begin_at} is within 2 links of P-")
    assert alert.state is AlertState.WAITING


def test_an_item_that_comes_to_meet_conditions_raises_one_alert(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = desk.refer(tied("1", PHONE)).referrals
    question = ItemsQuestion(find=Listed.REFERRALS, role=AskedRole.PERPETRATOR)
    watching(desk, question)
    (second,) = desk.refer(tied("2")).referrals
    for _ in range(2):
        asked(desk)
    (alert,) = alerts(desk).alerts
    assert (alert.says, alert.begin_at) == (f"The referral {second} meets the question.", second)
    about = watching(desk, ItemsQuestion(find=Listed.PEOPLE, to=first))
    assert about.question.in_words() == f"people: linked to {first}"
    monkeypatch.setattr(saved_searches, "MOST_THERE", 1)
    with pytest.raises(InvalidInputError):
        watching(desk, question)


def test_two_that_come_to_hang_together_are_told_and_those_farther_apart_are_not(desk: Desk) -> None:
    one, other = desk.refer(tied("1", PHONE), tied("2", "07700 900222")).referrals
    near, far = (PathQuestion(a=one, b=other, hops=hops) for hops in (4, 3))
    watching(desk, near)
    watching(desk, far)
    asked(desk)
    assert alerts(desk).alerts == ()
    desk.refer(tied("2", PHONE))
    asked(desk)
    (alert,) = alerts(desk).alerts
    assert alert.says == f"{one} and {other} are linked by 4 links."


@pytest.mark.parametrize("key", [PatternKey.SHARED_OBJECT, PatternKey.REPEAT_VICTIM])
def test_a_pattern_about_somebody_new_is_told_and_one_that_was_there_is_not(
    desk: Desk, key: PatternKey
) -> None:
    two = (an_incident("2026-02-20"), an_incident("2026-02-21"))
    desk.refer(tied("1", PHONE, incidents=two), tied("2", PHONE))
    watching(desk, PatternQuestion(pattern=key.value))
    desk.refer(tied("3", "07700 900333", incidents=(an_incident("2026-02-20"),)))
    asked(desk)
    assert alerts(desk).alerts == ()
    desk.refer(tied("4", "07700 900444", incidents=two), tied("5", "07700 900444", incidents=()))
    for _ in range(2):
        asked(desk)
    (alert,) = alerts(desk).alerts
    assert alert.asks == f"new people in the pattern {key.value}"


@pytest.mark.parametrize(
    ("key", "one_more"),
    [
        (PatternKey.SHARED_OBJECT, tied("3", PHONE)),
        (
            PatternKey.SERIAL_PERPETRATOR,
            tied("3", perpetrator=a_person("Dan", "Perp1"), victim=a_person("Vic", "Third")),
        ),
    ],
    ids=["a third user of a phone", "a third victim of one person"],
)
def test_one_more_person_of_a_known_finding_is_news_once_and_an_old_one_again_is_not(
    desk: Desk, key: PatternKey, one_more: Referral
) -> None:
    same_person = a_person("Dan", "Perp1")
    cases = desk.refer(
        tied("1", PHONE), tied("2", PHONE, perpetrator=same_person, victim=a_person("Vic", "Second"))
    ).referrals
    if key is PatternKey.SERIAL_PERPETRATOR:
        _judged_the_same(desk, *cases)
    else:
        desk.refer(tied("4", PHONE))
    watching(desk, PatternQuestion(pattern=key.value))
    (case,) = desk.refer(one_more).referrals
    if key is PatternKey.SERIAL_PERPETRATOR:
        _judged_the_same(desk, cases[0], case)
    for _ in range(2):
        asked(desk)
    (alert,) = alerts(desk).alerts
    assert "is one more in this: " in alert.says
    assert alert.says.partition(" ")[0] in _people_on(desk, case)


def test_a_search_of_before_growth_was_news_stores_who_is_there_and_raises_no_alert(desk: Desk) -> None:
    desk.refer(tied("1", PHONE), tied("2", PHONE))
    query = watching(desk, PatternQuestion(pattern="shared-object"))
    with record_of(desk.runtime.settings.home) as connection:
        drop_triggers(connection, "link_alert")
        gone = connection.execute(text("delete from link_alert where match_key like '% %'")).rowcount
    assert gone == 2
    asked(desk)
    assert alerts(desk).alerts == ()
    desk.refer(tied("3", PHONE))
    asked(desk)
    (alert,) = alerts(desk).alerts
    assert (alert.query, "is one more in this" in alert.says) == (query.reference, True)


def test_what_came_of_alerts_is_said_once_with_a_reason_and_counted(desk: Desk) -> None:
    (first,) = desk.refer(tied("1", PHONE)).referrals
    watching(desk, AroundQuestion(reference=perpetrator_of(desk, first)), until=date(2026, 3, 20))
    assert alerts(desk).figures.share_acted_on is None
    desk.refer(tied("2", PHONE), tied("3", PHONE), tied("4", PHONE))
    asked(desk)
    one, other, third = (alert.reference for alert in alerts(desk).alerts)
    judged(desk, one, acted=True)
    judged(desk, other, acted=False, why="A shared landlord.")
    figures = alerts(desk).figures
    assert (figures.raised, figures.waiting, figures.acted_on, figures.not_relevant) == (3, 1, 1, 1)
    assert figures.share_acted_on == 0.5
    assert alerts(desk).alerts[0].state is AlertState.WAITING
    for wrong, why in ((one, WHY), (third, ""), ("F-2222222", WHY)):
        with pytest.raises((InvalidInputError, NotFoundError)):
            judged(desk, wrong, acted=True, why=why)
    desk.clock.forward(timedelta(days=30))
    assert alerts(desk).figures.expired == 1
    with pytest.raises(InvalidInputError):
        judged(desk, third, acted=True)


def test_a_question_is_asked_until_its_day_or_its_end_and_no_longer(desk: Desk) -> None:
    desk.refer(tied("1", PHONE), tied("2", PHONE))
    key = PatternKey.SHARED_OBJECT.value
    ended = watching(desk, PatternQuestion(pattern=key))
    watching(desk, PatternQuestion(pattern=key), until=date(2026, 3, 3))
    assert asked(desk) == 2
    saved_searches.end_query(desk.context(desk.coordinator), reference=ended.reference)
    assert asked(desk) == 1
    desk.clock.forward(timedelta(days=1, hours=23))
    assert asked(desk) == 0
    with pytest.raises(InvalidInputError):
        saved_searches.end_query(desk.context(desk.coordinator), reference=ended.reference)
    assert len(saved_searches.my_queries(desk.context(desk.coordinator))) == 2


def test_what_is_nobody_elses_is_nobody_elses(desk: Desk) -> None:
    (first,) = desk.refer(tied("1", PHONE)).referrals
    mine = watching(desk, AroundQuestion(reference=perpetrator_of(desk, first)))
    desk.refer(tied("2", PHONE))
    asked(desk)
    (alert,) = alerts(desk).alerts
    assert saved_searches.my_queries(desk.context(desk.chair)) == ()
    assert alerts(desk, desk.chair).alerts == ()
    with pytest.raises(NotFoundError):
        saved_searches.end_query(desk.context(desk.chair), reference=mine.reference)
    with pytest.raises(NotFoundError):
        judged(desk, alert.reference, acted=True, acting=desk.chair)


def test_who_may_see_no_links_has_none_asked_and_whoever_left_is_asked_for_no_more(desk: Desk) -> None:
    question = PatternQuestion(pattern=PatternKey.SHARED_OBJECT.value)
    max_ = desk.add("max", Role.MANAGER)
    with pytest.raises(NotPermittedError):
        watching(desk, question, max_)
    with pytest.raises(NotPermittedError):
        saved_searches.ask_standing_queries(desk.context(desk.chair), snapshots=desk.runtime.link_snapshots)
    watching(desk, question, desk.add("ana", Role.ANALYST))
    assert asked(desk) == 1
    users.set_active(desk.context(desk.coordinator), name="ana", active=False)
    assert asked(desk) == 0


@pytest.mark.parametrize(
    ("question", "more", "error"),
    [
        (AroundQuestion(reference="P-2222222"), {}, NotFoundError),
        (PatternQuestion(pattern="danger"), {}, InvalidInputError),
        (PatternQuestion(pattern="proxy"), {"until": date(2026, 3, 1)}, InvalidInputError),
        (PatternQuestion(pattern="proxy"), {"until": date(2030, 3, 1)}, InvalidInputError),
        (PatternQuestion(pattern="proxy"), {"why": ""}, InvalidInputError),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_and_nothing_is_kept(
    desk: Desk, question: Asked, more: dict[str, Any], error: type[Exception]
) -> None:
    given = {"why": WHY, **more}
    with pytest.raises(error):
        saved_searches.save_query(
            desk.context(desk.coordinator), snapshots=desk.runtime.link_snapshots, question=question, **given
        )
    assert saved_searches.my_queries(desk.context(desk.coordinator)) == ()


def test_a_protected_telephone_raises_nothing(desk: Desk) -> None:
    held = (ProtectedValue(kind=ProtectedKind.PHONE, value=SAFE_PHONE),)
    (first,) = desk.refer(tied("1", SAFE_PHONE, protected=held)).referrals
    watching(desk, AroundQuestion(reference=perpetrator_of(desk, first), hops=4))
    for key in PatternKey:
        watching(desk, PatternQuestion(pattern=key.value))
    desk.refer(tied("2", SAFE_PHONE, incidents=()))
    asked(desk)
    assert alerts(desk).alerts == ()


def test_a_reason_that_repeats_something_protected_is_queued_for_the_desk(desk: Desk) -> None:
    held = (ProtectedValue(kind=ProtectedKind.PHONE, value=SAFE_PHONE),)
    (first,) = desk.refer(tied("1", PHONE, protected=held)).referrals
    saved_searches.save_query(
        desk.context(desk.coordinator),
        snapshots=desk.runtime.link_snapshots,
        question=AroundQuestion(reference=first),
        why=f"She answers {SAFE_PHONE}.",
    )
    items = worklists.worklist(desk.context(desk.chair)).items
    assert any("contains protected details" in item.why for item in items)


def test_an_alert_waits_on_its_owners_worklist_until_it_is_judged(desk: Desk) -> None:
    (first,) = desk.refer(tied("1", PHONE)).referrals
    watching(desk, AroundQuestion(reference=perpetrator_of(desk, first)))
    desk.refer(tied("2", PHONE))
    asked(desk)
    (alert,) = alerts(desk).alerts
    assert lines(desk, desk.coordinator) == ["Review link alert X"]
    assert lines(desk, desk.chair) == []
    judged(desk, alert.reference, acted=True)
    assert lines(desk, desk.coordinator) == []


def test_new_data_asks_for_the_flow_while_a_question_stands_and_not_otherwise(desk: Desk) -> None:
    def waiting() -> list[str]:
        with in_one_entry(desk.runtime) as work:
            item = work.outbox.take(by="test", at=desk.clock.now(), subjects=("links",))
            return [] if item is None else [item.flow.value]

    (first,) = desk.refer(tied("1", PHONE)).referrals
    assert waiting() == []
    watching(desk, PatternQuestion(pattern="proxy"))
    assert waiting() == []
    desk.refer(tied("2"))
    assert waiting() == ["refresh_links"]
    screen(desk, first)
    assert waiting() == ["refresh_links"]


@pytest.fixture(scope="module")
def hidden_between(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with a_desk(tmp_path_factory.mktemp("hidden") / "home") as desk:
        yield desk


def test_what_is_hidden_from_its_owner_since_has_never_been_there(hidden_between: Desk) -> None:
    desk = hidden_between
    first, second = desk.refer(tied("1", PHONE), tied("2", "07700 900222")).referrals
    screen(desk, first, second)
    ana = desk.add("ana", Role.ANALYST)
    for who in (ana, desk.chair):
        watching(desk, AroundQuestion(reference=first, hops=3), who)
        watching(desk, PatternQuestion(pattern="shared-object"), who)
        watching(desk, PathQuestion(a=first, b=second), who)
    (third,) = desk.refer(tied("3", PHONE, "07700 900222")).referrals
    asked(desk)
    assert alerts(desk, ana).figures.raised == 0
    assert alerts(desk, desk.chair).figures.raised > 0
    screen(desk, third)
    asked(desk)
    before = alerts(desk, ana)
    assert {alert.query for alert in before.alerts} == {
        query.reference for query in saved_searches.my_queries(desk.context(ana))
    }
    judged(desk, before.alerts[0].reference, acted=True, acting=ana)
    restrictions.restrict(desk.context(desk.chair).with_agencies(()), reference=third, why=WHY)
    now = alerts(desk, ana)
    assert (now.alerts, now.figures) == ((), AlertsShown.of(()).figures)
    assert [(each.raised, each.waiting) for each in now.searches] == [(0, 0)] * 3
    with pytest.raises(NotFoundError):
        judged(desk, before.alerts[1].reference, acted=True, acting=ana)
    assert alerts(desk, desk.chair).figures.raised > 0
    restrictions.lift(desk.context(desk.chair), reference=third, why=WHY)
    asked(desk)
    assert {alert.reference for alert in alerts(desk, ana).alerts} == {
        alert.reference for alert in before.alerts
    }


def test_with_and_without_a_hidden_case_an_owner_is_told_the_same_to_the_byte(tmp_path: Path) -> None:
    with two_worlds(tmp_path) as worlds:
        answer = []
        for desk in (worlds.without, worlds.having):
            ana = worlds.viewers["analyst"]
            watching(desk, AroundQuestion(reference=worlds.shown, hops=4), ana)
            for key in PatternKey:
                watching(desk, PatternQuestion(pattern=key.value), ana)
            watching(desk, ItemsQuestion(find=Listed.PEOPLE, role=AskedRole.PERPETRATOR), ana)
            (new,) = desk.refer(a_referral("9", perpetrator_things=_shared_with_the_hidden())).referrals
            screen(desk, new)
            asked(desk)
            shown = alerts(desk, ana)
            sentences = sorted(_REFERENCE.sub("X", f"{alert.asks}: {alert.says}") for alert in shown.alerts)
            answer.append((sentences, shown.figures, lines(desk, ana)))
            assert worlds.hidden not in str(shown)
            assert worlds.unscreened not in str(shown)
        assert answer[0] == answer[1]
        assert answer[0][1].raised > 0


def _shared_with_the_hidden() -> tuple[Thing, ...]:
    return (Thing(kind=ThingKind.VEHICLE, value="LX19 ABC"),)


def test_what_was_written_goes_with_the_case_it_was_about_and_the_rest_stays(desk: Desk) -> None:
    with_toys(desk)
    reference = ended(desk)
    about, other = AroundQuestion(reference=reference), PatternQuestion(pattern="proxy")
    watching(desk, about)
    watching(desk, other)
    decided(desk, desk.chair, reference, DESK_OWNER)
    made = retention.erase(desk.context(desk.coordinator), reference=reference, owner=DESK_OWNER)
    said = [query.why for query in saved_searches.my_queries(desk.context(desk.coordinator))]
    assert said == [f"Erased ({made.reference}).", WHY]
    assert [row.table for row in made.rows].count("link_query") == 1


def test_what_was_written_goes_a_while_after_the_question_is_over(desk: Desk) -> None:
    (first,) = desk.refer(tied("1", PHONE)).referrals
    watching(desk, AroundQuestion(reference=first, hops=3), until=date(2026, 3, 10))
    watching(desk, AroundQuestion(reference=first), until=date(2026, 8, 10))
    desk.refer(tied("2", PHONE))
    watching(desk, PatternQuestion(pattern="proxy"))
    desk.refer(tied("3", PHONE))
    asked(desk)
    judged(desk, alerts(desk).alerts[0].reference, acted=False, why="Lodgers.")
    sweep: dict[str, Any] = {"context": desk.context(FLOW)}

    def written() -> list[str]:
        queries = saved_searches.my_queries(desk.context(desk.coordinator))
        words = [alert.why for alert in alerts(desk).alerts if alert.why]
        return [*(query.why for query in queries), *words]

    desk.clock.forward(timedelta(days=373))
    worklists.daily_sweep(**sweep)
    assert written() == [WHY, WHY, WHY, "Lodgers."]
    desk.clock.forward(timedelta(days=2))
    assert worklists.daily_sweep(**sweep)["purged"] == 2
    assert worklists.daily_sweep(**sweep)["purged"] == 0
    gone = "Erased (its time is over)."
    assert written() == [gone, WHY, WHY, gone]
