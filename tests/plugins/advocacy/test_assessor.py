"""The victim's voice: three voices apart, only what she agreed to, and nothing that would find her."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from engine.domain.absence import ItemState
from engine.domain.answers import Contribution, Nature, NilReturn, Refused
from engine.domain.asking import CaseAsked
from plugins.advocacy.assessor import assess
from plugins.advocacy.records import CLIENTS, Topic, advocacy_records
from tests.plugins.builders import a_case, records_in


def an_entry(
    number: int, voice: str, about: str, says: str, *, agreed: bool = True, on: str = "2026-09-14"
) -> dict[str, object]:
    return {
        "entry_id": f"A1-{number}",
        "voice": voice,
        "about": about,
        "says": says,
        "said_on": on,
        "agreed_to_share": agreed,
    }


ENTRIES = [
    an_entry(1, "the advocate's judgement", "risk", "the fear is well founded."),
    an_entry(2, "her own view of risk", "risk", "It will get worse."),
    an_entry(3, "her words", "wishes", "I want it to stop."),
    an_entry(4, "her words", "fear", "I do not sleep."),
    an_entry(5, "her words", "needs", "Nobody may hear this.", agreed=False),
]


def a_file(**changes: object) -> dict[str, object]:
    whole: dict[str, object] = {
        "file_id": "A1",
        "names": ["Victoria Hidden"],
        "date_of_birth": "1991-05-02",
        "about_names": ["Perpetua Toyson"],
        "opened": "2026-03-01",
        "last_spoken": "2026-09-14",
        "entries": ENTRIES,
        "topics": {"loitering": "present", "threats": "unknown"},
        "topics_on": "2026-09-14",
        "protected": [
            {"kind": "address", "value": "12 Hidden Row"},
            {"kind": "advocate", "value": "Wren Dale"},
        ],
    }
    return whole | changes


def answer(
    folder: Path, *files: dict[str, object], case: CaseAsked | None = None
) -> Contribution | NilReturn | Refused:
    lines = files or (a_file(),)
    text = "\n".join([json.dumps({"lines": len(lines)}), *(json.dumps(line) for line in lines)])
    (folder / CLIENTS).write_text(text, encoding="utf-8")
    return assess(case or a_case(), advocacy_records(records_in(folder)))


def test_the_three_voices_stay_apart(tmp_path: Path) -> None:
    given = answer(tmp_path)

    assert isinstance(given, Contribution)
    assert [(finding.nature, finding.says) for finding in given.findings] == [
        (Nature.FACT, "On 14 September 2026 she said of her fear: \u201cI do not sleep.\u201d"),
        (Nature.FACT, "On 14 September 2026 she said of her wishes: \u201cI want it to stop.\u201d"),
        (Nature.OPINION, "On 14 September 2026 her own view of the risk was: \u201cIt will get worse.\u201d"),
        (Nature.OPINION, "On 14 September 2026 the advocate's judgement was: the fear is well founded."),
    ]


def test_what_she_has_not_agreed_to_is_counted_and_left_out(tmp_path: Path) -> None:
    given = answer(tmp_path)

    assert isinstance(given, Contribution)
    assert given.held_back == 1
    assert "Nobody may hear this" not in given.model_dump_json()


def test_an_entry_without_her_agreement_on_record_is_not_shared(tmp_path: Path) -> None:
    entry = an_entry(1, "her words", "fear", "I do not sleep.")
    del entry["agreed_to_share"]

    given = answer(tmp_path, a_file(entries=[entry]))

    assert isinstance(given, Contribution)
    assert (given.findings, given.held_back) == ((), 1)
    assert "Nothing that may be shared is recorded here of her fear." in given.gaps


def test_what_would_find_her_is_in_protected_alone(tmp_path: Path) -> None:
    given = answer(tmp_path)

    assert isinstance(given, Contribution)
    assert [value.value for value in given.protected] == ["12 Hidden Row", "Wren Dale"]
    told = given.model_copy(update={"protected": ()}).model_dump_json()
    assert not any(secret in told for secret in ("Hidden Row", "Wren"))
    assert not any(secret in repr(given) for secret in ("Hidden Row", "Wren"))


def test_all_eleven_topics_are_told_and_one_that_was_not_asked_says_so(tmp_path: Path) -> None:
    given = answer(tmp_path)

    assert isinstance(given, Contribution)
    (result,) = given.instruments
    states = {item.item: item.state for item in result.items}
    assert len(states) == 11
    assert states[Topic.LOITERING.value] is ItemState.PRESENT
    assert states[Topic.THREATS.value] is ItemState.UNKNOWN
    assert states[Topic.HELPERS.value] is ItemState.NOT_ASKED
    assert result.conclusion is None


def test_topics_that_were_not_talked_through_are_a_gap_and_no_result(tmp_path: Path) -> None:
    given = answer(tmp_path, a_file(topics_on=None))

    assert isinstance(given, Contribution)
    assert given.instruments == ()
    assert "The eleven topics have not been talked through with her." in given.gaps


def test_of_two_files_the_one_about_this_person_is_used(tmp_path: Path) -> None:
    other = a_file(
        file_id="A2", about_names=["Somebody Else"], entries=[an_entry(9, "her words", "fear", "Of another.")]
    )

    given = answer(tmp_path, other, a_file())

    assert isinstance(given, Contribution)
    assert "Of another" not in given.model_dump_json()
    assert len(given.findings) == 4


@pytest.mark.parametrize(
    "files",
    [[a_file(about_names=["Somebody Else"])], [a_file(), a_file(file_id="A2")]],
    ids=["about somebody else", "two about the same person"],
)
def test_when_it_cannot_be_told_which_file_is_meant_none_is_used(
    tmp_path: Path, files: list[dict[str, object]]
) -> None:
    given = answer(tmp_path, *files)

    assert isinstance(given, Contribution)
    assert (given.findings, given.protected, given.instruments) == ((), (), ())
    assert "it could not be told which file is about this person" in given.gaps[0]


def test_a_file_opened_after_the_day_of_asking_is_not_there_yet(tmp_path: Path) -> None:
    assert isinstance(answer(tmp_path, case=a_case(on=date(2026, 2, 28))), NilReturn)


def test_her_refusal_is_a_refusal(tmp_path: Path) -> None:
    given = answer(tmp_path, a_file(refuse_on="duty of confidence outweighs"))

    assert isinstance(given, Refused)
    assert "has not agreed" in given.says


def test_nobody_found_is_a_nil_return(tmp_path: Path) -> None:
    given = answer(tmp_path, a_file(names=["Somebody Else"]))

    assert isinstance(given, NilReturn)
    assert given.says == (
        "Victim advocacy looked by name and date of birth in client files and found no record of the person."
    )
