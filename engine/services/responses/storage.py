"""Storing an agency's answer: what locates a victim goes to the vault, the document has references.

The one place that stores every answer, prepared or released, typed by hand or by a plugin.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.access.digests import VaultKey
from engine.access.marks import reachable_by
from engine.access.redact_protected import taken_out
from engine.clock import Clock
from engine.domain.cases.involvement import StoredAnswer
from engine.domain.referrals.intake import ProtectedValue
from engine.domain.responses.answers import ANSWER, Contribution, Failed, NilReturn, Refused, Stage
from engine.domain.sharing import Grounds, LedgerAct
from engine.domain.vault.typed_texts import TypedWhere
from engine.services.links.projection import link_cases
from engine.services.responses.as_typed import as_typed
from engine.services.responses.marks import texts_to_others, with_conditions_masked
from engine.services.sharing.agreement import as_she_agreed, narrowed
from engine.services.sharing.audiences import goes_to
from engine.services.sharing.log_entries import enter_release, enter_taken, items_of
from engine.services.vault.protected_details import held_on_case, store_protected
from engine.services.vault.typed_texts import count_places, note_that_it_tells, require_marks_said
from engine.store.typed_columns import texts_in
from engine.store.unit_of_work import Work

AnyKept = Contribution | NilReturn | Refused | Failed
_CASE_WORK = "case work"


def store_answer(
    work: Work,
    reference: str,
    agency: str,
    answer: AnyKept,
    *,
    stage: Stage,
    author: str,
    plugin_version: str | None,
    key: VaultKey,
    clock: Clock,
    released_by: str | None = None,
    prepared_version: int | None = None,
    agreed_anew: bool = False,
    grounds: Grounds | None = None,
    typed: AnyKept | None = None,
) -> int:
    """Store an answer and return its version.

    The text of what the victim has not agreed to share is dropped. Protected values, and whatever repeats one
    that is known, go to the vault. ``agreed_anew`` is set when a person of the agency typed the answer: only
    then does what the victim withdrew come back. A release is a line of the ledger, on these ``grounds``.
    ``typed`` is a hand-typed answer as its author typed it, where this one was made of what was stored.
    """
    shown = _shown(work, reference, agency) if isinstance(answer, Contribution) else None
    if isinstance(answer, Contribution):
        before = shown.answer if shown and isinstance(shown.answer, Contribution) else None
        answer = as_she_agreed(answer, before=None if agreed_anew else before)
    before_taking_out = answer
    answer = _protected_apart(work, reference, agency, answer, key=key, clock=clock)
    if plugin_version is None and _told_unasked(before_taking_out, answer):
        note_that_it_tells(work, reference, TypedWhere.ANSWER, by=author, clock=clock)
    if plugin_version is None and typed is None:
        require_marks_said(work, tuple(texts_to_others(before_taking_out)))
        texts = tuple(texts_in(before_taking_out.model_dump(mode="json")))
        count_places(work, reference, TypedWhere.ANSWER, texts, by=author, at=clock.now())
    typed = None if plugin_version is not None else _without_marks(typed or before_taking_out)
    if shown is not None and stage is Stage.PREPARED:
        _narrow_what_is_released(work, reference, agency, shown, answer, clock=clock)
    newest = work.answers.newest_version(reference, agency)
    linked = agency in work.answers.link_evidence([reference]).get(reference, {})
    version = work.answers.add(
        reference,
        agency,
        answer,
        stage=stage,
        author=author,
        plugin_version=plugin_version,
        at=clock.now(),
        released_by=released_by,
        prepared_version=prepared_version,
        is_new=typed is not None and work.typed_answers.differs(reference, agency, typed),
    )
    if typed is not None:
        work.typed_answers.keep(reference, agency, version, typed, by=author)
    # An equal answer confirms what was released before the person was described otherwise.
    if stage is Stage.RELEASED and (linked or (isinstance(answer, Contribution) and answer.link_evidence)):
        link_cases(work, key, [reference], at=clock.now())
    if stage is Stage.RELEASED and version > newest:
        enter_release(
            work,
            reference,
            agency,
            answer,
            version=version,
            grounds=grounds or Grounds(purpose=_CASE_WORK),
            by=released_by or author,
            at=clock.now(),
        )
    return version


def _without_marks(typed: AnyKept) -> AnyKept:
    """Return a typed answer without the values that its author named as protected: those are in the vault."""
    if not isinstance(typed, Contribution):
        return typed
    return typed.model_copy(update={"protected": (), "protected_refs": ()})


def _told_unasked(typed: AnyKept, answer: AnyKept) -> bool:
    """Return whether a person's answer repeated what is protected without naming it as such."""
    named = isinstance(typed, Contribution) and bool(typed.protected)
    return not named and typed != answer


