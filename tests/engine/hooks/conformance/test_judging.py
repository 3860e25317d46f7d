"""What evidence comes to, where no whole plugin shows it easily: who judged, namesakes, limits, access."""

from __future__ import annotations

from datetime import date

import pytest

from engine.domain.agencies.people import SubjectAccessItem, SubjectAccessResult
from engine.domain.conference.risk import Domain, Level
from engine.domain.responses.answers import (
    AnyAnswer,
    Contribution,
    DomainView,
    Failed,
    FailureReason,
    Finding,
    InstrumentResult,
    MatchBasis,
    NilReturn,
    Professional,
)
from engine.domain.responses.formal import Formal, FormalKind
from engine.domain.responses.reported import RecordPointer
from engine.hooks.conformance import judging
from engine.hooks.conformance.candidate import candidate
from engine.hooks.conformance.cases import Kind, SyntheticCase, synthetic_cases
from engine.hooks.conformance.evidence import Evidence, SubjectAccessAsked
from engine.hooks.conformance.levels import CheckResult, Standing
from engine.hooks.conformance.people import invented_people
from engine.hooks.manifest import read_manifest
from tests.engine.hooks.conformance.packages import EXAMPLE

MANIFEST = read_manifest(EXAMPLE, agency="housing")
NIL = NilReturn(looked_in=("register",), says="Nothing was found.")
UNCONFIRMED = MatchBasis(says="by name and date of birth, unconfirmed", confirmed=False)
CERTAIN = MatchBasis(says="by PNC ID", confirmed=True)
EXTRACT = {"a.csv": b"N1,Robin\nN2,Sam\nAnsel Makebelief,Manager\n"}


def of_kind(kind: Kind) -> SyntheticCase:
    return next(each for each in synthetic_cases(invented_people()) if each.kind is kind)


def evidence(
    *answered: tuple[Kind, AnyAnswer], findings: tuple[SubjectAccessAsked, ...] = (), **more: object
) -> Evidence:
    """What was answered to one case of each kind."""
    answers = tuple(answer for _, answer in answered)
    found = Evidence(
        candidate=candidate(str(EXAMPLE), work=EXAMPLE),
        manifest=MANIFEST,
        cases=tuple(of_kind(kind) for kind, _ in answered),
        extract=EXTRACT,
        first=answers,
        again=answers,
        other_order=answers,
        seconds=(0.01,) * len(answers),
        subjects=findings,
    )
    for name, value in more.items():
        object.__setattr__(found, name, value)
    return found


def finding(record: str = "N1") -> Finding:
    return Finding(key="known", says="Known.", records=(RecordPointer(record=record, kind="person"),))


def held(basis: MatchBasis = UNCONFIRMED, **parts: object) -> Contribution:
    return Contribution.model_validate({"matched_on": basis, "findings": (finding(),), **parts})


def view(name: str) -> DomainView:
    return DomainView(
        domain=Domain.VIOLENCE,
        level=Level.LOW,
        reasons="Invented.",
        recorded_by=Professional(name=name, post="Manager"),
        recorded_on=date(2026, 1, 2),
    )


def failed(result: CheckResult, saying: str) -> bool:
    return result.standing is Standing.FAILED and saying in " ".join(result.says)


@pytest.mark.parametrize("kind", [Kind.NAME_ALONE, Kind.TWO_MATCHES, Kind.ANOTHERS_NUMBER, Kind.NOBODY])
def test_whoever_is_certain_where_nobody_can_be_has_guessed(kind: Kind) -> None:
    assert failed(judging.no_guess(evidence((kind, held(CERTAIN)))), "it calls its match confirmed")
    assert judging.no_guess(evidence((kind, held(UNCONFIRMED)))).standing is Standing.PASSED


def test_a_certain_match_by_a_right_number_is_no_guess() -> None:
    assert judging.no_guess(evidence((Kind.EXACT, held(CERTAIN)))).standing is Standing.PASSED


@pytest.mark.parametrize("name", ["System", "n/a", "Housing", "Unknown"])
def test_a_view_of_nobody_is_told(name: str) -> None:
    check_result = judging.views(evidence((Kind.EXACT, held(views=(view(name),)))))

    assert failed(check_result, "the view on violence has no named professional behind it")


def test_a_view_whose_author_is_not_in_the_records_was_formed_by_the_plugin() -> None:
    check_result = judging.views(evidence((Kind.EXACT, held(views=(view("Perpetua Nowhere"),)))))

    assert failed(check_result, "who recorded the view on violence is nowhere in its extract")
    assert "Perpetua" not in " ".join(check_result.says)


def test_a_view_whose_author_is_in_the_records_passes_and_no_view_does_not_apply() -> None:
    assert (
        judging.views(evidence((Kind.EXACT, held(views=(view("Ansel Makebelief"),))))).standing
        is Standing.PASSED
    )
    assert judging.views(evidence((Kind.EXACT, held()))).standing is Standing.DOES_NOT_APPLY


