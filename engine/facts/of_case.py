"""All plain facts of one case, in the order of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.domain.cases.complaints import ComplaintFinding
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.plain_facts import Fact
from engine.facts.acts import NOTHING_RAISED, Act, Around, AtReferral
from engine.facts.agencies import arrests, closed, formal, quoted, reports_held
from engine.facts.around import Custody, after, awaited, latest, recording_changed, without_a_date
from engine.facts.complaints import complaints
from engine.facts.how_often import close_together, counts
from engine.facts.released import Released, around_reports, with_released
from engine.facts.what import firsts, graver, gravest, more_channels, nearer, other_people

_COMPLAINT = IncidentKind.VEXATIOUS.value


def plain_facts(
    acts: Sequence[Act],
    *,
    today: date,
    around: Sequence[Around] = (),
    reached: date | None = None,
    custody: Custody | None = None,
    at_referral: AtReferral = NOTHING_RAISED,
    released: Sequence[Released] = (),
    not_decided: Sequence[str] = (),
    findings: Sequence[ComplaintFinding] = (),
) -> tuple[Fact, ...]:
    """Return what the record knows of a case, one fact for each rule that fires, the oldest first.

    ``reached`` is when the victim was last reached; None where none is recorded. ``released`` is what
    agencies released: their dated reports count as acts, each once. ``not_decided`` are the acts that await
    a decision of police, ``findings`` what courts and the panel found of complaints about the victim.
    """
    joined = with_released(acts, released)
    acts, recorded_here = joined.acts, around
    around = (*around, *around_reports(released))
    found = [
        *gravest(acts, today, at_referral),
        *close_together(acts, today),
        *firsts(acts, today, at_referral),
        *after(acts, around, today),
        *awaited(not_decided, acts, today),
        *graver(acts, today),
        *nearer(acts, today),
        *more_channels(acts, today),
        *other_people(acts, today),
        *complaints([act for act in acts if _COMPLAINT in act.kinds], released, findings, today),
        *counts(acts, today),
        *reports_held(released, joined, today),
        *closed(released, joined, recorded_here, today),
        *arrests(released, around, today),
        *formal(released, today),
        *quoted(released, today),
        *recording_changed(acts, today),
        *without_a_date(acts, today),
        *latest(acts, today, reached=reached, custody=custody),
    ]
    return tuple(sorted(found, key=lambda fact: fact.on))
