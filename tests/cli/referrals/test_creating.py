"""Creating a referral from a call on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import Stac

KNIFE = ("--topic", "weapon", "--victim", "Amira Kent")


def test_two_options_are_an_alarm_and_danger_comes_first(stac: Stac) -> None:
    made = stac("referral", "create", *KNIFE, user="police-1")
    assert made.code == 0, made
    first, second, third, *rest = made.out.splitlines()
    assert first == "In danger now? Call 999. This referral does not inform the police."
    assert second == "Record the time and log number of the 999 call, or why there was none."
    assert third.startswith("ALARM: R-")
    assert "weapon; to be acknowledged by" in third
    assert "Ask now: does either party work for one of our agencies?" in rest
    to_read = rest[-1]
    assert to_read.startswith('Say to the caller: "Your reference is R-')
    assert "Amira" not in made.out
    assert "Kent" not in made.out
    (line,) = [each for each in stac.json("worklist")["items"] if each["is_alarm"]]
    assert line["reference"] in to_read


def test_the_template_creates_a_referral_without_an_alarm_and_without_the_line_of_danger(
    stac: Stac, tmp_path: Path
) -> None:
    file = tmp_path / "call.toml"
    file.write_text(stac("referral", "create", "--template").out)
    made = stac("referral", "create", str(file))
    assert made.code == 0, made
    assert "999" not in made.out
    assert made.out.splitlines()[-1].endswith('A person reads it and decides what follows."')
    (reference,) = [each["reference"] for each in stac.json("case", "list", "--all")["referrals"]]
    view = stac.json("case", "show", reference)
    assert view["source"] == "stac"
    assert view["incidents"][0]["happened"] == "2025-03-08"
    assert view["party_works_for"] == "no"
    assert "works_for" not in json.dumps(view["call"]), "which of the two is not shown"
    shown = stac("case", "show", reference).out
    assert "Called by: not recorded" in shown
    assert "Age of the victim, as the caller said: 34" in shown
    assert "999 call: not recorded" in shown


def test_the_rest_completes_it_from_standard_input(stac: Stac) -> None:
    first = stac.json("referral", "create", *KNIFE, user="police-1")
    assert first["danger"].startswith("In danger now? Call 999.")
    assert first["raised"] == ["weapon"]
    rest = json.dumps({"what_happened": "He stood at the gate.", "alleged": {"not_named": True}})
    made = stac(
        "referral", "create", "-", "--completes", first["reference"], "--json", user="police-1", stdin=rest
    )
    assert made.code == 0, made
    assert (made.json["reference"], made.json["due_at"]) == (first["reference"], first["due_at"])
    assert stac.json("case", "show", first["reference"])["reason"] == "He stood at the gate."


def test_the_same_text_twice_is_said_in_one_sentence(stac: Stac) -> None:
    first = stac.json("referral", "create", *KNIFE)
    again = stac("referral", "create", *KNIFE)
    assert again.code == 1
    assert again.err.startswith(f"This is {first['reference']}, received ")
    assert "nothing was stored twice" in again.err
    other = stac("--again", "referral", "create", *KNIFE)
    assert other.code == 0


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("--topic", "weapon"), "victim: give one name, or say that neither is named"),
        (("--topic", "weapon=no", "--not-named"), "only an alarm needs none"),
        (("--what", "x" * 10_001, *KNIFE), "what_happened: string should have at most 10000 characters"),
    ],
)
def test_what_is_missing_or_too_long_is_one_sentence(
    stac: Stac, given: tuple[str, ...], sentence: str
) -> None:
    refused = stac("referral", "create", *given)
    assert refused.code == 1
    assert sentence in refused.err
    assert len(refused.err.splitlines()) == 1
    assert stac.json("case", "list", "--all")["referrals"] == []


def test_no_name_at_all_is_an_alarm_if_that_is_said(stac: Stac) -> None:
    assert stac("referral", "create", "--topic", "weapon", "--not-named").code == 0


def test_a_file_and_options_or_neither_are_wrong_use(stac: Stac) -> None:
    for given in ((), ("call.toml", *KNIFE)):
        refused = stac("referral", "create", *given)
        assert refused.code == 2
        assert "give either FILE or options" in refused.err


def test_an_analyst_may_not(stac: Stac) -> None:
    refused = stac("referral", "create", *KNIFE, user="ana")
    assert refused.code == 1
    assert "you may not create a referral" in refused.err
