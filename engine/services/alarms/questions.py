"""Answers to the questions that a case's first alarm opens: child safeguarding, and parties' employers."""

from __future__ import annotations

from collections.abc import Mapping

from engine.access.policy import May
from engine.domain.absence import YesNo
from engine.domain.alarm_questions import PARTIES, AlarmQuestion, QuestionAnswered
from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError
from engine.domain.vault.typed_texts import TypedWhere
from engine.services.access.checks import open_case
from engine.services.access.restrictions import restrict_by_answer, written_reason
from engine.services.context import Context
from engine.services.vault.typed_texts import check_typed


class WorksForRecorded(Frozen):
    """The result of an answer: whether the case is restricted, and who may know of it now."""

    reference: str
    is_restricted: bool
    who_may_know: tuple[str, ...]


def record_child_safeguarding(context: Context, *, reference: str, referred: bool, why: str) -> None:
    """Record that child safeguarding was informed of a case, or was not, and why. The newest applies.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed.
    """
    reason = written_reason(why)
    with context.writing("record child safeguarding") as work:
        acting, clock = context.acting, context.clock
        involvement = open_case(work, acting, reference, May.ANSWER_ALARM_QUESTIONS)
        answered = QuestionAnswered(
            question=AlarmQuestion.CHILD_SAFEGUARDING,
            answer=YesNo.YES if referred else YesNo.NO,
            why=reason,
            by=acting.user,
            at=clock.now(),
        )
        work.alarm_questions.add(involvement.reference, answered)
        check_typed(work, involvement, TypedWhere.REASON, [reason], acting=acting, clock=clock)
        work.notes(referred=referred)


def record_works_for(
    context: Context, *, reference: str, answers: Mapping[AlarmQuestion, YesNo], agency: str | None = None
) -> WorksForRecorded:
    """Record whether each party works for one of the agencies. A yes restricts the case at once.

    "Not known" is stored, and does not answer: the alarms of the case stay with coordinators and chair. A no
    lifts no restriction: only the chair does.

    Raises
    ------
    InvalidInputError
        The reference is malformed, no answer is given, or an agency without a yes or one that is not known.
    """
    given = {
        each: answers[each] for each in PARTIES if answers.get(each, YesNo.NOT_ASKED) is not YesNo.NOT_ASKED
    }
    if not given:
        raise InvalidInputError("answers", "answer about at least one party with yes, no or not known")
    is_yes = YesNo.YES in given.values()
    _check_agency(context, agency, is_yes)
    with context.writing("record whether a party works for an agency") as work:
        acting, at = context.acting, context.clock.now()
        case = open_case(work, acting, reference, May.ANSWER_ALARM_QUESTIONS).reference
        for question, answer in given.items():
            employer = agency if answer is YesNo.YES else None
            answered = QuestionAnswered(
                question=question, answer=answer, agency=employer, by=acting.user, at=at
            )
            work.alarm_questions.add(case, answered)
        if is_yes:
            restrict_by_answer(work, case, acting=acting, at=at)
        is_restricted = work.need_to_know.is_restricted(case)
        who = work.cases.people_on(case)
        work.notes(restricted=is_restricted)
        return WorksForRecorded(reference=case, is_restricted=is_restricted, who_may_know=who)


def _check_agency(context: Context, agency: str | None, is_yes: bool) -> None:
    if agency is None:
        return
    if not is_yes:
        raise InvalidInputError("agency", "give an agency only with a yes")
    if agency not in {each.code for each in context.agencies_known}:
        raise InvalidInputError("agency", "it is not installed; leave it out where it is another employer")
