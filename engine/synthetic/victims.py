"""An invented victim's answers at a moment, and own description, as the advocate enters them.

Answers get worse as often as better, so that no figure of the demonstration implies that the work helped.
"""

from __future__ import annotations

from datetime import date
from random import Random

from engine.domain.dates import PartialDate
from engine.domain.invented import InventedEpisode
from engine.domain.outcomes.described import Characteristic, DescriptionGiven
from engine.domain.outcomes.victims import Agreed, LifeChange, Moment, Topic, VictimOutcomeGiven
from engine.synthetic.figures import figures
from engine.synthetic.streams import chosen, happens, stream

_MINUTES = (15, 240)
_ANSWERED = "answered"


def account_of(
    episode: InventedEpisode,
    moment: Moment,
    *,
    seed: int,
    on: date,
    before: VictimOutcomeGiven | None = None,
) -> VictimOutcomeGiven:
    """Return the answers at a moment; ``before`` are those of an earlier one, which these follow."""
    chance = stream(seed, "victim's account", episode.key, moment.value)
    agreed = Agreed(chosen(chance, figures().mix("victim_agrees")))
    goes_on = happens(chance, figures().rate("victim_agrees_again"))
    if before is not None and before.agreed is Agreed.GIVEN and goes_on:
        agreed = Agreed.GIVEN
    answers = {topic: _answer(chance, topic, before) for topic in Topic}
    changes = tuple(each for each in LifeChange if happens(chance, figures().rate("victim_had_to_change")))
    if agreed is not Agreed.GIVEN:
        return VictimOutcomeGiven(moment=moment, agreed=agreed, asked_on=PartialDate.of(on))
    return VictimOutcomeGiven(
        moment=moment, agreed=agreed, asked_on=PartialDate.of(on), answers=answers, had_to_change=changes
    )


def _answer(chance: Random, topic: Topic, before: VictimOutcomeGiven | None) -> str:
    outcome = chosen(chance, figures().mix("victim_question"))
    first = chance.randrange(len(topic.answers))
    step = {"worse": -1, "same": 0, "better": 1}[chosen(chance, figures().mix("victim_change"))]
    if outcome != _ANSWERED:
        return outcome
    earlier = before.place(topic) if before is not None else None
    place = first if earlier is None else min(max(earlier + step, 0), len(topic.answers) - 1)
    return topic.answers[place]


def description_of(episode: InventedEpisode, *, seed: int, on: date) -> DescriptionGiven:
    """Return an own description. Groups are drawn alike, so that no group is a victim more often."""
    chance = stream(seed, "victim's description", episode.key)
    agreed = Agreed(chosen(chance, figures().mix("victim_agrees")))
    female = happens(chance, figures().rate("victim_describes_as_female"))
    given: dict[Characteristic, str] = {}
    for characteristic in Characteristic:
        outcome = chosen(chance, figures().mix("victim_question"))
        code = characteristic.answers[chance.randrange(len(characteristic.answers))]
        if characteristic is Characteristic.SEX:
            code = characteristic.answers[0 if female else 1]
        given[characteristic] = code if outcome == _ANSWERED else outcome
    return DescriptionGiven(
        agreed=agreed,
        asked_on=PartialDate.of(on),
        characteristics=given if agreed is Agreed.GIVEN else {},
    )


def minutes_of(key: str, *, seed: int) -> int | None:
    """Return the minutes reported with an action that is done; None where none are reported."""
    chance = stream(seed, "minutes of an action", key)
    is_reported = happens(chance, figures().rate("minutes_are_reported"))
    minutes = chance.randint(*_MINUTES)
    return minutes if is_reported else None
