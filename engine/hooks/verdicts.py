"""Engine's reading of what a child sent: a checked answer, or a failure in one plain sentence.

The child checked its answer already; the engine checks again and trusts nothing. No text of an exception
and no value of a broken answer gets into a sentence.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import TypeVar, assert_never

from pydantic import BaseModel, ValidationError

from engine.domain.errors import HookResultError, PluginError
from engine.domain.plans.notices import resembles_notice
from engine.domain.referrals.intake import ProtectedKind
from engine.domain.responses.answers import Contribution, Failed, FailureReason, NilReturn, Refused
from engine.domain.responses.held_reports import days_of
from engine.domain.responses.proposals import ActionsProposed
from engine.domain.responses.reported import ReportedOrder
from engine.domain.responses.requests import CaseAsked
from engine.hooks.manifest import VICTIM_VOICE, Manifest
from engine.hooks.people import row_fault
from engine.hooks.questions import QUESTIONS, Question
from engine.hooks.records import RecordsUnreadableError, plain_name
from engine.hooks.wire import ANSWER, BESIDE, FAULT, Fault, FaultKind, Faults
from engine.instruments.action_library import action_library
from engine.orders.reported import faults_of_orders

_KINDS = frozenset({"contribution", "nil return", "refused", "actions proposed"})
_LONGEST = 600
_TELLING = 4
_HOW_TO_REACH = (ProtectedKind.CONTACT_HOW, ProtectedKind.CONTACT_WHEN)
_FUNCTION = re.compile(r"^[A-Za-z_][\w.]{0,120}:[A-Za-z_]\w{0,60}$")
_TYPES = frozenset({"dict", "list", "tuple", "set", "str", "bytes", "int", "float", "bool"})
"""The names of types that may be said: one of the plugin's own could be made of what it read."""
_NO_ANSWER = "its process sent something that is not an answer"
_Subject = TypeVar("_Subject")
_Answer = TypeVar("_Answer")
Errors = Callable[[str], None] | None
"""Receiver of the text of a plugin's errors; None wherever it is asked about real people."""


def answer_or_failure(
    manifest: Manifest,
    question: Question[_Subject, _Answer],
    subject: _Subject,
    reply: bytes,
    *,
    where: str,
    errors: Errors = None,
) -> _Answer | Failed:
    """Read a child's reply to a question; ``where`` is the hook or function that gave it."""
    if reply[:1] == FAULT:
        return failure_from(manifest, reply, errors)
    if reply[:1] != ANSWER or len(reply) <= BESIDE:
        return failed(manifest.code, FailureReason.BAD_ANSWER, _NO_ANSWER)
    try:
        answer = question.reply.validate_json(reply[BESIDE:])
    except ValidationError as error:
        return _broken(manifest.code, where, places_of(error))
    broken = _breaches(manifest, subject, answer)
    return _broken(manifest.code, where, broken) if broken else answer


def places_of(error: ValidationError) -> tuple[str, ...]:
    """Return where an answer breaks the contract and how, with nothing in it that the plugin put there."""
    return tuple(
        ".".join(
            str(part) if isinstance(part, int) or part in _fields() else "(unknown)" for part in fault["loc"]
        )
        + f" ({fault['type'].replace('_', ' ')})"
        for fault in error.errors(include_input=False, include_url=False)[:5]
    )


@cache
def _fields() -> frozenset[str]:
    """Return the contract's own names for the parts of answers."""
    words = {sys.modules[given.__module__] for row in QUESTIONS.values() for given in row.gives}
    words.add(sys.modules[ReportedOrder.__module__])
    models = (
        model
        for module in words
        for model in vars(module).values()
        if isinstance(model, type) and issubclass(model, BaseModel)
    )
    return frozenset(field for model in models for field in model.model_fields) | _KINDS


def answered_otherwise(manifest: Manifest, hook: str) -> Failed:
    """Return the failure of an answer that is not the one given to the same question before."""
    sentence = (
        "gave another answer than before to the same question over the same records; neither can be relied on"
    )
    error = HookResultError(manifest.code, hook, sentence)
    return failed(manifest.code, FailureReason.BAD_ANSWER, error.reason)


def failure_from(manifest: Manifest, reply: bytes, errors: Errors = None) -> Failed:
    """Return the failure that a child's faults come to; the first decides the reason.

    ``errors`` takes the text of the plugin's errors, and is given where it is asked about invented people
    alone; elsewhere nothing that the plugin put into an error is passed on, its type's name included.
    """
    try:
        faults = Faults.model_validate_json(reply[1:]).faults
    except ValidationError:
        return failed(manifest.code, FailureReason.BAD_ANSWER, _NO_ANSWER)
    reasons = [_reason(fault.kind) for fault in faults]
    if errors is not None:
        for fault in faults:
            if fault.traceback:
                errors(fault.traceback)
    sentence = "; ".join(_sentence(manifest, fault, names_errors=errors is not None) for fault in faults)
    return failed(manifest.code, reasons[0], sentence)


