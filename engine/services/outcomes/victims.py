"""Victims' outcomes and own descriptions: the advocate enters them with agreement. A release counts them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TypedDict

from engine.access.policy import May
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.alarms import ACCOUNT, Door
from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.domain.outcomes.described import DescriptionGiven, StoredDescription
from engine.domain.outcomes.victims import StoredVictimOutcome, VictimOutcomeGiven, may_read_account
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic
from engine.domain.responses.voices import EVERYONE, WithWhom
from engine.domain.typed_days import require_past
from engine.services.access.checks import open_case
from engine.services.access.restrictions import speaks_for_victim
from engine.services.alarms.raising import record_answers
from engine.services.context import Context
from engine.store.unit_of_work import Work


class VictimAccount(Frozen):
    """A victim's outcomes and description on a case, cut to one reader."""

    reference: str
    outcomes: tuple[StoredVictimOutcome, ...]
    description: StoredDescription | None


def record_victim_outcome(
    context: Context,
    *,
    reference: str,
    given: VictimOutcomeGiven,
    topics: Mapping[AlarmTopic, YesNo] | None = None,
) -> int:
    """Record what the victim gave at one moment, or why there is nothing; return the entry's version.

    A second entry for a moment corrects the first, which stays in the record. ``topics`` are the alarm topics
    that were asked: one answered with yes is an alarm, of those who may read the account.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the date is in the future, the referral is not screened, or an agency is
        not installed.
    NotPermittedError
        The person who acts is not the victim's advocate on the case.
    """
    with _entered(context, reference, given, what="record victim's outcome") as (work, entered):
        version = work.victims_outcomes.add(given=given, **entered)
        answers, about = AlarmAnswers(answers=dict(topics or {})), f"{ACCOUNT}{given.moment.value} {version}"
        case = entered["reference"]
        record_answers(work, context, case=case, door=Door.VICTIM_WORDS, about=about, answers=answers)
        work.notes(moment=given.moment.value, version=version)
        return version


def describe_victim(context: Context, *, reference: str, given: DescriptionGiven) -> int:
    """Record how the victim describes themselves; return the version. Nothing of it is ever required.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the date is in the future, the referral is not screened, or an agency is
        not installed.
    NotPermittedError
        The person who acts is not the victim's advocate on the case.
    """
    with _entered(context, reference, given, what="record victim's own description") as (work, entered):
        version = work.victims_outcomes.describe(given=given, **entered)
        work.notes(version=version)
        return version


def victim_account(context: Context, *, reference: str) -> VictimAccount:
    """Return what this person may read of it. Nothing shows the others that there is more.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    acting = context.acting
    is_advocate = speaks_for_victim(acting, context.agencies_known)
    with context.reading("see victim's outcomes") as work:
        case = open_case(work, acting, reference, May.VIEW_CASE).reference
        outcomes, description = work.victims_outcomes.of(case), work.victims_outcomes.description_of(case)

    def reads(with_whom: WithWhom) -> bool:
        return may_read_account(with_whom, acting, is_advocate=is_advocate)

    return VictimAccount(
        reference=case,
        outcomes=tuple(each for each in outcomes if reads(each.given.with_whom)),
        description=description if description is not None and reads(description.given.with_whom) else None,
    )


class _Entered(TypedDict):
    """The case of an entry, and who enters it for which agency, when."""

    reference: str
    agency: str
    by: str
    at: datetime


@contextmanager
def _entered(
    context: Context, reference: str, given: VictimOutcomeGiven | DescriptionGiven, *, what: str
) -> Iterator[tuple[Work, _Entered]]:
    """Open a case for an entry of its victim's advocate, once the entry is sound."""
    agency = _advocate(context)
    require_past("asked_on", given.asked_on, on=context.clock.today())
    _require_known(given.with_whom, context.agencies_known)
    with context.writing(what, once=(reference, given)) as work:
        case = open_case(work, context.acting, reference, May.RECORD_VICTIM_OUTCOME)
        if not case.is_screened:
            raise InvalidInputError(
                f"referral {case.reference}", "it is not screened; screen the referral first"
            )
        yield (
            work,
            {
                "reference": case.reference,
                "agency": agency,
                "by": context.acting.user,
                "at": context.clock.now(),
            },
        )


def _advocate(context: Context) -> str:
    """Return the agency of the victim's advocate who acts. Raises NotPermittedError for all others."""
    acting = context.acting
    if not speaks_for_victim(acting, context.agencies_known) or acting.agency is None:
        raise NotPermittedError(May.RECORD_VICTIM_OUTCOME.value, who_may="the victim's advocate on the case")
    return acting.agency


def may_record(acting: Acting, agencies: Sequence[AgencyKnown]) -> bool:
    """Return whether a page offers the forms: the service refuses all others."""
    return speaks_for_victim(acting, agencies)


def _require_known(with_whom: WithWhom, agencies: Sequence[AgencyKnown]) -> None:
    if EVERYONE in with_whom and len(with_whom) > 1:
        raise InvalidInputError("with_whom", f"give '{EVERYONE}' without other names")
    if set(with_whom) - {EVERYONE, *(agency.code for agency in agencies)}:
        raise InvalidInputError(
            "with_whom", "an agency is not installed; 'stac agency list' lists the agencies"
        )
