"""Standing queries over links, their alerts, what came of them, and exports. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import Select, bindparam, or_, select
from sqlmodel import Session, col

from engine.domain.errors import NotFoundError
from engine.domain.links.saved_searches import AlertState, Asked, LinkAlert, Question, SavedSearch
from engine.store.among import among
from engine.store.repositories.bulk import insert_all
from engine.store.repositories.references import unused_references
from engine.store.tables.links.graph import (
    LinkAlertRow,
    LinkAlertWordRow,
    LinkExportRow,
    LinkQueryEndedRow,
    LinkQueryRow,
)

_QUESTION: TypeAdapter[Asked] = TypeAdapter(Question)


class LinkQueries:
    """Store of saved searches and alerts."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def store_export(self, *, form: str, why: str, by: str, at: datetime) -> None:
        """Record that links were exported, and why."""
        self._session.add(LinkExportRow(form=form, why=why, by=by, at=at))
        self._session.flush()

    def save(
        self,
        question: Asked,
        *,
        owner: str,
        why: str,
        at: datetime,
        until: datetime,
    ) -> SavedSearch:
        """Store a saved search; return it with its reference."""
        (ref,) = unused_references(self._session, "saved search", col(LinkQueryRow.ref), 1)
        row = LinkQueryRow(
            ref=ref, owner=owner, question=question.model_dump(mode="json"), why=why, at=at, until=until
        )
        self._session.add(row)
        self._session.flush()
        return _query(row, None)

    def end(self, reference: str, *, by: str, at: datetime) -> None:
        """End a saved search. Raises NotFoundError if the search does not exist."""
        self._session.add(LinkQueryEndedRow(link_query_id=self._number(reference), by=by, at=at))
        self._session.flush()

    def are_any_asked(self, *, at: datetime) -> bool:
        """Return whether any question is asked at this instant."""
        return self._session.connection().execute(_asked_at(), {"at": at}).first() is not None

    def all(self, *, owner: str | None = None) -> tuple[SavedSearch, ...]:
        """Return every saved search, or those of one person, oldest first."""
        query = (
            select(LinkQueryRow, col(LinkQueryEndedRow.at))
            .outerjoin(LinkQueryEndedRow, col(LinkQueryEndedRow.link_query_id) == col(LinkQueryRow.id))
            .order_by(col(LinkQueryRow.id))
        )
        if owner is not None:
            query = query.where(col(LinkQueryRow.owner) == owner)
        return tuple(_query(row, ended) for row, ended in self._session.execute(query).all())

    def known_matches(self, reference: str) -> frozenset[str]:
        """Return the matches found so far. Raises NotFoundError if the search does not exist."""
        return frozenset(
            self._session.execute(
                select(col(LinkAlertRow.match_key)).where(
                    col(LinkAlertRow.link_query_id) == self._number(reference)
                )
            ).scalars()
        )

    def raise_alerts(self, reference: str, matches: Sequence[str], *, were_there: bool, at: datetime) -> None:
        """Store new matches as alerts.

        ``were_there`` are the matches at the time of saving, which raise none.

        Raises NotFoundError if the search does not exist.
        """
        refs = unused_references(self._session, "link alert", col(LinkAlertRow.ref), len(matches))
        number = self._number(reference)
        insert_all(
            self._session,
            LinkAlertRow,
            [
                {"ref": ref, "link_query_id": number, "match_key": key, "was_there": were_there, "at": at}
                for ref, key in zip(refs, matches, strict=True)
            ],
        )

    def alerts(self, queries: Iterable[SavedSearch]) -> tuple[LinkAlert, ...]:
        """Return the alerts of these queries, oldest first."""
        by_ref = {query.reference: query for query in queries}
        rows = self._session.execute(
            select(LinkAlertRow, LinkAlertWordRow, col(LinkQueryRow.ref))
            .join(LinkQueryRow, col(LinkQueryRow.id) == col(LinkAlertRow.link_query_id))
            .outerjoin(LinkAlertWordRow, col(LinkAlertWordRow.link_alert_id) == col(LinkAlertRow.id))
            .where(among(col(LinkQueryRow.ref), list(by_ref)), col(LinkAlertRow.was_there).is_(False))
            .order_by(col(LinkAlertRow.id))
        ).all()
        return tuple(_alert(row, term, by_ref[query]) for row, term, query in rows)

    def judge(self, alert: str, *, acted: bool, why: str, by: str, at: datetime) -> None:
        """Store its owner's judgement of an alert."""
        number = self._session.execute(
            select(col(LinkAlertRow.id)).where(col(LinkAlertRow.ref) == alert)
        ).scalar_one()
        self._session.add(LinkAlertWordRow(link_alert_id=number, acted=acted, why=why, by=by, at=at))
        self._session.flush()

    def about(self, names: AbstractSet[str]) -> tuple[set[int], set[int]]:
        """Return the queries that name one of these, and the judged alerts of them or of one of these."""
        asked = self._session.execute(select(col(LinkQueryRow.id), col(LinkQueryRow.question))).all()
        queries = {int(n or 0) for n, value in asked if not names.isdisjoint(map(str, value.values()))}
        judged = self._session.execute(
            select(col(LinkAlertRow.id), col(LinkAlertRow.link_query_id), col(LinkAlertRow.match_key)).join(
                LinkAlertWordRow, col(LinkAlertWordRow.link_alert_id) == col(LinkAlertRow.id)
            )
        ).all()
        alerts = {
            int(number or 0)
            for number, query, key in judged
            if query in queries or not names.isdisjoint(key.split())
        }
        return queries, alerts

    def over(self, *, before: datetime) -> tuple[set[int], set[int]]:
        """Return the searches that ended, or whose end date passed, before this, and their alerts."""
        ended = select(col(LinkQueryEndedRow.link_query_id)).where(col(LinkQueryEndedRow.at) < before)
        is_over = or_(col(LinkQueryRow.until) < before, col(LinkQueryRow.id).in_(ended))
        queries = {
            int(number or 0)
            for number in self._session.execute(select(col(LinkQueryRow.id)).where(is_over)).scalars()
        }
        alerts = select(col(LinkAlertRow.id)).where(col(LinkAlertRow.link_query_id).in_(queries))
        return queries, {int(number or 0) for number in self._session.execute(alerts).scalars()}

    def _number(self, reference: str) -> int:
        found: int | None = self._session.execute(
            select(col(LinkQueryRow.id)).where(col(LinkQueryRow.ref) == reference)
        ).scalar_one_or_none()
        if found is None:
            raise NotFoundError("saved search", reference)
        return int(found)


