"""Texts of actions with who wrote each: a report or a new due date leaves the writer of a text as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby

from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.domain.plans.actions import OPEN_STATUSES
from engine.domain.plans.texts import WrittenText
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.plans import ActionRow, ActionVersionRow

_AT_ONCE = 500
_Version = tuple[str, str, str, datetime, str, str, str | None, str | None]


class ActionTexts:
    """Reads them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_open(self, references: Sequence[str]) -> tuple[WrittenText, ...]:
        """Return every text that any action of these involvements ever had, if its newest version is open."""
        found: list[WrittenText] = []
        for start in range(0, len(references), _AT_ONCE):
            of_these = col(InvolvementRow.ref).in_(references[start : start + _AT_ONCE])
            found += self._texts(_versions().where(of_these, _is_open()))
        return tuple(found)

    def cases_with_open_actions(self, references: Sequence[str]) -> frozenset[str]:
        """Return those of these involvements with an action whose newest version is open.

        So has one whose only open action is in no plan any more: a caller that reads the plan finds none.
        """
        found = set[str]()
        for start in range(0, len(references), _AT_ONCE):
            some = {"references": list(references[start : start + _AT_ONCE])}
            found.update(self._session.execute(_with_open_actions(), some).scalars())
        return frozenset(found)

    def written_since(self, at: datetime) -> tuple[WrittenText, ...]:
        """Return every text of any action that was written since, whether it still applies or not."""
        lately = select(col(ActionVersionRow.action_id)).where(col(ActionVersionRow.at) >= at)
        texts = self._texts(_versions().where(col(ActionRow.id).in_(lately)))
        return tuple(text for text in texts if text.at >= at)

    def _texts(self, versions: Select[*_Version]) -> Iterator[WrittenText]:
        rows = self._session.execute(versions).all()
        for _, of_action in groupby(rows, key=lambda row: row[1]):
            yield from _texts_of(list(of_action))


@cache
def _with_open_actions() -> Select[str]:
    """Build it once in a process: each worklist asks for it."""
    return (
        select(col(InvolvementRow.ref))
        .join(ActionRow, col(ActionRow.involvement_id) == col(InvolvementRow.id))
        .where(col(InvolvementRow.ref).in_(bindparam("references", expanding=True)), _is_open())
        .distinct()
    )


def _is_open() -> ColumnElement[bool]:
    """Build: the newest version of the action is open."""
    newest, newer = aliased(ActionVersionRow), aliased(ActionVersionRow)
    is_replaced = exists().where(
        col(newer.action_id) == col(newest.action_id), col(newer.version) > col(newest.version)
    )
    is_open = col(newest.status).in_([each.value for each in OPEN_STATUSES])
    return exists().where(col(newest.action_id) == col(ActionRow.id), is_open, ~is_replaced)


def _versions() -> Select[*_Version]:
    """Build what finds the versions that gave content, oldest first; reports repeat a content."""
    is_report = col(ActionVersionRow.is_report)
    return (
        select(
            col(InvolvementRow.ref),
            col(ActionRow.ref),
            col(ActionVersionRow.by),
            col(ActionVersionRow.at),
            col(ActionVersionRow.what),
            col(ActionVersionRow.owner),
            col(ActionVersionRow.evidence),
            col(ActionVersionRow.differs_from_notice),
        )
        .join(ActionRow, col(ActionRow.involvement_id) == col(InvolvementRow.id))
        .join(ActionVersionRow, col(ActionVersionRow.action_id) == col(ActionRow.id))
        .where(or_(is_report.is_(None), is_report.is_(False)))
        .order_by(col(ActionRow.id), col(ActionVersionRow.version))
    )


def _texts_of(versions: Sequence[Row[*_Version]]) -> Iterator[WrittenText]:
    """Yield each text of one action once for each time that it was written."""
    before: tuple[str | None, ...] = ()
    for version in versions:
        case, action, by, at, *typed = version
        texts = tuple(str(text) if text is not None else None for text in typed)
        for place, text in enumerate(texts):
            if text is not None and (not before or before[place] != text):
                yield WrittenText(case=case, about=action, text=text, by=by, at=at)
        before = texts
