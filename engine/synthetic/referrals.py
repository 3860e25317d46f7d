"""Referrals as they really arrive: names misspelt, dates missing, alarm topics left blank.

What would locate the victim is only in ``protected``. A counter-allegation carries nothing by which the
person accused could be found: that person may be the victim of the other episode.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from engine.domain.absence import YesNo
from engine.domain.cases.incidents import IncidentReported
from engine.domain.dates import PartialDate
from engine.domain.invented import InventedEpisode, InventedIncident
from engine.domain.outcomes.follow_up import AgainstWhom
from engine.domain.people.persons import PersonDescribed
from engine.domain.referrals.intake import (
    AlarmAnswers,
    AlarmTopic,
    Children,
    PerpetratorAccessTo,
    ProtectedKind,
    ProtectedValue,
    Referral,
    VictimPosition,
    VictimView,
)
from engine.synthetic.described import described, things_of
from engine.synthetic.figures import figures
from engine.synthetic.happenings import further_incident, true_alarms
from engine.synthetic.streams import chosen, happens, stream
from engine.synthetic.wording import places, talk


def referral_of(episode: InventedEpisode, *, seed: int, source: str, sequence: int = 0) -> Referral:
    """Return the episode as one source refers it.

    A ``sequence`` above 0 is a later referral of the same people.
    """
    chance, rate = stream(seed, "referral", episode.key, source, sequence), figures().rate
    is_counter = episode.counter_allegation_of is not None
    unidentified = _is_unidentified(seed, episode)
    on = _referred_on(seed, episode, sequence)
    perpetrator, their_things = episode.perpetrator, things_of(chance, episode.perpetrator)
    address = f"{perpetrator.address}, {perpetrator.postcode}"
    given_address = address if happens(chance, rate("address_given")) else None
    incidents = _incidents(chance, seed, episode, on=on, again=sequence > 0)
    works_for = happens(chance, rate("works_for_an_agency"))
    return Referral(
        source=source,
        source_reference=f"INV-{episode.key}" + (f"-{sequence}" if sequence else ""),
        referred_on=PartialDate.of(on),
        reason=_reason(chance, episode, incidents, again=sequence > 0),
        relationship=None if happens(chance, rate("detail_not_given")) else episode.relationship,
        perpetrator=(
            PersonDescribed(surname="unknown")
            if unidentified
            else described(chance, perpetrator, with_identifiers=not is_counter)
        ),
        perpetrator_things=() if is_counter or unidentified else their_things,
        perpetrator_address=None if is_counter or unidentified else given_address,
        victim=described(chance, episode.victim, with_identifiers=False),
        victim_position=_victim_position(chance, seed, source),
        children=_children(chance, seed, episode, source),
        party_works_for=YesNo.YES
        if works_for
        else _answer_or_absence(chance, _unknown(seed, source), YesNo.NO),
        party_works_for_which=source if works_for else None,
        alarms=alarms_of(episode, seed=seed, source=source, sequence=sequence),
        incidents=incidents,
        protected=_safe_contact(chance) if is_counter else _protected(chance, seed, episode),
    )


def further_referrals(
    episode: InventedEpisode, *, seed: int, sources: Sequence[str], until: date
) -> tuple[Referral, ...]:
    """Return the later referrals of the same two people up to ``until``, by day;
    for most episodes there is none.
    """
    chance = stream(seed, "referred again", episode.key)
    again = happens(chance, figures().rate("referred_again"))
    a_third_time = happens(chance, figures().rate("referred_a_third_time"))
    if not again or episode.counter_allegation_of is not None or _is_unidentified(seed, episode):
        return ()
    later = []
    for sequence in (1, 2) if a_third_time else (1,):
        source = chance.choice(sources)
        if _referred_on(seed, episode, sequence) <= until:
            later.append(referral_of(episode, seed=seed, source=source, sequence=sequence))
    return tuple(later)


def alarms_of(episode: InventedEpisode, *, seed: int, source: str, sequence: int = 0) -> AlarmAnswers:
    """Return the alarm topics as that source answered them: some not known, some never asked."""
    chance = stream(seed, "alarms", episode.key, source, sequence)
    true, unknown = true_alarms(seed, episode), _unknown(seed, source)
    return AlarmAnswers(
        answers={
            topic: _answer_or_absence(chance, unknown, YesNo.YES if topic in true else YesNo.NO)
            for topic in AlarmTopic
        }
    )


@lru_cache(maxsize=256)
def _unknown(seed: int, source: str) -> float:
    """Return how often this source does not know an item."""
    least, most = figures().rate("unknown_item_least"), figures().rate("unknown_item_most")
    return least + (most - least) * stream(seed, "source", source).random()


def _answer_or_absence(chance: Random, unknown: float, answer: YesNo) -> YesNo:
    """Return the answer, or one of its absences; always two draws."""
    is_unknown, is_blank = happens(chance, unknown), happens(chance, 0.5)
    if not is_unknown:
        return answer
    return YesNo.NOT_ASKED if is_blank else YesNo.NOT_KNOWN


def _is_unidentified(seed: int, episode: InventedEpisode) -> bool:
    chance = stream(seed, "unidentified", episode.key)
    is_so = happens(chance, figures().rate("stranger_unidentified"))
    return is_so and episode.relationship == "stranger" and episode.counter_allegation_of is None


def _referred_on(seed: int, episode: InventedEpisode, sequence: int) -> date:
    """Return the day of the first referral, or of a later one:
    just after the perpetrator stalked the victim again, if so.
    """
    chance, on = stream(seed, "referral days", episode.key), episode.referred_on
    for _ in range(sequence):
        after = timedelta(days=chance.randint(0, 5))
        at_random = timedelta(days=chance.randint(5, 120))
        again = episode.further_stalking_on
        same = again is not None and episode.further_against != AgainstWhom.NEW_VICTIM.value
        soon = same and again is not None and on < again <= on + timedelta(days=300)
        on = again + after if soon and again is not None else on + at_random
    return on


def _incidents(
    chance: Random, seed: int, episode: InventedEpisode, *, on: date, again: bool
) -> tuple[IncidentReported, ...]:
    happened = [i for i in episode.incidents if i.happened.latest <= on]
    further = episode.further_stalking_on
    if (
        again
        and further is not None
        and further <= on
        and episode.further_against != AgainstWhom.NEW_VICTIM.value
    ):
        happened.append(further_incident(seed, episode, further))
    left_out = figures().rate("incident_left_out") * (2 if again else 1)
    invented_incidents = [i for i in happened[:-1] if not happens(chance, left_out)] + happened[-1:]
    return tuple(
        _reported(chance, i) for i in invented_incidents[-int(figures().number("incidents_told_most")) :]
    )


def _reported(chance: Random, incident: InventedIncident) -> IncidentReported:
    rate = figures().rate
    precision = chosen(
        chance,
        {
            "none": rate("incident_undated"),
            "year": rate("incident_year_only"),
            "month": rate("incident_month_only"),
            "day": 1 - rate("incident_undated") - rate("incident_year_only") - rate("incident_month_only"),
        },
    )
    letters = {"none": 0, "year": len("2024"), "month": len("2024-03"), "day": len("2024-03-09")}[precision]
    without = [happens(chance, rate("detail_not_given")) for _ in range(3)]
    return IncidentReported(
        happened=PartialDate(incident.happened[:letters]) if letters else None,
        kind=incident.kind,
        channel=None if without[0] else incident.channel,
        what=None if without[1] else incident.what,
        crime_reference=None if without[2] else incident.crime_reference,
    )


def _reason(
    chance: Random, episode: InventedEpisode, incidents: tuple[IncidentReported, ...], *, again: bool
) -> str:
    words = talk().referral
    offered = words.reasons_again if again else words.reasons
    if episode.counter_allegation_of is not None:
        offered = words.reasons_counter
    since = PartialDate(f"{episode.began:%Y-%m}").in_words()
    counted = "1 incident" if len(incidents) == 1 else f"{len(incidents)} incidents"
    return chance.choice(offered).format(incidents=counted, since=since)


def _victim_position(chance: Random, seed: int, source: str) -> VictimPosition:
    rate, words, unknown = figures().rate, talk().referral, _unknown(seed, source)
    view = VictimView(chosen(chance, figures().mix("victim_view")))
    was_asked = view is not VictimView.NOT_ASKED
    why, interpreter = chance.choice(words.not_asked_why), chance.choice(words.interpreters)
    needs = chance.choice(words.communication_needs)
    yes_no = _answer_or_absence(chance, unknown, YesNo.NO)
    message = YesNo.YES if happens(chance, rate("message_may_be_left")) else YesNo.NO
    reach = {
        way: YesNo.YES if happens(chance, rate("he_can_reach")) else YesNo.NO for way in PerpetratorAccessTo
    }
    return VictimPosition(
        told=YesNo.YES if was_asked else yes_no,
        view=view,
        not_asked_why=None if was_asked else why,
        message_may_be_left=_answer_or_absence(chance, unknown, message),
        he_can_reach={way: _answer_or_absence(chance, unknown, answer) for way, answer in reach.items()},
        interpreter=interpreter if happens(chance, rate("interpreter")) else None,
        communication_needs=needs if happens(chance, rate("communication_needs")) else None,
    )


def _children(chance: Random, seed: int, episode: InventedEpisode, source: str) -> Children:
    at_victims, at_perpetrators = _true_children(seed, episode)
    unknown = _unknown(seed, source)
    return Children(
        in_victim_household=_answer_or_absence(chance, unknown, YesNo.YES if at_victims else YesNo.NO),
        in_perpetrator_household=_answer_or_absence(
            chance, unknown, YesNo.YES if at_perpetrators else YesNo.NO
        ),
    )


def _true_children(seed: int, episode: InventedEpisode) -> tuple[bool, bool]:
    chance, rate = stream(seed, "children", episode.key), figures().rate
    return (
        happens(chance, rate("children_in_victim_household")),
        happens(chance, rate("children_in_perpetrator_household")),
    )


def _protected(chance: Random, seed: int, episode: InventedEpisode) -> tuple[ProtectedValue, ...]:
    """Return details that locate the victim, and how to reach them safely: only for the vault."""
    victim, works = episode.victim, places().works
    values = [
        (ProtectedKind.ADDRESS, f"{victim.address}, {victim.postcode}"),
        (ProtectedKind.PHONE, victim.phone),
        (ProtectedKind.EMAIL, victim.email),
        (ProtectedKind.WORKPLACE, victim.workplace),
    ]
    streets = places().streets
    school = f"{chance.choice(streets.stems)}{chance.choice(streets.ends)} {chance.choice(works.schools)}"
    if _true_children(seed, episode)[0]:
        values.append((ProtectedKind.SCHOOL, school))
    if episode.has_advocate:
        values.append((ProtectedKind.ADVOCATE, "An advocate has the case; ring the service's duty line."))
    return (*(ProtectedValue(kind=kind, value=value) for kind, value in values), *_safe_contact(chance))


def _safe_contact(chance: Random) -> tuple[ProtectedValue, ...]:
    words = talk().referral
    return (
        ProtectedValue(kind=ProtectedKind.CONTACT_HOW, value=chance.choice(words.contact_how)),
        ProtectedValue(kind=ProtectedKind.CONTACT_WHEN, value=chance.choice(words.contact_when)),
        ProtectedValue(kind=ProtectedKind.CONTACT_THROUGH, value=chance.choice(words.contact_through)),
    )
