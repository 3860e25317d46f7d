"""A gap has a name; a reason over gaps has words of its own."""

from __future__ import annotations

import pytest

from engine.domain.conference.gaps import GapKind, gap, gap_may_be_known, is_own_reason, is_written

GAPS = ("refused: harbour", "alarm not asked: weapon", "no victim's voice")


def test_a_gap_is_named_by_its_kind_and_what_it_is_about() -> None:
    assert gap(GapKind.REFUSED, "harbour", "It declined.").name == "refused: harbour"
    assert gap(GapKind.NO_VOICE, None, "Nothing of the victim's.").name == "no victim's voice"


@pytest.mark.parametrize(
    "reason",
    [
        "",
        "x.",
        "low low low low low",
        "a b c d e f",
        "Weighed with the officer.",
        "refused harbour alarm not asked weapon no victim's voice",
        "Harbour refused; weapon not asked; fully weighed.",
        "1 2 3 4 5 6 7",
    ],
)
def test_fewer_than_five_words_of_its_own_are_no_reason(reason: str) -> None:
    assert not is_own_reason(reason, gaps=GAPS)


def test_five_words_besides_the_gaps_are_a_reason() -> None:
    assert is_own_reason("Harbour confirmed by telephone today that nothing is held.", gaps=GAPS)


def test_a_reason_that_repeats_another_text_is_not_its_own() -> None:
    said = "The contact has stopped since the person moved abroad."
    assert is_own_reason(said, gaps=GAPS)
    assert not is_own_reason(f"  {said.upper()} ", gaps=GAPS, others=["Another text.", said])


@pytest.mark.parametrize("reason", ["", "x.", "..............", "1234567890123", "  Low.       "])
def test_a_full_stop_is_not_written(reason: str) -> None:
    assert not is_written(reason)


def test_nothing_of_a_hidden_answer_or_its_seat_is_said_to_who_reads_a_decision() -> None:
    shown = {"hidden": ("harbour",), "hides_voice": True, "is_member": True}
    assert not gap_may_be_known("refused: harbour", **shown)  # type: ignore[arg-type]
    assert not gap_may_be_known("no victim's voice", **shown)  # type: ignore[arg-type]
    assert gap_may_be_known("refused: lantern", **shown)  # type: ignore[arg-type]
    assert gap_may_be_known("alarm not asked: weapon", **shown)  # type: ignore[arg-type]


def test_what_is_withheld_is_said_only_to_who_works_the_case() -> None:
    for name in ("items withheld: harbour", "incidents withheld: harbour"):
        assert gap_may_be_known(name, hidden=(), hides_voice=False, is_member=True)
        assert not gap_may_be_known(name, hidden=(), hides_voice=False, is_member=False)
