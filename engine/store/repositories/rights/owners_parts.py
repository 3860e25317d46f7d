"""Each owner's part of a case, as an erasure empties it: an agency's, and the desk's. Empties nothing."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from engine.store.repositories.rights import erased_rows
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
    PersonRecordRow,
)
from engine.store.tables.people.same_person import (
    IdentityJudgementRow,
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
from engine.store.tables.rights.retention import ErasureRow, RetentionWordRow
from engine.store.tables.rights.victim_rights import (
    InvestigatorRow,
    RoleAssessmentRow,
    VictimRequestRow,
    VictimRequestWordRow,
    VictimToldRow,
)
from engine.store.tables.sharing import ItemRuleRow, LedgerRow
from engine.store.tables.vault.openings import OpeningAskRow, OpeningRow
from engine.store.tables.victims_outcomes import VictimDescriptionRow, VictimOutcomeRow


class _OfInvolvement(Protocol):
    """A row of one involvement, with rows of other tables that belong to it."""

    id: int | None
    involvement_id: int


def agencys_parts(number: int, agency: str | None) -> list[Part]:
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
    in_decisions = [] if agency is None else [part_of(DecisionRow, decided, erased_rows.missing_from(agency))]
    return [
        *in_decisions,
        part_of(VictimWordsRow, of_agency, erased_rows.victim_words),
        *_accounts(number, agency),
        part_of(AnswerRow, col(AnswerRow.request_id).in_(requests), erased_rows.answer),
        part_of(BatchAnswerRow, again, lambda *_: {"content": None}),
        part_of(ItemRuleRow, col(ItemRuleRow.request_id).in_(requests), erased_rows.rule),
        part_of(LedgerRow, col(LedgerRow.request_id).in_(requests), erased_rows.ledger),
    ]


def _accounts(number: int, agency: str | None) -> list[Part]:
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


def words_on_keeping(number: int) -> list[Part]:
    """Return the decisions to retain and to erase, and certificates: they stay,
    and so do their reasons.
    """

    def unchanged(row: erased_rows.Reasoned, certificate: str) -> erased_rows.Columns:
        return {"why": row.why}

    return [
        part_of(RetentionWordRow, col(RetentionWordRow.involvement_id) == number, unchanged),
        part_of(ErasureRow, col(ErasureRow.involvement_id) == number, unchanged),
    ]


def desks_parts(number: int) -> list[Part]:
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
        part_of(ChangeAnswerRow, of(ChangeRequestRow, ChangeAnswerRow.change_request_id), erased_rows.why),
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
