"""The victim's voice on a case, and the sentences for when no agency speaks. Computes text; stores nothing.

A nil return, a refusal, a failure, a suspended plugin and an installation without such an agency are five
different things, and none of them is an empty column.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from engine.access.redaction import Masker
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.involvement import Returns
from engine.domain.cases.views import AgencyAnswerView
from engine.domain.responses.answers import AnswerState
from engine.domain.responses.voices import VictimVoice

NOBODY_SPEAKS = "No advocate is recorded for the victim."
OFFER_NOT_RECORDED = "Not recorded: whether the victim was offered an advocate, when and by whom."
_SILENT = frozenset({AnswerState.NIL_RETURN, AnswerState.NOT_ASKED})


def victim_voice(
    answers: Sequence[AgencyAnswerView], agencies: Sequence[AgencyKnown], *, offers: Sequence[str]
) -> VictimVoice:
    """Return the sentence of the victim's column when no agency speaks for them, or that one does."""
    seats = {agency.code: agency for agency in agencies if agency.speaks_for_victim}
    columns = [answer for answer in answers if answer.agency in seats]
    speaking = next((answer for answer in columns if _says_something(answer)), None)
    if speaking is not None:
        return VictimVoice(
            speaks=True,
            agency=speaking.agency,
            says=f"{speaking.agency_name} represents the victim.",
            offers=(),
        )
    offered = tuple(offers) or (OFFER_NOT_RECORDED,)
    if not answers:
        sentence = "No agency is asked to represent the victim until the referral is screened."
        return VictimVoice(speaks=False, agency=None, says=sentence, offers=())
    if not columns:
        sentence = f"{NOBODY_SPEAKS} No agency that represents victims is installed."
        return VictimVoice(speaks=False, agency=None, says=sentence, offers=offered)
    first = columns[0]
    sentence = " ".join(
        _why_silent(answer, is_suspended=seats[answer.agency].suspended) for answer in columns
    )
    return VictimVoice(speaks=False, agency=first.agency, says=sentence, offers=offered)


def is_without_advocate(answers: Sequence[AgencyAnswerView], agencies: Sequence[AgencyKnown]) -> bool:
    """Return whether no agency speaks for the victim here: none exists, or it does not know the victim."""
    seats = {agency.code for agency in agencies if agency.speaks_for_victim}
    heard = [answer for answer in answers if answer.agency in seats]
    return bool(answers) and all(answer.state in _SILENT for answer in heard)


def advocate_offers(returns: Sequence[Returns], masker: Masker) -> tuple[str, ...]:
    """Return the offers of an advocate that released answers record, one sentence each."""
    found = []
    for each in returns:
        shown = each.released()
        if shown is not None and shown.answer.advocate_offered is not None:
            found.append(masker.masked(shown.answer.advocate_offered.in_words(), by=shown.typed_by))
    return tuple(dict.fromkeys(found))


def _says_something(answer: AgencyAnswerView) -> bool:
    """Return whether its answer has anything of the victim's, though this viewer may not read it."""
    return bool(
        answer.voices
        or answer.findings
        or answer.orders
        or answer.reports
        or answer.instruments
        or answer.views
        or answer.held_back
        or answer.levels_hidden
    )


def _why_silent(answer: AgencyAnswerView, *, is_suspended: bool) -> str:
    name = answer.agency_name
    match answer.state:
        case AnswerState.NIL_RETURN:
            return f"{NOBODY_SPEAKS} {name} searched its records and has no record of the victim."
        case AnswerState.NOT_ASKED if is_suspended:
            return (
                f"{NOBODY_SPEAKS} The plugin of {name} is suspended and was not asked. It is not known "
                "whether the victim has an advocate."
            )
        case AnswerState.NOT_ASKED:
            return (
                f"{NOBODY_SPEAKS} {name} was not asked. It is not known whether the victim has an advocate."
            )
        case AnswerState.FAILED:
            return (
                f"No agency represents the victim here: the request to {name} failed. This is not a nil "
                "return. It is not known whether the victim has an advocate."
            )
        case AnswerState.REFUSED:
            return f"No agency represents the victim here: {name} refused. It may or may not know the victim."
        case AnswerState.AWAITED | AnswerState.OVERDUE | AnswerState.WAITING_RELEASE:
            late = ", which is overdue" if answer.state is AnswerState.OVERDUE else ""
            by_hand = "; its plugin is suspended, so a person must answer" if is_suspended else ""
            return f"No agency represents the victim here yet: awaiting response of {name}{late}{by_hand}."
        case AnswerState.CONTRIBUTION:
            return (
                f"No agency represents the victim here: {name} has responded, and its response has "
                "nothing from the victim."
            )
        case AnswerState.ERASED:
            return f"The response of {name} was erased. It is not known whether the victim has an advocate."
        case AnswerState.ANSWERED_ASK_AGENCY:
            return f"{name} has responded: ask this agency."
        case _:
            assert_never(answer.state)
