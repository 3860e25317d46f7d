"""Conclusions from the evidence, one function for each check. Pure: asks nothing and opens nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.domain.agencies.people import SubjectAccessResult
from engine.domain.outcomes.agency_outcomes import OutcomesFound
from engine.domain.responses.answers import Contribution, Failed, FailureReason, Nature, NilReturn
from engine.domain.responses.proposals import ActionsProposed
from engine.domain.responses.reported import RecordPointer
from engine.hooks.conformance.blending import says_anything
from engine.hooks.conformance.cases import NEVER_CONFIRMED, Kind, SyntheticCase
from engine.hooks.conformance.evidence import Evidence
from engine.hooks.conformance.levels import CheckResult, Standing
from engine.hooks.wording import counted, listed, number, sentence

_TOLD_MOST = 5
_NO_PERSON = frozenset(
    {"", "-", "n/a", "na", "none", "unknown", "not known", "system", "automatic", "plugin", "admin", "staff"}
)
_PAST_LIMITS = frozenset({FailureReason.TIME_LIMIT, FailureReason.TOO_LARGE})


def judged(check: str, faults: Iterable[str], *, passed: str = "") -> CheckResult:
    """Return a failed check with these sentences, or a passed one when there is none."""
    texts = [_as_told(each) for each in faults]
    if not texts:
        return CheckResult(check=check, standing=Standing.PASSED, says=(passed,) if passed else ())
    more = [f"And {number(len(texts) - _TOLD_MOST)} more."] if len(texts) > _TOLD_MOST else []
    return CheckResult(check=check, standing=Standing.FAILED, says=(*texts[:_TOLD_MOST], *more))


def _as_told(text: str) -> str:
    """Return it with a stop at its end, and a capital unless it begins with a name from the code."""
    first = text.split(" ", 1)[0]
    return sentence(text) if first.isalpha() else text if text.endswith((".", "?")) else f"{text}."


def stands(check: str, standing: Standing, message: str) -> CheckResult:
    """Return a check that did not pass and did not fail."""
    return CheckResult(check=check, standing=standing, says=(message,))


def answers(evidence: Evidence) -> CheckResult:
    """Return whether every case got an answer that fits the contract."""
    faults = [
        f"{_named(case)}: {answer.says}"
        for case, answer in zip(evidence.cases, evidence.first, strict=True)
        if isinstance(answer, Failed)
    ]
    held = len(evidence.contributions())
    return judged(
        "answers",
        faults,
        passed=f"{len(evidence.cases)} cases: {counted(held, 'contribution')}, "
        f"{counted(sum(isinstance(each, NilReturn) for each in evidence.first), 'nil return')}.",
    )


def limits(evidence: Evidence) -> CheckResult:
    """Return whether time, memory and size stayed within the limits."""
    faults = [
        f"{_named(case)}: {answer.says}"
        for case, answer in zip(evidence.cases, evidence.first, strict=True)
        if isinstance(answer, Failed) and (answer.reason in _PAST_LIMITS or "more memory" in answer.says)
    ]
    allowed = evidence.manifest.limits
    largest = max((len(each.model_dump_json()) for each in evidence.first), default=0)
    return judged(
        "limits",
        faults,
        passed=f"The slowest answer took {max(evidence.seconds) * 1000:.0f} ms of {allowed.seconds:g} s; "
        f"the largest was {largest / 1000:.1f} kB of {allowed.answer_mb:g} MB.",
    )


def headroom(evidence: Evidence) -> CheckResult:
    """Return whether a busy day would still leave it time."""
    allowed = evidence.manifest.limits.seconds
    slow = [
        f"{_named(case)} took {seconds:.2f} s of {allowed:g} s"
        for case, seconds in zip(evidence.cases, evidence.seconds, strict=True)
        if seconds > allowed / 2
    ]
    return judged("headroom", slow)


def deterministic(evidence: Evidence) -> CheckResult:
    """Return whether asking again, or in another order in a new process, changed anything."""
    faults = list(_differences("when asked again", evidence, evidence.again))
    faults += _differences("in another order", evidence, evidence.other_order)
    return judged("deterministic", faults)


def _differences(when: str, evidence: Evidence, others: tuple[object, ...]) -> Iterator[str]:
    for case, one, other in zip(evidence.cases, evidence.first, others, strict=True):
        if one != other:
            yield f"{_named(case)} was answered differently {when}"


def undeclared(evidence: Evidence) -> CheckResult:
    """Return whether its answers depend on what its manifest does not ask for."""
    return judged(
        "undeclared",
        (
            f"its answers change with {field.value}, which is not declared"
            if field not in evidence.manifest.fields
            else f"its answers change with {field.value} of schemes that are not declared"
            for field in evidence.fields_used
        ),
    )


def needed(evidence: Evidence) -> CheckResult:
    """Return whether each declared field changed at least one answer."""
    return judged(
        "needed",
        (f"no answer changed without {field.value}" for field in evidence.fields_idle),
    )


def unreadable(evidence: Evidence) -> CheckResult:
    """Return whether lost or broken records were reported, and never answered as if nothing were held."""
    if evidence.unreadable is None:
        return stands("unreadable", Standing.NOT_CHECKED, "It has no files to damage.")
    faults, notes = [], []
    for how, given in evidence.unreadable.items():
        for answer in given:
            if not isinstance(answer, Failed):
                faults.append(f"with its records {how} it gave a {answer.kind} instead of failing")
            elif answer.reason is not FailureReason.BAD_RECORDS:
                notes.append(f"with its records {how}: {answer.says}; RecordsUnreadableError says it better")
    result = judged("unreadable", dict.fromkeys(faults))
    if result.standing is Standing.PASSED and notes:
        return result.model_copy(update={"says": tuple(_as_told(each) for each in dict.fromkeys(notes))})
    return result


def pointers(evidence: Evidence) -> CheckResult:
    """Return whether the records at which findings point are there."""
    named: dict[str, SyntheticCase] = {}
    for case, answer in evidence.contributions():
        for pointer in _pointers_of(answer):
            named.setdefault(pointer.record, case)
    if not named:
        return stands("pointers", Standing.NOT_REACHED, "It gave no finding, so there was nothing to follow.")
    lost = [record for record in named if not _is_held(evidence, record)]
    if lost and not _is_text(evidence):
        return stands(
            "pointers", Standing.NOT_CHECKED, "Its records are not text, so they could not be searched."
        )
    faults = [f"{_named(named[record])}: record {record} is nowhere in its extract" for record in lost]
    return judged("pointers", faults, passed=f"{len(named)} records were pointed at, and each is there.")


def _pointers_of(answer: Contribution) -> Iterator[RecordPointer]:
    for finding in answer.findings:
        yield from finding.records
    for item in answer.voices:
        yield from item.records
    for result in answer.instruments:
        for answered in result.items:
            yield from answered.evidence
    for reported in answer.reported:
        yield from reported.records


def views(evidence: Evidence) -> CheckResult:
    """Return whether each view, and each conclusion of an instrument, was recorded by a named person."""
    faults, seen = [], 0
    for case, answer in evidence.contributions():
        for who, what in _who_judged(answer):
            seen += 1
            if who is None or who.strip().casefold() in {*_NO_PERSON, evidence.manifest.name.casefold()}:
                faults.append(f"{_named(case)}: {what} has no named professional behind it")
            elif _is_text(evidence) and not _is_held(evidence, who):
                faults.append(f"{_named(case)}: who recorded {what} is nowhere in its extract")
    if not seen:
        return stands("views", Standing.DOES_NOT_APPLY, "It carries no view.")
    return judged(
        "views", faults, passed=f"{counted(seen, 'view')} carried, each with a name in its records."
    )


def formal(evidence: Evidence) -> CheckResult:
    """Return what of its answers others see at once: its author reads whether each is formal.

    A text that is also a view, an opinion or a conclusion is a present judgement.
    """
    kinds, levels, faults = set[str](), set[str](), list[str]()
    for case, answer in evidence.contributions():
        levels |= {*answer.in_own_words}
        classified = [each for each in answer.findings if each.formal is not None]
        kinds |= {each.formal.kind.value for each in classified if each.formal}
        judgements = {*_judgements(answer)}
        faults += [
            f"{_named(case)}: what others see at once is also a judgement of its own"
            for text in (*answer.in_own_words, *(each.says for each in classified))
            if text in judgements
        ]
    if not kinds and not levels:
        return stands("formal", Standing.DOES_NOT_APPLY, "It gives nothing as formal.")
    given = [*sorted(kinds), *([f"{counted(len(levels), 'level')} in its own words"] if levels else [])]
    return judged(
        "formal",
        faults,
        passed=f"Others see at once: {listed(given)}. Was each decided and on file before the request?",
    )


def _judgements(answer: Contribution) -> Iterator[str]:
    yield from (view.reasons for view in answer.views)
    yield from (each.says for each in answer.findings if each.nature is Nature.OPINION)
    yield from (result.conclusion for result in answer.instruments if result.conclusion)


def _who_judged(answer: Contribution) -> Iterator[tuple[str | None, str]]:
    for view in answer.views:
        yield view.recorded_by.name, f"the view on {view.domain.value}"
    for result in answer.instruments:
        if result.conclusion is not None:
            yield result.concluded_by, f"the conclusion of {result.instrument}"


def both_ways(evidence: Evidence) -> CheckResult:
    """Return whether the synthetic records were found, and a person's absence reported as a nil return."""
    found = sum(says_anything(answer) for _, answer in evidence.contributions())
    faults = [] if found else ["not one of the invented people was found with anything to say"]
    faults += [
        f"{_named(case)}: no agency has this person, and it gave a {answer.kind}"
        for case, answer in zip(evidence.cases, evidence.first, strict=True)
        if case.kind is Kind.NO_MATCH and not isinstance(answer, NilReturn)
    ]
    return judged("both-ways", faults, passed=f"It had something to say about {counted(found, 'case')}.")


