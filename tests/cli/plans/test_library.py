"""``stac plan library``: the items by side, without a record, as a table and in JSON."""

from __future__ import annotations

from tests.cli.command import Stac


def test_the_library_is_listed_by_side_with_what_shows_that_each_was_done(stac: Stac) -> None:
    findings = stac("plan", "library", "--side", "intervention", user=None)
    assert findings.code == 0
    assert "Intervention with the alleged perpetrator" in findings.out
    assert "Decide on arrest" in findings.out
    assert "Safety of the victim" not in findings.out
    assert "Library of actions, version 1 of 27 November 2026. The panel decides." in findings.out


def test_a_program_gets_every_part_of_an_item(stac: Stac) -> None:
    (item,) = stac.json("plan", "library", "home security")["actions"]
    assert (item["code"], item["side"]) == ("home-security", "safety of the victim")
    assert set(item) >= {"title", "seats", "serves", "need", "done_when", "source", "dated", "caution"}


def test_words_that_no_title_has_and_a_need_that_there_is_not(stac: Stac) -> None:
    assert "No action of the library fits." in stac("plan", "library", "notice", user=None).out
    refused = stac("plan", "library", "--need", "weather", user=None)
    assert refused.code == 2
    assert "choose one of" in refused.err
