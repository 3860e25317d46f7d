"""Decisions as one reader sees them: masked, without what an owner hides, and with their quorum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from engine.access.decision_texts import as_read, dissent_of, masked_places
from engine.access.redaction import Masker
from engine.domain.agencies.directory import VICTIM_VOICE
from engine.domain.cases.involvement import StoredDecision
from engine.domain.cases.police_decisions import NONE_RECORDED
from engine.domain.cases.views import AgencyAnswerView, DecisionView
from engine.domain.conference.attendance import Quorum
from engine.domain.conference.gaps import gap_may_be_known
from engine.domain.conference.risk import DissentEntry, positions_of
from engine.domain.responses.answers import AnswerState


def decision_views(
    decisions: Sequence[StoredDecision],
    masker: Masker,
    answers: Sequence[AgencyAnswerView],
    *,
    quorums: Mapping[str, Quorum],
    entries: Mapping[str, Sequence[DissentEntry]],
    is_member: bool,
) -> list[DecisionView]:
    """Return the decisions, oldest first, without any answer that its owner hides from this reader.

    ``quorums`` are those of decisions that were recorded in a conference with an agenda, and ``entries`` what
    agencies entered or confirmed of their dissent, both by decision.
    """
    hidden = {a.agency: a.seat for a in answers if a.state is AnswerState.ANSWERED_ASK_AGENCY}
    return [
        _decision_view(
            stored,
            masker,
            hidden,
            quorum=quorums.get(stored.reference),
            entries=entries.get(stored.reference, ()),
            is_member=is_member,
        )
        for stored in decisions
    ]


def _decision_view(
    stored: StoredDecision,
    masker: Masker,
    hidden: Mapping[str, str | None],
    *,
    quorum: Quorum | None,
    entries: Sequence[DissentEntry],
    is_member: bool,
) -> DecisionView:
    decision = as_read(stored, masker)
    return DecisionView(
        reference=stored.reference,
        version=stored.version,
        quorum=quorum,
        by=stored.by,
        at=stored.at,
        judgements=decision.judgements,
        summary=decision.summary,
        attendance=decision.attendance,
        dissent=dissent_of(stored, decision, entries, masker),
        positions=positions_of(
            (each.agency for each in decision.attendance if each.took_part), decision.dissent, entries
        ),
        masked=masked_places(decision),
        amended_because=masker.masked_or_none(decision.amended_because, by=stored.by),
        review_on=date.fromisoformat(decision.review_on) if decision.review_on else None,
        saw=stored.saw,
        not_seen={
            agency: AnswerState.ANSWERED_ASK_AGENCY if agency in hidden else state
            for agency, state in stored.not_seen.items()
        },
        low_despite_unknown=decision.low_despite_unknown,
        confidence=decision.confidence,
        missing=tuple(
            each
            for each in decision.missing
            if each.agency not in hidden and (is_member or each.says != NONE_RECORDED)
        ),
        alternatives=decision.alternatives,
        weighed=tuple(
            name
            for name in decision.weighed
            if gap_may_be_known(
                name, hidden=hidden, hides_voice=VICTIM_VOICE in hidden.values(), is_member=is_member
            )
        ),
    )
