"""What waits is derived: by every way into the record, and as the facts say at any time."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.domain.accounts.acting import Role
from engine.domain.cases.due import OF_DESK, addressed, of_role
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.errors import SetupError
from engine.services.cases.due_kinds import KINDS
from engine.services.cases.worklists import worklist
from engine.services.referrals.screening import screen
from engine.store.cases_written import leads_to_cases, require_cases
from engine.store.schema import METADATA  # every table
from engine.store.tables.base import table_of
from engine.store.tables.due import DueKindRow, DueRow
from tests.builders import Desk, a_desk, a_referral, a_screening
from tests.due_rows import differences


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as opened:
        yield opened


def test_each_kind_reads_tables_whose_rows_lead_to_a_case() -> None:
    for kind in KINDS:
        kind.check()
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_a_kind_that_reads_a_table_of_no_case_is_refused() -> None:
    with pytest.raises(SetupError, match="rows of agency_suspension lead to no case"):
        dataclasses.replace(KINDS[0], reads=frozenset({"agency_suspension"})).check()


def test_the_cases_of_every_table_that_names_one_are_found() -> None:
    naming = [t.name for t in METADATA.tables.values() if "involvement_id" in t.columns]
    require_cases(naming)
    assert len(naming) > 60
    assert leads_to_cases("plan_approval"), "by its plan's case"
    assert not leads_to_cases("app_user")


def test_a_row_is_there_once_its_fact_is_and_goes_with_it(desk: Desk) -> None:
    (reference,) = desk.refer(a_referral()).referrals
    assert rows_of(desk, "screen") == [(reference, of_role(Role.COORDINATOR))]
    screen(desk.context(desk.coordinator), reference=reference, screening=a_screening(TriageOutcome.ADVICE))
    assert rows_of(desk, "screen") == []
    assert differences(desk) == {}


def test_a_change_that_no_use_case_made_is_found_and_corrected(desk: Desk) -> None:
    (reference,) = desk.refer(a_referral()).referrals
    desk.runtime.uow.derive_all()
    with desk.runtime.uow.unrecorded(will_write=True) as work:
        work.due._session.execute(table_of(DueRow).delete())
    assert differences(desk) == {"screen": 1}
    desk.runtime.due.derive_again(desk.runtime.uow, {"screen"})
    assert differences(desk) == {}
    assert rows_of(desk, "screen") == [(reference, of_role(Role.COORDINATOR))]


def test_a_kind_with_another_rule_is_derived_again_for_all_cases_and_one_that_is_gone_is_removed(
    desk: Desk,
) -> None:
    desk.refer(a_referral())
    desk.runtime.uow.derive_all()
    newer = dataclasses.replace(KINDS[0], version=KINDS[0].version + 1, of=lambda work, cases, given: ())
    desk.runtime.due.__dict__["kinds"] = (newer,)
    assert desk.runtime.due.settle_all(desk.runtime.uow) == 1
    assert rows_of(desk, "screen") == []
    assert desk.runtime.due.settle_all(desk.runtime.uow) == 0
    desk.runtime.due.__dict__["kinds"] = ()
    desk.runtime.due.settle_all(desk.runtime.uow)
    with desk.runtime.uow.unrecorded() as work:
        assert work.due.digests() == {}


def test_an_unchanged_row_stays_as_it_is(desk: Desk) -> None:
    (reference,) = desk.refer(a_referral()).referrals
    before = numbers_of(desk)
    desk.runtime.due.derive_again(desk.runtime.uow, {"screen"})
    assert numbers_of(desk) == before != []
    assert reference


def test_a_person_is_addressed_by_role_name_agency_and_case(desk: Desk) -> None:
    assert addressed(desk.coordinator) == (
        of_role(Role.COORDINATOR),
        f"user {desk.coordinator.user}",
        OF_DESK,
        "people of the case",
    )


def test_a_worklist_derives_what_was_never_derived(desk: Desk) -> None:
    """A record that an older version made has facts and no rows."""
    desk.refer(a_referral())
    with desk.runtime.uow.unrecorded(will_write=True) as work:
        for rows in (DueRow, DueKindRow):
            work.due._session.execute(table_of(rows).delete())
    items = worklist(desk.context(desk.coordinator)).items
    assert [each.what for each in items if each.kind == "screen"] == ["Screen the referral"]


def rows_of(desk: Desk, kind: str) -> list[tuple[str, str]]:
    """Each row of a kind: its case and for whom it is."""
    with desk.runtime.uow.unrecorded() as work:
        cases = work.due.some_cases(after=0)
        return [(each.values.case, each.values.whom) for each in work.due._there(kind, cases).values()]


def numbers_of(desk: Desk) -> list[int]:
    with desk.runtime.uow.unrecorded() as work:
        return [each.id for each in work.due._there("screen", work.due.some_cases(after=0)).values()]
