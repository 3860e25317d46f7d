"""Erasure of content from the record, leaving its envelope. Only ``rights.retention`` uses it.

Decides nothing.

A table that stores text about a person belongs in here, and its content columns into a migration's triggers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Set
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlmodel import Session, col

from engine.domain.rights.retention import ErasedRow
from engine.domain.system.audit import canonical, digest
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.links.saved_searches import LinkQueries
from engine.store.repositories.rights import erased_rows
from engine.store.tables.access import (
    ConnectionRow,
    GlassBrokenRow,
    GlassReviewRow,
    RestrictedReasonRow,
    RestrictionRow,
)
from engine.store.tables.cases.incidents import IncidentReportRow, IncidentRow, IncidentRuleRow
from engine.store.tables.cases.involvements import (
    EpisodeJudgementRow,
    MoveRow,
    ReferralVersionRow,
    ScreeningRow,
)
from engine.store.tables.conference import DecisionRow, DissentRow
from engine.store.tables.links.graph import LinkAlertWordRow, LinkQueryRow
from engine.store.tables.links.maps import LinkMapExportRow, LinkMapPlacesRow, SavedLinkMapRow
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
from engine.store.tables.plans import ActionRow, ActionVersionRow, PlanRow
from engine.store.tables.responses.answers import AnswerRow, RequestRow
from engine.store.tables.responses.corrections import ChangeAnswerRow, ChangeRequestRow
from engine.store.tables.responses.reassessment import BatchAnswerRow
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
from engine.store.tables.vault.protected import ProtectedOriginalRow, ProtectedValueRow

_Part = tuple[Any, ColumnElement[bool], erased_rows.Emptied]
"""A table, which of its rows, and how each is emptied."""


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
        return [
            row
            for table, where, how in self._agencys(number, agency)
            for row in self._emptied(table, where, how, certificate)
        ]

    def of_desk(self, reference: str, certificate: str) -> list[ErasedRow]:
        """Erase the STAC coordinator and chair's part of this involvement: referral, people, incidents,
        decisions, outcomes.

        Raises NotFoundError if the referral does not exist.
        """
        number = involvement_id(self._session, reference)
        rows = [
            row
            for table, where, how in self._desks(number)
            for row in self._emptied(table, where, how, certificate)
        ]
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
            for table, where, how in (
                *self._desks(involvement_id(self._session, reference)),
                *self._agencys(involvement_id(self._session, reference), None),
                *self._words_on_keeping(involvement_id(self._session, reference)),
            )
            if table is not PersonRecordRow
            for row in self._emptied(table, where, erased_rows.masking(how, masked), certificate)
        ]

    def _agencys(self, number: int, agency: str | None) -> list[_Part]:
        """Return one agency's part of an involvement, or with None that of all agencies."""
        requests = select(col(RequestRow.id)).where(col(RequestRow.involvement_id) == number)
        again = col(BatchAnswerRow.involvement_id) == number
        if agency is not None:
            requests = requests.where(col(RequestRow.agency) == agency)
            again = again & (col(BatchAnswerRow.agency) == agency)
        return [
            (AnswerRow, col(AnswerRow.request_id).in_(requests), erased_rows.answer),
            (BatchAnswerRow, again, lambda *_: {"content": None}),
            (ItemRuleRow, col(ItemRuleRow.request_id).in_(requests), erased_rows.rule),
            (LedgerRow, col(LedgerRow.request_id).in_(requests), erased_rows.ledger),
        ]

    def _words_on_keeping(self, number: int) -> list[_Part]:
        """Return the decisions to retain and to erase, and certificates: they stay,
        and so do their reasons.
        """
        return [
            (table, col(table.involvement_id) == number, lambda row, _: {"why": row.why})
            for table in (RetentionWordRow, ErasureRow)
        ]

    def _desks(self, number: int) -> list[_Part]:
        def here(row: Any) -> Any:
            return col(row.involvement_id) == number

        def of(row: Any, column: Any) -> Any:
            return column.in_(select(col(row.id)).where(here(row)))

        persons = select(col(PersonRecordRow.id)).where(here(PersonRecordRow))
        same = col(IdentityJudgementRow.low_id).in_(persons) | col(IdentityJudgementRow.high_id).in_(persons)
        reasons = (
            *(RestrictionRow, ConnectionRow, GlassBrokenRow, OpeningAskRow, OpeningRow, MoveRow),
            *(EpisodeJudgementRow, RoleAssessmentRow, InvestigatorRow),
        )
        return [
            (ReferralVersionRow, here(ReferralVersionRow), erased_rows.referral),
            (IncidentReportRow, here(IncidentReportRow), erased_rows.report),
            *((row, here(row), erased_rows.why) for row in reasons),
            (IncidentRuleRow, here(IncidentRuleRow), erased_rows.rule),
            (
                RestrictedReasonRow,
                here(RestrictedReasonRow),
                lambda _, number: dict.fromkeys(("purpose", "why"), erased_rows.erased(number)),
            ),
            (GlassReviewRow, of(GlassBrokenRow, col(GlassReviewRow.glass_broken_id)), erased_rows.why),
            (IdentityJudgementRow, same, erased_rows.why),
            (PersonRecordRow, here(PersonRecordRow), erased_rows.person),
            (ScreeningRow, here(ScreeningRow), erased_rows.screening),
            (DecisionRow, here(DecisionRow), erased_rows.decision),
            (
                DissentRow,
                of(DecisionRow, col(DissentRow.decision_id)),
                lambda _, number: {"who": "erased", "reasons": erased_rows.erased(number)},
            ),
            (
                PlanRow,
                here(PlanRow),
                lambda _, number: {"reason": erased_rows.erased(number), "departs_from_wishes": None},
            ),
            (
                ActionVersionRow,
                of(ActionRow, col(ActionVersionRow.action_id)),
                lambda _, number: {
                    "what": erased_rows.erased(number),
                    "owner": "erased",
                    "status_note": None,
                },
            ),
            (OutcomeRow, here(OutcomeRow), lambda _, number: {"says": erased_rows.erased(number)}),
            (
                ChangeRequestRow,
                here(ChangeRequestRow),
                lambda _, number: {"what": erased_rows.erased(number)},
            ),
            (ChangeAnswerRow, of(ChangeRequestRow, col(ChangeAnswerRow.change_request_id)), erased_rows.why),
            (VictimRequestRow, here(VictimRequestRow), erased_rows.victim_request),
            (
                VictimRequestWordRow,
                of(VictimRequestRow, col(VictimRequestWordRow.victim_request_id)),
                erased_rows.victim_request_word,
            ),
            (VictimToldRow, here(VictimToldRow), lambda _, number: {"content": {"erased_by": number}}),
        ]

    def of_links(self, reference: str, certificate: str) -> list[ErasedRow]:
        """Erase the text of saved searches and maps that name this case or a person or thing in it.

        Maps that a user saved or moved round one of them go whole: they are their owner's convenience.
        Raises NotFoundError if the referral does not exist.
        """
        number = involvement_id(self._session, reference)
        names = {reference}
        for table in (PersonRecordRow, IncidentRow):
            here = select(col(table.ref)).where(col(table.involvement_id) == number)
            names |= set(self._session.execute(here).scalars())
        for maps in (SavedLinkMapRow, LinkMapPlacesRow):
            for row in self._session.execute(select(maps)).scalars().all():
                if _is_about(row, names):
                    self._session.delete(row)
        exports = self._session.execute(select(LinkMapExportRow)).scalars().all()
        taken = col(LinkMapExportRow.id).in_([row.id for row in exports if _is_about(row, names)])
        return [
            *self._words(*LinkQueries(self._session).about(names), certificate),
            *self._emptied(LinkMapExportRow, taken, erased_rows.why, certificate),
        ]

    def of_queries_over(self, *, before: datetime) -> int:
        """Erase the text of saved searches that ended, or whose end date passed, before this.

        Return the number.
        """
        return len(self._words(*LinkQueries(self._session).over(before=before), "its time is over"))

    def _words(self, queries: set[int], alerts: set[int], because: str) -> list[ErasedRow]:
        words = col(LinkAlertWordRow.link_alert_id).in_(alerts)
        return [
            row
            for table, where in ((LinkQueryRow, col(LinkQueryRow.id).in_(queries)), (LinkAlertWordRow, words))
            for row in self._emptied(table, where, lambda *_: {"why": f"Erased ({because})."}, because)
        ]

    def of_access_request(self, reference: str) -> int:
        """Erase who asked in a subject access request, and the text of its steps.

        Return the number of rows.
        """
        here = col(AccessRequestRow.ref) == reference
        steps = col(AccessStepRow.access_request_id).in_(select(col(AccessRequestRow.id)).where(here))
        return sum(
            1
            for table, where, how in (
                (AccessRequestRow, here, erased_rows.access_request),
                (AccessStepRow, steps, erased_rows.access_step),
            )
            for _ in self._emptied(table, where, how, reference)
        )

    def protected(self, reference: str, *, told_by: str | None) -> int:
        """Erase protected values of this involvement: those of one source,
        or all with the rows as they came.
        """
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
        where: ColumnElement[bool],
        how: erased_rows.Emptied,
        certificate: str,
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
                kind=f"answer: {row.kind}" if table is AnswerRow else name.replace("_", " "),
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


def _is_about(row: Any, names: Set[str]) -> bool:
    """Return whether a map is round one of these."""
    return (row.middle if hasattr(row, "middle") else row.asked.get("start")) in names


def _as_json(value: object) -> str:
    return json.dumps(value, default=str)