def test_what_is_given_as_formal_is_listed_for_its_author() -> None:
    classified = finding().model_copy(update={"formal": Formal(kind=FormalKind.LICENCE)})
    given = held(findings=(classified,), in_own_words=("Graded as amber in 2024.",), views=(view("A Body"),))
    result = judging.formal(evidence((Kind.EXACT, given)))

    assert result.standing is Standing.PASSED
    assert result.says[0].startswith("Others see at once: licence and one level in its own words.")
    assert judging.formal(evidence((Kind.EXACT, held()))).standing is Standing.DOES_NOT_APPLY


def test_a_judgement_that_is_given_as_formal_too_is_told() -> None:
    of_now = view("Toy Toyson")

    given = held(views=(of_now,), in_own_words=(of_now.reasons,))
    assert failed(judging.formal(evidence((Kind.EXACT, given))), "judgement")


def test_a_conclusion_without_an_author_is_told() -> None:
    concluded = InstrumentResult(
        instrument="form", version="1", items=(), conclusion="High.", concluded_by=None
    )
    check_result = judging.views(evidence((Kind.EXACT, held(instruments=(concluded,)))))

    assert failed(check_result, "the conclusion of form has no named professional behind it")


def test_records_that_are_neither_text_nor_a_workbook_are_not_searched() -> None:
    binary = {"a.db": b"\xff\xfe\x00\x01"}
    check_result = judging.pointers(evidence((Kind.EXACT, held()), extract=binary))

    assert check_result.standing is Standing.NOT_CHECKED


def test_a_pointer_to_nowhere_is_told_and_one_to_a_record_passes() -> None:
    lost = held(findings=(finding("N9"),))

    assert failed(judging.pointers(evidence((Kind.EXACT, lost))), "record N9 is nowhere in its extract")
    assert judging.pointers(evidence((Kind.EXACT, held()))).standing is Standing.PASSED


def test_a_contribution_about_somebody_whom_nobody_holds_is_told() -> None:
    check_result = judging.both_ways(evidence((Kind.EXACT, held()), (Kind.NO_MATCH, held())))

    assert failed(check_result, "no agency has this person, and it gave a contribution")


def test_a_plugin_that_never_finds_anybody_is_told() -> None:
    assert failed(
        judging.both_ways(evidence((Kind.EXACT, NIL), (Kind.NO_MATCH, NIL))), "Not one of the invented people"
    )


def test_a_limit_that_was_passed_and_an_error_that_was_raised_are_different_faults() -> None:
    late = Failed(reason=FailureReason.TIME_LIMIT, says="housing: no answer came within 10 seconds")
    raised = Failed(reason=FailureReason.RAISED, says="housing: stac_assess raised KeyError")

    assert failed(judging.limits(evidence((Kind.EXACT, late))), "no answer came within 10 seconds")
    assert judging.limits(evidence((Kind.EXACT, raised))).standing is Standing.PASSED
    assert failed(judging.answers(evidence((Kind.EXACT, raised))), "raised KeyError")


def test_more_than_half_of_the_time_leaves_no_headroom() -> None:
    assert failed(judging.headroom(evidence((Kind.EXACT, NIL), seconds=(5.5,))), "took 5.50 s of 10 s")
    assert judging.headroom(evidence((Kind.EXACT, NIL), seconds=(4.5,))).standing is Standing.PASSED


def test_a_failure_of_another_kind_for_lost_records_passes_and_says_what_is_better() -> None:
    raised = Failed(reason=FailureReason.RAISED, says="housing: stac_assess raised FileNotFoundError")
    check_result = judging.unreadable(evidence((Kind.EXACT, held()), unreadable={"gone": (raised,)}))

    assert check_result.standing is Standing.PASSED
    assert "RecordsUnreadableError says it better" in check_result.says[0]


ITEM = SubjectAccessItem(kind="person", says="Known.", record="N1")


@pytest.mark.parametrize(
    ("was_found", "is_certain", "items", "gaps", "fault"),
    [
        (True, True, (ITEM,), (), None),
        (True, False, (), ("One record may be theirs.",), None),
        (False, False, (), (), None),
        (True, True, (), (), "it gave the panel records and gave the person none"),
        (True, False, (ITEM,), (), "it gave records that may be another person's"),
        (False, False, (ITEM,), (), "it gave records to a person whom it has no record of"),
        (True, True, (ITEM.model_copy(update={"record": "N9"}),), (), "record N9 is nowhere in its extract"),
    ],
)
def test_subject_access_is_told_for_certain_or_counted(
    was_found: bool,
    is_certain: bool,
    items: tuple[SubjectAccessItem, ...],
    gaps: tuple[str, ...],
    fault: str | None,
) -> None:
    answer = SubjectAccessResult(items=items, looked_in=("register",), gaps=gaps)
    findings = SubjectAccessAsked(
        case=of_kind(Kind.EXACT), was_found=was_found, is_certain=is_certain, answer=answer
    )

    result = judging.subject_access(evidence((Kind.EXACT, held()), findings=(findings,)))

    assert failed(result, fault) if fault else result.standing is Standing.PASSED


def test_a_fault_in_many_cases_is_told_a_few_times_and_counted() -> None:
    answered = tuple((kind, held(CERTAIN)) for kind in (Kind.NAME_ALONE,) * 9)
    check_result = judging.no_guess(evidence(*answered))

    assert check_result.says[-1] == "And four more."