@cache
def _asked_at() -> Select[int | None]:
    """Build the statement once: building a statement takes several times as long as running it."""
    return (
        select(col(LinkQueryRow.id))
        .outerjoin(LinkQueryEndedRow, col(LinkQueryEndedRow.link_query_id) == col(LinkQueryRow.id))
        .where(col(LinkQueryEndedRow.id).is_(None), col(LinkQueryRow.until) > bindparam("at"))
        .limit(1)
    )


def _query(row: LinkQueryRow, ended: datetime | None) -> SavedSearch:
    return SavedSearch(
        reference=row.ref,
        owner=row.owner,
        question=_QUESTION.validate_python(row.question),
        why=row.why,
        at=row.at,
        until=row.until,
        ended_at=ended,
    )


def _alert(row: LinkAlertRow, link_alert_word: LinkAlertWordRow | None, query: SavedSearch) -> LinkAlert:
    state = AlertState.WAITING
    if link_alert_word is not None:
        state = AlertState.ACTED_ON if link_alert_word.acted else AlertState.NOT_RELEVANT
    return LinkAlert(
        reference=row.ref,
        query=query.reference,
        owner=query.owner,
        match_key=row.match_key,
        at=row.at,
        state=state,
        why=link_alert_word.why if link_alert_word else None,
        expires_at=query.until,
    )
