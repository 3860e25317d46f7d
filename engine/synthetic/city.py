"""The invented city: who stalks whom, streamed. Knows no agency, no storage and no clock.

A strand is one perpetrator with one or more victims; its episodes come one after the other, each followed by
the counter-allegation that it drew, if any. The same seed and ``until`` give the same episodes, and a larger
``count`` only adds to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from engine.domain.errors import InvalidInputError
from engine.domain.invented import InventedEpisode, InventedIncident, InventedPerson
from engine.domain.outcomes.follow_up import AgainstWhom
from engine.domain.people.persons import IdentifierScheme, Sex
from engine.synthetic.figures import figures
from engine.synthetic.happenings import counter_incidents_of, incidents_of
from engine.synthetic.persons import perpetrator, victim
from engine.synthetic.streams import chosen, exponential_within, happens, log_normal, stream

_PERPETRATOR_AGES = {"18-24": 0.18, "25-34": 0.32, "35-44": 0.26, "45-54": 0.15, "55-69": 0.09}
_VICTIM_AGES = {"16-24": 0.30, "25-34": 0.28, "35-44": 0.20, "45-54": 0.12, "55-64": 0.06, "65-84": 0.04}


@dataclass(frozen=True)
class _Known:
    """One episode before it is known what came after it."""

    key: str
    running: int
    victim: InventedPerson
    relationship: str
    typology: str
    began: date
    referred_on: date
    has_advocate: bool
    incidents: tuple[InventedIncident, ...] = ()
    again_on: date | None = None
    again_against: str | None = None


def invented_episodes(seed: int, *, count: int, until: date, years: float = 2.0) -> Iterator[InventedEpisode]:
    """Yield ``count`` episodes referred in the ``years`` up to ``until``, as they come, not sorted by day.

    A larger ``count`` leaves the earlier ones as they are.
    """
    if count < 0:
        raise InvalidInputError("count", "give 0 or more")
    if not 0 < years <= 50:
        raise InvalidInputError("years", "give more than 0 and at most 50")
    return _emitted(seed, count, until, years)


def known_on(episode: InventedEpisode, day: date) -> InventedEpisode:
    """Return the episode as it could be known by that day: nothing that happened later."""
    again_is_known = episode.further_stalking_on is not None and episode.further_stalking_on <= day
    return episode.model_copy(
        update={
            "incidents": tuple(i for i in episode.incidents if i.happened.latest <= day),
            "further_stalking_on": episode.further_stalking_on if again_is_known else None,
            "further_against": episode.further_against if again_is_known else None,
        }
    )


def _emitted(seed: int, count: int, until: date, years: float) -> Iterator[InventedEpisode]:
    left, person, strand = count, 0, 0
    while left > 0:
        episodes, person = _strand(seed, strand=strand, person=person, until=until, years=years)
        yield from episodes[:left]
        left -= len(episodes)
        strand += 1


def _strand(
    seed: int, *, strand: int, person: int, until: date, years: float
) -> tuple[list[InventedEpisode], int]:
    """Return the episodes of one perpetrator, and the next person's running number."""
    chance, rate = stream(seed, "strand", strand), figures().rate
    sex = Sex.MALE if happens(chance, rate("perpetrator_is_male")) else Sex.FEMALE
    age = _age(chance, _PERPETRATOR_AGES)
    drinks, ill = happens(chance, rate("drinks")), happens(chance, rate("ill"))
    convicted_before = happens(chance, rate("convicted_before"))
    victims = 1
    if happens(chance, rate("serial")):
        victims = 3 if happens(chance, rate("third_victim")) else 2
    keys = [f"E{strand:06}-{number}" for number in range(1, victims + 1)]
    days = [_referred_on(seed, key, until, years) for key in keys]
    stalker = perpetrator(
        seed,
        person=person,
        strand=strand,
        sex=sex,
        age=age,
        convicted_before=convicted_before,
        on=min(days),
    )
    known = [
        _course(seed, key, strand * 10 + number, person=person + number, stalker=stalker, referred_on=day)
        for number, (key, day) in enumerate(zip(keys, days, strict=True), start=1)
    ]
    episodes: list[InventedEpisode] = []
    for one in known:
        one = _with_what_came_after(seed, one, known, drinks)
        episode = InventedEpisode(
            key=one.key,
            perpetrator=stalker,
            victim=one.victim,
            relationship=one.relationship,
            typology=one.typology,
            began=one.began,
            incidents=one.incidents,
            drinks=drinks,
            ill=ill,
            convicted_before=convicted_before,
            has_advocate=one.has_advocate,
            referred_on=one.referred_on,
            further_stalking_on=one.again_on,
            further_against=one.again_against,
        )
        episodes.append(episode)
        if happens(
            stream(seed, "counter?", one.key), rate("counter_allegation") / (1 - rate("counter_allegation"))
        ):
            episodes.append(_counter_allegation(seed, episode, running=one.running + 5, until=until))
    return episodes, person + 1 + victims


