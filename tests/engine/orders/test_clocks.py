"""Each rule by worked cases, with the section that a case rests on, and near misses on both sides."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.domain.orders.clocks import ClockState
from engine.orders.clocks import answer_clock
from engine.orders.rules import clock_rules

DUE, NO_CLOCK, AWAITING, OFF = "due", "no clock", "awaiting", "off"
UNCERTAIN, INVALID = "uncertain", "invalid"


def answered(rule: str, **facts: Any) -> dict[str, Any]:
    """The answer as texts; a fact named ``from_`` is the one named ``from``."""
    given = {name.rstrip("_"): fact for name, fact in facts.items()}
    return answer_clock({"rule": rule, **given}).model_dump(mode="json")


# section, rule, facts, state, last day
OF_DAYS = [
    # first notification: 3 days beginning with service
    ("s.9(1)", "spa-9-1", {"served": "2026-03-09"}, DUE, "2026-03-11"),
    ("s.9(1) a Friday", "spa-9-1", {"served": "2026-03-13"}, DUE, "2026-03-15"),
    ("s.9(1) Maundy Thursday", "spa-9-1", {"served": "2026-04-02"}, DUE, "2026-04-04"),
    ("s.9(1) Christmas Eve", "spa-9-1", {"served": "2026-12-24"}, DUE, "2026-12-26"),
    ("s.9(1) end of the year", "spa-9-1", {"served": "2026-12-31"}, DUE, "2027-01-02"),
    ("s.9(1) 27 February", "spa-9-1", {"served": "2025-02-27"}, DUE, "2025-03-01"),
    ("s.9(1) 27 February, leap year", "spa-9-1", {"served": "2024-02-27"}, DUE, "2024-02-29"),
    ("s.9(1) 29 February", "spa-9-1", {"served": "2024-02-29"}, DUE, "2024-03-02"),
    ("s.9(1) clocks go forward", "spa-9-1", {"served": "2026-03-28"}, DUE, "2026-03-30"),
    ("s.9(1) clocks go back", "spa-9-1", {"served": "2026-10-24"}, DUE, "2026-10-26"),
    ("s.9(1) local date", "spa-9-1", {"served": "2026-06-30T23:30Z"}, DUE, "2026-07-03"),
    ("s.9(1) a minute earlier", "spa-9-1", {"served": "2026-06-30T22:59Z"}, DUE, "2026-07-02"),
    ("s.9(1) local time", "spa-9-1", {"served": "2026-07-01T00:30"}, DUE, "2026-07-03"),
    ("s.9(1) offset", "spa-9-1", {"served": "2026-07-01T00:30+01:00"}, DUE, "2026-07-03"),
    ("s.9(1) 23:59", "spa-9-1", {"served": "2026-07-01T23:59"}, DUE, "2026-07-03"),
    ("s.9(1) in winter UTC is local", "spa-9-1", {"served": "2026-01-30T23:30Z"}, DUE, "2026-02-01"),
    ("s.9(1) not served", "spa-9-1", {"made": "2026-03-02"}, AWAITING, None),
    ("s.9(1) null is not recorded", "spa-9-1", {"made": "2026-03-02", "served": None}, AWAITING, None),
    ("s.9(1) nothing recorded", "spa-9-1", {}, AWAITING, None),
    ("s.9(1) in absence", "spa-9-1", {"made": "2026-03-02", "served": "2026-03-20"}, DUE, "2026-03-22"),
    ("s.9(1)(b) interim", "spa-9-1", {"served": "2026-03-02", "kind": "interim"}, DUE, "2026-03-04"),
    ("s.9(1) interim refused", "spa-9-1", {"served": "2026-05-04", "kind": "full"}, DUE, "2026-05-06"),
    (
        "s.9(1) replaces none",
        "spa-9-1",
        {"served": "2026-05-04", "kind": "full", "replaces_interim": False},
        DUE,
        "2026-05-06",
    ),
    (
        "s.9(1)(a) replaces an interim order",
        "spa-9-1",
        {"made": "2026-05-04", "served": "2026-05-04", "kind": "full", "replaces_interim": True},
        NO_CLOCK,
        None,
    ),
    (
        "s.9(1)(a) the interim order ran until the full one",
        "spa-9-1",
        {
            "made": "2026-05-04",
            "served": "2026-05-04",
            "replaces_interim": True,
            "interim_expired_before": False,
        },
        NO_CLOCK,
        None,
    ),
    (
        "s.9(1)(a) the interim order had expired",
        "spa-9-1",
        {
            "made": "2026-05-04",
            "served": "2026-05-04",
            "replaces_interim": True,
            "interim_expired_before": True,
        },
        DUE,
        "2026-05-06",
    ),
    (
        "s.9(1)(a) it expired the day before",
        "spa-9-1",
        {"made": "2026-05-04", "served": "2026-05-04", "replaces_interim": True}
        | {"interim_expired_before": "2026-05-03"},
        DUE,
        "2026-05-06",
    ),
    (
        "s.9(1)(a) it expired on the day",
        "spa-9-1",
        {"made": "2026-05-04", "served": "2026-05-04", "replaces_interim": True}
        | {"interim_expired_before": "2026-05-04"},
        NO_CLOCK,
        None,
    ),
    ("s.9(1) in custody", "spa-9-1", {"served": "2026-03-02", "released": "2026-03-20"}, DUE, "2026-03-04"),
    ("commencement", "spa-9-1", {"served": "2020-01-20"}, DUE, "2020-01-22"),
    ("before commencement", "spa-9-1", {"served": "2020-01-19"}, OFF, None),
    ("made before commencement", "spa-9-1", {"made": "2020-01-19", "served": "2020-01-21"}, OFF, None),
    ("another country", "spa-9-1", {"served": "2026-03-09", "area": "scotland"}, OFF, None),
    ("the year 2100 has no 29 February", "spa-9-1", {"served": "2100-02-27"}, DUE, "2100-03-01"),
    # the exemption, and its end
    ("s.9(5)", "spa-9-1", {"served": "2026-03-02", "soa_part_2": True}, NO_CLOCK, None),
    ("s.9(5) not served", "spa-9-1", {"made": "2026-03-02", "soa_part_2": True}, NO_CLOCK, None),
    ("s.9(5) at making", "spa-9-1", {"served": "2026-03-02", "soa_part_2_at_making": True}, NO_CLOCK, None),
    ("s.9(5) does not run", "spa-9-1", {"served": "2026-03-02", "soa_part_2": False}, DUE, "2026-03-04"),
    (
        "s.9(6)-(7)",
        "spa-9-1",
        {"made": "2026-03-02", "served": "2026-03-02", "soa_part_2_at_making": True}
        | {"soa_part_2_ends": "2026-06-16"},
        DUE,
        "2026-06-18",
    ),
    (
        "s.9(6)-(7) the end is recorded before it comes",
        "spa-9-1",
        {"served": "2026-03-02", "soa_part_2": True, "soa_part_2_at_making": True}
        | {"soa_part_2_ends": "2026-06-16"},
        DUE,
        "2026-06-18",
    ),
    (
        "s.9(6)(b) not known",
        "spa-9-1",
        {"served": "2026-03-02", "soa_part_2_ends": "2026-06-16"},
        UNCERTAIN,
        None,
    ),
    (
        "s.9(6)(b) did not apply at making",
        "spa-9-1",
        {"served": "2026-03-02", "soa_part_2_at_making": False, "soa_part_2_ends": "2026-06-16"},
        DUE,
        "2026-03-04",
    ),
    (
        "s.9(6)(c) the day on which it ended is not recorded",
        "spa-9-1",
        {"served": "2026-03-02", "soa_part_2_at_making": True, "soa_part_2": False},
        AWAITING,
        None,
    ),
    (
        "s.9(6)(d) the order ended the day before",
        "spa-9-1",
        {"served": "2026-03-02", "soa_part_2_at_making": True, "soa_part_2_ends": "2026-06-16"}
        | {"order_ends": "2026-06-15"},
        NO_CLOCK,
        None,
    ),
    (
        "s.9(6)(d) the order ends on the final day",
        "spa-9-1",
        {"served": "2026-03-02", "soa_part_2_at_making": True, "soa_part_2_ends": "2026-06-16"}
        | {"order_ends": "2026-06-16"},
        DUE,
        "2026-06-18",
    ),
    (
        "s.9(5) had stopped before the order",
        "spa-9-1",
        {"made": "2026-03-02", "served": "2026-03-02", "soa_part_2_ends": "2026-03-01"},
        DUE,
        "2026-03-04",
    ),
    # changes
    ("s.9(3)", "spa-9-3", {"first_used": "2026-05-08"}, DUE, "2026-05-10"),
    ("s.9(3) notified", "spa-9-3", {"first_used": "2026-05-08", "already_notified": True}, NO_CLOCK, None),
    (
        "s.9(3) not notified",
        "spa-9-3",
        {"first_used": "2026-05-08", "already_notified": False},
        DUE,
        "2026-05-10",
    ),
    ("s.9(3) no date", "spa-9-3", {}, AWAITING, None),
    ("s.9(5)", "spa-9-3", {"first_used": "2026-05-08", "soa_part_2": True}, NO_CLOCK, None),
    ("s.9(4)", "spa-9-4", {"moved": "2026-04-02"}, DUE, "2026-04-04"),
    ("s.9(4) told", "spa-9-4", {"moved": "2026-04-03", "told_on": "2026-04-04"}, DUE, "2026-04-05"),
    ("s.9(4) no date", "spa-9-4", {"told_on": "2026-04-04"}, AWAITING, None),
    ("s.41(4)", "daa-41-4", {"first_used": "2026-03-07"}, DUE, "2026-03-09"),
    ("s.41(5)", "daa-41-5", {"moved": "2026-03-07"}, DUE, "2026-03-09"),
    ("s.41(6)", "daa-41-6", {"lost_home": "2026-03-07"}, DUE, "2026-03-09"),
    ("s.41(8)(b)", "daa-41-4", {"first_used": "2026-03-07", "spa_9": True}, NO_CLOCK, None),
    ("s.41(8)(b)", "daa-41-5", {"moved": "2026-03-07", "soa_part_2": True}, NO_CLOCK, None),
    ("s.41(8)(a)", "daa-41-6", {"lost_home": "2026-03-07", "earlier_dapo_in_force": True}, NO_CLOCK, None),
    (
        "s.41(8)(b) changed before the other duty ends",
        "daa-41-4",
        {"first_used": "2026-03-07", "spa_9_ends": "2026-07-08"},
        NO_CLOCK,
        None,
    ),
    (
        "s.41(8)(b) the end is recorded before it comes",
        "daa-41-5",
        {"moved": "2026-03-07", "spa_9": True, "spa_9_ends": "2026-03-08"},
        NO_CLOCK,
        None,
    ),
    ("s.41(8)(b)", "daa-41-6", {"lost_home": "2026-03-07", "soa_part_2_ends": "2026-03-08"}, NO_CLOCK, None),
    (
        "s.41(9) changed on the date on which the other duty ends",
        "daa-41-5",
        {"moved": "2026-03-07", "spa_9_ends": "2026-03-07"},
        DUE,
        "2026-03-09",
    ),
    (
        "s.41(9) changed after it",
        "daa-41-4",
        {"first_used": "2026-03-07", "spa_9": True, "spa_9_ends": "2026-03-01"},
        DUE,
        "2026-03-09",
    ),
    # domestic abuse orders count from the making
    ("s.41(2)", "daa-41-2", {"made": "2026-03-02"}, DUE, "2026-03-04"),
    ("s.41(2) served later", "daa-41-2", {"made": "2026-03-02", "served": "2026-03-20"}, DUE, "2026-03-04"),
    ("s.41(2) not made", "daa-41-2", {"served": "2026-03-20"}, AWAITING, None),
    ("s.41(8)(b)", "daa-41-2", {"made": "2026-03-02", "spa_9": True}, NO_CLOCK, None),
    ("s.41(8)(b)", "daa-41-2", {"made": "2026-03-02", "soa_part_2": True}, NO_CLOCK, None),
    ("s.41(8)(a)", "daa-41-2", {"made": "2026-03-02", "earlier_dapo_in_force": True}, NO_CLOCK, None),
    ("s.41(9)", "daa-41-2", {"made": "2026-03-02", "spa_9_ends": "2026-07-08"}, DUE, "2026-07-10"),
    (
        "s.41(9) the end is recorded before it comes",
        "daa-41-2",
        {"made": "2026-03-02", "spa_9": True, "spa_9_ends": "2026-07-08"},
        DUE,
        "2026-07-10",
    ),
    (
        "s.41(9) the later of two",
        "daa-41-2",
        {"made": "2026-03-02", "spa_9_ends": "2026-07-08", "soa_part_2_ends": "2026-08-01"},
        DUE,
        "2026-08-03",
    ),
    (
        "s.41(8) one of two still runs",
        "daa-41-2",
        {"made": "2026-03-02", "spa_9_ends": "2026-07-08", "soa_part_2": True},
        NO_CLOCK,
        None,
    ),
    ("s.41(8) over", "daa-41-2", {"made": "2026-03-02", "spa_9_ends": "2026-03-01"}, DUE, "2026-03-04"),
    ("first day", "daa-41-2", {"made": "2024-11-27"}, DUE, "2024-11-29"),
    ("day before", "daa-41-2", {"made": "2024-11-26"}, OFF, None),
    # how long orders last
    ("s.3(2)", "spa-3-2", {"made": "2025-03-15", "years": 2}, DUE, "2027-03-14"),
    ("s.3(2) 1 March", "spa-3-2", {"made": "2024-03-01", "years": 2}, DUE, "2026-02-28"),
    ("s.3(2) 28 February", "spa-3-2", {"made": "2024-02-28", "years": 2}, DUE, "2026-02-27"),
    ("s.3(2) 29 February", "spa-3-2", {"made": "2024-02-29", "years": 2}, DUE, "2026-02-28"),
    ("s.3(2) 29 February, 4 years", "spa-3-2", {"made": "2024-02-29", "years": 4}, DUE, "2028-02-28"),
    ("s.3(2) 1 March before a leap year", "spa-3-2", {"made": "2026-03-01", "years": 2}, DUE, "2028-02-29"),
    ("s.3(2) end of the year", "spa-3-2", {"made": "2025-12-31", "years": 2}, DUE, "2027-12-30"),
    ("s.3(2) new year", "spa-3-2", {"made": "2026-01-01", "years": 2}, DUE, "2027-12-31"),
    ("s.3(2) stated end", "spa-3-2", {"made": "2025-03-15", "ends": "2027-03-14"}, DUE, "2027-03-14"),
    ("s.3(2) a day less", "spa-3-2", {"made": "2025-03-15", "ends": "2027-03-13"}, INVALID, None),
    ("s.3(2) 29 February", "spa-3-2", {"made": "2024-02-29", "ends": "2026-02-28"}, DUE, "2026-02-28"),
    (
        "s.3(2) 29 February, a day less",
        "spa-3-2",
        {"made": "2024-02-29", "ends": "2026-02-27"},
        INVALID,
        None,
    ),
    ("s.3(1)(b)", "spa-3-2", {"made": "2025-03-15", "until_further_order": True}, NO_CLOCK, None),
    (
        "s.3(2) served",
        "spa-3-2",
        {"made": "2025-03-15", "years": 2, "served": "2025-04-01"},
        DUE,
        "2027-03-14",
    ),
    ("s.3(2) not made", "spa-3-2", {"years": 2}, AWAITING, None),
    ("s.5(6)(a)", "spa-5-6", {"made": "2026-03-02", "days": 28}, DUE, "2026-03-29"),
    ("s.5(6)(a) one day", "spa-5-6", {"made": "2026-03-02", "days": 1}, DUE, "2026-03-02"),
    (
        "s.5(6)(b)",
        "spa-5-6",
        {"made": "2026-03-02", "days": 28, "determined": "2026-03-20"},
        DUE,
        "2026-03-20",
    ),
    (
        "s.5(6)(b) determined after its end",
        "spa-5-6",
        {"made": "2026-03-02", "days": 28, "determined": "2026-03-30"},
        DUE,
        "2026-03-29",
    ),
    ("s.5(6) not made", "spa-5-6", {"days": 28}, AWAITING, None),
    # bail: from the day after the arrest
    *(
        ("ss.47ZA-47ZDA", "pace-47z", {"arrested": arrested, "months": months}, DUE, last)
        for arrested, lasts in (
            ("2025-11-30", ("2026-02-28", "2026-05-31", "2026-08-31")),
            ("2025-11-28", ("2026-02-28", "2026-05-28", "2026-08-28")),
            ("2025-11-29", ("2026-02-28", "2026-05-29", "2026-08-29")),
            ("2023-11-28", ("2024-02-28", "2024-05-28", "2024-08-28")),
            ("2025-12-31", ("2026-03-31", "2026-06-30", "2026-09-30")),
            ("2026-08-30", ("2026-11-30", "2027-02-28", "2027-05-30")),
            ("2022-10-29", ("2023-01-29", "2023-04-29", "2023-07-29")),
            ("2027-11-29", ("2028-02-29", "2028-05-29", "2028-08-29")),
        )
        for months, last in zip((3, 6, 9), lasts, strict=True)
    ),
    ("s.45(3) the day itself", "pace-47z", {"arrested": "2022-10-28", "months": 3}, UNCERTAIN, "2023-01-28"),
    ("s.45(3) the day before", "pace-47z", {"arrested": "2022-10-27", "months": 3}, OFF, None),
    ("local date", "pace-47z", {"arrested": "2026-06-30T23:30Z", "months": 3}, DUE, "2026-10-01"),
    ("not arrested", "pace-47z", {"months": 3}, AWAITING, None),
    # working days
    ("after a Friday", "working-days", {"from_": "2024-03-22", "days": 1}, DUE, "2024-03-25"),
    ("over Easter", "working-days", {"from_": "2024-03-28", "days": 1}, DUE, "2024-04-02"),
    ("before", "working-days", {"from_": "2024-03-21", "days": -1}, DUE, "2024-03-20"),
    ("before, over May Day", "working-days", {"from_": "2024-05-07", "days": -1}, DUE, "2024-05-03"),
    ("before", "working-days", {"from_": "2024-03-21", "days": -3}, DUE, "2024-03-18"),
    ("over Christmas", "working-days", {"from_": "2026-12-23", "days": 3}, DUE, "2026-12-30"),
    ("coronation", "working-days", {"from_": "2023-05-05", "days": 1}, DUE, "2023-05-09"),
    ("state funeral", "working-days", {"from_": "2022-09-16", "days": 1}, DUE, "2022-09-20"),
    ("jubilee", "working-days", {"from_": "2022-06-01", "days": 1}, DUE, "2022-06-06"),
    ("moved to VE Day", "working-days", {"from_": "2020-05-01", "days": 5}, DUE, "2020-05-11"),
    ("from a Saturday", "working-days", {"from_": "2026-03-14", "days": 1}, DUE, "2026-03-16"),
    ("none", "working-days", {"from_": "2026-03-16", "days": 0}, DUE, "2026-03-16"),
    (
        "St Andrew's Day",
        "working-days",
        {"from_": "2026-11-27", "days": 1, "area": "scotland"},
        DUE,
        "2026-12-01",
    ),
    ("2 January", "working-days", {"from_": "2025-12-31", "days": 1, "area": "scotland"}, DUE, "2026-01-05"),
    (
        "Battle of the Boyne",
        "working-days",
        {"from_": "2027-07-09", "days": 1, "area": "northern-ireland"},
        DUE,
        "2027-07-13",
    ),
    ("before, over Easter", "working-days", {"from_": "2026-04-07", "days": -1}, DUE, "2026-04-02"),
    ("not of England", "working-days", {"from_": "2026-11-27", "days": 1}, DUE, "2026-11-30"),
    ("not published", "working-days", {"from_": "2035-12-31", "days": 1}, DUE, "2036-01-02"),
    (
        "Scotland, not published",
        "working-days",
        {"from_": "2035-12-31", "days": 1, "area": "scotland"},
        OFF,
        None,
    ),
]


@pytest.mark.parametrize(("section", "rule", "facts", "state", "last"), OF_DAYS)
def test_the_last_day_is_counted_as_its_section_has_it(
    section: str, rule: str, facts: dict[str, Any], state: str, last: str | None
) -> None:
    answer = answered(rule, **facts)
    assert (answer["state"], answer["last_day"]) == (state, last), section
    assert answer["ends_at"] is None
    assert answer["rests_on"] == clock_rules()[rule].rests_on


OF_NOTICES = [
    ("Friday evening", "2026-03-13T20:00", "2026-03-16T20:00:00"),
    ("Friday at midnight", "2026-03-13T00:00", "2026-03-15T00:00:00"),
    ("a minute to midnight", "2026-03-13T23:59", "2026-03-16T23:59:00"),
    ("Saturday", "2026-03-14T10:00", "2026-03-17T10:00:00"),
    ("Sunday", "2026-03-15T15:00", "2026-03-18T00:00:00"),
    ("Sunday at midnight", "2026-03-15T00:00", "2026-03-18T00:00:00"),
    ("Monday at midnight", "2026-03-16T00:00", "2026-03-18T00:00:00"),
    ("Wednesday", "2026-03-11T09:15", "2026-03-13T09:15:00"),
    ("Maundy Thursday", "2026-04-02T10:00", "2026-04-07T10:00:00"),
    ("Good Friday", "2026-04-03T10:00", "2026-04-08T00:00:00"),
    ("Easter Saturday", "2026-04-04T10:00", "2026-04-08T10:00:00"),
    ("clocks go forward", "2026-03-28T12:00", "2026-03-31T12:00:00"),
    ("in the hour that is skipped", "2026-03-29T01:30", "2026-04-01T00:00:00"),
    ("clocks go back", "2026-10-24T12:00", "2026-10-27T12:00:00"),
    ("in the hour that comes twice", "2026-10-25T01:30", "2026-10-28T00:00:00"),
    ("the hour after", "2026-10-25T02:00", "2026-10-28T00:00:00"),
    ("Christmas and Boxing Day", "2025-12-24T18:00", "2025-12-29T18:00:00"),
    ("Christmas on a Saturday", "2027-12-24T18:00", "2027-12-30T18:00:00"),
    ("new year", "2025-12-31T18:00", "2026-01-03T18:00:00"),
    ("leap day", "2028-02-29T10:00", "2028-03-02T10:00:00"),
    ("as UTC", "2026-07-10T19:00Z", "2026-07-13T20:00:00"),
    ("as UTC, a Sunday in London", "2026-07-11T23:30Z", "2026-07-15T00:00:00"),
    ("the first day", "2024-11-27T09:00", "2024-11-29T09:00:00"),
    ("the year 2100", "2100-03-09T09:00", "2100-03-11T09:00:00"),
]


@pytest.mark.parametrize(("case", "given", "ends_at"), OF_NOTICES)
def test_48_hours_lose_whole_days_that_are_disregarded(case: str, given: str, ends_at: str) -> None:
    answer = answered("daa-29", given=given)
    assert (answer["state"], answer["ends_at"]) == (DUE, ends_at), case
    assert (answer["last_day"], answer["alternatives"]) == (None, None)


def test_where_the_lists_of_bank_holidays_differ_both_ends_are_given_and_the_earlier_is_shown() -> None:
    answer = answered("daa-29", given="2026-12-24T18:00")
    assert (answer["state"], answer["ends_at"]) == (DUE, "2026-12-29T18:00:00")
    assert answer["alternatives"] == ["2026-12-29T18:00:00", "2026-12-30T18:00:00"]
    assert "GOV.UK" in answer["says"]
    assert "1971 Act" in answer["says"]


def test_a_notice_before_26_december_has_no_alternative_if_it_ends_before_it() -> None:
    answer = answered("daa-29", given="2026-12-22T18:00")
    assert (answer["ends_at"], answer["alternatives"]) == ("2026-12-24T18:00:00", None)


def test_a_year_without_a_published_list_is_counted_to_the_earlier_end() -> None:
    answer = answered("daa-29", given="2030-05-04T12:00")  # the Monday is likely to be proclaimed
    assert answer["ends_at"] == "2030-05-07T12:00:00"
    assert answer["alternatives"] == ["2030-05-07T12:00:00", "2030-05-08T12:00:00"]
    assert "not published yet" in answer["says"]


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, AWAITING),
        ({"given": "2022-09-17T12:00"}, OFF),
        ({"given": "2024-11-26T23:59"}, OFF),
        ({"given": "2026-03-13T20:00", "adjourned": True}, NO_CLOCK),
        ({"given": "2026-03-13T20:00", "age": 18}, DUE),
        ({"given": "2026-03-13T20:00", "age": 17}, INVALID),
        ({"given": "2026-03-13T20:00", "under_18": True}, INVALID),
        ({"given": "2026-03-13T20:00", "born": "2008-03-13"}, DUE),
        ({"given": "2026-03-13T20:00", "born": "2008-03-14"}, INVALID),
        ({"given": "2026-03-13"}, INVALID),
        ({"given": "2026-03-13T24:00"}, INVALID),
    ],
)
def test_a_notice_without_a_clock_says_why(facts: dict[str, Any], state: str) -> None:
    answer = answered("daa-29", **facts)
    assert (answer["state"], answer["ends_at"] is None) == (state, state != DUE)


@pytest.mark.parametrize(
    ("index", "last", "counted_to", "known_from"),
    [
        ("2025-01-01", "2025-12-31", "2026-06-30", "2026-07-01"),
        ("2024-08-31", "2025-08-30", "2026-02-28", "2026-03-01"),
        ("2024-03-01", "2025-02-28", "2025-08-31", "2025-09-01"),
    ],
)
def test_proven_reoffending_is_not_known_before_its_wait_ends(
    index: str, last: str, counted_to: str, known_from: str
) -> None:
    answer = answered("moj-proven", index=index)
    assert (answer["last_day"], answer["counted_to"], answer["known_from"]) == (last, counted_to, known_from)
    assert "does not mean that there was no offence" in answer["says"]


@pytest.mark.parametrize(
    ("last_referral", "incident", "state", "repeat"),
    [
        ("2025-06-10", "2026-06-09", DUE, True),
        ("2025-06-10", "2026-06-10", UNCERTAIN, "uncertain"),
        ("2025-06-10", "2026-06-11", DUE, False),
        ("2024-02-29", "2025-02-28", DUE, True),
        ("2024-02-29", "2025-03-01", UNCERTAIN, "uncertain"),
        ("2025-06-10", "2025-06-10", DUE, True),
        ("2025-06-10", "2025-06-09", INVALID, None),
        (None, "2025-06-09", AWAITING, None),
        ("2025-06-10", None, AWAITING, None),
    ],
)
def test_the_day_a_year_after_the_last_referral_is_left_open(
    last_referral: str | None, incident: str | None, state: str, repeat: object
) -> None:
    answer = answered("marac-repeat", last_referral=last_referral, incident=incident)
    assert (answer["state"], answer["repeat"]) == (state, repeat)


INVALID_LINES = [
    ({"rule": "spa-9-9"}, "The rule is not known"),
    ({"rule": 9}, "The rule is not known"),
    ({}, "The line has no 'rule'"),
    ({"rule": "spa-9-1", "serviced": "2026-03-09"}, "it uses area, made, served"),
    ({"rule": "spa-9-1", "served": "2026-02-29"}, "February 2026 has 28 days"),
    ({"rule": "spa-9-1", "served": "2100-02-29"}, "February 2100 has 28 days"),
    ({"rule": "spa-9-1", "served": "2026-04-31"}, "April 2026 has 30 days"),
    ({"rule": "spa-9-1", "served": "2026-13-01"}, "no such month"),
    ({"rule": "spa-9-1", "served": "0026-03-09"}, "between 1900 and 2199"),
    ({"rule": "spa-9-1", "served": "9999-12-31"}, "between 1900 and 2199"),
    ({"rule": "spa-9-1", "served": "09/03/2026"}, "write a date such as"),
    ({"rule": "spa-9-1", "served": 20260309}, "write a date such as"),
    ({"rule": "spa-9-1", "served": True}, "write a date such as"),
    ({"rule": "spa-9-1", "served": ""}, "write a date such as"),
    ({"rule": "spa-9-1", "served": "2026-03-09T24:00"}, "midnight is 00:00 of the date that begins"),
    ({"rule": "spa-9-1", "served": "2026-03-09T23:60"}, "no such time"),
    ({"rule": "spa-9-1", "served": "2026-03-09T10:00+99:00"}, "no such time or offset"),
    ({"rule": "spa-9-1", "served": "٢٠٢٦-٠٣-٠٩"}, "write a date such as"),
    (
        {"rule": "spa-9-1", "served": "2026-03-01", "made": "2026-03-02"},
        "s.9(1): the order was served before it",
    ),
    ({"rule": "spa-9-1", "made": "2026-03-02", "order_ends": "2026-03-01"}, "ends before it was made"),
    ({"rule": "spa-9-1", "served": "2026-03-02", "order_ends": "2026-03-01"}, "ends before it was served"),
    ({"rule": "spa-9-1", "served": "2026-03-02", "kind": "Full"}, "'kind' must be 'full' or 'interim'"),
    (
        {"rule": "spa-9-1", "served": "2026-03-02", "kind": "interim", "replaces_interim": True},
        "only a full order",
    ),
    ({"rule": "spa-9-1", "served": "2026-03-02", "soa_part_2": "no"}, "'soa_part_2' must be true or false"),
    ({"rule": "spa-9-1", "served": "2026-03-02", "soa_part_2": 0}, "'soa_part_2' must be true or false"),
    (
        {
            "rule": "spa-9-1",
            "made": "2026-03-02",
            "soa_part_2_at_making": True,
            "soa_part_2_ends": "2026-03-01",
        },
        "'soa_part_2_at_making' is true",
    ),
    (
        {"rule": "spa-9-1", "served": "2026-03-09", "area": "france"},
        "england-and-wales, scotland or northern",
    ),
    (
        {"rule": "daa-41-2", "made": "2026-03-02", "served": "2026-03-01"},
        "s.41(2): the order was served before",
    ),
    ({"rule": "daa-29", "given": "2026-03-13T20:00", "age": 17}, "under 18 (s.22(6))"),
    ({"rule": "spa-3-2", "made": "2025-03-15"}, "(s.3(1))"),
    ({"rule": "spa-3-2", "made": "2025-03-15", "years": 1}, "at least 2 years"),
    ({"rule": "spa-3-2", "made": "2025-03-15", "years": 2.5}, "'years' must be a whole number"),
    ({"rule": "spa-3-2", "made": "2025-03-15", "years": 101}, "100 at most"),
    (
        {"rule": "spa-3-2", "made": "2025-03-15", "ends": "2027-03-13"},
        "the earliest end is Sunday 14 March 2027",
    ),
    ({"rule": "spa-3-2", "made": "2025-03-15", "ends": "2025-03-14"}, "ends before it was made"),
    ({"rule": "spa-3-2", "made": "2025-03-15", "ends": "2028-03-14", "years": 2}, "different end dates"),
    (
        {"rule": "spa-3-2", "made": "2025-03-15", "years": 2, "until_further_order": True},
        "until further order",
    ),
    ({"rule": "spa-5-6", "made": "2026-03-02"}, "s.5(6): an interim order needs a fixed period"),
    ({"rule": "spa-5-6", "made": "2026-03-02", "days": 0}, "'days' must be between"),
    ({"rule": "spa-5-6", "made": "2026-03-02", "days": -3}, "'days' must be between"),
    ({"rule": "spa-5-6", "made": "2026-03-02", "days": 28, "determined": "2026-03-01"}, "determined before"),
    ({"rule": "pace-47z", "arrested": "2025-11-30"}, "'months' is missing"),
    ({"rule": "pace-47z", "arrested": "2025-11-30", "months": 4}, "write 3, 6 or 9"),
    ({"rule": "pace-47z", "arrested": "2025-11-30", "months": True}, "write 3, 6 or 9"),
    (
        {"rule": "pace-47z", "arrested": "2025-11-30", "months": 3, "force_kind": "x"},
        "'territorial' or 'other'",
    ),
    ({"rule": "working-days", "days": 3}, "'from' is missing"),
    ({"rule": "working-days", "from": "2026-03-02"}, "'days' is missing"),
    ({"rule": "working-days", "from": "2026-03-02", "days": "3"}, "'days' must be a whole number"),
    ({"rule": "working-days", "from": "2026-03-02", "days": 10**9}, "between -2000 and 2000"),
    ({"rule": "spa-9-1", "id": ["a"]}, "'id' must be text"),
    ({"rule": "spa-9-1", "id": "a" * 201}, "'id' is longer"),
]


@pytest.mark.parametrize(("given", "sentence"), INVALID_LINES)
def test_what_is_wrong_is_one_clear_sentence_and_no_date(given: dict[str, object], sentence: str) -> None:
    answer = answer_clock(given)
    assert answer.state is ClockState.INVALID, answer
    assert sentence in answer.says
    assert answer.says.count("\n") == 0
    assert (answer.last_day, answer.ends_at, answer.counted) == (None, None, None)


def test_the_exemption_is_one_way() -> None:
    assert answered("daa-41-2", made="2026-03-02", spa_9=True)["state"] == NO_CLOCK
    assert (
        answered("spa-9-1", served="2026-03-02", spa_9=True)["state"] == INVALID
    )  # it has no such exemption
    assert answered("spa-9-1", served="2026-03-02", soa_part_2=True)["state"] == NO_CLOCK


def test_where_one_reading_has_no_clock_the_date_is_shown_and_the_question_asked() -> None:
    answer = answered("spa-9-1", served="2026-05-04", replaces_interim=True, interim_expired_before=True)
    assert answer["alternatives"] == ["2026-05-06", "no clock"]
    assert "ask a lawyer, and work to this date" in answer["says"]


def test_service_after_the_final_day_gives_both_dates() -> None:
    facts = {"made": "2026-03-02", "served": "2026-03-20", "soa_part_2_at_making": True}
    answer = answered("spa-9-1", **facts, soa_part_2_ends="2026-03-10")
    assert answer["last_day"] == "2026-03-12"
    assert answer["alternatives"] == ["2026-03-12", "2026-03-22"]


def test_service_on_the_final_day_gives_one_date() -> None:
    answer = answered("spa-9-1", served="2026-06-16", soa_part_2_at_making=True, soa_part_2_ends="2026-06-16")
    assert (answer["last_day"], answer["alternatives"]) == ("2026-06-18", None)


def test_an_exemption_that_ended_on_the_date_of_making_gives_both_dates() -> None:
    facts = {"made": "2026-03-02", "served": "2026-03-05", "soa_part_2_at_making": True}
    answer = answered("spa-9-1", **facts, soa_part_2_ends="2026-03-02")
    assert answer["alternatives"] == ["2026-03-04", "2026-03-07"]


@pytest.mark.parametrize(
    ("given", "is_named"),
    [("2026-03-29T00:59", False), ("2026-03-29T01:30", True), ("2026-03-29T02:00", False)],
)
def test_a_time_that_clocks_went_forward_over_is_named(given: str, is_named: bool) -> None:
    assert ("Clocks went forward" in answered("daa-29", given=given)["says"]) is is_named


def test_a_rule_applies_until_its_end_date() -> None:
    rule = clock_rules()["spa-9-1"].model_copy(update={"in_force_until": date(2026, 3, 9)})
    assert rule.applies_on(date(2026, 3, 9))
    assert not rule.applies_on(date(2026, 3, 10))


def test_whether_the_exemption_applied_at_the_making_is_asked_for_with_both_dates() -> None:
    answer = answered("spa-9-1", served="2026-03-02", soa_part_2_ends="2026-06-16")
    assert answer["alternatives"] == ["2026-03-04", "2026-06-18"]
    assert "(s.9(6)(b))" in answer["says"]


def test_an_order_that_ended_before_the_final_day_has_no_clock_as_one_of_its_readings() -> None:
    facts = {"served": "2026-03-02", "soa_part_2_ends": "2026-06-16", "order_ends": "2026-06-15"}
    answer = answered("spa-9-1", **facts)
    assert answer["alternatives"] == ["2026-03-04", "no clock"]
    assert "If it did, there is no clock." in answer["says"]


def test_custody_never_moves_the_date_and_the_answer_says_so() -> None:
    free, held = (answered("spa-9-1", served="2026-03-02", in_custody=each) for each in (None, True))
    assert free["last_day"] == held["last_day"] == "2026-03-04"
    assert "Custody does not move the date" in held["says"]
    assert "reasonable excuse may arise" in held["says"]
    assert "Custody" not in free["says"]


@pytest.mark.parametrize(
    ("told_on", "sentence"),
    [
        ("2026-04-02", "in time. In person, at a police station in the area of the old address"),
        ("2026-04-03", "in time. In person, at a police station in the area of the new address"),
        ("2026-04-05", "in time. In person, at a police station in the area of the new address"),
        ("2026-04-06", "late. In person, at a police station in the area of the new address"),
    ],
)
def test_a_move_says_which_station(told_on: str, sentence: str) -> None:
    assert sentence in answered("spa-9-4", moved="2026-04-03", told_on=told_on)["says"]


def test_a_clock_without_its_start_never_reads_as_not_due() -> None:
    answer = answered("spa-9-1", made="2026-03-02")
    assert answer["says"].startswith("The clock has no date yet: the service of the order is not recorded.")
    assert "does not mean that nothing is due" in answer["says"]


@pytest.mark.parametrize(
    ("arrested", "is_marked"), [("2025-11-27", False), ("2025-11-28", True), ("2025-11-30", False)]
)
def test_only_starts_on_29_30_and_31_are_marked_as_open(arrested: str, is_marked: bool) -> None:
    assert ("Lawyers may count" in answered("pace-47z", arrested=arrested, months=3)["says"]) is is_marked


def test_a_body_that_is_no_territorial_force_gives_both_periods() -> None:
    answer = answered("pace-47z", arrested="2025-11-30", months=3, force_kind="other")
    assert answer["last_day"] == "2026-02-28"
    assert answer["alternatives"] == ["2026-02-28", "2026-05-31"]
    territorial = answered("pace-47z", arrested="2025-11-30", months=3, force_kind="territorial")
    assert territorial["alternatives"] is None


def test_an_answer_after_the_period_that_was_read_asks_to_check_it() -> None:
    read, later = (answered("daa-41-2", made=made)["says"] for made in ("2026-03-31", "2026-04-01"))
    assert "check that it applies" in later
    assert "check that it applies" not in read


@pytest.mark.parametrize("code", ["spa-conviction", "crimpr-34-2"])
def test_a_rule_whose_text_was_not_read_is_off_whatever_it_is_given(code: str) -> None:
    answer = answered(code, made="2026-03-02", anything="x")
    assert (answer["state"], answer["last_day"]) == (OFF, None)
    assert "until a lawyer has verified its text" in answer["says"]


def test_every_rule_that_counts_has_a_start_date_and_a_source() -> None:
    for rule in clock_rules().values():
        assert (rule.in_force_from is None) == (rule.read_from == "not read"), rule.code
        assert rule.source is not None or rule.in_force_from is None or not rule.claims, rule.code


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (1, "is 1 working day after Wednesday 23 December 2026"),
        (-2, "is 2 working days before"),
        (0, "is 0 working days after"),
    ],
)
def test_working_days_are_said_with_their_side(days: int, sentence: str) -> None:
    assert sentence in answered("working-days", from_="2026-12-23", days=days)["says"]


def test_an_end_that_is_not_recorded_is_awaited_by_its_name() -> None:
    answer = answered("spa-9-1", served="2026-03-02", soa_part_2_at_making=True, soa_part_2=False)
    assert "Act 2003 ('soa_part_2_ends') is not recorded." in answer["says"]


def test_the_days_counted_are_listed() -> None:
    assert answered("spa-9-1", served="2026-03-09")["counted"] == [
        "Monday 9 March 2026: day 1",
        "Tuesday 10 March 2026: day 2",
        "Wednesday 11 March 2026: day 3",
    ]
    assert answered("daa-29", given="2026-03-13T20:30")["counted"] == [
        "Friday 13 March 2026: 3 hours 30 minutes",
        "Saturday 14 March 2026: 24 hours",
        "Sunday 15 March 2026: disregarded, Sunday",
        "Monday 16 March 2026: 20 hours 30 minutes",
    ]


def test_an_answer_carries_the_id_of_its_line() -> None:
    assert answer_clock({"id": 7, "rule": "spa-9-1"}).id == 7
    assert answer_clock({"id": "A-7", "rule": "unknown"}).id == "A-7"
    assert answer_clock({"rule": "spa-9-1", "served": "2026-03-09"}).last_day == date(2026, 3, 11)
