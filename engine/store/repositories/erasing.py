"""Takes content out of the record and leaves its envelope. For ``services.retention`` alone; decides nothing.

A table that keeps words of somebody belongs in here, and its content columns into a migration's triggers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from engine.domain.answers import Failed, NilReturn, Refused
from engine.domain.audit import canonical, digest
from engine.domain.retention import ErasedRow
from engine.store.repositories.cases import involvement_id
from engine.store.repositories.link_queries import LinkQueries
from engine.store.tables.answers import AnswerRow, RequestRow
from engine.store.tables.cases import EpisodeJudgementRow, MoveRow, ReferralVersionRow, ScreeningRow
from engine.store.tables.decisions import (
    ActionRow,
    ActionVersionRow,
    DecisionRow,
    DissentRow,
    OutcomeRow,
    PlanRow,
)
from engine.store.tables.identity import (
    IdentityFormRow,
    IdentityJudgementRow,
    IdentityKeyRow,
    IdentityProposalRow,
)
from engine.store.tables.incidents import IncidentReportRow, IncidentRow, IncidentRuleRow
from engine.store.tables.links import LinkAlertWordRow, LinkQueryRow
from engine.store.tables.need_to_know import RestrictedReasonRow
from engine.store.tables.people import (
    PersonIdentifierRow,
    PersonRecordRow,
    PersonThingRow,
    PlaceRow,
    ThingRow,
)
from engine.store.tables.protected import ProtectedOriginalRow, ProtectedValueRow
from engine.store.tables.reassessment import BatchAnswerRow
from engine.store.tables.rectification import ChangeAnswerRow, ChangeRequestRow
from engine.store.tables.retention import ErasingRow
from engine.store.tables.victim_rights import (
    InvestigatorRow,
    RoleAssessmentRow,
    VictimRequestRow,
    VictimRequestWordRow,
    VictimToldRow,
)

_Emptied = Callable[[Any, str], dict[str, object]]
"""From a row and the certificate's reference: the columns as they are after the erasure."""
_NOBODY: dict[str, object] = {
    "forename": None,
    "surname": None,
    "date_of_birth": None,
    "sex": None,
    "identifiers": [],
}


