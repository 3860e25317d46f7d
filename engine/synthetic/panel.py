"""Choices of invented people at screening and in conference. Knows no agency by name and no service.

Invented people must come to something, and mostly to something that fits what happened. How they come to it
is not a rule for any person: it is not published, and no part of the engine may be built on it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from random import Random

from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.conference.risk import (
    Attendance,
    Confidence,
    Decision,
    Dissent,
    Domain,
    HowSoon,
    Judgement,
    Level,
)
from engine.domain.invented import InventedEpisode
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic
from engine.domain.referrals.screening import FourAnswer, FourItem, FourQuestion, RedirectTo, Screening
from engine.domain.responses.answers import AnswerState
from engine.synthetic.figures import figures
from engine.synthetic.happenings import true_alarms
from engine.synthetic.practitioners import professional_of
from engine.synthetic.streams import chosen, happens, stream
from engine.synthetic.wording import talk

ANSWERED = frozenset({AnswerState.CONTRIBUTION, AnswerState.NIL_RETURN})
"""The states of an agency that has answered in full; in every other one something is missing."""
_CONFIDENT = (Confidence.MODERATE, Confidence.HIGH)
_STEPS = (Level.LOW, Level.MODERATE, Level.HIGH)
_HORIZON_WEEKS = {
    Domain.VIOLENCE: 12,
    Domain.PERSISTENCE: 26,
    Domain.RECURRENCE: 52,
    Domain.PSYCHOSOCIAL_HARM: 26,
}
_VIOLENT_OR_SUICIDAL = frozenset(
    {
        IncidentKind.THREAT,
        IncidentKind.ASSAULT,
        IncidentKind.SEXUAL_ASSAULT,
        IncidentKind.SUICIDAL_STATEMENT,
    }
)
_DANGER = frozenset(
    {AlarmTopic.THREAT_TO_KILL, AlarmTopic.WEAPON, AlarmTopic.STRANGULATION, AlarmTopic.ENTRY}
)


def triage_of(episode: InventedEpisode, *, seed: int, alarms: AlarmAnswers | None = None) -> TriageOutcome:
    """Return the triage outcome that the invented screener comes to; alarms that were raised push it up."""
    raised = len(alarms.raised) if alarms is not None else len(true_alarms(seed, episode))
    shares = figures().triage_by_alarms.shares[min(raised, 3)]
    return TriageOutcome(chosen(stream(seed, "triage", episode.key), shares))


def screening_of(
    episode: InventedEpisode,
    incidents: Sequence[str],
    *,
    seed: int,
    people: Sequence[str],
    alarms: AlarmAnswers | None = None,
    outcome: TriageOutcome | None = None,
) -> Screening:
    """Return the screening; ``incidents`` are the references on the page.

    ``outcome`` overrules what was drawn.
    """
    chance, words = stream(seed, "screening", episode.key), talk().screening
    comes_to = outcome or triage_of(episode, seed=seed, alarms=alarms)
    four = tuple(_four_item(chance, question, incidents, comes_to) for question in FourQuestion)
    reason, advice = chance.choice(words.reason[comes_to.value]), chance.choice(words.advice)
    safeguarding, redirect_to = chance.choice(words.safeguarding), chance.choice(words.redirect_to)
    return Screening(
        four=four,
        outcome=comes_to,
        reason=reason,
        people=tuple(people),
        advice=advice if comes_to is TriageOutcome.ADVICE else None,
        redirect_to=RedirectTo(redirect_to) if comes_to is TriageOutcome.REDIRECT else None,
        safeguarding=safeguarding if comes_to is TriageOutcome.URGENT else None,
    )


def decision_of(
    episode: InventedEpisode,
    answered: Mapping[str, AnswerState],
    *,
    seed: int,
    agencies: Sequence[str],
    on: date,
    gaps: Sequence[str] = (),
    differing: Collection[Domain] = (),
    shared: Mapping[Domain, Level] | None = None,
) -> Decision:
    """Return the invented conference's decision on that day, having seen these states of the answers.

    An agency that ``answered`` does not name was not asked. ``gaps`` are the names of those on the page; a
    conference that says "low" weighs each. On the ``differing`` domains it says how agencies' difference was
    settled, and where it departs from a level that all agencies ``shared``, what else it considered.
    """
    chance, words = stream(seed, "decision", episode.key), talk().decision
    missing = [code for code in agencies if answered.get(code, AnswerState.NOT_ASKED) not in ANSWERED]
    hardly_anything_known = len(missing) * 2 > len(agencies)
    attendance = tuple(_attendance(chance, seed, code) for code in agencies)
    judgements = tuple(
        _judgement(chance, seed, episode, domain, on=on, hardly_anything_known=hardly_anything_known)
        for domain in Domain
    )
    settling = stream(seed, "settled", episode.key)
    settled = {domain: settling.choice(words.settled) for domain in Domain}
    judgements = tuple(
        each.model_copy(update={"settled": settled[each.domain]}) if each.domain in differing else each
        for each in judgements
    )
    departs = any((shared or {}).get(each.domain, each.level) is not each.level for each in judgements)
    any_low = any(judgement.level is Level.LOW for judgement in judgements)
    why_low = chance.choice(words.low_despite_unknown)
    summary = chance.choice(words.summaries).format(**_counted(episode, on))
    review_on = on + timedelta(weeks=chance.choice(words.review_weeks))
    return Decision(
        judgements=judgements,
        summary=summary,
        attendance=attendance,
        dissent=_dissent(chance, attendance),
        review_on=review_on.isoformat(),
        low_despite_unknown=why_low if any_low and gaps else None,
        weighed=tuple(gaps) if any_low else (),
        confidence=Confidence.LOW if hardly_anything_known else settling.choice(_CONFIDENT),
        alternatives=stream(seed, "alternatives", episode.key).choice(words.alternatives)
        if departs
        else None,
    )


def _four_item(
    chance: Random, question: FourQuestion, incidents: Sequence[str], outcome: TriageOutcome
) -> FourItem:
    unclear = happens(chance, figures().rate("four_unclear"))
    denied = happens(chance, 0.08) and outcome in (TriageOutcome.ADVICE, TriageOutcome.REDIRECT)
    if question is FourQuestion.REPEATED:
        unclear, denied = len(incidents) < 2, False
    ticks = sorted({chance.randrange(len(incidents)) for _ in range(3)}) if incidents else []
    answer = FourAnswer.UNCLEAR if unclear else FourAnswer.NO if denied else FourAnswer.YES
    rests_on = tuple(incidents[place] for place in ticks) if answer is FourAnswer.YES else ()
    if answer is FourAnswer.YES and not rests_on:
        answer = FourAnswer.UNCLEAR
    return FourItem(question=question, answer=answer, incidents=rests_on)


def _judgement(
    chance: Random,
    seed: int,
    episode: InventedEpisode,
    domain: Domain,
    *,
    on: date,
    hardly_anything_known: bool,
) -> Judgement:
    level = _level(chance, seed, episode, domain, on)
    unable = happens(chance, 0.5)
    if hardly_anything_known and unable:
        level = Level.UNABLE_TO_SAY
    reasons = chance.choice(talk().decision.reasons[domain][level.value])
    how_soon = chance.choice((HowSoon.WEEKS, HowSoon.MONTHS, HowSoon.UNABLE_TO_SAY))
    if level is Level.HIGH and AlarmTopic.CONTACT_TODAY in true_alarms(seed, episode):
        how_soon = HowSoon.NOW
    is_a_level = level in _STEPS
    return Judgement(
        domain=domain,
        level=level,
        reasons=reasons.format(**_counted(episode, on)),
        how_soon=how_soon if domain is Domain.VIOLENCE and is_a_level and level is not Level.LOW else None,
        horizon_weeks=_HORIZON_WEEKS[domain] if is_a_level else None,
    )


def _level(chance: Random, seed: int, episode: InventedEpisode, domain: Domain, on: date) -> Level:
    """Return what most members would say, and for some judgements a step beside it."""
    step = {
        Domain.VIOLENCE: _violence,
        Domain.PERSISTENCE: _persistence,
        Domain.RECURRENCE: _recurrence,
        Domain.PSYCHOSOCIAL_HARM: _harm,
    }[domain](seed, episode)
    beside = chance.choice((-1, 1))
    if happens(chance, figures().rate("panel_differs")):
        step = min(max(step + beside, 0), len(_STEPS) - 1)
    still_going_on = happens(chance, 0.15) and domain is Domain.RECURRENCE
    return Level.DOES_NOT_APPLY if still_going_on and step == 0 else _STEPS[step]


def _violence(seed: int, episode: InventedEpisode) -> int:
    kinds = {incident.kind for incident in episode.incidents}
    if true_alarms(seed, episode) & _DANGER or {IncidentKind.THREAT, IncidentKind.ASSAULT} <= kinds:
        return 2
    return 1 if kinds & _VIOLENT_OR_SUICIDAL else 0


def _persistence(seed: int, episode: InventedEpisode) -> int:
    days, count = (episode.referred_on - episode.began).days, len(episode.incidents)
    return (days > 90 or count > 8) + (days > 270 and count > 8)


def _recurrence(seed: int, episode: InventedEpisode) -> int:
    return int(episode.convicted_before) + int(episode.drinks or episode.relationship == "ex-partner")


def _harm(seed: int, episode: InventedEpisode) -> int:
    frightened = AlarmTopic.VICTIM_EXTREMELY_FRIGHTENED in true_alarms(seed, episode)
    return 2 if frightened else int(len(episode.incidents) > 4)


def _counted(episode: InventedEpisode, on: date) -> dict[str, int]:
    known = [i for i in episode.incidents if i.happened.latest <= on]
    return {"count": len(known), "days": max((min(on, episode.referred_on) - episode.began).days, 1)}


def _attendance(chance: Random, seed: int, agency: str) -> Attendance:
    apologies = happens(chance, figures().rate("apologies"))
    wrote = happens(chance, 0.6)
    who = professional_of(seed, agency, chance.randrange(3)).name
    return Attendance(
        agency=agency, who=None if apologies else who, apologies=apologies, written_input=apologies and wrote
    )


def _dissent(chance: Random, attendance: tuple[Attendance, ...]) -> tuple[Dissent, ...]:
    dissents = happens(chance, figures().rate("dissent"))
    reasons = chance.choice(talk().decision.dissent)
    there = [one for one in attendance if one.who is not None]
    if not dissents or not there:
        return ()
    one = chance.choice(there)
    return (Dissent(agency=one.agency, who=one.who or "", reasons=reasons),)
