"""Re-assessment: asking agencies again about many open cases. Results are beside what the panel saw.

Only agencies whose plain facts are released automatically are asked: a machine never sends a practitioner a
case again. A chunk is read, put to the agencies with no transaction open, and stored in one short
transaction; a chunk that was killed and started again does nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import ValidationError

from engine.access.policy import May, require
from engine.access.redact_protected import HeldValue, taken_out
from engine.access.redaction import Masker
from engine.access.release import everybodys_classes
from engine.domain.cases.lifecycle import IS_OPEN
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.responses.answers import (
    ANSWER,
    Contribution,
    Failed,
    FailureReason,
    NilReturn,
    Refused,
    content_of,
)
from engine.domain.responses.reassessment import (
    CHUNK,
    AgencyInBatch,
    Batch,
    BatchFigures,
    Compared,
    chunk_subject,
)
from engine.domain.responses.requests import CaseAsked
from engine.domain.system.audit import WrittenOut, canonical, digest
from engine.hooks.records import RecordsUnreadableError
from engine.hooks.registry import Agencies, Manifest, releases_by_itself
from engine.hooks.seals import ExtractNotWholeError
from engine.services.access.checks import open_cases
from engine.services.context import AgencyContext, Context
from engine.services.responses.marks import waits_for_a_hand, with_conditions_masked
from engine.services.responses.requests import found_before
from engine.store.repositories.responses.reassessment import KeptBefore, NewBatchAnswer
from engine.store.repositories.system.outbox import FlowName
from engine.store.unit_of_work import UnitOfWork, Work

MOST_CHARACTERS = 600
_STORED_AT_ONCE = 200
"""Answers in one transaction: a person who writes waits for no more than so many."""
_EXCHANGED = Failed(
    reason=FailureReason.EXCHANGED,
    says="its plugin was exchanged after this re-assessment began, so it was not asked; begin another",
)
AnyAnswer = Contribution | NilReturn | Refused | Failed


class Held:
    """The protected values of one case, and the masker that finds them in a text."""

    def __init__(self, values: Sequence[tuple[str, str, bytes]]) -> None:
        self._values = [(ref, kind, content.decode()) for ref, kind, content in values]
        self.masker = Masker(((kind, value) for _, kind, value in self._values), reader=None)

    @property
    def values(self) -> tuple[HeldValue, ...]:
        """The values, each with its reference: for the few answers that may repeat one."""
        return tuple(HeldValue(reference=ref, kind=kind, value=value) for ref, kind, value in self._values)


class Chunk:
    """A part of a batch, read and not yet asked about. It shows only its batch and places."""

    def __init__(
        self,
        batch: Batch,
        number: int,
        places: tuple[int, int],
        *,
        cases: dict[str, CaseAsked],
        unreadable: frozenset[str],
        due: dict[str, set[str]],
        before: dict[tuple[str, str], KeptBefore],
        held: dict[str, Held],
    ) -> None:
        self.batch, self.number, self.places = batch, number, places
        self.cases, self.unreadable = cases, unreadable
        self.due, self.before, self.held = due, before, held

    @property
    def agencies(self) -> tuple[str, ...]:
        """The agencies still to be asked about some case of this part."""
        return tuple(sorted(agency for agency, cases in self.due.items() if cases))

    def __repr__(self) -> str:
        low, high = self.places
        return f"Chunk({chunk_subject(self.batch.reference, low, high)})"


def open_batch(context: AgencyContext, *, reason: str, parts: int = 1) -> tuple[Batch, tuple[str, ...]]:
    """Begin to ask again about every open case that is open to this person; a flow follows for each chunk.

    ``parts`` is the wanted number of chunks: there are fewer where the cases do not divide by it (5 cases in
    4 parts are 3 chunks), and more where a chunk would be too large. Return the batch, and the subjects of
    its flows.

    Raises
    ------
    InvalidInputError
        The reason is empty or too long, or there is nothing to ask.
    """
    if not 1 <= len(reason.strip()) <= MOST_CHARACTERS:
        raise InvalidInputError("reason", f"say why in one sentence of at most {MOST_CHARACTERS} characters")
    codes = [
        code
        for code in context.agencies.codes
        if not context.agencies.is_suspended(code) and releases_by_itself(context.agencies.manifest(code))
    ]
    asked = tuple(_as_asked(context.agencies, code) for code in codes)
    with context.writing("open re-assessment") as work:
        require(May.ASK_AGENCIES, context.acting)
        there = work.cases.all(work.reassessments.asked_of(codes, IS_OPEN))
        references = [involvement.reference for involvement in open_cases(work, context.acting, there)]
        if not references:
            raise InvalidInputError(
                "re-assessment",
                "no open case has a response from an agency that releases facts automatically",
            )
        batch = work.reassessments.open(
            Batch(
                reference="-",
                reason=reason,
                by=context.acting.user,
                at=context.clock.now(),
                agencies=asked,
                referrals=0,
            ),
            references,
        )
        size = min(CHUNK, -(-batch.referrals // parts))
        subjects = tuple(chunk_subject(batch.reference, low, high) for low, high in batch.chunks(size))
        for subject in subjects:
            work.outbox.add(FlowName.REASSESS_CHUNK, subject, acting=context.acting, at=context.clock.now())
        work.notes(batch=batch.reference, cases=batch.referrals)
    return batch, subjects


def is_known(*, uow: UnitOfWork, batch: str) -> bool:
    """Return whether this record has such a batch. It shows nothing of a case, so it leaves no entry."""
    try:
        with uow.unrecorded() as work:
            work.reassessments.get(batch)
    except NotFoundError:
        return False
    return True


def read_chunk(context: Context, *, batch: str, low: int, high: int) -> Chunk:
    """Return the cases at these places of a batch, with the agencies still to be asked."""
    with context.reading("read chunk") as work:
        require(May.ASK_AGENCIES, context.acting)
        number, whole = work.reassessments.get(batch)
        codes = [agency.code for agency in whole.agencies]
        today = context.clock.today()
        shown = everybodys_classes(work.sharing.classes(), on=today)
        documents = work.asked_cases.of_chunk(number, low, high, shown=shown)
        cases: dict[str, CaseAsked] = {}
        for reference, document in documents.items():
            try:
                cases[reference] = CaseAsked.model_validate({**document, "on": today})
            except ValidationError:
                continue  # reported as failed when the chunk is stored; it costs no other case
        work.touches(*documents)
        work.notes(batch=batch, first=low, last=high)
        return Chunk(
            whole,
            number,
            (low, high),
            cases=cases,
            unreadable=frozenset(documents) - frozenset(cases),
            due=work.reassessments.due(number, low, high, codes),
            before=work.reassessments.kept_before(number, low, high, codes),
            held=_held(work, work.asked_cases.together(number, low, high)),
        )


def ask_about(*, agencies: Agencies, chunk: Chunk, agency: str) -> dict[str, AnyAnswer]:
    """Ask one agency about the cases of a chunk that it still owes; return its answers by reference.

    A batch names the version that it asks. Where that was exchanged since, the rest fails: another version's
    answers would bear the former one's name.
    """
    if agencies.version(agency) not in {a.plugin_version for a in chunk.batch.agencies if a.code == agency}:
        return dict.fromkeys(sorted(chunk.due[agency]), _EXCHANGED)
    wanted = [case for reference, case in chunk.cases.items() if reference in chunk.due[agency]]
    result = agencies.assess_many(agency, wanted)
    answers: dict[str, AnyAnswer] = {
        case.reference: answer for case, answer in zip(wanted, result, strict=True)
    }
    for reference in chunk.unreadable & chunk.due[agency]:
        answers[reference] = Failed(
            reason=FailureReason.BAD_ANSWER, says="the case could not be read, so the agency was not asked"
        )
    return answers


def store_chunk(context: AgencyContext, *, chunk: Chunk, answers: dict[str, dict[str, AnyAnswer]]) -> int:
    """Store what the agencies answered, beside what was stored before; return how many answers there were."""
    at = context.clock.now()
    compared = [
        _compared(manifest, chunk, agency, reference, answer, at=at)
        for agency in sorted(answers)
        for manifest in (context.agencies.manifest(agency),)
        for reference, answer in answers[agency].items()
    ]
    low, high = chunk.places
    count = 0
    for first in range(0, max(len(compared), 1), _STORED_AT_ONCE):
        part = compared[first : first + _STORED_AT_ONCE]
        with context.writing("keep chunk", steps_back=True) as work:
            require(May.ASK_AGENCIES, context.acting)
            due = work.reassessments.still_due(
                chunk.number, [(each.agency, each.involvement) for each, _ in part]
            )
            fresh = [
                (number, _by_hand_after_a_find(work, each) if is_nil else each)
                for each, is_nil in part
                for number in (due.get((each.agency, each.involvement)),)
                if number is not None
            ]
            work.reassessments.keep(chunk.number, fresh)
            work.touches(*{each.involvement for _, each in fresh})
            work.notes(batch=chunk.batch.reference, first=low, last=high, answers=len(fresh))
        count += len(fresh)
    return count


def batch_figures(context: Context, *, batch: str) -> BatchFigures:
    """Return a batch's progress, and how its answers compare with those before."""
    with context.reading("see re-assessment") as work:
        require(May.ASK_AGENCIES, context.acting)
        number, whole = work.reassessments.get(batch)
        compared = work.reassessments.compared(number)
        due = work.reassessments.count_due(number, [agency.code for agency in whole.agencies])
        work.notes(batch=batch)
    done = sum(sum(counts.values()) for counts in compared.values())
    return BatchFigures(batch=whole, done=done, due=due, compared=compared)