def failed(agency: str, reason: FailureReason, message: str) -> Failed:
    """Return a failure of one agency, in one sentence that names it."""
    sentence = str(PluginError(agency, message))
    return Failed(
        reason=reason, says=sentence if len(sentence) <= _LONGEST else sentence[: _LONGEST - 3] + "..."
    )


def _broken(agency: str, hook: str, places: tuple[str, ...]) -> Failed:
    error = HookResultError(agency, hook, "gave an answer that breaks the contract at " + ", ".join(places))
    return failed(agency, FailureReason.BAD_ANSWER, error.reason)


def _breaches(manifest: Manifest, case: object, answer: object) -> tuple[str, ...]:
    """Return the breaches in an answer about a case that the domain's types cannot check."""
    if isinstance(answer, ActionsProposed):
        return tuple(_breaches_of_proposals(answer))[:5]
    if not isinstance(case, CaseAsked) or not isinstance(answer, Contribution | NilReturn | Refused):
        return ()
    if answer.erased_by:
        return ("erased_by (only the engine says what was erased)",)
    if not isinstance(answer, Contribution):
        return tuple(_breaches_of_checks(answer, case.on))[:5]
    broken = [
        f"views.{place} (recorded after the date of the request)"
        for place, view in enumerate(answer.views)
        if view.recorded_on > case.on
    ]
    broken += [
        f"instruments.{place} (not declared in the manifest)"
        for place, result in enumerate(answer.instruments)
        if result.instrument not in manifest.instrument_ids
    ]
    broken += [
        f"predictors.{place} (not declared in the manifest, or computed after the date of the request)"
        for place, shown in enumerate(answer.predictors)
        if shown.instrument not in manifest.instrument_ids or shown.computed_on > case.on
    ]
    if answer.own_row is not None:
        differs = row_fault(answer.own_row, case.perpetrator, is_confirmed=answer.matched_on.confirmed)
        broken += [f"own_row ({differs}: another than asked about)"] if differs else []
    broken += [
        f"findings.{place}.formal (after the date of the request)"
        for place, finding in enumerate(answer.findings)
        if finding.formal and finding.formal.on and finding.formal.on.earliest > case.on
    ]
    broken += _breaches_of_checks(answer, case.on)
    broken += _breaches_of_reported(manifest, answer, case.on)
    if answer.protected and not manifest.speaks_for_victim:
        broken.append(f"protected (only the seat '{VICTIM_VOICE}' may give it)")
    broken += [f"protected.{place} (is elsewhere in the answer too)" for place in _told_twice(answer)]
    if answer.voices and not manifest.speaks_for_victim:
        broken.append(f"voices (only the seat '{VICTIM_VOICE}' may give them)")
    if answer.protected_refs:
        broken.append("protected_refs (only the engine gives references)")
    if answer.withdrawn:
        broken.append("withdrawn (only the engine says what was withdrawn)")
    return tuple(broken[:5])


def _breaches_of_checks(answer: Contribution | NilReturn | Refused, on: date) -> Iterator[str]:
    for place, checked in enumerate(() if isinstance(answer, Refused) else answer.records_checked or ()):
        if checked.on is not None and checked.on > on:
            yield f"records_checked.{place} (after the date of the request)"


def _breaches_of_reported(manifest: Manifest, answer: Contribution, on: date) -> Iterator[str]:
    for place, fault in faults_of_orders(answer.orders or (), on=on):
        yield f"orders.{place} ({fault})"
    if answer.link_evidence and manifest.speaks_for_victim:
        yield f"link_evidence (the seat '{VICTIM_VOICE}' may not give it)"
    for place, item in enumerate(answer.link_evidence or ()):
        if any(day is not None and day.earliest > on for day in (item.first_recorded, item.last_recorded)):
            yield f"link_evidence.{place} (recorded after the date of the request)"
    if answer.reports and manifest.speaks_for_victim:
        yield f"reports (the seat '{VICTIM_VOICE}' may not give them)"
    for place, report in enumerate(answer.reports or ()):
        if any(day is not None and day.earliest > on for day in days_of(report)):
            yield f"reports.{place} (a date after the date of the request)"


def _breaches_of_proposals(answer: ActionsProposed) -> Iterator[str]:
    library = action_library()
    for place, action in enumerate(answer.actions):
        if action.proposed_on is not None:
            yield f"actions.{place}.proposed_on (only the engine gives it)"
        if action.library is not None and action.library not in library.codes:
            yield f"actions.{place}.library (no item of the library has this code)"
        if action.need is not None and action.need not in library.needs:
            yield f"actions.{place}.need (no need of the library has this code)"
        if resembles_notice(action.says):
            yield f"actions.{place} (resembles a Police Information Notice, which is not used in stalking)"
    keys = [action.key for action in answer.actions]
    if len(set(keys)) < len(keys):
        yield "actions (one is there twice)"


