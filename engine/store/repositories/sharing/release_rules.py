"""Stored release rules and the ledger. Decides nothing; holds keys of items and never their text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, col

from engine.domain.errors import NotFoundError
from engine.domain.sharing import (
    AudienceKind,
    Grounds,
    LedgerAct,
    LedgerEntry,
    LedgerItem,
    ReleaseClass,
    StoredRule,
    VisibilityToOthers,
)
from engine.store.among import among
from engine.store.repositories.cases.involvements import once_in_reading
from engine.store.tables.cases.incidents import ReleaseClassRow
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.responses.answers import RequestRow
from engine.store.tables.sharing import ItemRuleRow, LedgerRow

_NAMED = "named:"
_AT_ONCE = 500


class Sharing:
    """Store of who may get what of an answer, and of what became of it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def classes(self) -> dict[int, ReleaseClass]:
        """Return every release class there is, by its number; there are few."""
        return once_in_reading(self._session, "release classes", self._classes)

    def _classes(self) -> dict[int, ReleaseClass]:
        rows = self._session.connection().execute(_all_classes()).all()
        return {
            int(number or 0): class_of(owner, audience, rule, until)
            for number, owner, audience, rule, until in rows
        }

    def store_rule(self, reference: str, rule: StoredRule) -> None:
        """Add a rule on an item of its owner's answer about this involvement.

        Raises NotFoundError where that agency was not asked.
        """
        self._session.add(
            ItemRuleRow(
                request_id=self._request(reference, rule.release_class.owner),
                item=rule.item,
                release_class_id=self.interned(rule.release_class),
                grounds=rule.grounds.model_dump(mode="json"),
                narrowed_by_plugin=rule.narrowed_by_plugin,
                why=rule.why,
                by=rule.by,
                at=rule.at,
            )
        )
        self._session.flush()

    def rules(self, references: Sequence[str]) -> dict[str, dict[str, dict[str, StoredRule]]]:
        """Return the current rules on these involvements: by involvement, agency and item."""
        found: dict[str, dict[str, dict[str, StoredRule]]] = {reference: {} for reference in references}
        for start in range(0, len(references), _AT_ONCE):
            some = {"references": list(references[start : start + _AT_ONCE])}
            rows = self._session.execute(_rules(), some).all()
            for row, of_class, agency, reference in rows:
                found[reference].setdefault(agency, {})[row.item] = StoredRule(
                    item=row.item,
                    release_class=class_of(of_class.owner, of_class.audience, of_class.rule, of_class.until),
                    grounds=Grounds.model_validate(row.grounds),
                    narrowed_by_plugin=row.narrowed_by_plugin,
                    why=row.why,
                    by=row.by,
                    at=row.at,
                )
        return found

    def enter(self, entries: Iterable[LedgerEntry]) -> None:
        """Add lines to the ledger. Raises NotFoundError where an agency was not asked."""
        self._session.add_all(
            LedgerRow(
                request_id=self._request(entry.involvement, entry.agency),
                version=entry.version,
                act=entry.act.value,
                items=[item.model_dump(mode="json") for item in entry.items],
                whom=entry.whom,
                grounds=entry.grounds.model_dump(mode="json"),
                why=entry.why,
                by=entry.by,
                at=entry.at,
            )
            for entry in entries
        )
        self._session.flush()

    def ledger(self, references: Sequence[str]) -> tuple[LedgerEntry, ...]:
        """Return the lines of these involvements, newest first."""
        rows = self._session.execute(
            select(LedgerRow, col(RequestRow.agency), col(InvolvementRow.ref))
            .join(RequestRow, col(RequestRow.id) == col(LedgerRow.request_id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(RequestRow.involvement_id))
            .where(among(col(InvolvementRow.ref), references))
            .order_by(col(LedgerRow.id).desc())
        ).all()
        return tuple(
            LedgerEntry(
                involvement=reference,
                agency=agency,
                version=row.version,
                act=LedgerAct(row.act),
                items=tuple(LedgerItem.model_validate(item) for item in row.items),
                whom=row.whom,
                grounds=Grounds.model_validate(row.grounds),
                why=row.why,
                by=row.by,
                at=row.at,
            )
            for row, agency, reference in rows
        )

    def interned(self, wanted: ReleaseClass) -> int:
        """Return the number of this class; a new one is given the next."""
        wanted = wanted.model_copy(update={"agencies": tuple(sorted(wanted.agencies))})
        there = {release: number for number, release in self.classes().items()}
        if wanted in there:
            return there[wanted]
        row = ReleaseClassRow(
            owner=wanted.owner,
            rule=wanted.otherwise.value,
            audience=_audience(wanted),
            until=wanted.until,
        )
        self._session.add(row)
        self._session.flush()
        return row.id or 0

    def _request(self, reference: str, agency: str) -> int:
        number = self._session.execute(
            select(col(RequestRow.id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(RequestRow.involvement_id))
            .where(col(InvolvementRow.ref) == reference, col(RequestRow.agency) == agency)
        ).scalar_one_or_none()
        if number is None:
            raise NotFoundError("request", f"{reference} to {agency}", instead="this agency was not asked")
        return int(number)


@cache
def _rules() -> Select[ItemRuleRow, ReleaseClassRow, str, str]:
    return (
        select(ItemRuleRow, ReleaseClassRow, col(RequestRow.agency), col(InvolvementRow.ref))
        .join(ReleaseClassRow, col(ReleaseClassRow.id) == col(ItemRuleRow.release_class_id))
        .join(RequestRow, col(RequestRow.id) == col(ItemRuleRow.request_id))
        .join(InvolvementRow, col(InvolvementRow.id) == col(RequestRow.involvement_id))
        .where(col(InvolvementRow.ref).in_(bindparam("references", expanding=True)))
        .order_by(col(ItemRuleRow.id))
    )


@cache
def _all_classes() -> Select[int | None, str, str, str, date | None]:
    """Build it once in a process: that takes longer than running it."""
    return select(
        col(ReleaseClassRow.id),
        col(ReleaseClassRow.owner),
        col(ReleaseClassRow.audience),
        col(ReleaseClassRow.rule),
        col(ReleaseClassRow.until),
    )


def _audience(release: ReleaseClass) -> str:
    if release.audience is AudienceKind.NAMED:
        return _NAMED + ",".join(sorted(release.agencies))
    return release.audience.value


def class_of(owner: str, audience: str, rule: str, until: date | None) -> ReleaseClass:
    """Return a release class out of the columns of its row."""
    if audience.startswith(_NAMED):
        kind, named = AudienceKind.NAMED, tuple(audience.removeprefix(_NAMED).split(","))
    else:
        kind, named = AudienceKind(audience), ()
    return ReleaseClass(
        owner=owner, audience=kind, agencies=named, otherwise=VisibilityToOthers(rule), until=until
    )
