"""Ownership of an alarm, from the facts of what raised it: one function for each way to learn a topic.

Nothing of it is stored with the alarm: a remark that is released later is then the panel's alarm.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, String, and_, cast, func, literal, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.domain.alarms import ACCOUNT, WORDS, Door
from engine.domain.conference.remarks import RemarkAct
from engine.domain.responses.answers import Nature
from engine.domain.responses.voices import EVERYONE
from engine.domain.sharing import DESK, AudienceKind
from engine.store.among import among
from engine.store.tables.agency_outcomes import OutcomeReturnRow, OutcomeReturnStepRow
from engine.store.tables.alarms import TopicsAskedRow
from engine.store.tables.breaches import LikelyBreachRow
from engine.store.tables.cases.incidents import IncidentReportRow
from engine.store.tables.cases.involvements import ConferenceRow, InvolvementRow
from engine.store.tables.conference import (
    RemarkRow,
    RemarkStepRow,
    VictimWordsConfirmedRow,
    VictimWordsRow,
)
from engine.store.tables.orders import CourtOrderCaseRow
from engine.store.tables.victims_outcomes import VictimOutcomeRow

TABLES = frozenset(
    {
        "remark",
        "remark_step",
        "conference",
        "victim_words",
        "victim_words_confirmed",
        "victim_outcome",
        "outcome_return",
        "outcome_return_step",
        "likely_breach",
        "incident_report",
        "court_order_case",
    }
)
"""The tables that are read here."""


class Whose(NamedTuple):
    """Knowledge of an alarm: see ``RaisedAlarm``. ``needs``: one of these cases must be open to them too."""

    release_class: int | None = None
    known_to: tuple[str, ...] | None = None
    released_at: datetime | None = None
    is_withheld: bool = False
    needs: tuple[str, ...] = ()
    for_all_at: datetime | None = None

    def from_when(self, at: datetime) -> Whose:
        """Return the same with the time from when coordinators and chair know of it; None if they do not."""
        is_its_owners = self.known_to is not None and DESK not in self.known_to
        return self._replace(released_at=None if is_its_owners else self.released_at or at)


_Found = Iterator[tuple[int, Whose]]


def whose_of(session: Session, cases: Sequence[str]) -> dict[int, Whose]:
    """Return whose the alarms of these cases are, by the number of the row, where a release decides on it.

    The database is asked the same whatever there is: time shows no one an alarm that they may not know of.
    """
    return {number: whose for of in _OF for number, whose in of(session, cases)}


def _of_remarks(session: Session, cases: Sequence[str]) -> _Found:
    """A remark is its agency's until its release; an opinion until the conference on the case is open too."""
    opened = (
        select(func.min(col(ConferenceRow.opened_at)))
        .where(col(ConferenceRow.involvement_id) == col(RemarkRow.involvement_id))
        .scalar_subquery()
    )
    query = (
        _asked(cases, Door.REMARK)
        .join(RemarkRow, col(RemarkRow.ref) == col(TopicsAskedRow.about))
        .outerjoin(RemarkStepRow, col(RemarkStepRow.remark_id) == col(RemarkRow.id))
        .add_columns(
            col(RemarkRow.agency),
            col(RemarkRow.agencies),
            col(RemarkRow.audience),
            col(RemarkRow.nature),
            col(RemarkStepRow.act),
            col(RemarkStepRow.at),
            opened,
        )
    )
    for number, agency, agencies, audience, nature, act, at, opened_at in session.execute(query):
        if agency is None:
            continue  # a note of the minute taker
        times = [at, opened_at] if nature == Nature.OPINION.value else [at]
        if act != RemarkAct.RELEASED.value or None in times:
            yield number, Whose(known_to=(agency,), is_withheld=act == RemarkAct.DISCARDED.value)
        elif audience == AudienceKind.PANEL.value:
            yield number, Whose(released_at=max(times))
        else:
            is_desks = DESK in agencies
            yield (
                number,
                Whose(known_to=(agency, *agencies), released_at=max(times) if is_desks else None),
            )


def _of_words(session: Session, cases: Sequence[str]) -> _Found:
    """The victim's words are the advocate's and theirs whom the victim agreed to; a note is its writers'.

    Words that are withdrawn do not end an alarm of people who had it.
    """
    confirmed = col(VictimWordsConfirmedRow.victim_words_id) == col(VictimWordsRow.id)
    query = (
        _asked(cases, Door.VICTIM_WORDS)
        .join(
            VictimWordsRow,
            and_(
                col(VictimWordsRow.involvement_id) == col(TopicsAskedRow.involvement_id),
                col(TopicsAskedRow.about) == literal(WORDS).concat(cast(col(VictimWordsRow.number), String)),
            ),
        )
        .outerjoin(VictimWordsConfirmedRow, confirmed)
        .add_columns(
            col(TopicsAskedRow.owner),
            col(VictimWordsRow.agency),
            col(VictimWordsRow.content),
            col(VictimWordsConfirmedRow.with_whom),
            col(VictimWordsConfirmedRow.at),
        )
    )
    for number, owner, agency, content, agreed, confirmed_at in session.execute(query):
        whom = tuple(agreed or ()) if agency is None else _whom(content)
        known_to = _codes(agency or DESK, owner, *whom)
        for_all_at = confirmed_at if agency is None else None
        yield number, Whose(known_to=None if EVERYONE in whom else known_to, for_all_at=for_all_at)


