"""Patterns in time between two people. Where a date is missing or too wide they say so, and never guess."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from engine.domain.dates import PartialDate
from engine.links.incident_roles import CLAIMS, Happenings, Incident, earliest
from engine.links.kinds import Role, Shape, folded, words
from engine.links.model import Link
from engine.links.patterns.finding import (
    Finding,
    NotJudged,
    a_finding,
    certain_gap,
    certainly_within,
    doubts_about_roles,
    named,
    times,
    undated,
    unjudged,
    walk,
)
from engine.links.patterns.thresholds import Thresholds, repeat_definition_on

Findings = Iterator[Finding | NotJudged]
_Pair = tuple[int, int]


def three_in_twelve_months(acts: Happenings, pair: _Pair, limits: Thresholds) -> Findings:
    """Find so many incidents between the same two people within twelve months."""
    incidents = acts.between(*pair)
    if len(incidents) < limits.three_incidents:
        return
    dated = _dated(incidents)
    windows = [
        dated[start : start + limits.three_incidents]
        for start in range(len(dated) - limits.three_incidents + 1)
    ]
    close = [each for each in windows if certainly_within(_on(each[0]), _on(each[-1]), limits.three_months)]
    if close:
        inside = [e for e in dated if any(e in each for each in close)]
        first, last = _on(close[0][0]), _on(close[0][-1])
        yield a_finding(
            acts,
            f"{times(limits.three_incidents, 'incident')} of {_of_two(acts, pair)} "
            f"were reported within {limits.three_months} months, from {first.in_words()} to {last.in_words()}"
            f"{_of_all(len(inside), len(incidents))}.",
            path=walk(pair[0], close[0][0], pair[1]),
            persons=pair,
            incidents=inside,
            counter=[
                *doubts_about_roles(acts, pair, inside),
                "Reports may rise because support improved, or recording changed.",
                *undated(incidents),
            ],
        )
    elif len(dated) < len(incidents):
        yield _no_dates(acts, pair, incidents, "whether they are within twelve months")


def quiet_then_return(acts: Happenings, pair: _Pair, limits: Thresholds) -> Findings:
    """Find that reports between two people stopped for a long time, and came again."""
    incidents = acts.between(*pair)
    if len(incidents) <= limits.quiet_before:
        return
    dated = _dated(incidents)
    gaps = [
        (certain_gap(_on(before), _on(after)), place)
        for place, (before, after) in enumerate(pairwise(dated), start=1)
        if place >= limits.quiet_before
    ]
    long = [(days, place) for days, place in gaps if days >= limits.quiet_days]
    if long:
        days, place = max(long)
        before, after = dated[place - 1], dated[place]
        yield a_finding(
            acts,
            f"After {times(place, 'incident')} of {_of_two(acts, pair)} nothing was "
            f"reported for {times(days, 'day')}, from {_on(before).in_words()} to {_on(after).in_words()}; "
            f"then it came again.",
            path=walk(pair[0], before, pair[1], after),
            persons=pair,
            incidents=dated,
            counter=[
                *doubts_about_roles(acts, pair, dated),
                "Quiet means not reported: it may be custody, a move, a lost advocate, or fear of reporting.",
                *undated(incidents),
            ],
        )
    elif len(dated) < len(incidents):
        yield _no_dates(acts, pair, incidents, "whether there was a quiet time between them")


def repeat_case(acts: Happenings, pair: _Pair, limits: Thresholds) -> Findings:
    """Find something further between the same two people within twelve months of the last referral.

    Which published definition counts goes by the day of the further incident.
    """
    incidents = acts.between(*pair)
    referrals = _referrals(acts, pair)
    begun = [(date, acts.id_of(number), number) for date, number in referrals]
    if not referrals:
        begun = [(_on(each), each.id, each.key) for each in _dated(incidents)]
    found: list[tuple[Incident, tuple[PartialDate, str, int], str]] = []
    doubtful: list[Incident] = []
    for incident in _dated(incidents):
        before = [each for each in begun if each[2] != incident.key and _is_before(each, incident)]
        if not before:
            continue
        last = max(before, key=lambda each: each[0].earliest)
        definition = repeat_definition_on(_on(incident).earliest)
        if not certainly_within(last[0], _on(incident), definition.months):
            continue
        criminal = acts.is_criminal(incident)
        if definition.criminal_only and criminal is None:
            doubtful.append(incident)
        elif not definition.criminal_only or criminal:
            found.append((incident, last, definition.says))
    if found:
        incident, last, sentence = found[0]
        stands = "referral" if referrals else "earlier incident"
        more = f"; {len(found) - 1} more since" if len(found) > 1 else ""
        yield a_finding(
            acts,
            f"An incident of {_of_two(acts, pair)}, of {_on(incident).in_words()}, followed the {stands} of "
            f"{last[0].in_words()} within 12 months{more}. This is a repeat as published then: {sentence}.",
            path=walk(pair[0], *([last[2]] if last[2] >= 0 else []), pair[1], incident),
            persons=pair,
            incidents=[each for each, _, _ in found],
            counter=[
                *doubts_about_roles(acts, pair, [each for each, _, _ in found]),
                *_by_the_other_definition(acts, found[0][0]),
                *(
                    []
                    if referrals
                    else [
                        "No referral of these 2 people is recorded; the date of an incident is used instead."
                    ]
                ),
                *undated(incidents),
            ],
        )
    elif doubtful:
        yield unjudged(
            acts,
            "The definition that applied then asks for an incident of a criminal type, which is not "
            "recorded.",
            pair,
            doubtful,
        )
    elif len(incidents) >= (1 if referrals else 2) and len(_dated(incidents)) < len(incidents):
        yield _no_dates(acts, pair, incidents, "whether one is within 12 months of the last referral")


def order_then_switch(acts: Happenings, person: int, limits: Thresholds) -> Findings:
    """Find that after an order against a person, contact came in a new way or reached a new victim."""
    for order, links in acts.near(person, Shape.ORDER).items():
        binds = [link for link in links if folded(link.kind) not in words().orders["protects"]]
        if all(link.role & Role.VICTIM for link in binds):
            continue  # this order protects them
        incidents = acts.incidents_of(person, Role.PERPETRATOR)
        made = acts.date_of(order) or earliest(link.date for link in binds)
        if made is None or not _dated(incidents):
            if incidents:
                yield _no_dates(acts, [person], incidents, f"whether they came after {acts.called(order)}")
            continue
        before = [each for each in _dated(incidents) if certain_gap(_on(each), made) > 0]
        after = [each for each in _dated(incidents) if 0 < certain_gap(made, _on(each)) <= limits.switch_days]
        yield from _switch(acts, person, order, made, before, after, incidents)


def _switch(
    acts: Happenings,
    person: int,
    order: int,
    made: PartialDate,
    before: list[Incident],
    after: list[Incident],
    incidents: Sequence[Incident],
) -> Findings:
    ways_before = frozenset[str]().union(*(acts.ways_of(each) for each in before))
    victims_before = {victim for each in before for victim in each.victims}
    protected = {
        other
        for other, links in acts.near(order, Shape.PERSON).items()
        if other != person and any(link.role & Role.VICTIM or _protects(link.kind) for link in links)
    }
    known = victims_before | protected
    new_ways = sorted(frozenset[str]().union(*(acts.ways_of(each) for each in after)) - ways_before)
    new_victims = sorted({victim for each in after for victim in each.victims} - known - {person})
    switched = [
        each
        for each in after
        if (ways_before and acts.ways_of(each) - ways_before)
        or (known and set(each.victims) & set(new_victims))
    ]
    if not before or not switched:
        return
    how = []
    if ways_before and new_ways:
        how.append(f"by {', '.join(new_ways)}, not used before")
    if known and new_victims:
        how.append(f"against {named(acts, new_victims)}, not named before")
    yield a_finding(
        acts,
        f"After {acts.called(order)} of {made.in_words()} {acts.called(person)} was named as perpetrator in "
        f"{times(len(switched), 'incident')} {' and '.join(how)}.",
        path=walk(order, person, switched[0], *switched[0].victims[:1]),
        persons=[person, *dict.fromkeys(victim for each in switched for victim in each.victims)],
        incidents=switched,
        counter=[
            *doubts_about_roles(acts, [person], switched),
            "A way of contact that was not recorded before may have been used before.",
            *(
                ["A person not named before may be one named before whom a source described differently."]
                if known and new_victims
                else []
            ),
            "People must judge whether the order forbids it. Nothing here says that the order was broken.",
            *undated(incidents),
        ],
        compared=(known, new_victims, "Then this person was named before.")
        if known and new_victims
        else None,
    )


def _protects(kind: str) -> bool:
    return folded(kind) in words().orders["protects"]


def _referrals(acts: Happenings, pair: _Pair) -> list[tuple[PartialDate, int]]:
    """Return the dated referrals that both are in, but those that name them the other way round."""
    of_one, of_other = (acts.near(person, Shape.REFERRAL) for person in pair)
    both = [
        number
        for number in of_one
        if number in of_other
        and not _only(of_one[number], Role.VICTIM)
        and not _only(of_other[number], Role.PERPETRATOR)
    ]
    return [(date, number) for number in both if (date := acts.date_of(number)) is not None]


def _only(links: Sequence[Link], role: Role) -> bool:
    """Return whether the person of these links was named as this, and as nothing else."""
    claimed = [link.role & CLAIMS for link in links if link.role & CLAIMS]
    return bool(claimed) and all(each == role for each in claimed)


def _is_before(begun: tuple[PartialDate, str, int], incident: Incident) -> bool:
    return certain_gap(begun[0], _on(incident)) > 0


def _by_the_other_definition(acts: Happenings, incident: Incident) -> list[str]:
    criminal = acts.is_criminal(incident)
    if criminal is None:
        return ["It is not recorded whether it was of a criminal type, as the older definition asked."]
    return [] if criminal else ["It was not of a criminal type, as the older definition asked."]


def _of_two(acts: Happenings, pair: _Pair) -> str:
    return f"{acts.called(pair[0])}, named as perpetrator, against {acts.called(pair[1])}"


def _dated(incidents: Sequence[Incident]) -> list[Incident]:
    return [incident for incident in incidents if incident.date is not None]


def _on(incident: Incident) -> PartialDate:
    assert incident.date is not None, "only dated incidents come here"
    return incident.date


def _of_all(inside: int, every: int) -> str:
    return f" ({inside} of {every} incidents are in such a time)" if inside < every or every > 3 else ""


def _no_dates(acts: Happenings, people: Sequence[int], incidents: Sequence[Incident], what: str) -> NotJudged:
    without = [incident for incident in incidents if incident.date is None]
    sentence = (
        f"{len(without)} of {times(len(incidents), 'incident')} have no date; {what} could not be judged."
    )
    return unjudged(acts, sentence, people, without)
