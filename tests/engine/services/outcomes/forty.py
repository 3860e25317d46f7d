"""Forty-one victims, fast: ten are safer at exit, ten less safe, eleven the same, ten have no answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from engine.domain.dates import PartialDate
from engine.domain.outcomes.described import Characteristic, DescriptionGiven
from engine.domain.outcomes.follow_up import AgainstWhom, Measure, OutcomeFound, OutcomeGiven
from engine.domain.outcomes.releases import Release
from engine.domain.outcomes.tables import FigureTable
from engine.domain.outcomes.victims import Agreed, Moment, Topic, VictimOutcomeGiven
from engine.services.outcomes.releases import make_outcome_release
from tests.builders import Desk, a_decision, a_person, a_referral, a_screening

_SEX = ("male", "female")


def given(moment: Moment, answer: str) -> VictimOutcomeGiven:
    return VictimOutcomeGiven(
        moment=moment, agreed=Agreed.GIVEN, asked_on=PartialDate("2026-03-01"), answers={Topic.SAFETY: answer}
    )


def forty_victims(desk: Desk) -> list[str]:
    """Refer them, with what their advocate entered."""
    numbers = range(1, 42)
    people = [a_person("Daniel", f"Roe{chr(97 + number // 26)}{chr(97 + number % 26)}") for number in numbers]
    referrals = (
        a_referral(str(number), perpetrator=who) for number, who in zip(numbers, people, strict=True)
    )
    references = list(desk.refer(*referrals).referrals)
    exits = ["safe"] * 10 + ["very unsafe"] * 10 + ["unsafe"] * 11 + ["not asked"] * 10
    with desk.runtime.uow.writing(acting=desk.coordinator, what="test", at=desk.clock.now()) as work:
        for number, (reference, answer) in enumerate(zip(references, exits, strict=True)):
            work.touches(reference)
            work.screenings.add(reference, a_screening(), by="cora", at=desk.clock.now())
            for moment, answers in ((Moment.INTAKE, "unsafe"), (Moment.EXIT, answer)):
                work.victims_outcomes.add(
                    reference, given(moment, answers), agency="voice", by="voice-worker", at=desk.clock.now()
                )
            sex = DescriptionGiven(
                agreed=Agreed.GIVEN,
                asked_on=PartialDate("2026-03-01"),
                characteristics={Characteristic.SEX: _SEX[number < 26]},
            )
            work.victims_outcomes.describe(
                reference, sex, agency="voice", by="voice-worker", at=desk.clock.now()
            )
    return references


def released_next_quarter(desk: Desk) -> Release:
    """The release of the quarter that has just ended, a little later."""
    desk.clock.forward(timedelta(days=92))
    return make_outcome_release(desk.context(desk.coordinator)).release


def tables_of(release: Release) -> list[FigureTable]:
    assert release.work is not None
    return [each.table for each in release.work.tables]


def table_of(release: Release, name: str) -> FigureTable:
    return next(table for table in tables_of(release) if table.name == name)


def followed_for_a_year(desk: Desk, references: Sequence[str]) -> None:
    """The panel decides on each; thirteen months later fifteen have a further report, the others none."""
    with desk.runtime.uow.writing(acting=desk.chair, what="test", at=desk.clock.now()) as work:
        for reference in references:
            work.touches(reference)
            work.decisions.add(
                reference, a_decision(), saw={}, not_seen={}, by=desk.chair.user, at=desk.clock.now()
            )
    decided = desk.clock.today()
    desk.clock.forward(timedelta(days=400))
    with desk.runtime.uow.writing(acting=desk.coordinator, what="test", at=desk.clock.now()) as work:
        for number, reference in enumerate(references):
            work.touches(reference)
            has_further = number < 15
            outcome = OutcomeGiven(
                measure=Measure.REPORTED,
                found=OutcomeFound.FURTHER_STALKING if has_further else OutcomeFound.NONE_FOUND,
                against=AgainstWhom.SAME_VICTIM if has_further else None,
                happened=PartialDate.of(decided + timedelta(days=20 + 9 * number)) if has_further else None,
                looked_until=PartialDate.of(desk.clock.today()),
                looked_in=("police",),
                says="Records were searched.",
            )
            work.outcomes.add(reference, outcome, by=desk.coordinator.user, at=desk.clock.now())