class Erasing:
    """Empties rows of one case, one owner's at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_agency(self, reference: str, agency: str, certificate: str) -> list[ErasedRow]:
        """All versions of one agency's answers about this involvement, re-assessments too."""
        number = involvement_id(self._session, reference)
        requests = select(col(RequestRow.id)).where(
            col(RequestRow.involvement_id) == number, col(RequestRow.agency) == agency
        )
        answers = col(AnswerRow.request_id).in_(requests)
        again = (col(BatchAnswerRow.involvement_id) == number) & (col(BatchAnswerRow.agency) == agency)
        return [
            *self._emptied(AnswerRow, answers, _answer, certificate, kind=lambda row: f"answer: {row.kind}"),
            *self._emptied(BatchAnswerRow, again, lambda *_: {"content": None}, certificate),
        ]

    def of_desk(self, reference: str, certificate: str) -> list[ErasedRow]:
        """What the desk holds of this involvement: referral, people, incidents, decisions, outcomes."""
        number = involvement_id(self._session, reference)
        says = f"Erased ({certificate})."

        def here(row: Any) -> Any:
            return col(row.involvement_id) == number

        decisions = select(col(DecisionRow.id)).where(here(DecisionRow))
        actions = select(col(ActionRow.id)).where(here(ActionRow))
        persons = select(col(PersonRecordRow.id)).where(here(PersonRecordRow))
        same = col(IdentityJudgementRow.low_id).in_(persons) | col(IdentityJudgementRow.high_id).in_(persons)
        emptied: list[tuple[Any, Any, _Emptied]] = [
            (ReferralVersionRow, here(ReferralVersionRow), _referral),
            (IncidentReportRow, here(IncidentReportRow), lambda *_: {"what": None, "crime_reference": None}),
            (IncidentRuleRow, here(IncidentRuleRow), lambda *_: {"why": says}),
            (RestrictedReasonRow, here(RestrictedReasonRow), lambda *_: {"why": says}),
            (PersonRecordRow, here(PersonRecordRow), _person),
            (ScreeningRow, here(ScreeningRow), _screening),
            (DecisionRow, here(DecisionRow), _decision),
            (
                DissentRow,
                col(DissentRow.decision_id).in_(decisions),
                lambda *_: {"who": "erased", "reasons": says},
            ),
            (PlanRow, here(PlanRow), lambda *_: {"reason": says, "departs_from_wishes": None}),
            (
                ActionVersionRow,
                col(ActionVersionRow.action_id).in_(actions),
                lambda *_: {"what": says, "owner": "erased", "status_note": None},
            ),
            (OutcomeRow, here(OutcomeRow), lambda *_: {"says": says}),
            (MoveRow, here(MoveRow), lambda *_: {"why": says}),
            (EpisodeJudgementRow, here(EpisodeJudgementRow), lambda *_: {"why": says}),
            (IdentityJudgementRow, same, lambda *_: {"why": says}),
            (RoleAssessmentRow, here(RoleAssessmentRow), lambda *_: {"why": says}),
            (InvestigatorRow, here(InvestigatorRow), lambda *_: {"why": says}),
            (ChangeRequestRow, here(ChangeRequestRow), lambda *_: {"what": says}),
            (
                ChangeAnswerRow,
                col(ChangeAnswerRow.change_request_id).in_(
                    select(col(ChangeRequestRow.id)).where(here(ChangeRequestRow))
                ),
                lambda *_: {"why": says},
            ),
            (VictimRequestRow, here(VictimRequestRow), _victim_request),
            (VictimToldRow, here(VictimToldRow), lambda *_: {"content": {"erased_by": certificate}}),
            (
                VictimRequestWordRow,
                col(VictimRequestWordRow.victim_request_id).in_(
                    select(col(VictimRequestRow.id)).where(here(VictimRequestRow))
                ),
                _victim_request_word,
            ),
        ]
        rows = [row for table, where, how in emptied for row in self._emptied(table, where, how, certificate)]
        rows += self.of_links(reference, certificate)
        self._cut_links(number)
        return rows

    def of_links(self, reference: str, certificate: str) -> list[ErasedRow]:
        """What was written of standing queries that name this case or who and what stands in it."""
        number = involvement_id(self._session, reference)
        names = {reference}
        for table in (PersonRecordRow, IncidentRow):
            here = select(col(table.ref)).where(col(table.involvement_id) == number)
            names |= set(self._session.execute(here).scalars())
        return self._words(*LinkQueries(self._session).about(names), certificate)

    def of_queries_over(self, *, before: datetime) -> int:
        """What was written of standing queries that ended, or whose day came, before this; how much."""
        return len(self._words(*LinkQueries(self._session).over(before=before), "its time is over"))

    def _words(self, queries: set[int], alerts: set[int], because: str) -> list[ErasedRow]:
        words = col(LinkAlertWordRow.link_alert_id).in_(alerts)
        return [
            row
            for table, where in ((LinkQueryRow, col(LinkQueryRow.id).in_(queries)), (LinkAlertWordRow, words))
            for row in self._emptied(table, where, lambda *_: {"why": f"Erased ({because})."}, because)
        ]

    def protected(self, reference: str, *, told_by: str | None) -> int:
        """Take out protected values of this involvement: one teller's, or all with the rows as they came."""
        query = delete(ProtectedValueRow).where(col(ProtectedValueRow.involvement_ref) == reference)
        if told_by is not None:
            query = query.where(col(ProtectedValueRow.told_by) == told_by)
        gone: int = self._session.execute(query).rowcount  # type: ignore[attr-defined]  # of a delete
        if told_by is None:
            originals = delete(ProtectedOriginalRow).where(
                col(ProtectedOriginalRow.involvement_ref) == reference
            )
            gone += self._session.execute(originals).rowcount  # type: ignore[attr-defined]  # of a delete
        return gone

    def _emptied(
        self,
        table: Any,
        where: Any,
        how: _Emptied,
        certificate: str,
        kind: Callable[[Any], str] | None = None,
    ) -> Iterator[ErasedRow]:
        name = str(table.__tablename__)
        for row in self._session.execute(select(table).where(where).order_by(table.id)).scalars().all():
            after = how(row, certificate)
            before = {column: getattr(row, column) for column in after}
            if before == after:
                continue
            self._session.execute(insert(ErasingRow).values(table=name, row_number=row.id))
            self._session.execute(
                update(table)
                .where(table.id == row.id)
                .values(**after)
                .execution_options(synchronize_session=False)
            )
            self._session.execute(
                delete(ErasingRow).where(col(ErasingRow.table) == name, col(ErasingRow.row_number) == row.id)
            )
            yield ErasedRow(
                table=name,
                row=row.id,
                kind=kind(row) if kind else name.replace("_", " "),
                digest=getattr(row, "digest", None) or digest(canonical(json.loads(_as_json(before)))),
                dated=next(
                    (getattr(row, f) for f in ("at", "received_at", "created_at") if hasattr(row, f)), None
                ),
            )
            self._session.expunge(row)

    def _cut_links(self, number: int) -> None:
        """What was made of these persons goes with them: identifiers, objects, forms, keys, proposals.

        So does every link and every likeness through one of them.
        """
        persons = select(col(PersonRecordRow.id)).where(col(PersonRecordRow.involvement_id) == number)
        pairs = col(IdentityProposalRow.low_id).in_(persons) | col(IdentityProposalRow.high_id).in_(persons)
        self._session.execute(
            delete(IdentityProposalRow).where(pairs).execution_options(synchronize_session=False)
        )
        for table in (PersonIdentifierRow, PersonThingRow, IdentityFormRow, IdentityKeyRow):
            self._session.execute(
                delete(table)
                .where(col(table.person_record_id).in_(persons))
                .execution_options(synchronize_session=False)
            )
        for kept, used in ((ThingRow, PersonThingRow.thing_id), (PlaceRow, PersonThingRow.place_id)):
            in_use = select(col(used)).where(col(used).is_not(None))
            self._session.execute(
                delete(kept).where(col(kept.id).not_in(in_use)).execution_options(synchronize_session=False)
            )