def _shown(work: Work, reference: str, agency: str) -> StoredAnswer | None:
    if not work.answers.has_released(reference, agency):
        return None
    returns = work.answers.of(reference, agency)
    return returns.released() if returns else None


def _protected_apart(
    work: Work, reference: str, agency: str, answer: AnyKept, *, key: VaultKey, clock: Clock
) -> AnyKept:
    """Replace an answer's protected values, and those that the case knows already, by references.

    In the victim's own voice, anything else with the shape of an email address, a phone number or a postcode
    is protected too, though it was not marked as such. In the wording of a condition it is only masked.
    """
    if not isinstance(answer, Contribution):
        return _without_what_is_known(work, reference, answer)

    def store_values(values: Iterable[ProtectedValue]) -> list[str]:
        pairs = [(reference, value) for value in values]
        return store_protected(work=work, key=key, clock=clock, values=pairs, told_by=agency) if pairs else []

    answer = _with_references(answer, store_values(answer.protected))
    clean = _without_what_is_known(work, reference, answer.model_copy(update={"protected": ()}))
    if not isinstance(clean, Contribution):
        return clean
    clean = with_conditions_masked(clean)
    spotted = [value for item in clean.voices if item.says for value in reachable_by(item.says)]
    if not spotted:
        return clean
    return _without_what_is_known(work, reference, _with_references(clean, store_values(spotted)))


def _without_what_is_known(work: Work, reference: str, answer: AnyKept) -> AnyKept:
    """Take every protected value of the case out of the answer's texts."""
    held = held_on_case(work=work, reference=reference)
    if not held:
        return answer
    document, refs = taken_out(answer.model_dump(mode="json"), held)
    if not refs:
        return answer
    clean = ANSWER.validate_python(document)
    return _with_references(clean, refs) if isinstance(clean, Contribution) else clean


def _with_references(answer: Contribution, refs: Iterable[str]) -> Contribution:
    stored = dict.fromkeys((*answer.protected_refs, *refs))
    return answer.model_copy(update={"protected_refs": tuple(stored)})


def _narrow_what_is_released(
    work: Work, reference: str, agency: str, shown: StoredAnswer, newer: AnyKept, *, clock: Clock
) -> None:
    """Withdraw immediately what the agency's records say is no longer shared; a silence needs no release."""
    if not isinstance(shown.answer, Contribution) or not isinstance(newer, Contribution):
        return
    after = narrowed(shown.answer, newer)
    if after == shown.answer:
        return
    version = work.answers.add(
        reference,
        agency,
        after,
        stage=Stage.RELEASED,
        author=shown.author,
        plugin_version=shown.plugin_version,
        at=clock.now(),
        released_by=shown.released_by,
        prepared_version=shown.prepared_version,
    )
    if shown.typed_by is not None and isinstance(typed := as_typed(work, reference, shown), Contribution):
        work.typed_answers.keep(reference, agency, version, narrowed(typed, newer), by=shown.author)
    before = {voice.key: voice for voice in shown.answer.voices}
    changed = [voice for voice in after.voices if voice != before[voice.key]]
    by, at = shown.author, clock.now()
    enter_release(
        work, reference, agency, after, grounds=Grounds(purpose=_CASE_WORK), version=version, by=by, at=at
    )
    gone = items_of(shown.answer, [voice.key for voice in changed if not voice.may_leave])
    enter_taken(
        work,
        reference,
        agency,
        LedgerAct.WITHDRAWN,
        gone,
        version=version,
        purpose=_CASE_WORK,
        by=by,
        at=at,
    )
    rules = work.sharing.rules([reference])[reference].get(agency, {})
    for item in items_of(after, [voice.key for voice in changed if voice.may_leave]):
        whom = goes_to(item, rules, agency, on=clock.today()).in_words
        enter_taken(
            work,
            reference,
            agency,
            LedgerAct.AGREEMENT,
            (item,),
            version=version,
            purpose=_CASE_WORK,
            whom=whom,
            by=by,
            at=at,
        )
