"""The victim's voice: three voices apart, only what she agreed to, and nothing that would find her."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from engine.domain.absence import ItemState
from engine.domain.dates import PartialDate
from engine.domain.responses.answers import Contribution, NilReturn, Refused
from engine.domain.responses.requests import CaseAsked, PersonAsked
from engine.domain.responses.voices import EVERYONE, Agreement, VoiceTopic, Whose
from engine.hooks.records import RecordsUnreadableError
from plugins.advocacy.assessor import ASK_THE_SERVICE, assess, told_to_subject
from plugins.advocacy.records import CLIENTS, OFFERS, Topic, advocacy_records
from tests.plugins.builders import a_case, records_in

EVERYONE_HEARS = [EVERYONE]


def an_entry(
    number: int,
    voice: str,
    about: str,
    sentence: str,
    *,
    agreed: str = "yes",
    whom: list[str] | None = None,
    on: str = "2026-09-14",
) -> dict[str, object]:
    return {
        "entry_id": f"A1-{number}",
        "voice": voice,
        "about": about,
        "says": sentence,
        "said_on": on,
        "agreed_to_sharing": agreed,
        "with_whom": whom if whom is not None else EVERYONE_HEARS if agreed == "yes" else [],
    }


ENTRIES = [
    an_entry(1, "advocate's judgement", "risk", "the fear is well founded."),
    an_entry(2, "victim's own view of risk", "risk", "It will get worse."),
    an_entry(3, "victim's words", "wishes", "I want it to stop."),
    an_entry(4, "victim's words", "fear", "I do not sleep."),
    an_entry(5, "victim's words", "needs", "Nobody may hear this.", agreed="no"),
]
A_VIEW = {
    "view_id": "V1",
    "person_id": "A1",
    "domain": "psychosocial harm",
    "level": "high",
    "reasons": "Her life has narrowed.",
    "recorded_by": "Juno Inventa",
    "post": "Clinical Supervisor",
    "recorded_on": "2026-09-14",
}


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
        "topics_agreed": {"agreed_to_sharing": "yes", "with_whom": EVERYONE_HEARS},
        "protected": [
            {"kind": "address", "value": "12 Hidden Row"},
            {"kind": "advocate", "value": "Wren Dale"},
        ],
    }
    return whole | changes


def written(file: Path, *lines: dict[str, object]) -> None:
    text = "\n".join([json.dumps({"lines": len(lines)}), *(json.dumps(line) for line in lines)])
    file.write_text(text, encoding="utf-8")


def contribution(given: Contribution | NilReturn | Refused) -> Contribution:
    assert isinstance(given, Contribution)
    return given


def answer(
    folder: Path,
    *files: dict[str, object],
    case: CaseAsked | None = None,
    offers: tuple[dict[str, object], ...] = (),
) -> Contribution | NilReturn | Refused:
    written(folder / CLIENTS, *(files or (a_file(),)))
    if offers:
        written(folder / OFFERS, *offers)
    return assess(case or a_case(), advocacy_records(records_in(folder)))


def test_the_three_voices_stay_apart_and_the_victims_words_are_word_for_word(tmp_path: Path) -> None:
    given = contribution(answer(tmp_path))

    assert given.findings == ()
    assert [(item.whose, item.about, item.says) for item in given.voices if item.may_leave] == [
        (Whose.HER_WORDS, VoiceTopic.FEAR, "I do not sleep."),
        (Whose.HER_WORDS, VoiceTopic.WISHES, "I want it to stop."),
        (Whose.HER_VIEW, VoiceTopic.RISK, "It will get worse."),
        (Whose.ADVOCATE, VoiceTopic.RISK, "The fear is well founded."),
    ]


@pytest.mark.parametrize("agreed", ["no", "not asked", "withdrawn"])
def test_what_the_victim_has_not_agreed_to_leaves_without_its_words(tmp_path: Path, agreed: str) -> None:
    entry = an_entry(5, "victim's words", "needs", "Nobody may hear this.", agreed=agreed)

    given = contribution(answer(tmp_path, a_file(entries=[entry])))

    (item,) = given.voices
    assert (item.says, item.agreed_to_sharing.value, item.with_whom) == (None, agreed, ())
    assert "Nobody may hear this" not in given.model_dump_json()


def test_an_entry_without_the_victims_agreement_on_record_is_not_agreed_to(tmp_path: Path) -> None:
    entry = an_entry(1, "victim's words", "fear", "I do not sleep.")
    del entry["agreed_to_sharing"], entry["with_whom"]

    given = contribution(answer(tmp_path, a_file(entries=[entry])))

    assert [(item.says, item.agreed_to_sharing) for item in given.voices] == [(None, Agreement.NOT_ASKED)]
    assert "Nothing that may be shared is recorded here about the victim's fear." in given.gaps


def test_agreement_without_saying_with_whom_shares_nothing_and_is_a_gap(tmp_path: Path) -> None:
    entry = an_entry(1, "victim's words", "fear", "I do not sleep.", whom=[])

    given = contribution(answer(tmp_path, a_file(entries=[entry])))

    assert given.voices[0].says is None
    assert any("recipients are not recorded" in gap for gap in given.gaps)


def test_what_is_for_named_agencies_names_them(tmp_path: Path) -> None:
    entry = an_entry(1, "victim's words", "fear", "I do not sleep.", whom=["police"])

    given = contribution(answer(tmp_path, a_file(entries=[entry])))

    assert (given.voices[0].says, given.voices[0].with_whom) == ("I do not sleep.", ("police",))


def test_what_may_not_be_told_to_whom_is_carried_as_the_victim_said_it(tmp_path: Path) -> None:
    entry = an_entry(1, "victim's words", "what may not be told to whom", "Do not tell my mother.")

    given = contribution(answer(tmp_path, a_file(entries=[entry])))

    assert given.voices[0].about is VoiceTopic.NOT_TO_BE_TOLD
    assert given.voices[0].says == "Do not tell my mother."


def test_a_view_of_the_service_goes_out_only_as_the_victim_agreed(tmp_path: Path) -> None:
    agreed = {"agreed_to_sharing": "yes", "with_whom": EVERYONE_HEARS}

    shared = contribution(answer(tmp_path, a_file(views=[A_VIEW | agreed])))
    (tmp_path / "again").mkdir()
    stored_contribution = contribution(answer(tmp_path / "again", a_file(views=[A_VIEW])))

    assert [view.level.value for view in shared.views] == ["high"]
    assert (stored_contribution.views, stored_contribution.held_back) == ((), 1)
    assert "narrowed" not in stored_contribution.model_dump_json()


def test_the_topics_go_out_only_when_everyone_may_hear_them(tmp_path: Path) -> None:
    given = contribution(answer(tmp_path, a_file(topics_agreed={"agreed_to_sharing": "no"})))

    assert given.instruments == ()
    assert any(gap.startswith("The 11 topics were discussed;") for gap in given.gaps)


def test_an_entry_that_repeats_how_to_find_the_victim_loses_that_and_nothing_else(tmp_path: Path) -> None:
    entry = an_entry(1, "victim's words", "fear", "He knows that I am at 12, Hidden  Row with Wren Dale.")

    given = contribution(answer(tmp_path, a_file(entries=[entry])))

    assert given.voices[0].says == "He knows that I am at [protected] with [protected]."


def test_what_would_find_the_victim_is_in_protected_alone(tmp_path: Path) -> None:
    given = answer(tmp_path)

    assert isinstance(given, Contribution)
    assert [value.value for value in given.protected] == ["12 Hidden Row", "Wren Dale"]
    text = given.model_copy(update={"protected": ()}).model_dump_json()
    assert not any(secret in text for secret in ("Hidden Row", "Wren"))
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
    assert "The 11 topics have not been discussed with the victim." in given.gaps


def test_of_two_files_the_one_about_this_person_is_used(tmp_path: Path) -> None:
    other = a_file(
        file_id="A2",
        about_names=["Somebody Else"],
        entries=[an_entry(9, "victim's words", "fear", "Of another.")],
    )

    given = answer(tmp_path, other, a_file())

    assert isinstance(given, Contribution)
    assert "Of another" not in given.model_dump_json()
    assert len(given.voices) == 5


@pytest.mark.parametrize(
    "files",
    [[a_file(about_names=["Somebody Else"])], [a_file(), a_file(file_id="A2", entries=[])]],
    ids=["about somebody else", "two about the same person"],
)
def test_when_it_cannot_be_told_which_file_is_meant_none_is_used(
    tmp_path: Path, files: list[dict[str, object]]
) -> None:
    given = answer(tmp_path, *files)

    assert isinstance(given, Contribution)
    assert (given.voices, given.protected, given.instruments) == ((), (), ())
    assert "it is not certain which file is about this person" in given.gaps[0]


def test_a_file_opened_after_the_day_of_asking_is_not_there_yet(tmp_path: Path) -> None:
    assert isinstance(answer(tmp_path, case=a_case(on=date(2026, 2, 28))), NilReturn)


def test_the_victims_refusal_is_a_refusal(tmp_path: Path) -> None:
    given = answer(tmp_path, a_file(refuse_on="duty of confidence outweighs"))

    assert isinstance(given, Refused)
    assert given.says == "Victim advocacy refused to answer; it may or may not know the victim."


def test_nobody_found_is_a_nil_return(tmp_path: Path) -> None:
    given = answer(tmp_path, a_file(names=["Somebody Else"]))

    assert isinstance(given, NilReturn)
    assert given.says == (
        "Victim advocacy searched client files by name and date of birth and found no record of the person."
    )


AN_OFFER: dict[str, object] = {
    "offer_id": "O1",
    "names": ["Victoria Hidden"],
    "date_of_birth": "1991-05-02",
    "offered_on": "2026-09-01",
    "by": "the duty line",
    "came_to": "declined",
}


def test_who_has_no_advocate_was_offered_one_when_and_by_whom(tmp_path: Path) -> None:
    later = AN_OFFER | {"offer_id": "O2", "offered_on": "2026-10-02", "came_to": None}

    given = answer(tmp_path, a_file(names=["Somebody Else"]), offers=(later, AN_OFFER))

    assert isinstance(given, NilReturn)
    assert given.advocate_offered is not None
    assert given.advocate_offered.in_words() == (
        "The victim was offered an advocate on 2 October 2026 by the duty line; outcome: not recorded."
    )


@pytest.mark.parametrize(
    "offer",
    [AN_OFFER | {"names": ["Somebody Else"]}, AN_OFFER | {"offered_on": "2026-12-24"}],
    ids=["to somebody else", "after the date of the request"],
)
def test_an_offer_that_was_not_made_to_the_victim_by_then_is_not_recorded(
    tmp_path: Path, offer: dict[str, object]
) -> None:
    given = answer(tmp_path, a_file(names=["Somebody Else"]), offers=(offer,))

    assert given.advocate_offered is None


CLIENT = json.dumps(a_file())
OTHER_CLIENT = json.dumps(a_file(file_id="A2", names=["Other Client"]))
NAMES_WITHOUT_AGREEMENT = json.dumps(
    a_file(entries=[an_entry(1, "victim's words", "fear", "x", agreed="no", whom=["police"])])
)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "clients.jsonl is empty"),
        (CLIENT.encode(), "clients.jsonl has a line that breaks its format (line 1)"),
        (
            f'{{"lines": 1}}\n{CLIENT[:-40]}'.encode(),
            "clients.jsonl has a line that breaks its format (line 2)",
        ),
        (
            f'{{"lines": 2}}\n{CLIENT}'.encode(),
            "clients.jsonl has a different number of lines from its first line",
        ),
        (
            f'{{"lines": 1}}\n{CLIENT}'.encode("utf-16"),
            "clients.jsonl is not UTF-8 text",
        ),
        (
            f'{{"lines": 2}}\n{CLIENT}\n{CLIENT}'.encode(),
            "clients.jsonl holds the same key twice (column file_id)",
        ),
        (
            f'{{"lines": 2}}\n{CLIENT}\n{OTHER_CLIENT}'.encode(),
            "clients.jsonl holds the same key twice (column entries)",
        ),
        (
            f'{{"lines": 1}}\n{NAMES_WITHOUT_AGREEMENT}'.encode(),
            "clients.jsonl has a line that breaks its format (line 2, column entries)",
        ),
    ],
    ids=[
        "empty",
        "no heading",
        "half a line",
        "a line lost",
        "encoding",
        "one file twice",
        "one entry twice",
        "not agreed yet named",
    ],
)
def test_an_extract_that_cannot_be_read_is_one_sentence_and_never_a_nil_return(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    (tmp_path / CLIENTS).write_bytes(content)

    with pytest.raises(RecordsUnreadableError) as raised:
        advocacy_records(records_in(tmp_path))

    assert str(raised.value) == sentence


def test_offers_that_cannot_be_read_are_a_fault_and_not_no_offer(tmp_path: Path) -> None:
    written(tmp_path / CLIENTS, a_file())
    (tmp_path / OFFERS).write_text('{"lines": 3}\n')

    with pytest.raises(RecordsUnreadableError, match=r"offers\.jsonl has a different number of lines"):
        advocacy_records(records_in(tmp_path))


def test_two_people_of_one_name_and_birth_are_never_taken_for_one_another(tmp_path: Path) -> None:
    other = a_file(file_id="A2", entries=[an_entry(7, "victim's words", "fear", "Of another woman.")])

    given = contribution(answer(tmp_path, a_file(), other))

    assert given.voices == ()
    assert "Of another woman" not in given.model_dump_json()


def test_a_request_for_what_is_held_never_tells_whether_the_victim_is_a_client(tmp_path: Path) -> None:
    written(tmp_path / CLIENTS, a_file())
    held = advocacy_records(records_in(tmp_path))
    client = PersonAsked(forename="Victoria", surname="Hidden", date_of_birth=PartialDate("1991-05-02"))
    stranger = PersonAsked(forename="Somebody", surname="Else")

    assert told_to_subject(client, held) == told_to_subject(stranger, held)
    assert told_to_subject(client, held).gaps == (ASK_THE_SERVICE,)
