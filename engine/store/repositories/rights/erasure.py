"""Erasure of content from the record, leaving its envelope. Only ``rights.retention`` uses it.

Decides nothing.

A table that stores text about a person belongs in here, and its content columns into a migration's triggers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Protocol

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlmodel import Session, col

from engine.domain.rights.retention import ErasedRow
from engine.domain.system.audit import canonical, digest
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.links.associates import AssociatesRequestsStored
from engine.store.repositories.links.saved_searches import LinkQueries
from engine.store.repositories.rights import erased_links, erased_rows
from engine.store.repositories.rights.erased_parts import (
    Part,
    acts_parts,
    conference_parts,
    order_parts,
    part_of,
)
from engine.store.tables.access import (
    ConnectionRow,
    GlassBrokenRow,
    GlassReviewRow,
    RestrictedReasonRow,
    RestrictionRow,
)
from engine.store.tables.alarm_questions import AlarmQuestionRow
from engine.store.tables.alarms import AlarmStepRow, IncidentReviewRow, TopicsAskedRow
from engine.store.tables.base import table_of
from engine.store.tables.cases.incidents import IncidentReportRow, IncidentRuleRow
from engine.store.tables.cases.involvements import (
    EpisodeJudgementRow,
    MoveRow,
    ReferralVersionRow,
    ScreeningRow,
)
from engine.store.tables.conference import (
    DecisionRow,
    DissentRow,
    VictimWordsRow,
)
from engine.store.tables.links.record_requests import RecordRequestRow
from engine.store.tables.outcomes import OutcomeRow
from engine.store.tables.people.persons import (
    PersonIdentifierRow,
    PersonRecordRow,
    PersonThingRow,
    PlaceRow,
    ThingRow,
)
from engine.store.tables.people.same_person import (
    IdentityFormRow,
    IdentityJudgementRow,
    IdentityKeyRow,
    IdentityProposalRow,
)
from engine.store.tables.plans import (
    ActionRow,
    ActionVersionRow,
    PlanApprovalRow,
    PlanNeedRow,
    PlanRow,
)
from engine.store.tables.responses.answers import AnswerRow, RequestRow
from engine.store.tables.responses.corrections import ChangeAnswerRow, ChangeRequestRow
from engine.store.tables.responses.reassessment import BatchAnswerRow
from engine.store.tables.reviews import PlanReviewRow, PoliceDecisionRow
from engine.store.tables.rights.retention import ErasingRow, ErasureRow, RetentionWordRow
from engine.store.tables.rights.subject_access import AccessRequestRow, AccessStepRow
from engine.store.tables.rights.victim_rights import (
    InvestigatorRow,
    RoleAssessmentRow,
    VictimRequestRow,
    VictimRequestWordRow,
    VictimToldRow,
)
from engine.store.tables.sharing import ItemRuleRow, LedgerRow
from engine.store.tables.vault.openings import OpeningAskRow, OpeningRow
from engine.store.tables.vault.protected import ProtectedNoteRow, ProtectedOriginalRow, ProtectedValueRow
from engine.store.tables.victims_outcomes import VictimDescriptionRow, VictimOutcomeRow


class _OfInvolvement(Protocol):
    """A row of one involvement, with rows of other tables that belong to it."""

    id: int | None
    involvement_id: int


class Erasing:
    """Empties rows of one case, one owner's at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_agency(self, reference: str, agency: str, certificate: str) -> list[ErasedRow]:
        """Erase all versions of one agency's answers about this involvement, re-assessments too,
        and its rules.

        Raises NotFoundError if the referral does not exist.
        """
        number = involvement_id(self._session, reference)
        return [row for part in self._agencys(number, agency) for row in self._emptied(part, certificate)]

    def of_desk(self, reference: str, certificate: str) -> list[ErasedRow]:
        """Erase the STAC coordinator and chair's part of this involvement: referral, people, incidents,
        decisions, outcomes.

        Raises NotFoundError if the referral does not exist.
        """
        number = involvement_id(self._session, reference)
        rows = [row for part in self._desks(number) for row in self._emptied(part, certificate)]
        rows += self.of_links(reference, certificate)
        self._cut_links(number)
        return rows

    def mask_for_good(
        self, references: Iterable[str], masked: Callable[[str], str], certificate: str
    ) -> list[ErasedRow]:
        """Put the mask in place of what is protected, in every text that stays on these involvements.

        For the moment before protected values go: what is masked at each read would be shown from then on.
        Raises NotFoundError if the referral does not exist.
        """
        return [
            row
            for reference in references
            for part in (
                *self._desks(involvement_id(self._session, reference)),
                *self._agencys(involvement_id(self._session, reference), None),
                *self._words_on_keeping(involvement_id(self._session, reference)),
            )
            if part.table is not PersonRecordRow
            for row in self._emptied(part._replace(how=erased_rows.masking(part.how, masked)), certificate)
        ]

    def _agencys(self, number: int, agency: str | None) -> list[Part]:
        """Return one agency's part of an involvement, or with None that of all agencies."""
        requests = select(col(RequestRow.id)).where(col(RequestRow.involvement_id) == number)
        again = col(BatchAnswerRow.involvement_id) == number
        if agency is not None:
            requests = requests.where(col(RequestRow.agency) == agency)
            again = again & (col(BatchAnswerRow.agency) == agency)
        of_agency = col(VictimWordsRow.involvement_id) == number
        if agency is not None:
            of_agency = of_agency & (col(VictimWordsRow.agency) == agency)
        decided = col(DecisionRow.involvement_id) == number
        in_decisions = (
            [] if agency is None else [part_of(DecisionRow, decided, erased_rows.missing_from(agency))]
        )
        return [
            *in_decisions,
            part_of(VictimWordsRow, of_agency, erased_rows.victim_words),
            *self._accounts(number, agency),
            part_of(AnswerRow, col(AnswerRow.request_id).in_(requests), erased_rows.answer),
            part_of(BatchAnswerRow, again, lambda *_: {"content": None}),
            part_of(ItemRuleRow, col(ItemRuleRow.request_id).in_(requests), erased_rows.rule),
            part_of(LedgerRow, col(LedgerRow.request_id).in_(requests), erased_rows.ledger),
        ]

    def _accounts(self, number: int, agency: str | None) -> list[Part]:
        """Return victims' outcomes and descriptions: the part of the advocate's agency that entered them."""
        of_outcomes = col(VictimOutcomeRow.involvement_id) == number
        of_descriptions = col(VictimDescriptionRow.involvement_id) == number
        if agency is not None:
            of_outcomes = of_outcomes & (col(VictimOutcomeRow.agency) == agency)
            of_descriptions = of_descriptions & (col(VictimDescriptionRow.agency) == agency)
        return [
            part_of(VictimOutcomeRow, of_outcomes, erased_rows.victim_account),
            part_of(VictimDescriptionRow, of_descriptions, erased_rows.victim_account),
        ]

    def _words_on_keeping(self, number: int) -> list[Part]:
        """Return the decisions to retain and to erase, and certificates: they stay,
        and so do their reasons.
        """

        def unchanged(row: erased_rows.Reasoned, certificate: str) -> erased_rows.Columns:
            return {"why": row.why}

        return [
            part_of(RetentionWordRow, col(RetentionWordRow.involvement_id) == number, unchanged),
            part_of(ErasureRow, col(ErasureRow.involvement_id) == number, unchanged),
        ]

    def _desks(self, number: int) -> list[Part]:
        def here(involvement: int) -> ColumnElement[bool]:
            return col(involvement) == number

        def of(table: type[_OfInvolvement], column: int) -> ColumnElement[bool]:
            return col(column).in_(select(col(table.id)).where(here(table.involvement_id)))

        persons = select(col(PersonRecordRow.id)).where(here(PersonRecordRow.involvement_id))
        same = col(IdentityJudgementRow.low_id).in_(persons) | col(IdentityJudgementRow.high_id).in_(persons)
        return [
            part_of(ReferralVersionRow, here(ReferralVersionRow.involvement_id), erased_rows.referral),
            part_of(TopicsAskedRow, here(TopicsAskedRow.involvement_id), erased_rows.topics_asked),
            part_of(AlarmQuestionRow, here(AlarmQuestionRow.involvement_id), erased_rows.why),
            part_of(AlarmStepRow, here(AlarmStepRow.involvement_id), erased_rows.why),
            part_of(IncidentReviewRow, here(IncidentReviewRow.involvement_id), erased_rows.why),
            part_of(IncidentReportRow, here(IncidentReportRow.involvement_id), erased_rows.report),
            part_of(RestrictionRow, here(RestrictionRow.involvement_id), erased_rows.why),
            part_of(ConnectionRow, here(ConnectionRow.involvement_id), erased_rows.why),
            part_of(GlassBrokenRow, here(GlassBrokenRow.involvement_id), erased_rows.why),
            part_of(OpeningAskRow, here(OpeningAskRow.involvement_id), erased_rows.why),
            part_of(OpeningRow, here(OpeningRow.involvement_id), erased_rows.why),
            part_of(RecordRequestRow, here(RecordRequestRow.involvement_id), erased_rows.why),
            part_of(MoveRow, here(MoveRow.involvement_id), erased_rows.why),
            part_of(EpisodeJudgementRow, here(EpisodeJudgementRow.involvement_id), erased_rows.why),
            part_of(RoleAssessmentRow, here(RoleAssessmentRow.involvement_id), erased_rows.why),
            part_of(InvestigatorRow, here(InvestigatorRow.involvement_id), erased_rows.why),
            part_of(IncidentRuleRow, here(IncidentRuleRow.involvement_id), erased_rows.rule),
            part_of(
                RestrictedReasonRow,
                here(RestrictedReasonRow.involvement_id),
                lambda _, number: dict.fromkeys(("purpose", "why"), erased_rows.erased(number)),
            ),
            part_of(GlassReviewRow, of(GlassBrokenRow, GlassReviewRow.glass_broken_id), erased_rows.why),
            part_of(IdentityJudgementRow, same, erased_rows.why),
            part_of(PersonRecordRow, here(PersonRecordRow.involvement_id), erased_rows.person),
            part_of(ScreeningRow, here(ScreeningRow.involvement_id), erased_rows.screening),
            part_of(DecisionRow, here(DecisionRow.involvement_id), erased_rows.decision),
            part_of(
                DissentRow,
                of(DecisionRow, DissentRow.decision_id),
                lambda _, number: {"who": "erased", "reasons": erased_rows.erased(number)},
            ),
            *conference_parts(number),
            *acts_parts(number),
            *order_parts(number),
            part_of(PlanRow, here(PlanRow.involvement_id), erased_rows.plan),
            part_of(PlanNeedRow, here(PlanNeedRow.involvement_id), erased_rows.plan_need),
            part_of(PlanApprovalRow, here(PlanApprovalRow.involvement_id), erased_rows.plan_approval),
            part_of(ActionVersionRow, of(ActionRow, ActionVersionRow.action_id), erased_rows.action),
            part_of(PlanReviewRow, here(PlanReviewRow.involvement_id), erased_rows.plan_review),
            part_of(PoliceDecisionRow, here(PoliceDecisionRow.involvement_id), erased_rows.police_decision),
            part_of(OutcomeRow, here(OutcomeRow.involvement_id), erased_rows.outcome),
            part_of(
                ChangeRequestRow,
                here(ChangeRequestRow.involvement_id),
                lambda _, number: {"what": erased_rows.erased(number)},
            ),
            part_of(
                ChangeAnswerRow, of(ChangeRequestRow, ChangeAnswerRow.change_request_id), erased_rows.why
            ),
            part_of(VictimRequestRow, here(VictimRequestRow.involvement_id), erased_rows.victim_request),
            part_of(
                VictimRequestWordRow,
                of(VictimRequestRow, VictimRequestWordRow.victim_request_id),
                erased_rows.victim_request_word,
            ),
            part_of(
                VictimToldRow,
                here(VictimToldRow.involvement_id),
                lambda _, number: {"content": {"erased_by": number}},
            ),
        ]

    def of_links(self, reference: str, certificate: str) -> list[ErasedRow]:
        """Erase the text of saved searches and maps that name this case or a person or thing in it, and marks
        on findings about them.

        Maps that a user saved or moved round one of them go whole: they are their owner's convenience.
        Raises NotFoundError if the referral does not exist.
        """
        number = involvement_id(self._session, reference)
        names = erased_links.names_in_case(self._session, number) | {reference}
        names |= erased_links.things_of_case(self._session, number)
        erased_links.delete_maps(self._session, names)
        parts = [
            *erased_links.word_parts(
                *LinkQueries(self._session).about(names),
                AssociatesRequestsStored(self._session).about(names),
                certificate,
            ),
            *erased_links.parts_about(self._session, names, number),
        ]
        return [row for part in parts for row in self._emptied(part, certificate)]

    def of_queries_over(self, *, before: datetime) -> int:
        """Erase the text of saved searches and of requests about associates whose time was over before this.

        Return the number.
        """
        because = "its time is over"
        parts = erased_links.word_parts(
            *LinkQueries(self._session).over(before=before),
            AssociatesRequestsStored(self._session).over(before=before),
            because,
        )
        return sum(1 for part in parts for _ in self._emptied(part, because))

    def of_access_request(self, reference: str) -> int:
        """Erase who asked in a subject access request, and the text of its steps.

        Return the number of rows.
        """
        here = col(AccessRequestRow.ref) == reference
        steps = col(AccessStepRow.access_request_id).in_(select(col(AccessRequestRow.id)).where(here))
        return sum(
            1
            for part in (
                part_of(AccessRequestRow, here, erased_rows.access_request),
                part_of(AccessStepRow, steps, erased_rows.access_step),
            )
            for _ in self._emptied(part, reference)
        )

    def protected(self, reference: str, *, told_by: str | None) -> int:
        """Erase protected values of this involvement: those of one source,
        or all with the rows as they came.

        Protected notes go too and are not counted: a certificate has more readers than a note.
        """
        notes = delete(ProtectedNoteRow).where(col(ProtectedNoteRow.involvement_ref) == reference)
        if told_by is not None:
            notes = notes.where(col(ProtectedNoteRow.owner) == told_by)
        self._session.execute(notes)
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

    def _emptied(self, part: Part, certificate: str) -> Iterator[ErasedRow]:
        table = part.table
        name, number = table_of(table).name, table_of(table).c.id
        for row in self._session.execute(select(table).where(part.where).order_by(number)).scalars().all():
            after = part.how(row, certificate)
            before = {column: getattr(row, column) for column in after}
            if before == after:
                continue
            row_number: int = getattr(row, number.key)
            self._session.execute(insert(ErasingRow).values(table=name, row_number=row_number))
            self._session.execute(
                update(table)
                .where(number == row_number)
                .values(**after)
                .execution_options(synchronize_session=False)
            )
            self._session.execute(
                delete(ErasingRow).where(
                    col(ErasingRow.table) == name, col(ErasingRow.row_number) == row_number
                )
            )
            yield ErasedRow(
                table=name,
                row=row_number,
                kind=f"answer: {row.kind}" if isinstance(row, AnswerRow) else name.replace("_", " "),
                digest=getattr(row, "digest", None) or digest(canonical(json.loads(_as_json(before)))),
                dated=next(
                    (getattr(row, f) for f in ("at", "received_at", "created_at") if hasattr(row, f)), None
                ),
            )
            self._session.expunge(row)

    def _cut_links(self, number: int) -> None:
        """Erase what was made of these persons with them: identifiers, objects, forms, keys, proposals.

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
        for function, used in ((ThingRow, PersonThingRow.thing_id), (PlaceRow, PersonThingRow.place_id)):
            in_use = select(col(used)).where(col(used).is_not(None))
            self._session.execute(
                delete(function)
                .where(col(function.id).not_in(in_use))
                .execution_options(synchronize_session=False)
            )


def _as_json(value: object) -> str:
    return json.dumps(value, default=str)
