"""Firsts, the gravest, and what is graver, nearer or by more channels: what fires and what just does not."""

from __future__ import annotations

import pytest

from engine.domain.cases.incidents import Channel, IncidentKind
from engine.domain.cases.plain_facts import FactKind
from engine.domain.referrals.intake import AlarmTopic
from engine.facts.acts import AtReferral
from engine.instruments.conduct import conduct
from tests.engine.facts.builders import act, ago, of_kind, sentences


def test_the_first_of_a_kind_is_said_with_those_since() -> None:
    acts = [act(100), act(60), act(20, "threat"), act(3, "threat")]
    assert sentences(FactKind.FIRST, *acts) == ["First recorded threat: 11 March 2026, 1 more since."]


@pytest.mark.parametrize(
    ("acts", "fires"),
    [
        ((act(20), act(10, "entry")), True),
        ((act(10, "entry"),), True),  # grave enough to be said alone
        ((act(10, "following"),), False),  # the very first report is a first of nothing
        ((act(10), act(10, "following")), False),  # of one day: which was first is not known
        ((act(100), act(90, "entry")), False),  # longer ago than 90 days
        ((act(100), act(89, "entry")), True),
        ((act(20), act(10, channel="in person")), True),
        ((act(20, channel="in person"), act(10, channel="in person")), False),
    ],
)
def test_a_first_needs_an_act_before_it_and_is_of_the_last_90_days(
    acts: tuple[object, ...], fires: bool
) -> None:
    assert bool(sentences(FactKind.FIRST, *acts)) is fires  # type: ignore[arg-type]


def test_a_threat_to_kill_is_said_and_not_once_more_as_a_threat() -> None:
    assert sentences(FactKind.FIRST, act(50), act(10, "threat", "threat to kill")) == [
        "First recorded threat to kill: 21 March 2026."
    ]
    assert len(sentences(FactKind.FIRST, act(50), act(20, "threat"), act(10, "threat to kill"))) == 2


def test_a_topic_of_the_referral_is_no_first_afterwards_and_is_the_gravest() -> None:
    raised = AtReferral("R-1", ("weapon", "strangulation"), ago(30), "desk")
    acts = (act(50), act(10, "threat", "weapon"))
    assert "First recorded weapon: 21 March 2026." in sentences(FactKind.FIRST, *acts)
    assert sentences(FactKind.FIRST, *acts, at_referral=raised) == ["First recorded threat: 21 March 2026."]
    before_it = (act(50), act(40, "threat", "weapon"))
    assert "First recorded weapon: 19 February 2026." in sentences(
        FactKind.FIRST, *before_it, at_referral=raised
    )
    (fact,) = of_kind(FactKind.GRAVEST, *acts, at_referral=raised)
    assert (fact.says, fact.records) == (
        "Gravest recorded, each with its latest date: strangulation (no full date).",
        ("R-1",),
    )


def test_the_gravest_is_on_top_where_nothing_else_there_says_it() -> None:
    (old,) = of_kind(FactKind.GRAVEST, act(40, "assault"), act(3))
    (new,) = of_kind(FactKind.GRAVEST, act(3, "assault"))
    assert (old.short, new.short) == ("gravest recorded: assault 19 Feb", None)


def test_one_without_a_full_date_may_be_earlier_and_that_is_said() -> None:
    acts = [act(100), act(20, "threat"), act(None, "threat", happened="2026")]
    assert sentences(FactKind.FIRST, *acts) == [
        "First recorded threat: 11 March 2026; 1 without a full date may be earlier."
    ]


def test_an_alarm_topic_is_a_first_as_well() -> None:
    assert "First recorded weapon: 21 March 2026." in sentences(
        FactKind.FIRST, act(50), act(10, "threat", "weapon")
    )


def test_a_grave_act_long_ago_neither_hides_a_later_rise_nor_goes() -> None:
    acts = [act(900, "assault"), act(40), act(20, "threat")]
    assert sentences(FactKind.GRAVEST, *acts) == [
        "Gravest recorded, each with its latest date: assault (13 October 2023)."
    ]
    assert sentences(FactKind.GRAVER, *acts) == [
        "Graver in the last 28 days (threat) than in the 28 before (contacting)."
    ]


@pytest.mark.parametrize(
    ("acts", "fires"),
    [
        ((act(40), act(20, "threat")), True),
        ((act(40, "threat"), act(20, "threat")), False),
        ((act(20, "threat"),), False),  # nothing to compare it with
        ((act(170), act(20, "threat")), True),  # by the longer period
        ((act(181), act(20, "threat")), False),
    ],
)
def test_graver_compares_a_period_with_as_many_days_before(acts: tuple[object, ...], fires: bool) -> None:
    assert bool(sentences(FactKind.GRAVER, *acts)) is fires  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("acts", "said"),
    [
        (
            (act(40, channel="phone"), act(20, "watching")),
            "Nearer in the last 28 days (in the victim's presence, or at a place that the "
            "victim uses) than in the 28 "
            "before (from a distance).",
        ),
        ((act(40, "watching"), act(20, "watching")), None),
        ((act(40, "watching"), act(20, channel="phone")), None),
        ((act(40, "other"), act(20, "watching")), None),  # how near the earlier was is not recorded
    ],
)
def test_nearer_fires_where_both_are_known(acts: tuple[object, ...], said: str | None) -> None:
    assert sentences(FactKind.NEARER, *acts) == ([said] if said else [])  # type: ignore[arg-type]


def test_more_channels_than_before() -> None:
    acts = [act(40, channel="phone"), act(9, channel="phone"), act(8, channel="online"), act(7)]
    assert sentences(FactKind.WAYS, *acts) == [
        "The victim was approached in 2 ways in the last 28 days (phone and online), in 1 "
        "way in the 28 before."
    ]
    assert sentences(FactKind.WAYS, act(40, channel="phone"), act(9, channel="online")) == [], "one as before"
    assert sentences(FactKind.WAYS, act(9, channel="online")) == [], "one channel is no more than one"


def test_acts_through_other_people_and_to_them_are_counted() -> None:
    through = [act(day)._replace(came_through_others=True) for day in (9, 4)]
    reached = act(2)._replace(reached_others=True)
    assert sentences(FactKind.OTHER_PEOPLE, *through, reached) == [
        "2 reported acts came through other people; 1 reported act reached people other than "
        "the victim; one act "
        "can be both."
    ]
    assert sentences(FactKind.OTHER_PEOPLE, through[0]) == [], "one is said as the first"


def test_a_contact_is_not_called_the_gravest() -> None:
    assert sentences(FactKind.GRAVEST, act(5), act(4, "following")) == []
    (fact,) = of_kind(FactKind.GRAVEST, act(None, "assault"))
    assert fact.says == "Gravest recorded, each with its latest date: assault (no full date)."


def test_every_kind_and_topic_of_an_act_has_a_place_in_the_order_of_severity() -> None:
    of_acts = {AlarmTopic.THREAT_TO_KILL, AlarmTopic.WEAPON, AlarmTopic.STRANGULATION}
    placed = {kind for step in conduct().severity for kind in step.kinds}
    assert placed == {kind.value for kind in IncidentKind} | {topic.value for topic in of_acts}
    assert {c for step in conduct().nearness for c in step.channels} == {c.value for c in Channel}
    assert {kind for first in conduct().first for kind in first.kinds} <= placed
