"""Sentences are read aloud, so counts and lists are in words."""

from __future__ import annotations

from engine.hooks.wording import counted, key_of, listed, sentence


def test_counts_are_in_words_up_to_ten() -> None:
    assert counted(1, "report") == "one report"
    assert counted(3, "breach", "breaches") == "three breaches"
    assert counted(1_200, "report") == "1,200 reports"


def test_a_long_list_says_how_many_more_there_are() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(list("abcdefgh")) == "a, b, c, d, e and three more"


def test_a_sentence_has_a_capital_and_one_stop() -> None:
    assert sentence("two reports") == "Two reports."
    assert sentence("She said: \u201cStop.\u201d") == "She said: \u201cStop.\u201d"


def test_a_finding_s_key_holds_no_character_that_a_key_may_not_have() -> None:
    assert key_of("report", "RPT-1") == "report-rpt-1"
    strange = key_of("report", "Petronella Mustnotshow/1")
    assert strange.startswith("report-")
    assert "petronella" not in strange
    assert strange == key_of("report", "Petronella Mustnotshow/1")
