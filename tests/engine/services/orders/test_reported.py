"""An order that an agency reports is compared with the recorded ones and never becomes one by itself."""

from __future__ import annotations

import pytest

from engine.domain.orders.orders import OrderGiven
from engine.domain.sharing import AudienceKind, VisibilityToOthers
from engine.services.orders.reading import orders_on_case
from engine.services.orders.recording import create_order
from engine.services.orders.reported import OrderReported, orders_reported
from tests.builders import Desk, a_contribution, ask_all, let_answer, with_toys
from tests.engine.domain.responses.test_reported import an_order
from tests.engine.services.cases.test_pathway import screened, seen
from tests.engine.services.sharing.test_release_rules import a_rule, ruled

PRESSES = "1 reported by an agency, not recorded here."


def asked(desk: Desk, **order: object) -> str:
    let_answer(desk, "harbour", a_contribution(orders=(an_order(**order),)))
    reference = screened(desk)
    ask_all(desk, reference)
    return reference


def reported(desk: Desk, reference: str) -> OrderReported:
    there = orders_on_case(desk.context(desk.coordinator), reference=reference)
    (found,) = orders_reported(seen(desk, reference).answers, there.known)
    return found


def record(desk: Desk, reference: str, **changes: object) -> str:
    given = {"type": "spo", "made": "2026-01-12", "years": 2, **changes}
    return create_order(
        desk.context(desk.coordinator), reference=reference, given=OrderGiven.model_validate(given)
    ).reference


def test_it_is_not_recorded_here_until_a_person_records_it(desk: Desk) -> None:
    with_toys(desk)
    reference = asked(desk)
    assert orders_on_case(desk.context(desk.coordinator), reference=reference).orders == ()
    assert (reported(desk, reference).status, reported(desk, reference).may_be_recorded) == (
        "Not recorded here.",
        True,
    )
    assert PRESSES in str(seen(desk, reference).orders_pressing)

    order = record(desk, reference)
    assert reported(desk, reference).status == f"Same type and date as {order}: compare them."
    assert not reported(desk, reference).may_be_recorded
    assert PRESSES not in str(seen(desk, reference).orders_pressing)


@pytest.mark.parametrize(
    "changes",
    [{"type": "restraining-conviction"}, {"made": "2026-01-13"}, {"made": "2026-01-13", "years": 3}],
)
def test_another_type_or_date_is_another_order(desk: Desk, changes: dict[str, object]) -> None:
    with_toys(desk)
    reference = asked(desk)
    record(desk, reference, **changes)

    assert reported(desk, reference).may_be_recorded


def test_without_its_date_it_is_not_compared(desk: Desk) -> None:
    with_toys(desk)
    reference = asked(desk, made=None)
    record(desk, reference)

    assert reported(desk, reference).status.startswith("Not compared")
    assert reported(desk, reference).may_be_recorded


def test_one_that_its_agency_hides_is_in_no_count_of_the_case(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = asked(desk)
    rule = a_rule("order:order-1", AudienceKind.OWNER, otherwise=VisibilityToOthers.HIDE)
    ruled(desk, workers["harbour"], reference, rule)

    assert seen(desk, reference).orders_pressing is None
    assert PRESSES in str(seen(desk, reference, workers["harbour"]).orders_pressing)