def _as_asked(agencies: Agencies, code: str) -> AgencyInBatch:
    try:
        records = agencies.records(code) if agencies.is_here(code) else None
    except (RecordsUnreadableError, ExtractNotWholeError):
        records = None
    return AgencyInBatch(
        code=code,
        plugin_version=agencies.version(code),
        extract_digest=records.digest if records else None,
        extract_dated=records.dated if records else None,
    )


def _held(work: Work, together: dict[str, tuple[str, ...]]) -> dict[str, Held]:
    """Return by case the protected values of its whole episode; a case without any is left out."""
    stored = work.protected.held_by_case(sorted({other for others in together.values() for other in others}))
    held = {
        case: [each for other in others for each in stored.get(other, ())]
        for case, others in together.items()
    }
    return {case: Held(values) for case, values in held.items() if values}


def _compared(
    manifest: Manifest, chunk: Chunk, agency: str, reference: str, answer: AnyAnswer, *, at: datetime
) -> tuple[NewBatchAnswer, bool]:
    """Compare the answer with the one before; one that is the same is not stored twice.

    Return with it whether a nil return is stored.
    """
    before = chunk.before.get((reference, agency))
    alone = isinstance(answer, Contribution) and bool(answer.protected)
    clean, content = _without_what_is_known(answer, None if alone else chunk.held.get(reference))
    compared = Compared.TO_BE_ASKED_ALONE if alone else _how(clean, before)
    is_stored = compared not in (Compared.SAME, Compared.TO_BE_ASKED_ALONE)
    new = NewBatchAnswer(
        involvement=reference,
        agency=agency,
        compared=compared,
        version=before.version if before else None,
        content=content if is_stored else None,
        by_hand=waits_for_a_hand(manifest, answer),
        at=at,
    )
    return new, is_stored and isinstance(clean, NilReturn)


