"""Acts that a restore repeats, among the rows of a transaction. Reads rows by key and decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from engine.domain.access.need_to_know import RestrictedBecause, SaidBy
from engine.domain.accounts.acting import Role
from engine.domain.links.sharing import LinkShare, ShareAct
from engine.domain.rights.retention import ErasureGround, RetentionAct
from engine.domain.sharing import LedgerAct
from engine.domain.system.repeated_acts import (
    ActsOfOthersShared,
    AgencySuspended,
    CaseRestricted,
    CasesClosed,
    ConflictDeclared,
    EntrustedTask,
    Erased,
    HoldPut,
    IncidentRuled,
    ItemRuled,
    ItemsWithdrawn,
    LinkItemShared,
    PasswordChanged,
    PersonEntrusted,
    RepeatedAct,
    RequestErased,
    UserChanged,
    VictimWordsWithdrawn,
)
from engine.store.repositories.sharing.release_rules import class_of
from engine.store.tables.access import ConnectionRow, RestrictionRow
from engine.store.tables.accounts import LocalAccountRow, UserRow
from engine.store.tables.agencies import AgencySuspensionRow
from engine.store.tables.cases.incidents import IncidentRow, IncidentRuleRow, ReleaseClassRow
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.cases.person_acts import ActsSharedRow
from engine.store.tables.conference import VictimWordsRow, VictimWordsWithdrawnRow
from engine.store.tables.links.maps import LinkShareRow
from engine.store.tables.responses.answers import RequestRow
from engine.store.tables.reviews import InvestigationLeadRow
from engine.store.tables.rights.retention import ErasureRow, RetentionWordRow
from engine.store.tables.rights.subject_access import AccessRequestRow, AccessStepRow
from engine.store.tables.sharing import ItemRuleRow, LedgerRow
from engine.store.tables.vault.openings import SafeContactOfficerRow

REGISTERED = frozenset(
    {
        "access_step",
        "acts_shared",
        "agency_suspension",
        "app_user",
        "case_member",
        "connection",
        "erasure",
        "incident_rule",
        "investigation_lead",
        "item_rule",
        "ledger",
        "link_share",
        "local_account",
        "restriction",
        "retention_word",
        "safe_contact_officer",
        "victim_words_withdrawn",
    }
)
"""The tables with a row of such an act. A test says of every other table that grants or limits why not."""
_AT_ONCE = 500
_TAKEN = (LedgerAct.WITHDRAWN.value, LedgerAct.AGREEMENT.value)
_HOLDS = (RetentionAct.HOLD.value, RetentionAct.LIFT.value)
_Numbers = list[int]


class RepeatedActs:
    """Finds such acts among the rows that a transaction wrote."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def among(self, written: Mapping[str, Mapping[str, str | None]], *, at: datetime) -> list[RepeatedAct]:
        """Return the acts in these rows, which are named by table and key; None is of a deleted one."""
        find: dict[str, Callable[[_Numbers, datetime], Iterator[RepeatedAct]]] = {
            "acts_shared": self._acts_of_others,
            "investigation_lead": self._leads,
            "link_share": self._link_items,
            "safe_contact_officer": self._officers,
            "access_step": self._requests_erased,
            "agency_suspension": self._suspensions,
            "app_user": self._users,
            "connection": self._conflicts,
            "erasure": self._erasures,
            "incident_rule": self._incident_rules,
            "item_rule": self._item_rules,
            "ledger": self._withdrawn,
            "local_account": self._passwords,
            "restriction": self._restrictions,
            "retention_word": self._holds,
            "victim_words_withdrawn": self._victim_words,
        }
        found: list[RepeatedAct] = []
        for table in sorted(find.keys() & written.keys()):
            numbers = [int(key) for key in written[table]]
            for start in range(0, len(numbers), _AT_ONCE):
                found += find[table](numbers[start : start + _AT_ONCE], at)
        if None in written.get("case_member", {}).values():  # the deleted rows do not say whose they were
            found += [CasesClosed(user=act.user, at=at) for act in found if isinstance(act, UserChanged)]
        return found

    def _erasures(self, numbers: _Numbers, _: datetime) -> Iterator[RepeatedAct]:
        query = select(ErasureRow, col(InvolvementRow.ref)).join(
            InvolvementRow, col(InvolvementRow.id) == col(ErasureRow.involvement_id)
        )
        for row, case in self._session.execute(query.where(col(ErasureRow.id).in_(numbers))).all():
            yield Erased(
                case=case,
                owner=row.owner,
                certificate=row.ref,
                ground=ErasureGround(row.ground),
                decided_by=row.decided_by,
                by=row.by,
                role=row.role,
                at=row.at,
            )

    def _requests_erased(self, numbers: _Numbers, _: datetime) -> Iterator[RepeatedAct]:
        query = select(AccessStepRow, col(AccessRequestRow.ref)).join(
            AccessRequestRow, col(AccessRequestRow.id) == col(AccessStepRow.access_request_id)
        )
        for row, request in self._session.execute(query.where(col(AccessStepRow.id).in_(numbers))).all():
            if row.content.get("kind") == "erased":
                yield RequestErased(request=request, by=row.by, at=row.at)

    def _withdrawn(self, numbers: _Numbers, _: datetime) -> Iterator[RepeatedAct]:
        query = (
            select(LedgerRow, col(RequestRow.agency), col(InvolvementRow.ref))
            .join(RequestRow, col(RequestRow.id) == col(LedgerRow.request_id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(RequestRow.involvement_id))
            .where(col(LedgerRow.id).in_(numbers), col(LedgerRow.act).in_(_TAKEN))
        )
        for row, agency, case in self._session.execute(query).all():
            keys = tuple(str(item["key"]) for item in row.items)
            yield ItemsWithdrawn(case=case, agency=agency, items=keys, by=row.by, at=row.at)

    def _victim_words(self, numbers: _Numbers, _: datetime) -> Iterator[RepeatedAct]:
        query = (
            select(VictimWordsWithdrawnRow, col(VictimWordsRow.number), col(InvolvementRow.ref))
            .join(VictimWordsRow, col(VictimWordsRow.id) == col(VictimWordsWithdrawnRow.victim_words_id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(VictimWordsWithdrawnRow.involvement_id))
            .where(col(VictimWordsWithdrawnRow.id).in_(numbers))
        )
        for row, number, case in self._session.execute(query).all():
            yield VictimWordsWithdrawn(case=case, number=number, by=row.by, at=row.at)

    def _restrictions(self, numbers: _Numbers, _: datetime) -> Iterator[RepeatedAct]:
        query = select(RestrictionRow, col(InvolvementRow.ref)).join(
            InvolvementRow, col(InvolvementRow.id) == col(RestrictionRow.involvement_id)
        )
        for row, case in self._session.execute(query.where(col(RestrictionRow.id).in_(numbers))).all():
            yield CaseRestricted(case=case, because=RestrictedBecause(row.because), by=row.by, at=row.at)

    def _conflicts(self, numbers: _Numbers, _: datetime) -> Iterator[RepeatedAct]:
        query = select(ConnectionRow, col(InvolvementRow.ref)).join(
            InvolvementRow, col(InvolvementRow.id) == col(ConnectionRow.involvement_id)
        )
        for row, case in self._session.execute(query.where(col(ConnectionRow.id).in_(numbers))).all():
            yield ConflictDeclared(
                case=case,
                user=row.user_name,
                is_connected=row.is_connected,
                said_by=SaidBy(row.said_by),
                by=row.by,
                at=row.at,
            )

    def _users(self, numbers: _Numbers, at: datetime) -> Iterator[RepeatedAct]:
        query = select(UserRow).where(col(UserRow.id).in_(numbers))
        for row in self._session.execute(query).scalars():
            yield UserChanged(user=row.name, role=Role(row.role), agency=row.agency, active=row.active, at=at)

    def _passwords(self, numbers: _Numbers, _: datetime) -> Iterator[RepeatedAct]:
        query = select(LocalAccountRow).where(col(LocalAccountRow.id).in_(numbers))
        for row in self._session.execute(query).scalars():
            yield PasswordChanged(user=row.user_name, at=row.changed_at)

    def _holds(self, numbers: _Numbers, _: datetime) -> Iterator[RepeatedAct]:
        query = (
            select(RetentionWordRow, col(InvolvementRow.ref))
            .join(InvolvementRow, col(InvolvementRow.id) == col(RetentionWordRow.involvement_id))
            .where(col(RetentionWordRow.id).in_(numbers), col(RetentionWordRow.act).in_(_HOLDS))
        )
        for row, case in self._session.execute(query).all():
            is_held = row.act == RetentionAct.HOLD.value
            yield HoldPut(case=case, owner=row.owner, is_held=is_held, by=row.by, at=row.at)

    def _item_rules(self, numbers: _Numbers, _: datetime) -> Iterator[RepeatedAct]:
        query = (
            select(ItemRuleRow, ReleaseClassRow, col(InvolvementRow.ref))
            .join(ReleaseClassRow, col(ReleaseClassRow.id) == col(ItemRuleRow.release_class_id))
            .join(RequestRow, col(RequestRow.id) == col(ItemRuleRow.request_id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(RequestRow.involvement_id))
            .where(col(ItemRuleRow.id).in_(numbers))
            .order_by(col(ItemRuleRow.id))
        )
        for row, of, case in self._session.execute(query).all():
            release = class_of(of.owner, of.audience, of.rule, of.until)
            yield ItemRuled(case=case, item=row.item, release=release, by=row.by, at=row.at)

    def _incident_rules(self, numbers: _Numbers, _: datetime) -> Iterator[RepeatedAct]:
        query = (
            select(IncidentRuleRow, ReleaseClassRow, col(IncidentRow.ref), col(InvolvementRow.ref))
            .join(ReleaseClassRow, col(ReleaseClassRow.id) == col(IncidentRuleRow.release_class_id))
            .join(IncidentRow, col(IncidentRow.id) == col(IncidentRuleRow.incident_id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(IncidentRuleRow.involvement_id))
            .where(col(IncidentRuleRow.id).in_(numbers))
            .order_by(col(IncidentRuleRow.id))
        )
        for row, of, incident, case in self._session.execute(query).all():
            release = class_of(of.owner, of.audience, of.rule, of.until)
            yield IncidentRuled(
                case=case, incident=incident, owner=row.owner, release=release, by=row.by, at=row.at
            )

    def _acts_of_others(self, numbers: _Numbers, _: datetime) -> Iterator[RepeatedAct]:
        query = (
            select(ActsSharedRow, col(InvolvementRow.ref))
            .join(InvolvementRow, col(InvolvementRow.id) == col(ActsSharedRow.involvement_id))
            .where(col(ActsSharedRow.id).in_(numbers))
        )
        for row, case in self._session.execute(query).all():
            yield ActsOfOthersShared(
                case=case, is_shared=row.is_shared, role=Role(row.role), by=row.by, at=row.at
            )

    def _link_items(self, numbers: _Numbers, _: datetime) -> Iterator[RepeatedAct]:
        query = select(LinkShareRow).where(col(LinkShareRow.id).in_(numbers))
        for row in self._session.execute(query).scalars():
            act = ShareAct(row.act)
            if act is not ShareAct.OPENED:
                share = LinkShare(
                    item=row.item,
                    act=act,
                    owner=row.owner,
                    owner_role=Role(row.owner_role),
                    owner_agency=row.owner_agency,
                    recipient=row.recipient,
                    at=row.at,
                )
                yield LinkItemShared(share=share, at=row.at)

    def _officers(self, numbers: _Numbers, _: datetime) -> Iterator[RepeatedAct]:
        return self._entrusted(SafeContactOfficerRow, EntrustedTask.SAFE_CONTACT_OFFICER, numbers)

    def _leads(self, numbers: _Numbers, _: datetime) -> Iterator[RepeatedAct]:
        return self._entrusted(InvestigationLeadRow, EntrustedTask.INVESTIGATION_LEAD, numbers)

    def _entrusted(
        self,
        rows_of: type[SafeContactOfficerRow | InvestigationLeadRow],
        task: EntrustedTask,
        numbers: _Numbers,
    ) -> Iterator[RepeatedAct]:
        query = (
            select(rows_of, col(InvolvementRow.ref))
            .join(InvolvementRow, col(InvolvementRow.id) == col(rows_of.involvement_id))
            .where(col(rows_of.id).in_(numbers))
        )
        for row, case in self._session.execute(query).all():
            yield PersonEntrusted(case=case, task=task, user=row.user_name, by=row.by, at=row.at)

    def _suspensions(self, numbers: _Numbers, _: datetime) -> Iterator[RepeatedAct]:
        query = select(AgencySuspensionRow).where(col(AgencySuspensionRow.id).in_(numbers))
        for row in self._session.execute(query).scalars():
            yield AgencySuspended(agency=row.agency, is_suspended=row.is_suspended, by=row.by, at=row.at)
