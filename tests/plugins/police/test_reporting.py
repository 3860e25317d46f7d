"""Orders, links and checks as the police recorded them: typed where certain, a silence where not held."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.hooks.carried_links import RecordedLink
from engine.orders.rules import order_types
from plugins.police.records import ORDERS, OrderKind, OrderRow, police_records
from plugins.police.reporting import _CONDITIONS, _TYPES
from tests.plugins.builders import a_case, records_in
from tests.plugins.police.given import a_person, an_order, answer, contribution, written

MADE = date(2026, 3, 1)


def a_link(**changes: object) -> RecordedLink:
    given: dict[str, object] = {
        "link_id": "L1",
        "person_id": "N1",
        "thing": "phone",
        "value": "07700 900123",
        "first_recorded": "2025-11",
        "last_recorded": "2026-02-20",
        "source": "custody record",
        "grade": "2B P",
        **changes,
    }
    return RecordedLink.model_validate(given)


@pytest.mark.parametrize("kind", [*_TYPES])
def test_each_kind_has_a_type_of_the_list(tmp_path: Path, kind: OrderKind) -> None:
    (order,) = contribution(answer(tmp_path, orders=(an_order(MADE, date(2028, 2, 29), kind),))).orders or ()

    assert order.type in {each.code for each in order_types()}
    assert (order.made, order.ends) == (MADE, date(2028, 2, 29))
    assert [each.code for each in order.conditions or ()] == ["no-contact", "stay-out"]
    assert order.source == "police records"


@pytest.mark.parametrize(
    ("changes", "field", "value", "gap"),
    [
        ({"served": date(2026, 3, 3)}, "served", date(2026, 3, 3), None),
        ({"served": date(2026, 2, 3)}, "served", None, "served before it was made"),
        ({"served": date(2026, 12, 3)}, "served", None, None),
        ({"ends": date(2026, 2, 3)}, "ends", None, "ending before it was made"),
        ({"ends": None, "until_further_order": True}, "until_further_order", True, None),
        ({"conditions": ()}, "conditions", None, None),
        (
            {"conditions": ("not to go to 9 Hidden Row",)},
            "conditions",
            None,
            "may name a place",
        ),
        ({"court": "Invented Court", "grade": "1A P"}, "court_name", "Invented Court", None),
        ({"source": "police national computer"}, "source", "police national computer", None),
    ],
)
def test_what_of_an_order_is_doubtful_is_left_out_and_named(
    tmp_path: Path, changes: dict[str, object], field: str, value: object, gap: str | None
) -> None:
    order = an_order(MADE, date(2028, 2, 29)).model_copy(update=changes)
    given = contribution(answer(tmp_path, orders=(order,)))
    assert given.orders is not None

    assert getattr(given.orders[0], field) == value
    assert "Hidden" not in given.model_dump_json()
    assert any(gap in each for each in given.gaps) if gap else not any("order" in each for each in given.gaps)


def test_orders_without_a_type_are_given_in_a_sentence_and_counted_as_a_gap(tmp_path: Path) -> None:
    given = contribution(answer(tmp_path, orders=(an_order(MADE, None, OrderKind.RESTRAINING),)))

    assert given.orders == (), "the plugin does report orders; none of these has a type"
    assert any(each.records[0].kind == "order" for each in given.findings)
    assert any(gap.startswith("One restraining order was given in a sentence only") for gap in given.gaps)


def test_the_newest_orders_are_given_and_the_others_counted(tmp_path: Path) -> None:
    rows = tuple(an_order(MADE - timedelta(days=number), None) for number in range(51))
    given = contribution(answer(tmp_path, orders=rows))

    assert len(given.orders or ()) == 50
    assert (given.orders or ())[-1].made == MADE
    assert "One more order is in the extract, and not sent." in given.gaps


def test_the_code_of_a_condition_is_one_of_the_library() -> None:
    from engine.orders.conditions import condition_library

    assert set(_CONDITIONS.values()) <= set(condition_library().by_code)


def test_links_are_given_with_source_dates_and_grade_and_only_for_a_certain_match(tmp_path: Path) -> None:
    given = contribution(answer(tmp_path / "sure", links=(a_link(),)))
    assert given.link_evidence is not None
    (phone,) = given.link_evidence
    assert (phone.value, phone.source, phone.grade) == ("07700 900123", "custody record", "2B P")
    assert (phone.first_recorded, phone.last_recorded) == ("2025-11", "2026-02-20")

    weak = answer(tmp_path / "weak", a_case(numbers=()), links=(a_link(),))
    assert not contribution(weak).matched_on.confirmed
    assert contribution(weak).link_evidence is None


@pytest.mark.parametrize(
    ("changes", "dates"),
    [
        ({"first_recorded": "2027"}, None),
        ({"last_recorded": "2027"}, ("2025-11", None)),
        ({"first_recorded": "2026-03", "last_recorded": "2025-11"}, (None, None)),
        ({"first_recorded": None, "last_recorded": None}, (None, None)),
    ],
)
def test_a_link_that_was_not_yet_recorded_is_not_given(
    tmp_path: Path, changes: dict[str, object], dates: tuple[object, object] | None
) -> None:
    given = contribution(answer(tmp_path, links=(a_link(**changes),))).link_evidence or ()

    assert [(each.first_recorded, each.last_recorded) for each in given] == ([dates] if dates else [])


def test_an_extract_without_links_reports_none_and_an_empty_table_was_searched(tmp_path: Path) -> None:
    orders = (an_order(MADE, None),)

    assert contribution(answer(tmp_path / "older", orders=orders)).link_evidence is None
    assert contribution(answer(tmp_path / "newer", orders=orders, links=())).link_evidence == ()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 3), "police national computer, checked 3 November 2026"),
        (None, "police national computer, date of the last check not recorded"),
        (date(2027, 1, 1), "police national computer, date of the last check not recorded"),
    ],
)
def test_the_last_check_is_the_person_s_own(tmp_path: Path, day: date | None, expected: str) -> None:
    given = contribution(answer(tmp_path, persons=(a_person(pnc_checked=day),)))

    assert [each.sentence for each in given.records_checked or ()] == [expected]


def test_an_export_from_before_the_new_columns_is_read(tmp_path: Path) -> None:
    written(tmp_path, orders=(an_order(MADE, None),))
    older = [name for name in OrderRow.model_fields if OrderRow.model_fields[name].is_required()]
    (tmp_path / ORDERS).write_text(
        f"{','.join(older)}\nORD-1,N1,restraining order on conviction,2026-03-01,,True,\n", encoding="utf-8"
    )
    held = police_records(records_in(tmp_path))

    assert held.orders["N1"][0].served is None
    assert held.orders["N1"][0].until_further_order