def _by_hand_after_a_find(work: Work, nil_return: NewBatchAnswer) -> NewBatchAnswer:
    """Let a nil return about a person whom the agency has found before wait until a hand releases it."""
    by_hand = nil_return.by_hand or found_before(work, nil_return.involvement, nil_return.agency)
    return nil_return._replace(by_hand=by_hand)


def _how(answer: AnyAnswer, before: KeptBefore | None) -> Compared:
    if isinstance(answer, Failed):
        return Compared.FAILED
    if before is None:
        return Compared.FIRST
    content = content_of(answer)
    same = digest(canonical([before.stage, before.author, before.plugin_version, content]))
    return Compared.SAME if same == before.digest else Compared.DIFFERENT


def _without_what_is_known(answer: AnyAnswer, held: Held | None) -> tuple[AnyAnswer, WrittenOut]:
    """Return the answer as it is stored, without the case's protected values, and its document."""
    written = answer.model_dump(mode="json")
    document, clean = WrittenOut(written), answer
    if held is not None and held.masker.may_stand_in_json(document.text):
        masked, refs = taken_out(written, held.values)
        clean = ANSWER.validate_python(masked) if refs else answer
    if isinstance(clean, Contribution):
        clean = with_conditions_masked(clean)  # as when it is stored, so that an equal answer is the same
    return clean, document if clean is answer else WrittenOut(clean.model_dump(mode="json"))
