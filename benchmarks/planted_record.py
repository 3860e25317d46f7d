"""The planted patterns through a record: referrals day by day, words on who is the same, and the findings."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, datetime, time
from itertools import groupby
from pathlib import Path

from benchmarks.pattern_scores import Score, score_of, subject
from engine.clock import SetClock
from engine.domain.accounts.acting import Acting
from engine.domain.people.persons import ClaimedRole
from engine.domain.people.same_person import SameVerdict
from engine.exchange.rows import ReferralRow
from engine.links.patterns.finding import Finding, PatternKey
from engine.links.patterns.searching import PatternsAsked
from engine.runtime import Runtime, initialise
from engine.services.accounts.users import add_first_user
from engine.services.links.register import patterns
from engine.services.people.same_person import judge_same
from engine.services.referrals.imports import import_referrals
from engine.synthetic.planted import Planted, PlantedRecord, planted_record


def through_the_record(seed: int, *, plants: int, pairs: int) -> dict[PatternKey, Score]:
    """Every pattern in a record of its own: referrals taken in day by day, and words on who is the same."""
    clock = SetClock(datetime(2020, 1, 1, tzinfo=UTC))
    with (
        tempfile.TemporaryDirectory() as place,
        initialise({"STAC_HOME": str(Path(place, "home"))}, clock=clock) as runtime,
    ):
        first = add_first_user(uow=runtime.uow, clock=clock, name="cora")
        assert first is not None, "the record is new"
        planted = planted_record(seed, plants=plants, pairs=pairs)
        who = take_in(runtime, clock, first.acting(), planted)
        return scores_of(runtime, clock, first.acting(), planted, who)


def take_in(runtime: Runtime, clock: SetClock, acting: Acting, planted: PlantedRecord) -> dict[str, str]:
    """Take the referrals in, each on its day, and say who is the same; whom each reference stands for."""
    who: dict[str, str] = {}
    for day, those in groupby(planted.referrals, key=lambda each: each.day):
        clock.move_to(datetime.combine(day, time(12), tzinfo=UTC))
        part = list(those)
        cases = import_referrals(
            replace(runtime.context(acting), clock=clock),
            rows=[
                ReferralRow(row=row, referral=each.referral, original="{}")
                for row, each in enumerate(part, start=2)
            ],
            file_digest=f"{day:%Y%m%d}".zfill(64),
        ).referrals
        _say_who(runtime, clock, acting, dict(zip(cases, part, strict=True)), who)
    return who


def _say_who(
    runtime: Runtime, clock: SetClock, acting: Acting, cases: dict[str, Planted], who: dict[str, str]
) -> None:
    """Each record is the same person as the first record of that person."""
    with runtime.uow.unrecorded() as work:
        people = work.people.on_cases(list(cases))
    for person in people:
        planted = cases[person.involvement]
        named = planted.perpetrator if person.role is ClaimedRole.PERPETRATOR else planted.victim
        first = next((reference for reference, other in who.items() if other == named), None)
        who[person.reference] = named
        if first is not None:
            judge_same(
                replace(runtime.context(acting), clock=clock),
                one=first,
                other=person.reference,
                verdict=SameVerdict.SAME,
                why="Planted so.",
            )


def scores_of(
    runtime: Runtime, clock: SetClock, acting: Acting, planted: PlantedRecord, who: dict[str, str]
) -> dict[PatternKey, Score]:
    """Every pattern that the record can hold beside what was planted."""
    found = patterns(
        replace(runtime.context(acting), clock=clock),
        snapshots=runtime.link_snapshots,
        asked=PatternsAsked([PatternKey(pattern) for pattern in planted.key]),
    ).findings
    return {
        key: score_of({_named(key, each, who) for each in findings}, planted.key[key.value])
        for key, findings in found.items()
    }


def _named(key: PatternKey, finding: Finding, who: dict[str, str]) -> tuple[str, ...]:
    named = finding.model_copy(update={"persons": tuple(who[person] for person in finding.persons)})
    if key is PatternKey.SHARED_OBJECT:
        return tuple(sorted(named.persons))
    return subject(key, named)
