"""Patterns of the week where a map is begun: each leads to its map in one click."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from dashboard.pages import Place
from dashboard.views.links import week
from engine.domain.accounts.acting import Acting
from engine.domain.dates import PartialDate
from engine.services.links.week import PatternOfWeek
from tests.builders import Desk, a_person
from tests.dashboard.views.links.test_explore import labels, linked
from tests.dashboard.views.links.test_searches import another
from tests.dashboard.visits import Visits


def test_a_pattern_of_the_week_is_drawn_on_its_map_in_one_click(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    linked(desk)
    another(desk)
    visit = visits(desk.coordinator, Place.LINKS)
    assert "Patterns found this week" in visit.words
    listed = re.findall(r"([A-Z][a-z ]+): new", visit.words)
    visit.press(f"links-week-map-{listed.index('Shared object')}")
    options, chosen = (
        getattr(visit.app.selectbox(key="links-pattern"), name) for name in ("options", "value")
    )
    assert options[chosen].startswith("Shared object")
    assert "phone 07700 900123" in labels(visit)
    assert "Patterns found this week" not in visit.words


def test_namesakes_in_the_patterns_of_the_week_have_their_references(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    linked(desk)
    namesake = a_person("Amira", "Kent").model_copy(update={"date_of_birth": PartialDate("1961-07-30")})
    linked(desk, "2", victim=namesake)
    listed = visits(desk.coordinator, Place.LINKS).words
    assert "Named as perpetrator in records of several victims: new" in listed
    assert "Serial perpetrator" not in listed, "a record says so; it is not established"
    assert len(set(re.findall(r"Amira Kent \((P-[0-9A-Z]{7})\)", listed))) == 2
    assert not re.search(r"Amira Kent(?! \(P-)", listed), "none of them without"


def test_a_known_pattern_begins_with_the_person_and_says_as_whom_another_was_named() -> None:
    names = {"P-7K3M9QV": "Amira Kent", "P-8FC4QDG": "Rex Yarn"}

    def news(pattern: str) -> str:
        found = PatternOfWeek(
            pattern=pattern,
            says="",
            path=(),
            persons=("P-7K3M9QV",),
            counter_evidence=(),
            added=("P-8FC4QDG",),
        )
        return week.news_in_words(found, names)

    alleged = "Amira Kent. Newly named as alleged perpetrator: Rex Yarn"
    assert news("repeat-victim") == f"Named as victim in several incidents: {alleged}"
    assert news("serial-perpetrator").endswith("several victims: Amira Kent. Newly named as victim: Rex Yarn")
    assert news("shared-object") == "Shared object: Amira Kent. More people: Rex Yarn"


def test_no_search_of_a_large_record_is_not_nothing_found(
    desk: Desk, workers: dict[str, Acting], visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked(desk)
    monkeypatch.setattr(week, "_MOST_AT_ONCE", 1)
    visit = visits(desk.coordinator, Place.LINKS)
    assert "You have not searched here since you loaded this page." in visit.words
    assert "No patterns found" not in visit.words
    visit.press("links-week-search")
    assert "1 referral since" in visit.words
    assert "not searched" not in visit.words
    searched = re.findall(r"Searched on ([^:]+:\d\d): ", visit.words)
    desk.clock.forward(timedelta(minutes=6))
    visit.run()
    assert f"You last searched here on {searched[0]}. Press the button to search again." in visit.words
    assert "not searched" not in visit.words
    assert "No patterns found" not in visit.words
    visit.press("links-week-search")
    assert "You last searched" not in visit.words