def _of_accounts(session: Session, cases: Sequence[str]) -> _Found:
    """An account may be corrected: all people who may read any version of it have the alarm."""
    query = (
        _asked(cases, Door.VICTIM_WORDS)
        .join(
            VictimOutcomeRow,
            and_(
                col(VictimOutcomeRow.involvement_id) == col(TopicsAskedRow.involvement_id),
                col(TopicsAskedRow.about).startswith(
                    literal(ACCOUNT).concat(col(VictimOutcomeRow.moment)).concat(" ")
                ),
                col(VictimOutcomeRow.at) >= col(TopicsAskedRow.at),
            ),
        )
        .add_columns(col(TopicsAskedRow.owner), col(VictimOutcomeRow.content), col(VictimOutcomeRow.at))
        .order_by(col(VictimOutcomeRow.version))
    )
    versions: dict[int, list[tuple[str, tuple[str, ...], datetime]]] = defaultdict(list)
    for number, owner, content, at in session.execute(query):
        versions[number].append((owner, _whom(content), at))
    for number, there in versions.items():
        shared = [at for _, whom, at in there if EVERYONE in whom]
        codes = [code for owner, whom, _ in there for code in (owner, *whom)]
        yield number, Whose(released_at=shared[0]) if shared else Whose(known_to=_codes(*codes))


def _of_returns(session: Session, cases: Sequence[str]) -> _Found:
    """A finding of an agency is its own until its release. An outcome that a person recorded is on the case.

    A return that was not released is in the next one too: the first step on either counts.
    """
    then = aliased(OutcomeReturnRow)
    latest = (
        select(func.max(col(then.id)))
        .where(
            col(then.involvement_id) == col(TopicsAskedRow.involvement_id),
            col(then.agency) == col(TopicsAskedRow.about),
            col(then.at) <= col(TopicsAskedRow.at),
        )
        .scalar_subquery()
    )
    query = (
        _asked(cases, Door.OUTCOME)
        .join(
            OutcomeReturnRow,
            and_(
                col(OutcomeReturnRow.involvement_id) == col(TopicsAskedRow.involvement_id),
                col(OutcomeReturnRow.agency) == col(TopicsAskedRow.about),
                col(OutcomeReturnRow.id) >= latest,
            ),
        )
        .outerjoin(OutcomeReturnStepRow, col(OutcomeReturnStepRow.return_id) == col(OutcomeReturnRow.id))
        .add_columns(
            col(OutcomeReturnRow.agency), col(OutcomeReturnStepRow.is_released), col(OutcomeReturnStepRow.at)
        )
        .order_by(col(OutcomeReturnRow.id))
    )
    found: dict[int, Whose] = {}
    for number, agency, is_released, at in session.execute(query):
        if is_released is not None and not (number in found and found[number].known_to is None):
            found[number] = (
                Whose(released_at=at) if is_released else Whose(known_to=(agency,), is_withheld=True)
            )
        found.setdefault(number, Whose(known_to=(agency,)))
    yield from found.items()


def _of_breaches(session: Session, cases: Sequence[str]) -> _Found:
    """A confirmed breach is read by who reads its incident and an order of a case that is open to them."""
    query = (
        _asked(cases, Door.BREACH)
        .join(LikelyBreachRow, col(LikelyBreachRow.ref) == col(TopicsAskedRow.about))
        .join(IncidentReportRow, col(IncidentReportRow.incident_id) == col(LikelyBreachRow.incident_id))
        .join(CourtOrderCaseRow, col(CourtOrderCaseRow.order_id) == col(LikelyBreachRow.order_id))
        .join(_SERVED, col(_SERVED.id) == col(CourtOrderCaseRow.involvement_id))
        .add_columns(col(IncidentReportRow.release_class_id), col(_SERVED.ref))
    )
    classes: dict[int, set[int | None]] = defaultdict(set)
    served: dict[int, set[str]] = defaultdict(set)
    for number, release, case in session.execute(query):
        classes[number].add(release)
        served[number].add(case)
    for number, there in classes.items():
        hidden = [each for each in there if each is not None]
        release = max(hidden) if len(hidden) == len(there) else None
        yield number, Whose(release_class=release, needs=tuple(sorted(served[number])))


_SERVED = aliased(InvolvementRow)


def _asked(cases: Sequence[str], door: Door) -> Select[int | None]:
    return (
        select(col(TopicsAskedRow.id))
        .join(InvolvementRow, col(InvolvementRow.id) == col(TopicsAskedRow.involvement_id))
        .where(among(col(InvolvementRow.ref), cases), col(TopicsAskedRow.door) == door.value)
    )


def _whom(content: Mapping[str, object]) -> tuple[str, ...]:
    """Return the agencies that the victim agreed to share it with; none once its content was erased."""
    whom = content.get("with_whom")
    return tuple(str(each) for each in whom) if isinstance(whom, list) else ()


def _codes(*codes: str) -> tuple[str, ...]:
    """Return these agencies, each once; coordinators and chair have one of their own."""
    return tuple(dict.fromkeys(DESK if code == _STAC else code for code in codes))


_STAC = "stac"
_OF: tuple[Callable[[Session, Sequence[str]], _Found], ...] = (
    _of_remarks,
    _of_words,
    _of_accounts,
    _of_returns,
    _of_breaches,
)