def _told_twice(answer: Contribution) -> list[int]:
    """Return which protected values that would locate the victim are also in text that all can read."""
    if not answer.protected:
        return []
    elsewhere = _squeezed(answer.model_copy(update={"protected": ()}).model_dump_json())
    return [
        place
        for place, each in enumerate(answer.protected)
        if each.kind not in _HOW_TO_REACH
        and len(_squeezed(each.value)) >= _TELLING
        and _squeezed(each.value) in elsewhere
    ]


def _squeezed(text: str) -> str:
    return re.sub(r"\W", "", text).casefold()


def _reason(kind: FaultKind) -> FailureReason:
    match kind:
        case FaultKind.RAISED:
            return FailureReason.RAISED
        case FaultKind.GAVE_NOTHING | FaultKind.WRONG_TYPE | FaultKind.BROKE_CONTRACT:
            return FailureReason.BAD_ANSWER
        case FaultKind.TOO_LARGE:
            return FailureReason.TOO_LARGE
        case FaultKind.BAD_RECORDS:
            return FailureReason.BAD_RECORDS
        case (
            FaultKind.NOT_LOADED
            | FaultKind.NO_HOOK
            | FaultKind.UNKNOWN_HOOK
            | FaultKind.NOT_MARKED
            | FaultKind.WRONG_ARGUMENTS
            | FaultKind.NO_FUNCTION
        ):
            return FailureReason.NOT_RUNNING
        case FaultKind.NOT_ANSWERED:
            return FailureReason.NOT_ANSWERED
        case _:
            assert_never(kind)


def _sentence(manifest: Manifest, fault: Fault, *, names_errors: bool) -> str:
    where = fault.where if _FUNCTION.match(fault.where) else plain_name(fault.where)
    names = [plain_name(name) for name in fault.names]
    match fault.kind:
        case FaultKind.RAISED if "MemoryError" in names:
            return f"{where} needed more memory than its limit of {manifest.limits.memory_mb} MB"
        case FaultKind.RAISED if "PermissionError" in names:
            return f"{where} tried what is not allowed: {_not_allowed(manifest)}"
        case FaultKind.RAISED if names_errors:
            return f"{where} raised {' '.join(names)}"
        case FaultKind.RAISED:
            return f"{where} stopped with an error of its own"
        case FaultKind.GAVE_NOTHING:
            return f"{where} gave no answer; return {_one_of(names)}"
        case FaultKind.WRONG_TYPE:
            gave = f"a {names[0]}" if names and names[0] in _TYPES else "something of another type"
            return f"{where} gave {gave}; return {_one_of(names[1:])}"
        case FaultKind.BROKE_CONTRACT:
            return f"{where} gave an answer that breaks the contract: it could not be written"
        case FaultKind.TOO_LARGE:
            return f"its answer was larger than {manifest.limits.answer_mb:g} MB"
        case FaultKind.BAD_RECORDS:
            return _records_sentence(fault)
        case FaultKind.NOT_LOADED:
            shown = f" ({' '.join(names)})" if names_errors else ""
            return f"hooks.py could not be imported{shown}"
        case FaultKind.NO_HOOK:
            return f"hooks.py answers no question; mark a function named {' or '.join(names)} with hookimpl"
        case FaultKind.NOT_ANSWERED:
            return f"the plugin does not answer {where}"
        case FaultKind.NO_FUNCTION:
            return f"{where} is not a function of its package"
        case FaultKind.UNKNOWN_HOOK:
            return (
                f"hooks.py answers {where}, which is not a question of the contract; use one of "
                f"{', '.join(names)}"
            )
        case FaultKind.NOT_MARKED:
            return f"{where} in hooks.py is not marked with hookimpl and would not be called; mark it"
        case FaultKind.WRONG_ARGUMENTS:
            return f"{where} takes {', '.join(names)}, which the question does not give"
        case _:
            assert_never(fault.kind)


def _one_of(names: list[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _not_allowed(manifest: Manifest) -> str:
    network = "" if manifest.limits.network else ", opens no connection"
    return f"a plugin writes in its own folder only, reads no other's files{network} and starts no program"


def _records_sentence(fault: Fault) -> str:
    if fault.records_fault is None or not fault.names:
        return "its records could not be read"
    file, *column = fault.names
    error = RecordsUnreadableError(
        file,
        fault.records_fault,
        line=fault.line,
        column=column[0] if column else None,
        sheet=fault.sheet,
        expected=fault.expected,
    )
    return f"its records could not be read: {error.sentence}"
