"""What changed over a case's incidents is said measure by measure, and what is not known is said too."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from engine.domain.dates import PartialDate
from engine.domain.links.trends import CaseTrendView
from engine.links.gaps import Change
from engine.links.measures import Reported, measures_of, reports_came_faster

START, UNTIL = date(2025, 1, 1), date(2025, 12, 1)
FASTER = (0, 60, 110, 150, 180, 200, 212, 218)


def reported(*days: int, kinds: str = "contacting", channels: str = "phone") -> list[Reported]:
    kind, channel = kinds.split(","), channels.split(",")
    return [
        Reported(
            PartialDate.of(START + timedelta(days=day)),
            kind[min(place, len(kind) - 1)],
            channel[min(place, len(channel) - 1)] or None,
        )
        for place, day in enumerate(days)
    ]


def sentence_of(view: CaseTrendView, name: str) -> str:
    return next(each.says for each in view.measures if each.name == name)


def test_incidents_that_come_faster_raise_the_alarm_in_words() -> None:
    view = measures_of(reported(*FASTER), until=UNTIL)
    assert view.alarm is True
    assert "8 reported events, from 1 January 2025 to 7 August 2025, grew shorter" in sentence_of(
        view, "How often"
    )


def test_even_incidents_raise_none_and_the_words_lower_no_concern() -> None:
    view = measures_of(reported(*range(0, 240, 30)), until=UNTIL)
    assert view.alarm is False
    assert "this does not lower concern: contact can stop before an attack" in sentence_of(view, "How often")


@pytest.mark.parametrize("number", [0, 1, 3])
def test_below_four_incidents_with_a_day_nothing_is_judged(number: int) -> None:
    view = measures_of(reported(*range(number)), until=UNTIL)
    assert (view.alarm, view.p_permutation) == (None, None)
    for name in ("How often", "How grave", "In how many ways", "How near"):
        assert sentence_of(view, name).startswith("Too few to judge")


def test_graver_incidents_are_said_and_even_ones_are_not() -> None:
    graver = "contacting,contacting,following,following,threat,threat,assault,assault"
    assert "became graver; the gravest was assault" in sentence_of(
        measures_of(reported(*FASTER, kinds=graver), until=UNTIL), "How grave"
    )
    assert sentence_of(measures_of(reported(*FASTER), until=UNTIL), "How grave").startswith(
        "The test does not show whether"
    )


def test_a_new_way_is_named_and_an_old_one_is_not() -> None:
    view = measures_of(reported(0, 9, 18, 27, channels="phone,phone,phone,post"), until=UNTIL)
    assert sentence_of(view, "In how many ways").endswith(
        "New in the second half, of 2 ways in all: contacting (post)."
    )
    same = measures_of(reported(0, 9, 18, 27), until=UNTIL)
    assert "1 way in all, each in the first half of what was *reported* too" in sentence_of(
        same, "In how many ways"
    )


def test_coming_nearer_is_said_and_staying_away_lowers_no_concern() -> None:
    view = measures_of(reported(0, 9, 18, 27, channels="phone,phone,in person"), until=UNTIL)
    assert sentence_of(view, "How near").startswith("It came nearer: from a distance in the first half")
    away = sentence_of(measures_of(reported(0, 9, 18, 27), until=UNTIL), "How near")
    assert away.endswith("this does not lower concern.")
    unknown = measures_of(reported(0, 9, 18, 27, kinds="other", channels=""), until=UNTIL)
    assert sentence_of(unknown, "How near") == (
        "The record does not show how near anyone came to the victim."
    )


def test_contact_after_an_order_is_counted_and_no_order_recorded_is_not_none_made() -> None:
    incidents = reported(0, 9, 18, 27, kinds="contacting,contacting,contacting,breach of order")
    view = measures_of(incidents, until=UNTIL, orders=[START + timedelta(days=10)])
    assert sentence_of(view, "After an order") == (
        "1 incident recorded as a breach of an order. 2 incidents after the order of 11 January 2025."
    )
    none = sentence_of(measures_of(incidents, until=UNTIL, orders=[]), "After an order")
    assert none.endswith("No order is recorded. One can exist.")
    assert "not recorded here" in sentence_of(measures_of(incidents, until=UNTIL), "After an order")


def test_a_fall_after_a_lost_advocate_is_a_gap_in_reporting_and_a_rise_is_none() -> None:
    lost = Change("an advocate was lost", START + timedelta(days=40))
    fell = measures_of(reported(0, 10, 20, 30), until=UNTIL, changes=[lost])
    assert sentence_of(fell, "Gaps in reporting") == (
        "After an advocate was lost on 10 February 2025, 0 came in 41 days, where 4 came in as many days "
        "before: a gap in reporting, which does not show that the conduct stopped."
    )
    went_on = measures_of(reported(0, 10, 20, 30, 45, 50, 55), until=UNTIL, changes=[lost])
    assert sentence_of(went_on, "Gaps in reporting").startswith("Reports did not fall")
    nothing = measures_of(reported(0, 10, 20, 30), until=UNTIL)
    assert "a lost advocate, a closed crime or a changed number may" in sentence_of(
        nothing, "Gaps in reporting"
    )


def test_gaps_of_which_no_order_could_raise_an_alarm_are_not_called_too_few() -> None:
    view = measures_of(reported(0, 30, 60, 90, 120, 150, 151), until=UNTIL)
    assert view.says.startswith("It cannot be judged whether it has come faster; the tests do not ")


def test_one_sentence_says_the_whole() -> None:
    graver = "contacting,contacting,contacting,following,following,threat,threat,assault"
    days = range(0, 240, 30)
    assert measures_of(reported(*days, kinds=graver), until=UNTIL).says == (
        "What was *reported* has become graver and come nearer; the tests do not show whether it has come "
        "faster."
    )
    assert measures_of(reported(*days), until=UNTIL).says == (
        "The tests do not show whether what was *reported* has come faster or become graver or come nearer; "
        "this does not lower concern: contact can stop before an attack."
    )
    open_ = measures_of([*MESSAGES, UNDATED, OF_THE_YEAR], until=UNTIL).says
    assert open_.startswith(
        "What was *reported* may have come nearer, by days that are not known; too few to"
    )
    rows = {each.name: each.says for each in measures_of(reported(*days, kinds=graver), until=UNTIL).measures}
    assert "does not show whether recorded" not in rows["How often"]


def test_incidents_before_the_start_of_observation_are_not_tested_and_count_in_the_others() -> None:
    view = measures_of(
        reported(0, 40, 80, *range(150, 220, 10), kinds="assault,contacting"),
        until=UNTIL,
        observed_from=START + timedelta(days=100),
    )
    assert view.observed_from == START + timedelta(days=100)
    assert "counted from 11 April 2025, the start of observation" in sentence_of(view, "How often")
    assert "3 earlier events are retrospective" in sentence_of(view, "How often")
    assert sentence_of(view, "How near").startswith("The nearest in the first half")


MESSAGES = tuple(reported(0, 30, 60, 90, channels="message"))
UNDATED, OF_THE_YEAR = Reported(None, "assault", None), Reported(PartialDate("2025"), "sexual assault", None)


def test_assaults_without_a_day_are_not_left_out_of_how_near_and_how_grave() -> None:
    view = measures_of([*MESSAGES, UNDATED, OF_THE_YEAR], until=UNTIL)
    assert sentence_of(view, "How near") == (
        "This depends on 2 incidents without a full date: it came nearer, by entry or by touching the victim "
        "in the second half, or the nearest was by entry or by touching the victim before already."
    )
    assert sentence_of(view, "How grave") == (
        "Too few to judge whether what was reported became graver; the gravest was assault or sexual assault "
        "(2 of 6)."
    )
    assert "assault, sexual assault may be new in the second half" in sentence_of(view, "In how many ways")
    assert view.not_counted == (
        "2 incidents without a full date cannot be counted in how often: assault (no date); sexual "
        "assault (2025)."
    )


def test_how_grave_is_bounded_both_ways_where_enough_came() -> None:
    more = [*reported(*range(0, 140, 20), channels="message"), UNDATED, OF_THE_YEAR]
    assert sentence_of(measures_of(more, until=UNTIL), "How grave").startswith(
        "This depends on 2 incidents without a full date: in one possible order what was reported became "
    )


def test_a_date_known_to_the_month_is_used_where_it_suffices() -> None:
    late = [Reported(PartialDate(month), "assault", None) for month in ("2025-09", "2025-10")]
    view = measures_of([*reported(*range(0, 140, 20), channels="message"), *late], until=UNTIL)
    assert sentence_of(view, "How near") == (
        "It came nearer: from a distance in the first half, by entry or by touching the victim in the second."
    )
    assert sentence_of(view, "How grave").startswith(
        "The reported incidents became graver; the gravest was assault"
    )
    assert "New in the second half, of 2 ways in all: assault." in sentence_of(view, "In how many ways")


def test_incidents_without_a_day_may_have_come_after_an_order() -> None:
    view = measures_of([*MESSAGES, UNDATED], until=UNTIL, orders=[START + timedelta(days=45)])
    assert sentence_of(view, "After an order").endswith(
        "1 more may have been after it: the date is not recorded."
    )


def test_incidents_without_a_whole_day_are_told_and_not_counted() -> None:
    vague = Reported(PartialDate("2025-03"), "threat", None)
    view = measures_of([*reported(0, 1, 2, 3), vague, vague._replace(happened=None)], until=UNTIL)
    assert view.events == 4
    assert "2 more without a full date could not be counted" in view.measures[0].seen


def test_every_measure_tells_how_and_what_would_change_it_and_no_probability() -> None:
    for measure in measures_of(reported(*FASTER), until=UNTIL).measures:
        answer = measure.model_dump()
        assert all(answer.values())
        assert not any(term in " ".join(answer.values()) for term in ("p =", "p-value", "significan", "0.0"))


def test_for_lists_of_cases_the_alarm_alone_is_the_alarm_of_the_measures() -> None:
    """Of series that grow faster, are even, are too few or alike, and have days that are not known."""
    drawn, until = random.Random(11), date(2026, 3, 2)
    seen: set[bool | None] = set()
    for _ in range(60):
        number, faster = drawn.randint(2, 14), drawn.random() < 0.5
        back = [int(400 * (drawn.random() ** 3 if faster else drawn.random())) for _ in range(number)]
        happened = [PartialDate.of(until - timedelta(days=days)) for days in back]
        vague = [PartialDate("2026-02"), PartialDate("2025"), None][: drawn.choice((0, 0, 1, 3))]
        every = [*happened, *vague]
        alarm = measures_of([Reported(each, "contacting", None) for each in every], until=until).alarm
        assert reports_came_faster(every, until=until) is alarm
        seen.add(alarm)
    assert seen == {True, False, None}
