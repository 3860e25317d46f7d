"""Retention: each owner reviews its own part, one decides and another erases, a certificate stays."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from engine.clock import LONDON
from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.people import PersonHeld
from engine.domain.cases.lifecycle import Act, TriageOutcome
from engine.domain.dates import PartialDate
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError, SetupError
from engine.domain.outcomes.agency_outcomes import (
    OutcomeAct,
    OutcomesAsked,
    OutcomesFound,
    OutcomesResult,
    OutcomeWindow,
)
from engine.domain.outcomes.follow_up import AgainstWhom, Measure
from engine.domain.referrals.arrival import ArrivalOutcome, LookedUp
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.domain.responses.answers import AnswerState, MatchBasis
from engine.domain.rights.retention import DESK_OWNER, Schedules, months_after
from engine.services.cases import lists as case_lists
from engine.services.cases import views as case_views
from engine.services.cases import worklists
from engine.services.referrals import screening
from engine.services.responses import agency_answers
from engine.services.rights import retention
from engine.services.system import audit, audit_content
from engine.store.database import open_database
from tests.builders import (
    MONDAY,
    SAFE_HOUSE,
    Desk,
    a_contribution,
    a_referral,
    a_screening,
    ask_all,
    in_one_entry,
    marked_until_removed,
    with_toys,
)
from tests.databases import rows_as_text
from tests.engine.domain.responses.test_reported import evidence
from tests.engine.services.cases.test_pathway import column

pytestmark = pytest.mark.whose_is_said

SECRETS = ("Repeated unwanted contact", "Stood outside", "Two reports were held", "Roe", "Amira", SAFE_HOUSE)

RECORD, OFFENCE = "LN-4711-0815", "099/98"


def looked_up(reference: str, agency: str, outcome: ArrivalOutcome) -> LookedUp:
    """A search on arrival that found one record, or none."""
    held = PersonHeld(record=RECORD, matched_on=MatchBasis(says="by name and date of birth", confirmed=False))
    found = (held,) if outcome is ArrivalOutcome.FOUND else ()
    return LookedUp(
        involvement=reference, agency=agency, outcome=outcome, found=found, plugin_version="1.0", at=MONDAY
    )


def outcomes_found(desk: Desk, agency: str, result: OutcomesResult = OutcomesResult.FOUND) -> OutcomesAsked:
    """What an agency returned of one act of further stalking, or that it returned nothing."""
    today = desk.clock.today()
    act = OutcomeAct(
        measure=Measure.RECORDED,
        happened=PartialDate(f"{today:%Y-%m}"),
        against=AgainstWhom.SAME_VICTIM,
        offence=OFFENCE,
    )
    found = OutcomesFound(searched=(Measure.RECORDED,), acts=(act,))
    return OutcomesAsked(
        agency=agency,
        window=OutcomeWindow(since=today - timedelta(days=60), until=today),
        result=result,
        found=found if result is OutcomesResult.FOUND else None,
        at=desk.clock.now(),
    )


def ended(desk: Desk, *, stored_text: str | None = None, **changes: Any) -> str:
    """A consultation about which harbour answered, and that is closed."""
    (reference,) = desk.refer(a_referral(**changes)).referrals
    screening.screen(
        desk.context(desk.coordinator), reference=reference, screening=a_screening(TriageOutcome.CONSULTATION)
    )
    ask_all(desk, reference)
    values = (ProtectedValue(kind=ProtectedKind.ADDRESS, value=stored_text),) if stored_text else ()
    agency_answers.answer_by_hand(
        desk.context(Acting(user="harbour-worker", role=Role.PRACTITIONER, agency="harbour")),
        reference=reference,
        agency="harbour",
        answer=a_contribution(
            "Two reports were held.", protected=values, link_evidence=(evidence(value="07700 900777"),)
        ),
    )
    screening.end_involvement(
        desk.context(desk.chair),
        reference=reference,
        act=Act.END_CONSULTATION,
        why=f"Advice was given. See {stored_text}." if stored_text else "Advice was given.",
    )
    return reference


def ended_without_asking(desk: Desk) -> str:
    """A consultation about which no agency was asked, and that is closed."""
    (reference,) = desk.refer(a_referral()).referrals
    consultation = a_screening(TriageOutcome.CONSULTATION)
    screening.screen(desk.context(desk.coordinator), reference=reference, screening=consultation)
    screening.end_involvement(
        desk.context(desk.chair), reference=reference, act=Act.END_CONSULTATION, why="Advice was given."
    )
    return reference


def decided(desk: Desk, acting: Acting, reference: str, owner: str, *, erase: bool = True) -> None:
    retention.review(
        desk.context(acting),
        reference=reference,
        owner=owner,
        erase=erase,
        why="No longer needed.",
    )


def parts(desk: Desk, acting: Acting, **more: Any) -> dict[str, Any]:
    return {part.owner: part for part in retention.list_kept(desk.context(acting), **more)}


def everything(desk: Desk) -> str:
    """Every value of every table, as text."""
    return rows_as_text(desk.runtime.settings.home)


def test_nothing_is_due_before_its_end_and_a_year_after_it_somebody_is_asked(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = ended(desk)
    before = parts(desk, desk.chair)
    assert set(before) == {DESK_OWNER, "harbour"}
    assert (before["harbour"].review_on, before["harbour"].is_due) == (date(2027, 3, 2), False)
    desk.clock.forward(timedelta(days=366))
    assert parts(desk, desk.chair, only_due=True)["harbour"].is_due
    day = worklists.worklist(desk.context(workers["harbour"]))
    work_items = [item for item in day.items if item.kind == "retention"]
    assert [(item.reference, item.why[:8]) for item in work_items] == [(reference, "harbour:")]
    assert [item.since for item in work_items] == [datetime(2027, 3, 2, tzinfo=LONDON)]
    decided(desk, workers["harbour"], reference, "harbour", erase=False)
    assert parts(desk, workers["harbour"])["harbour"].review_on == date(2028, 3, 3)


def test_however_long_a_review_has_waited_it_stands_behind_a_referral_that_nobody_has_screened(
    desk: Desk,
) -> None:
    with_toys(desk)
    reviewed = ended(desk)
    desk.clock.forward(timedelta(days=900))
    (waiting,) = desk.refer(a_referral("2")).referrals
    day = worklists.worklist(desk.context(desk.coordinator))
    texts = [item.reference for item in day.items if item.kind == "retention" or item.reference == waiting]
    assert texts == [waiting, reviewed]


def test_one_person_decides_and_another_erases_and_only_the_envelope_is_left(desk: Desk) -> None:
    workers = with_toys(desk)
    second = desk.add("harbour-second", Role.PRACTITIONER, "harbour")
    reference = ended(desk)
    screening.name_people(desk.context(desk.coordinator), reference=reference, people=[second.user])
    assert "900777" in everything(desk)
    decided(desk, workers["harbour"], reference, "harbour")
    with pytest.raises(NotPermittedError, match="another person of the same owner may"):
        retention.erase(desk.context(workers["harbour"]), reference=reference, owner="harbour")
    with marked_until_removed(desk):
        made = retention.erase(desk.context(second), reference=reference, owner="harbour")

    assert {row.kind for row in made.rows} == {"answer: contribution", "answer: nil return", "ledger"}
    assert (made.decided_by, made.by, made.role) == ("harbour-worker", "harbour-second", "practitioner")
    assert "Two reports were held" not in everything(desk)
    assert "900777" not in everything(desk)
    view = case_views.view_case(desk.context(desk.chair), reference=reference)
    answer = column(view, "harbour")
    assert (answer.state, answer.findings, answer.version) == (AnswerState.ERASED, (), 2)
    assert f"erased ({made.reference}). This is not a nil return." in answer.says
    assert retention.certificates(desk.context(desk.chair), reference=reference) == (made,)
    with pytest.raises(InvalidInputError, match=f"already erased: {made.reference}"):
        retention.erase(desk.context(second), reference=reference, owner="harbour")


def test_the_desk_erases_its_own_part_with_names_links_and_whereabouts_and_the_chain_holds(
    desk: Desk,
) -> None:
    workers = with_toys(desk)
    reference = ended(desk)
    with desk.runtime.uow.reading(acting=desk.coordinator, what="test", at=desk.clock.now()) as work:
        assert work.protected.items_on([reference])
    decided(desk, desk.chair, reference, DESK_OWNER)
    made = retention.erase(desk.context(desk.coordinator), reference=reference, owner=DESK_OWNER)
    decided(desk, workers["harbour"], reference, "harbour")
    second = desk.add("harbour-second", Role.PRACTITIONER, "harbour")
    screening.name_people(desk.context(desk.coordinator), reference=reference, people=[second.user])
    retention.erase(desk.context(second), reference=reference, owner="harbour")

    assert made.protected_values > 0
    left = everything(desk)
    assert [secret for secret in SECRETS if secret in left] == []
    assert "0000123" not in left
    assert audit.verify(uow=desk.runtime.uow).ok
    held = audit_content.verify_content(uow=desk.runtime.uow)
    assert held.ok
    assert held.erased[made.reference] > 5
    view = case_views.view_case(desk.context(desk.chair), reference=reference)
    assert view.reason == f"Erased ({made.reference})."
    assert len(view.incidents) == 2  # counted still: what and when of it is no word of anybody
    assert made.reference in str(view.incidents), "erased is another thing than that nothing was told"
    rows = case_lists.list_page(desk.context(desk.chair), count=None).rows
    assert [row.victim for row in rows] == ["name erased"]
    with in_one_entry(desk.runtime) as work:
        work.older_forms.fill(10_000, count=100)
    engine = open_database(desk.runtime.settings.database_url)
    with engine.connect() as connection:
        compared = set(connection.execute(text("SELECT surname FROM identity_form")).scalars())
    engine.dispose()
    assert compared == {""}, "those who were erased are not alike"


def test_an_agency_that_only_returned_outcomes_has_a_part_and_all_that_it_found_goes_with_it(
    desk: Desk,
) -> None:
    workers = with_toys(desk)
    second = desk.add("lantern-second", Role.PRACTITIONER, "lantern")
    reference = ended_without_asking(desk)
    people = [second.user, workers["lantern"].user, workers["voice"].user]
    screening.name_people(desk.context(desk.coordinator), reference=reference, people=people)
    with in_one_entry(desk.runtime) as work:
        work.agencies_watched.store_look_up(looked_up(reference, "lantern", ArrivalOutcome.FOUND))
    assert "lantern" not in parts(desk, workers["lantern"]), "its find on arrival is known to itself alone"
    with in_one_entry(desk.runtime) as work:
        work.agency_outcomes.add(reference, outcomes_found(desk, "lantern"))
        work.agency_outcomes.add(reference, outcomes_found(desk, "voice", OutcomesResult.NO_HOOK))
    assert "lantern" in parts(desk, workers["lantern"])
    assert "lantern" not in parts(desk, desk.chair), "it has released nothing"
    assert "voice" not in parts(desk, workers["voice"]), "it was asked and returned nothing"
    assert RECORD in everything(desk)
    assert OFFENCE in everything(desk)
    desk.clock.forward(timedelta(days=366))
    day = worklists.worklist(desk.context(workers["lantern"]))
    assert reference in {item.reference for item in day.items if item.kind == "retention"}
    decided(desk, workers["lantern"], reference, "lantern")
    made = retention.erase(desk.context(second), reference=reference, owner="lantern")
    assert RECORD not in everything(desk)
    assert OFFENCE not in everything(desk)
    assert {row.kind for row in made.rows} == {"outcome return"}, "no certificate names a look-up"
    assert retention.certificates(desk.context(second), reference=reference) == (made,)
    assert audit_content.verify_content(uow=desk.runtime.uow).ok


def test_what_an_agency_found_on_arrival_goes_with_the_referral_that_it_was_looked_up_for(desk: Desk) -> None:
    with_toys(desk)
    reference = ended(desk)
    with in_one_entry(desk.runtime) as work:
        work.agencies_watched.store_look_up(looked_up(reference, "lantern", ArrivalOutcome.FOUND))
    decided(desk, desk.chair, reference, DESK_OWNER)
    made = retention.erase(desk.context(desk.coordinator), reference=reference, owner=DESK_OWNER)
    assert RECORD not in everything(desk)
    assert "arrival look up" not in {row.kind for row in made.rows}


def test_a_certificate_says_what_stays_and_why(desk: Desk) -> None:
    with_toys(desk)
    reference = ended(desk)
    decided(desk, desk.chair, reference, DESK_OWNER)
    made = retention.erase(desk.context(desk.coordinator), reference=reference, owner=DESK_OWNER)
    reasons = {column: each.why for each in made.stays for column in each.columns}
    assert "figures over all cases" in reasons["outcome.offence"]
    assert "seats" in reasons["decision_quorum.missing"]
    assert {"outcome.says", "person_record.born", "person_identifier.value"}.isdisjoint(reasons)
    assert "answer.author" not in reasons, "that is of an agency's part"
    (counted,) = (each for each in made.stays if "outcome.offence" in each.columns)
    assert counted.kinds == "incident, judgement, outcome"
    (by,) = (each for each in made.stays if "move.by" in each.columns)
    assert by.kinds.endswith("kinds of row")
    there = retention.certificates(desk.context(desk.chair), reference=reference)
    assert [each.stays for each in there] == [made.stays]


def test_what_is_under_legal_hold_is_not_erased_and_not_due(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = ended(desk)
    common: dict[str, Any] = {"reference": reference, "owner": "harbour"}
    decided(desk, workers["harbour"], reference, "harbour")
    retention.hold(desk.context(desk.chair), **common, why="An inquest.")
    second = desk.add("harbour-second", Role.PRACTITIONER, "harbour")
    screening.name_people(desk.context(desk.coordinator), reference=reference, people=[second.user])
    with pytest.raises(InvalidInputError, match="legal hold"):
        retention.erase(desk.context(second), reference=reference, owner="harbour")
    with pytest.raises(InvalidInputError, match="it already has a legal hold"):
        retention.hold(desk.context(second), **common, why="Again.")
    with pytest.raises(NotPermittedError, match="a practitioner of harbour may"):
        retention.hold(desk.context(desk.chair), **common, why="Over.", lift=True)
    retention.hold(desk.context(workers["harbour"]), **common, why="Over.", lift=True)
    assert retention.erase(desk.context(second), reference=reference, owner="harbour").rows


def test_what_repeats_a_value_that_goes_with_its_teller_is_masked_for_good(desk: Desk) -> None:
    workers = with_toys(desk)
    second = desk.add("harbour-second", Role.PRACTITIONER, "harbour")
    reference = ended(desk, stored_text="3 Tallow Yard, ZZ98 4PP")
    screening.name_people(desk.context(desk.coordinator), reference=reference, people=[second.user])
    by_desk: dict[str, Any] = {
        "context": desk.context(desk.chair),
        "reference": reference,
        "owner": DESK_OWNER,
    }
    retention.hold(**by_desk, why="An inquest.")
    decided(desk, workers["harbour"], reference, "harbour")
    with pytest.raises(InvalidInputError, match="part of this case is under legal hold"):
        retention.erase(desk.context(second), reference=reference, owner="harbour")
    retention.hold(**by_desk, why="Over.", lift=True)
    made = retention.erase(desk.context(second), reference=reference, owner="harbour")
    assert "move" in {row.kind for row in made.rows}
    left = everything(desk)
    assert "Tallow Yard" not in left
    assert "See [protected]" in left
    assert "Repeated unwanted contact" in left, "the desk's own words stay"


def test_nobody_decides_for_another_owner_or_learns_of_its_part(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = ended(desk)
    assert "harbour" not in parts(desk, workers["lantern"])
    for acting in (desk.chair, workers["lantern"]):
        with pytest.raises(NotPermittedError, match="a practitioner of harbour may"):
            decided(desk, acting, reference, "harbour")
    with pytest.raises(
        NotFoundError, match=r"you cannot view part .* of quay, or it does not exist; choose one of: desk"
    ):
        retention.hold(desk.context(desk.chair), reference=reference, owner="quay", why="So.")


def test_an_open_case_is_neither_reviewed_nor_erased(desk: Desk) -> None:
    with_toys(desk)
    (reference,) = desk.refer(a_referral()).referrals
    with pytest.raises(InvalidInputError, match="it has not ended"):
        decided(desk, desk.chair, reference, DESK_OWNER)
    with pytest.raises(InvalidInputError, match="erasure has not been approved"):
        retention.erase(desk.context(desk.chair), reference=reference, owner=DESK_OWNER)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE answer SET content = '{}'",
        "UPDATE referral_version SET content = '{}'",
        "UPDATE person_record SET described = '{}'",
        "UPDATE move SET why = ''",
        "DELETE FROM answer",
    ],
)
def test_without_an_erasure_the_database_lets_no_content_go(desk: Desk, change: str) -> None:
    with_toys(desk)
    ended(desk)
    engine = open_database(desk.runtime.settings.database_url)
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change))
    engine.dispose()


def test_even_during_an_erasure_the_envelope_does_not_change(desk: Desk) -> None:
    with_toys(desk)
    ended(desk)
    engine = open_database(desk.runtime.settings.database_url)
    token = "INSERT INTO erasing SELECT 'answer', id FROM answer"
    with engine.connect() as connection:
        connection.execute(text(token))
        with pytest.raises(DatabaseError, match="append-only"):
            connection.execute(text("UPDATE answer SET author = 'somebody else'"))
    engine.dispose()


def test_schedules_are_data_dated_and_a_faulty_file_is_told_in_a_sentence(desk: Desk, tmp_path: Path) -> None:
    with_toys(desk)
    ended(desk)
    own = desk.runtime.settings.home / "retention.toml"
    row = (
        '[[schedule]]\nowner = "{}"\nreview_after_months = {}\nreview_again_after_months = 6\n'
        'in_force_from = {}\nsource = "Agreed."\n'
    )
    own.write_text('version = "ours"\n' + row.format("harbour", 72, "2026-01-01"))
    there = parts(desk, desk.chair)
    assert (there["harbour"].review_on, there[DESK_OWNER].review_on) == (date(2032, 3, 2), None)
    assert there[DESK_OWNER].stands == "No retention schedule applies, so no review is requested."
    own.write_text('version = "ours"\n' + row.format("harbour", 0, "2026-01-01"))
    with pytest.raises(SetupError, match=r"retention.toml: schedule.0.review_after_months"):
        parts(desk, desk.chair)
    twice = row.format("harbour", 5, "2026-01-01") + row.format("harbour", 6, "2026-06-01")
    own.write_text('version = "ours"\n' + twice)
    with pytest.raises(SetupError, match="two for 'harbour' apply at the same time"):
        parts(desk, desk.chair)


def test_a_schedule_that_is_not_in_force_is_off() -> None:
    one = {
        "owner": "any-owner",
        "review_after_months": 6,
        "review_again_after_months": 6,
        "in_force_from": "2026-01-01",
        "in_force_until": "2026-06-30",
        "source": "Agreed.",
    }
    schedules = Schedules.model_validate({"version": "1", "schedule": [one]})
    assert schedules.of("harbour", on=date(2026, 6, 30)) is not None
    assert schedules.of("harbour", on=date(2026, 7, 1)) is None


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2026, 3, 2), -12, date(2025, 3, 2)),
        (date(2026, 3, 2), 120, date(2036, 3, 2)),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_last_one(day: date, months: int, after: date) -> None:
    assert months_after(day, months) == after
