"""What agencies released, as facts: reports, their outcomes, and what is formal. Each with a near miss."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engine.domain.cases.plain_facts import FactKind
from engine.domain.responses.answers import Finding
from engine.domain.responses.formal import FormalKind
from engine.domain.responses.held_reports import Elsewhere, HeldReport, ReportOutcomeKind, WhyNoAction
from engine.domain.responses.reported import ReportedOrder
from engine.facts.acts import NO_FURTHER_ACTION, Around
from engine.facts.released import Released
from engine.instruments.formal import formal_rows, proposes_urgent
from tests.engine.facts.builders import ago, of_kind, sentences
from tests.engine.facts.test_released import a_report, recorded, released

CLOSED = {"kind": "no further action", "on": "2026-03-25", "why": "evidential difficulties"}


def closed_reports(number: int, **given: object) -> list[HeldReport]:
    """Reports of different days, each closed."""
    return [
        a_report(str(each), happened=f"2026-01-{each:02}", **{"outcomes": [CLOSED], **given})
        for each in range(1, number + 1)
    ]


def said(kind: FactKind, *given: Released) -> list[str]:
    return sentences(kind, recorded(), released=given)


def test_the_reports_of_an_agency_stand_beside_those_recorded_here() -> None:
    reports = [
        a_report(crime_reference="CR/1"),
        a_report("two", happened="2026-03"),
        a_report("three", happened="2025-11-02", force="Invented Constabulary", kind="breach of order"),
        a_report("four", happened="2025-12-02", concerns="another person"),
    ]
    (fact,) = of_kind(
        FactKind.HELD, recorded(), released=[released(*reports, elsewhere=Elsewhere.NOT_SEARCHED)]
    )

    assert fact.says == (
        "Harbour shared 4 reports (2 November 2025 to March 2026): 1 of them also recorded "
        "in this case; 2 more "
        "counted with its acts; 1 against "
        "another person; 1 of a breach of an order; Invented Constabulary holds 1 of them; other forces' "
        "records: not searched."
    )
    assert fact.short == "Harbour shared 4 reports, 1 of them also recorded here"
    assert fact.records[0] == "harbour/report:report-one"


@pytest.mark.parametrize(
    ("elsewhere", "words"),
    [(Elsewhere.SEARCHED, "searched"), (Elsewhere.NOT_SEARCHED, "not searched"), (None, "not stated")],
)
def test_whether_other_forces_were_searched_is_always_said(elsewhere: Elsewhere | None, words: str) -> None:
    (sentence,) = said(FactKind.HELD, released(a_report(), elsewhere=elsewhere))

    assert sentence.endswith(f"other forces' records: {words}.")


def test_reports_of_a_match_that_is_not_confirmed_are_said_as_that() -> None:
    (sentence,) = said(FactKind.HELD, released(a_report(), confirmed=False))

    assert "has not confirmed that they are about this person" in sentence


def test_a_report_that_two_agencies_have_is_not_called_recorded_in_the_case_by_either() -> None:
    report = a_report(happened="2026-01-04", crime_reference="CR/9")
    both = [released(report), released(report.model_copy(update={"key": "other"}), agency="lantern")]
    found = said(FactKind.HELD, *both)

    assert len(found) == 2
    for sentence in found:
        assert "none of them also recorded in this case; 1 more counted with its acts" in sentence


def test_an_agency_without_a_report_has_no_such_fact() -> None:
    assert said(FactKind.HELD, released()) == []


def test_closings_are_counted_over_the_case_and_released_reports_each_once() -> None:
    joined = a_report(crime_reference="CR/1", outcomes=[{**CLOSED, "why": None}])
    decision = Around(NO_FURTHER_ACTION, ago(6), "I-1")

    assert sentences(
        FactKind.CLOSED,
        recorded(),
        around=[decision],
        released=[released(joined, *closed_reports(2))],
    ) == [
        "Reports closed 3 times with no further action, the latest on 25 March 2026 "
        "(evidential difficulties: 2; no "
        "reason recorded: 1)."
    ]


def test_one_closing_is_said_by_its_decision_and_not_counted() -> None:
    assert said(FactKind.CLOSED, released(*closed_reports(1))) == []


@pytest.mark.parametrize("why", WhyNoAction)
def test_every_reason_is_said(why: WhyNoAction) -> None:
    (sentence,) = said(FactKind.CLOSED, released(*closed_reports(2, outcomes=[{**CLOSED, "why": why}])))

    assert f"{why.value}: 2" in sentence


def outcome(kind: ReportOutcomeKind) -> dict[str, object]:
    more = {"own_code": "Z9"} if kind is ReportOutcomeKind.NOT_UNDERSTOOD else {}
    return {"kind": kind, "on": "2026-03-25", **more}


@pytest.mark.parametrize("kind", ReportOutcomeKind)
def test_no_arrest_is_said_only_where_no_outcome_is_an_arrest(kind: ReportOutcomeKind) -> None:
    """Every outcome as that of the last of four reports."""
    reports = [*closed_reports(3), a_report("last", happened="2026-02-02", outcomes=[outcome(kind)])]
    expected = {
        ReportOutcomeKind.ARREST: "An arrest is recorded in 1 of 4 reports that Harbour shared.",
        ReportOutcomeKind.CHARGE: None,
        ReportOutcomeKind.NOT_UNDERSTOOD: (
            "No arrest is recorded in 4 reports that Harbour shared; the outcome of 1 is not known."
        ),
    }.get(kind, "No arrest is recorded in 4 reports that Harbour shared.")

    assert said(FactKind.ARRESTS, released(*reports)) == ([expected] if expected else [])


@pytest.mark.parametrize(
    "reports",
    [closed_reports(2), closed_reports(4, outcomes=None)],
    ids=["fewer than three", "no outcome known"],
)
def test_of_few_reports_and_of_unknown_outcomes_nothing_is_said_of_arrests(
    reports: Sequence[HeldReport],
) -> None:
    assert said(FactKind.ARRESTS, released(*reports)) == []


def test_an_arrest_that_is_recorded_here_is_not_denied_by_released_reports() -> None:
    given = {"around": [Around("the arrest", ago(9), "I-1")], "released": [released(*closed_reports(4))]}

    assert sentences(FactKind.ARRESTS, recorded(), **given) == []


def test_a_code_that_is_not_understood_is_said() -> None:
    (sentence,) = said(
        FactKind.HELD, released(a_report(outcomes=[outcome(ReportOutcomeKind.NOT_UNDERSTOOD)]))
    )

    assert "1 with an outcome code that is not understood" in sentence


@pytest.mark.parametrize(
    ("given", "fires"),
    [
        (
            {"kind": "warning or notice", "on": "2026-03-10"},
            "After the warning of 10 March 2026: 1 reported act",
        ),
        (
            {"kind": "court result", "court": "convicted", "on": "2026-03-10"},
            "After the conviction of 10 March",
        ),
        ({"kind": "caution", "on": "2026-03-20"}, None),  # the same day is not after
        ({"kind": "warning or notice", "on": "2026-03"}, None),
        ({"kind": "warning or notice"}, None),
        ({"kind": "under investigation", "on": "2026-03-10"}, None),
    ],
)
def test_acts_after_an_outcome_with_a_full_date(given: dict[str, object], fires: str | None) -> None:
    report = a_report("old", happened="2026-01-04", outcomes=[given])
    found = [each for each in said(FactKind.AFTER, released(report)) if each.startswith("After")]

    assert [each[: len(fires or each)] for each in found] == ([fires] if fires else [])


def a_finding(kind: FormalKind | None, value: str | None = None, **formal: object) -> Finding:
    return Finding.model_validate(
        {
            "key": "classified",
            "says": "The person was recorded so.",
            "records": [{"record": "R-1", "kind": "register", "dated": "2026-02-01"}],
            "formal": {"kind": kind, "value": value, **formal} if kind else None,
        }
    )


@pytest.mark.parametrize("kind", FormalKind)
def test_every_formal_kind_is_named_on_top_with_its_owner_and_date(kind: FormalKind) -> None:
    given = released(findings=(a_finding(kind, "level 2", on="2026-02-01", owner="the panel of level 2"),))
    (fact,) = of_kind(FactKind.FORMAL, recorded(), released=[given])

    assert fact.says == (
        f"Harbour: {kind.value}: level 2, dated 1 February 2026, decided by the panel of level 2. "
        '"The person was recorded so."'
    )
    assert fact.short == f"{formal_rows()[kind].says} level 2 (Harbour, 1 Feb)"
    assert fact.sources == ("harbour",)


def test_a_finding_that_is_not_formal_is_no_such_fact() -> None:
    assert said(FactKind.FORMAL, released(findings=(a_finding(None),))) == []


def test_a_level_in_an_agency_s_own_terms_is_named_word_for_word() -> None:
    assert said(FactKind.FORMAL, released(levels=("RoSH was recorded as very high.",))) == [
        'Harbour, shared on 31 March 2026: "RoSH was recorded as very high."'
    ]


@pytest.mark.parametrize(("ends", "fires"), [("2026-03-30", True), ("2026-03-31", False), (None, False)])
def test_an_order_that_ended_is_a_previous_order(ends: str | None, fires: bool) -> None:
    order = ReportedOrder.model_validate(
        {
            "key": "order-1",
            "type": "spo",
            "made": "2025-03-30",
            "ends": ends,
            "source": "register",
            "records": [{"record": "O-1", "kind": "order"}],
        }
    )

    assert bool(said(FactKind.FORMAL, released(orders=((order, "Order made."),)))) is fires


def test_what_proposes_urgent_is_a_table_that_a_person_has_read() -> None:
    """Values are compared by equality: "very high" proposes it, and "high" and "not very high" do not."""
    urgent = {
        (kind, value)
        for kind in FormalKind
        for value in (
            "high",
            "very high",
            "Very High",
            "not very high",
            "level 1",
            "level 2",
            "level 3",
            None,
        )
        if proposes_urgent(a_finding(kind, value).formal)  # type: ignore[arg-type]
    }
    always = (FormalKind.RECALL, FormalKind.HOMICIDE, FormalKind.ATTEMPTED_HOMICIDE)

    assert {kind for kind, value in urgent if value is None} == {*always}
    assert {(kind, value) for kind, value in urgent if kind not in always} == {
        (FormalKind.ROSH, "very high"),
        (FormalKind.ROSH, "Very High"),
        (FormalKind.MAPPA, "level 2"),
        (FormalKind.MAPPA, "level 3"),
    }


def test_findings_about_reports_are_quoted_where_no_reports_are_stated_one_by_one() -> None:
    finding = Finding.model_validate(
        {
            "key": "incidents",
            "says": "18 reports were recorded.",
            "records": [{"record": "R-1", "kind": "report", "dated": "2026-02-01"}],
        }
    )
    older = Released("harbour", "Harbour", ago(3), True, None, findings=(finding, a_finding(None)))

    assert said(FactKind.HELD, older) == ['Harbour, shared on 28 March 2026: "18 reports were recorded."']
    assert said(FactKind.HELD, older._replace(reports=())) == []