def _referred_on(seed: int, key: str, until: date, years: float) -> date:
    return until - timedelta(days=int(stream(seed, "day", key).random() * years * 365.25))


def _course(
    seed: int, key: str, running: int, *, person: int, stalker: InventedPerson, referred_on: date
) -> _Known:
    chance, rate = stream(seed, "episode", key), figures().rate
    relationship = chosen(chance, figures().mix("relationship"))
    of = "male" if stalker.sex is Sex.MALE else "female"
    is_female = happens(chance, rate(f"victim_is_female_of_a_{of}"))
    age = _age(chance, _VICTIM_AGES)
    near_stalkers = max(16, referred_on.year - stalker.date_of_birth.year + chance.randint(-8, 6))
    invented = victim(
        seed,
        person=person,
        sex=Sex.FEMALE if is_female else Sex.MALE,
        age=near_stalkers if relationship == "ex-partner" else age,
        on=referred_on,
    )
    began = _began(chance, referred_on, stalker, invented)
    return _Known(
        key=key,
        running=running,
        victim=invented,
        relationship=relationship,
        typology=chosen(chance, figures().typology_by_relationship.shares[relationship]),
        began=began,
        referred_on=referred_on,
        has_advocate=happens(chance, rate("has_advocate")),
        incidents=incidents_of(
            chance, key=key, running=running, relationship=relationship, began=began, referred_on=referred_on
        ),
    )


def _began(chance: Random, referred_on: date, stalker: InventedPerson, target: InventedPerson) -> date:
    number = figures().number
    days = log_normal(chance, median=number("duration_median_days"), spread=number("duration_spread"))
    days = min(max(days, number("duration_least_days")), number("duration_most_days"))
    younger = max(stalker.date_of_birth, target.date_of_birth)
    old_enough = (referred_on - younger).days - 16 * 365
    return referred_on - timedelta(days=int(min(days, max(old_enough, number("duration_least_days")))))


def _with_what_came_after(seed: int, one: _Known, known: list[_Known], drinks: bool) -> _Known:
    """Return what is known, with true further stalking:
    at the start of a later episode of the perpetrator's, or drawn.

    Nothing that an agency does enters here, so that no figure of the city can say that the work changed it.
    """
    later = [other.began for other in known if other.began > one.referred_on]
    if later:
        return replace(one, again_on=min(later), again_against=AgainstWhom.NEW_VICTIM.value)
    chance, rate, number = stream(seed, "after", one.key), figures().rate, figures().number
    forced = rate("again_is_a_later_episode")
    whole = rate("stalks_again")
    drawn = (whole - forced) / (1 - forced)
    drawn += rate("again_more_when_drinking") * ((1.0 if drinks else 0.0) - rate("drinks"))
    again = happens(chance, drawn)
    soon = happens(chance, rate("again_within_a_year"))
    new = happens(chance, max(0.0, whole * rate("again_new_victim") - forced) / (whole - forced))
    by_proxy = happens(chance, rate("again_by_proxy"))
    if not again:
        return one
    if soon:
        days = exponential_within(chance, mean=number("again_within_year_mean_days"), most=364.0)
    else:
        days = 365.0 + exponential_within(chance, mean=900.0, most=number("again_latest_years") * 365 - 365)
    against = AgainstWhom.NEW_VICTIM if new else AgainstWhom.BY_PROXY if by_proxy else AgainstWhom.SAME_VICTIM
    return replace(one, again_on=one.referred_on + timedelta(days=1 + int(days)), again_against=against.value)


def _counter_allegation(seed: int, episode: InventedEpisode, *, running: int, until: date) -> InventedEpisode:
    """Return the other party's account of the same two people.

    It is only an account: nothing here was true stalking.
    """
    key = f"{episode.key}C"
    chance = stream(seed, "episode", key)
    referred_on = min(until, episode.referred_on + timedelta(days=chance.randint(-10, 60)))
    began = referred_on - timedelta(days=chance.randint(14, 120))
    accused = episode.victim
    return InventedEpisode(
        key=key,
        perpetrator=accused,
        victim=episode.perpetrator,
        relationship=episode.relationship,
        typology="resentful",
        began=began,
        incidents=counter_incidents_of(
            chance, key=key, running=running, began=began, referred_on=referred_on
        ),
        convicted_before=any(i.scheme is IdentifierScheme.PNC for i in accused.identifiers),
        referred_on=referred_on,
        counter_allegation_of=episode.key,
    )


def _age(chance: Random, bands: dict[str, float]) -> int:
    least, _, most = chosen(chance, bands).partition("-")
    return chance.randint(int(least), int(most))