def no_guess(evidence: Evidence) -> CheckResult:
    """Return whether it was certain of a person whom it cannot be certain of."""
    return judged(
        "no-guess",
        (
            f"{_named(case)}: it calls its match confirmed"
            for case, answer in evidence.contributions()
            if case.kind in NEVER_CONFIRMED and answer.matched_on.confirmed
        ),
    )


def subject_access(evidence: Evidence) -> CheckResult:
    """Return whether people whom it found get its records, and others a nil return."""
    if not evidence.subjects:
        return stands("subject-access", Standing.NOT_REACHED, "It found no person who could have asked.")
    return judged("subject-access", dict.fromkeys(_faults_of_access(evidence)))


def _faults_of_access(evidence: Evidence) -> Iterator[str]:
    for findings in evidence.subjects:
        match findings.answer:
            case Failed():
                yield findings.answer.says
            case SubjectAccessResult():
                if findings.was_found and not (findings.answer.items or findings.answer.gaps):
                    yield f"{_named(findings.case)}: it gave the panel records and gave the person none"
                if findings.was_found and not findings.is_certain and findings.answer.items:
                    yield f"{_named(findings.case)}: it gave records that may be another person's"
                if not findings.was_found and findings.answer.items:
                    yield f"{_named(findings.case)}: it gave records to a person whom it has no record of"
                for item in findings.answer.items:
                    if _is_text(evidence) and not _is_held(evidence, item.record):
                        yield f"{_named(findings.case)}: record {item.record} is nowhere in its extract"


