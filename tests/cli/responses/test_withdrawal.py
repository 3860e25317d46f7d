"""The victim's voice on the command line: the warning, three voices, who reads what, and taking back."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from engine.domain.responses.voices import DISCLOSURE_WARNING
from tests.cli.command import Invented, Stac, a_row, asked, everything_kept, referral_row, referred, screened

MARKS = re.compile(r"plant|zz99\s*8qq|900[\s-]*555", re.IGNORECASE)
PROTECTED = {
    "address": "14 Plantmarker Crescent, Plantborough, ZZ99 8QQ",
    "phone": "07700 900555",
    "e-mail": "planted.hidden@example.invalid",
    "workplace": "Plantington Bakery",
    "school": "St Plantula Primary",
    "advocate": "Wren Plantagenet-Dale",
    "safe contact: how": "put a plantpot on the sill",
}
WHOLE = "; ".join(PROTECTED.values())


@pytest.fixture
def asked_about(stac_with_extracts: tuple[Stac, Invented], tmp_path: Path) -> tuple[Stac, str]:
    """A referral that every agency was asked about."""
    stac, invented = stac_with_extracts
    (reference,) = referred(stac, tmp_path, referral_row(invented.referral()))
    screened(stac, reference)
    asked(stac, reference)
    return stac, reference


def an_item(key: str, whose: str, sentence: str, **changes: object) -> dict[str, object]:
    return {
        "key": key,
        "whose": whose,
        "about": "fear",
        "says": sentence,
        "records": [{"record": f"C-{key}", "kind": "contact note"}],
        "agreed_to_sharing": "yes",
        "with_whom": ["everyone on the case"],
        **changes,
    }


ITEMS = (
    an_item("fear", "victim's words", "I do not sleep."),
    an_item("view", "victim's own view of risk", "It will get worse.", with_whom=["police"]),
    an_item("kept", "victim's words", "Nobody may hear this.", agreed_to_sharing="no", with_whom=[]),
)


def answered(stac: Stac, reference: str, tmp_path: Path, **changes: object) -> Any:
    """An advocate answers by hand with a file."""
    document = {
        "kind": "contribution",
        "matched_on": {"says": "by name and date of birth", "confirmed": True},
        "voices": ITEMS,
        **changes,
    }
    file = tmp_path / "voice.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return stac("response", "create", reference, str(file), user="advocacy-1")


def hers(stac: Stac, reference: str, user: str) -> dict[str, Any]:
    answers = {each["agency"]: each for each in stac.json("case", "show", reference, user=user)["answers"]}
    column: dict[str, Any] = answers["advocacy"]
    return column


def test_the_advocate_is_told_before_anything_goes_out(asked_about: tuple[Stac, str], tmp_path: Path) -> None:
    stac, reference = asked_about
    answer = answered(stac, reference, tmp_path)
    assert answer.code == 0
    first, last = answer.out.splitlines()
    assert first == DISCLOSURE_WARNING
    assert last == f"advocacy's contribution on {reference} is recorded, version {last.rsplit(' ', 1)[1]}"


def test_nobody_else_is_told_that(asked_about: tuple[Stac, str]) -> None:
    stac, reference = asked_about
    assert DISCLOSURE_WARNING not in stac("response", "show", reference, user="health-1").out
    assert DISCLOSURE_WARNING not in stac("response", "release", reference, user="health-1").out


def test_prepared_and_release_warn_in_words_and_in_json(asked_about: tuple[Stac, str]) -> None:
    stac, reference = asked_about
    prepared = stac("response", "show", reference, user="advocacy-1")
    assert (prepared.code, prepared.out.splitlines()[-1]) == (0, DISCLOSURE_WARNING)
    assert stac.json("response", "show", reference, user="advocacy-1")["before_release"] == DISCLOSURE_WARNING
    assert (
        stac.json("response", "release", reference, user="advocacy-1")["before_release"] == DISCLOSURE_WARNING
    )


def test_three_voices_stand_under_three_headings_and_each_reader_sees_what_the_victim_agreed(
    asked_about: tuple[Stac, str], tmp_path: Path
) -> None:
    stac, reference = asked_about
    answered(stac, reference, tmp_path)
    own = stac("case", "show", reference, user="advocacy-1").out
    headings = ["victim's words:", "victim's own view of risk:", "advocate's judgement:"]
    assert [line.strip() for line in own.splitlines() if line.strip() in headings] == headings
    for said in (
        "fear: I do not sleep. [C-fear] (shared with everyone on the case)",
        "fear: (withheld) [C-kept] (agreed to sharing: no)",
        "fear: It will get worse. [C-view] (shared with police)",
        "nothing is shared with you here",
    ):
        assert said in own
    assert [item["key"] for item in hers(stac, reference, "demo")["voices"]] == ["fear"]
    assert hers(stac, reference, "demo")["held_back"] == 2
    police = hers(stac, reference, "police-1")
    assert (police["levels_hidden"], police["held_back"]) == (True, 1)
    assert "Nobody may hear this" not in own
    assert not [
        name for name, stored_text in everything_kept(stac.home) if "Nobody may hear this" in stored_text
    ]


def test_an_item_is_withdrawn_in_one_command(asked_about: tuple[Stac, str], tmp_path: Path) -> None:
    stac, reference = asked_about
    answered(stac, reference, tmp_path)
    before = hers(stac, reference, "demo")["version"]
    findings = stac("response", "withdraw", reference, "fear", "--agency", "advocacy", user="advocacy-2")
    assert findings.out == f"fear of advocacy on {reference} is withdrawn, version {before + 1}\n"
    page = stac("case", "show", reference).out
    assert "fear: withdrawn" in page
    assert "I do not sleep." not in page
    assert hers(stac, reference, "demo")["withdrawn"] == 1


@pytest.mark.parametrize(
    ("given", "user", "code", "sentence"),
    [
        (("fear",), "demo", 2, "give the agency: --agency CODE"),
        (("fear", "--agency", "advocacy"), "demo", 1, "a practitioner of advocacy may"),
        (("fear", "--agency", "advocacy"), "police-1", 1, "a practitioner of advocacy may"),
        (("nothing-such",), "advocacy-1", 1, "this item does not exist; choose one of: fear, kept, view"),
        (("fear",), "health-1", 1, "it is not released yet; withhold items when you release it"),
    ],
)
def test_who_may_not_or_names_nothing_changes_nothing(
    asked_about: tuple[Stac, str],
    tmp_path: Path,
    given: tuple[str, ...],
    user: str,
    code: int,
    sentence: str,
) -> None:
    stac, reference = asked_about
    answered(stac, reference, tmp_path)
    before = hers(stac, reference, "demo")["version"]
    findings = stac("response", "withdraw", reference, *given, user=user)
    assert (findings.code, findings.out) == (code, "")
    assert sentence in findings.err
    assert hers(stac, reference, "demo")["version"] == before


def test_who_has_no_advocate_is_said_with_the_offer(asked_about: tuple[Stac, str], tmp_path: Path) -> None:
    stac, reference = asked_about
    file = tmp_path / "nil.toml"
    file.write_text(
        'kind = "nil return"\nlooked_in = ["files"]\nsays = "We do not know her."\n'
        'advocate_offered = { offered_on = "2026-03-01", by = "the duty line", came_to = "declined" }\n'
    )
    assert stac("response", "create", reference, str(file), user="advocacy-1").code == 0
    page = stac("case", "show", reference).out
    sentence = (
        "No advocate is recorded for the victim. Victim advocacy searched its records and has no record "
        "of the victim."
    )
    offer = "The victim was offered an advocate on 1 March 2026 by the duty line; outcome: declined."
    assert sentence in " ".join(page.split())
    assert offer in " ".join(page.split())
    answer = stac.json("case", "show", reference)
    assert answer["no_advocate"] is True
    assert answer["victim_voice"] == {
        "speaks": False,
        "agency": "advocacy",
        "says": sentence,
        "offers": [offer],
    }


def test_what_would_find_the_victim_in_a_file_is_kept_sealed_alone(
    asked_about: tuple[Stac, str], tmp_path: Path
) -> None:
    stac, reference = asked_about
    answer = answered(
        stac,
        reference,
        tmp_path,
        voices=[an_item("fear", "victim's words", f"They know {WHOLE}.")],
        gaps=[WHOLE],
        note=WHOLE,
        protected=[{"kind": kind, "value": value} for kind, value in PROTECTED.items()],
    )
    assert answer.code == 0
    assert not MARKS.search(answer.out)
    holding = {name for name, stored_text in everything_kept(stac.home) if MARKS.search(stored_text)}
    assert holding == set()  # sealed where it lies: nothing of it can be read in the file
    for user in ("demo", "chair", "police-1"):  # advocacy-1 typed it, and reads it as typed
        assert not MARKS.search(stac("case", "show", reference, "--json", user=user).out)


def test_a_row_without_an_advocate_before_screening_claims_nothing(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    page = " ".join(stac("case", "show", reference).out.split())
    assert "No agency is asked to represent the victim until the referral is screened." in page
    assert "No advocate" not in page
