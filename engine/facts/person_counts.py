"""Counting the acts, the people and the cases of one alleged perpetrator: each act once. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from engine.domain.cases.person_acts import PersonActs
from engine.domain.dates import PartialDate


class CountedAct(NamedTuple):
    """One reported act. ``names`` are its reference and crime references: with one of them it is the same."""

    reference: str
    happened: PartialDate | None
    names: frozenset[str]


class CaseOfPerson(NamedTuple):
    """One referral against the person: its episode, its victim's person, and its acts."""

    reference: str
    episode: str
    victim: int
    acts: tuple[CountedAct, ...]


def count_acts(cases: Sequence[CaseOfPerson], *, may_be_one: Collection[tuple[int, int]] = ()) -> PersonActs:
    """Return the counts over these cases; referrals of one episode are one case about one victim.

    ``may_be_one`` are pairs of victims who may be the same person, and are not decided.
    """
    acts = tuple(_distinct(act for case in cases for act in case.acts))
    episodes = {case.episode for case in cases if case.acts}
    days = [act.happened.earliest for act in acts if act.happened and act.happened.is_whole_day]
    return PersonActs(
        acts=len(acts),
        people=_people(cases),
        people_at_least=_people(cases, may_be_one),
        cases=len(episodes),
        cases_without_acts=len({case.episode for case in cases} - episodes),
        first=min(days, default=None),
        last=max(days, default=None),
        without_full_date=len(acts) - len(days),
        records=tuple(act.reference for act in acts),
        references=tuple(case.reference for case in cases),
    )


def _distinct(acts: Iterable[CountedAct]) -> Iterator[CountedAct]:
    """Yield each act once: the same crime may be reported on two cases."""
    seen = set[str]()
    for act in acts:
        if seen.isdisjoint(act.names):
            yield act
        seen |= act.names


def _people(cases: Sequence[CaseOfPerson], may_be_one: Collection[tuple[int, int]] = ()) -> int:
    """Return how many victims the cases with an act have: those of one episode are one."""
    there = {case.victim for case in cases}
    links = [(case.victim, other.victim) for case, other in _of_one_episode(cases)]
    links += [pair for pair in may_be_one if set(pair) <= there]
    group = {victim: victim for victim in there}
    for one, other in links:
        first, second = group[one], group[other]
        group = {victim: first if of == second else of for victim, of in group.items()}
    return len({group[case.victim] for case in cases if case.acts})


def _of_one_episode(cases: Sequence[CaseOfPerson]) -> Iterator[tuple[CaseOfPerson, CaseOfPerson]]:
    first: dict[str, CaseOfPerson] = {}
    for case in cases:
        yield first.setdefault(case.episode, case), case