def _answer(row: AnswerRow, certificate: str) -> dict[str, object]:
    says = f"Erased ({certificate})."
    content: dict[str, object] = {"kind": row.kind, "erased_by": certificate}
    if row.kind == NilReturn.model_fields["kind"].default:
        content |= {"looked_in": ["erased"], "says": says}
    elif row.kind in (Refused.model_fields["kind"].default, Failed.model_fields["kind"].default):
        ground: dict[str, object] = {
            name: row.content[name] for name in ("ground", "reason") if name in row.content
        }
        content |= {**ground, "says": says}
    else:
        content |= {"matched_on": {"says": says, "confirmed": False}}
    return {"content": content}


def _referral(row: ReferralVersionRow, certificate: str) -> dict[str, object]:
    """As much as reads as a referral: which it was, and that it is erased; alarm answers are no words."""
    there = row.content
    kept: dict[str, object] = {
        name: there[name] for name in ("source", "source_reference", "referred_on", "alarms") if name in there
    }
    erased: dict[str, object] = {
        "reason": f"Erased ({certificate}).",
        "perpetrator": {**_NOBODY, "surname": "erased"},
    }
    return {"content": {**kept, **erased, "victim": _NOBODY}}


def _person(row: PersonRecordRow, certificate: str) -> dict[str, object]:
    folded = ("surname_folded", "forename_folded", "born", "born_earliest", "born_latest")
    after: dict[str, object] = dict.fromkeys(folded)
    return {**after, "described": _NOBODY}


def _screening(row: ScreeningRow, certificate: str) -> dict[str, object]:
    says = f"Erased ({certificate})."
    words = {name: says for name in ("advice", "safeguarding") if row.content.get(name)}
    return {"content": {**row.content, "reason": says, **words}}


def _decision(row: DecisionRow, certificate: str) -> dict[str, object]:
    says = f"Erased ({certificate})."
    judged = [{**each, "reasons": says} for each in _listed(row.content.get("judgements"))]
    dissent = [{**each, "who": "erased", "reasons": says} for each in _listed(row.content.get("dissent"))]
    low = says if row.content.get("low_despite_unknown") else None
    words = {"summary": says, "judgements": judged, "dissent": dissent, "attendance": []}
    return {"content": {**row.content, **words, "low_despite_unknown": low}}


def _victim_request(row: VictimRequestRow, certificate: str) -> dict[str, object]:
    words = dict.fromkeys(("what", "why", "necessary", "handled"), f"Erased ({certificate}).")
    needed = words["why"] if row.content.get("is_counselling") else None
    return {"content": {**row.content, **words, "counselling_needed": needed}}


def _victim_request_word(row: VictimRequestWordRow, certificate: str) -> dict[str, object]:
    says = f"Erased ({certificate})."
    told = {name: says for name in ("notice_how", "no_notice_because") if row.content.get(name)}
    return {"content": {**row.content, "why": says, **told}}


def _listed(value: object) -> list[dict[str, object]]:
    return list(value) if isinstance(value, list) else []


def _as_json(value: object) -> str:
    return json.dumps(value, default=str)
