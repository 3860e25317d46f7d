"""All facts of a case together: their order, and that a later act never makes them milder."""

from __future__ import annotations

import re
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.cases.incidents import Channel, IncidentKind
from engine.domain.cases.plain_facts import Fact, FactKind, on_top_of
from engine.domain.dates import PartialDate
from engine.facts.acts import Act, Around
from engine.facts.of_case import plain_facts
from tests.engine.facts.builders import TODAY, act, ago
from tests.engine.facts.test_agencies import closed_reports
from tests.engine.facts.test_released import released

NEGATIVE = re.compile(
    r"\bno (sign|rise|trend|new|alarm|danger|threat|change)"
    r"|\b(fewer|less|calm|stopped|ended|never|fell|lower|safe)\b",
    re.IGNORECASE,
)
_ACTS = st.builds(
    lambda days, kind, channel, number: Act(
        f"I-{number}", PartialDate.of(ago(days)), (kind.value,), channel.value if channel else None, ("desk",)
    ),
    st.integers(0, 400),
    st.sampled_from(IncidentKind),
    st.none() | st.sampled_from(Channel),
    st.integers(0, 10**9),
)
_AROUND = st.lists(
    st.builds(
        lambda what, days: Around(what, ago(days)),
        st.sampled_from(["the order", "the arrest"]),
        st.integers(0, 400),
    ),
    max_size=3,
)
_CASES = st.lists(_ACTS, min_size=1, max_size=12, unique_by=lambda each: each.reference)


def facts(acts: list[Act], around: list[Around]) -> tuple[Fact, ...]:
    return plain_facts(acts, today=TODAY, around=around)


def subjects(found: tuple[Fact, ...]) -> set[tuple[FactKind, str]]:
    """What each fact is about: its kind, and for firsts and what came after something also that."""
    return {
        (fact.kind, _subject(fact) if fact.kind in {FactKind.FIRST, FactKind.AFTER} else "") for fact in found
    }


def _subject(fact: Fact) -> str:
    plain = fact.says.removeprefix("Recorded: ").removeprefix("After ")
    return plain.split(":")[0].removesuffix(".").lower()


@given(_CASES, _AROUND)
def test_the_newest_act_never_takes_a_fact_away(acts: list[Act], around: list[Around]) -> None:
    newest = max(acts, key=lambda each: (each.first, each.reference))
    others = [each for each in acts if each is not newest]
    if any(each.first == newest.first for each in others):
        return
    assert subjects(facts(others, around)) <= subjects(facts(acts, around))


@given(_CASES, _AROUND)
def test_a_later_act_lowers_no_count_and_no_step(acts: list[Act], around: list[Around]) -> None:
    newest = max(acts, key=lambda each: (each.first, each.reference))
    others = [each for each in acts if each is not newest]
    if any(each.first == newest.first for each in others):
        return
    before = {fact.kind: fact for fact in facts(others, around) if fact.kind is FactKind.COUNTS}
    after = {fact.kind: fact for fact in facts(acts, around) if fact.kind is FactKind.COUNTS}
    for kind, fact in before.items():
        assert len(after[kind].records) >= len(fact.records)


@given(_CASES, _AROUND)
def test_no_sentence_denies_a_danger_and_all_are_in_the_order_of_time(
    acts: list[Act], around: list[Around]
) -> None:
    found = facts(acts, around)
    assert [fact.on for fact in found] == sorted(fact.on for fact in found)
    for fact in found:
        assert not NEGATIVE.search(f"{fact.says} {fact.short}"), fact.says
        assert fact.on <= TODAY + timedelta(days=0)


def test_the_line_on_top_has_the_facts_of_the_last_weeks_in_the_order_of_time() -> None:
    acts = [act(each) for each in (175, 124, 64, 14, 6)] + [act(0, "threat")]
    (in_order,) = on_top_of(facts(acts, []))
    assert in_order == (
        "3 acts in 15 days (17 Mar to 31 Mar), after gaps of 51, 60 and 50 days",
        "first recorded threat 31 Mar",
        "graver than in the 90 days before: threat",
        "acts: 2 in 14 days (1 before), 3 in 28 days (none before), 4 in 90 days (2 before)",
        "latest act 31 Mar; victim last reached: not recorded; custody: not known",
    )


def test_what_is_formal_has_the_first_line_on_top() -> None:
    given = released(levels=("RoSH was recorded as high.",))
    formal, in_order = on_top_of(plain_facts([act(3)], today=TODAY, released=[given]))
    assert formal == ("Harbour: RoSH was recorded as high",)
    assert in_order[-1].startswith("latest act 28 Mar")


def test_every_kind_of_fact_fires_somewhere() -> None:
    acts = [
        act(None, happened="2020-03-01"),
        act(None),
        *(act(each, channel="phone") for each in (175, 124, 64, 14)),
        act(6, "watching", channel="in person"),
        act(0, "threat", channel="online")._replace(reached_others=True),
        act(2, "vexatious complaint"),
    ]
    formal = released(*closed_reports(3), levels=("RoSH was recorded as high.",))
    found = plain_facts(
        acts,
        today=TODAY,
        around=[Around("the order", ago(20))],
        released=[formal],
        not_decided=[acts[-2].reference],
    )
    of_all_cases = {FactKind.PERSON, FactKind.MAY_BE_SAME, FactKind.SHARED}  # test_person.py
    assert {fact.kind for fact in found} == set(FactKind) - of_all_cases