def actions(evidence: Evidence) -> CheckResult:
    """Return whether what it proposes fits the contract, and is the same when it is asked again."""
    asked = [each for each in evidence.actions if each.is_answered]
    if not evidence.actions:
        return stands("actions", Standing.NOT_REACHED, "It found no person to propose an action for.")
    if not asked:
        return stands("actions", Standing.DOES_NOT_APPLY, "It leaves the question for actions out.")
    faults = [f"{_named(each.case)}: {each.first.says}" for each in asked if isinstance(each.first, Failed)]
    faults += [
        f"{_named(each.case)} was answered differently when asked again for actions"
        for each in asked
        if not isinstance(each.first, Failed) and each.first != each.again
    ]
    given = sum(len(each.first.actions) for each in asked if isinstance(each.first, ActionsProposed))
    return judged(
        "actions",
        dict.fromkeys(faults),
        passed=f"{counted(given, 'action')} proposed in {len(asked)} answers.",
    )


def outcomes(evidence: Evidence) -> CheckResult:
    """Return whether the outcomes that it finds fit the contract, and are the same when it is asked again."""
    asked = [each for each in evidence.outcomes if each.is_answered]
    if not evidence.outcomes:
        return stands("outcomes", Standing.NOT_REACHED, "It found no person to follow up.")
    if not asked:
        return stands("outcomes", Standing.DOES_NOT_APPLY, "It leaves the question for outcomes out.")
    faults = [f"{_named(each.case)}: {fault}" for each in asked for fault in each.faults()]
    given = sum(len(each.first.acts) for each in asked if isinstance(each.first, OutcomesFound))
    return judged(
        "outcomes", dict.fromkeys(faults), passed=f"{counted(given, 'act')} in {len(asked)} answers."
    )


def _named(case: SyntheticCase) -> str:
    return f"{case.key} ({case.kind.value})"


def _is_held(evidence: Evidence, text: str) -> bool:
    return any(text in content for content in evidence.searched)


def _is_text(evidence: Evidence) -> bool:
    return evidence.all_searched
