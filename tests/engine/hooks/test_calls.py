"""Every question that an agency can be put: what it is shown, what comes back, and what a fault costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.domain.agencies.files import AgencyFilesRead
from engine.domain.agencies.people import PeopleFound, SubjectAccessResult
from engine.domain.errors import InvalidInputError
from engine.domain.responses.answers import Failed, FailureReason, NilReturn
from engine.domain.responses.requests import CaseAsked, PersonAsked
from engine.hooks.messaging import GIVES_UP_AFTER, MESSAGE_ITEMS
from engine.hooks.questions import FIND_PEOPLE, SUBJECT_ACCESS
from engine.hooks.registry import Agencies, agencies_folder

Load = Callable[..., Agencies]
CODE = "answers-everything"
SCORER = "answers_everything.hooks:score"


@pytest.fixture
def agencies(toys: Load) -> Agencies:
    return toys(CODE, "answers")


def cases(case: CaseAsked, *references: str) -> list[CaseAsked]:
    return [case.model_copy(update={"reference": reference}) for reference in references]


def what_came(agencies: Agencies, asked: list[CaseAsked]) -> list[str]:
    """The reference that each answer tells back, or the failure's sentence."""
    answers = agencies.assess_many(CODE, asked)
    return [each.looked_in[0] if isinstance(each, NilReturn) else each.says for each in answers]  # type: ignore[union-attr]


def test_many_cases_are_answered_in_their_order_over_several_messages(
    agencies: Agencies, case: CaseAsked
) -> None:
    references = [f"R-{number}" for number in range(2 * MESSAGE_ITEMS + 3)]

    assert what_came(agencies, cases(case, *references)) == references
    assert agencies.assess_many(CODE, []) == ()


@pytest.mark.parametrize(
    ("reference", "sentence"),
    [
        ("R-HANG", "no answer came within 0.5 seconds"),
        ("R-LOST", "no answer came within 0.5 seconds"),
        ("R-STOP", "its process stopped with exit status 7"),
        ("R-RAISE", "stac_assess stopped with an error of its own"),
    ],
)
def test_a_case_on_which_the_plugin_fails_costs_no_other(
    agencies: Agencies, case: CaseAsked, reference: str, sentence: str
) -> None:
    came = what_came(agencies, cases(case, "R-1", "R-2", reference, "R-4", "R-5"))

    assert came == ["R-1", "R-2", f"{CODE}: {sentence}", "R-4", "R-5"]


def test_a_plugin_that_hangs_on_every_case_is_not_put_the_rest(agencies: Agencies, case: CaseAsked) -> None:
    began = time.monotonic()

    answers = agencies.assess_many(CODE, cases(case, *["R-HANG"] * 20))

    assert all(isinstance(each, Failed) and each.reason is FailureReason.TIME_LIMIT for each in answers)
    texts = [each.says for each in answers if isinstance(each, Failed)]
    assert texts[GIVES_UP_AFTER - 1] == f"{CODE}: no answer came within 0.5 seconds"
    assert texts[GIVES_UP_AFTER].startswith(f"{CODE}: it was not asked, after {GIVES_UP_AFTER} failures")
    assert time.monotonic() - began < 20 * 0.5 + 5


def test_failures_with_an_answer_between_them_are_no_reason_to_stop_asking(
    agencies: Agencies, case: CaseAsked
) -> None:
    references = ["R-STOP", "R-good"] * (GIVES_UP_AFTER + 1)

    came = what_came(agencies, cases(case, *references))

    assert came[1::2] == ["R-good"] * (GIVES_UP_AFTER + 1)


def test_the_time_that_the_plugin_s_own_code_took_is_counted(agencies: Agencies, case: CaseAsked) -> None:
    assert agencies.seconds_in_plugin(CODE) == 0

    agencies.assess_many(CODE, cases(case, *["R-1"] * 50))

    assert 0 < agencies.seconds_in_plugin(CODE) < 5


def test_people_are_looked_for_with_what_the_manifest_declares_and_no_more(
    agencies: Agencies, case: CaseAsked
) -> None:
    assert case.perpetrator is not None

    found = agencies.ask(CODE, FIND_PEOPLE, case.perpetrator)

    assert isinstance(found, PeopleFound)
    assert [(each.record, each.matched_on.says) for each in found.found] == [("Toyson", "by pnc")]


def test_a_person_is_told_what_is_held_about_them(agencies: Agencies) -> None:
    answer = agencies.ask(CODE, SUBJECT_ACCESS, PersonAsked(forename="Perpetua", surname="Toyson"))

    assert isinstance(answer, SubjectAccessResult)
    assert [item.says for item in answer.items] == ["A toy was lent."]
    assert answer.looked_in == ("toys",)


def test_files_are_imported_into_the_agency_s_own_records(agencies: Agencies, tmp_path: Path) -> None:
    folder = agencies_folder(tmp_path / "home", CODE)
    (folder / "incoming").mkdir(parents=True)
    (folder / "incoming" / "toys.csv").write_text("one\ntwo\n")
    before = agencies.records(CODE).digest

    read = agencies.import_files(CODE, ["toys.csv"])

    assert isinstance(read, AgencyFilesRead)
    assert [(file.file, file.kinds[0].kept) for file in read.files] == [("toys.csv", 2)]
    assert agencies.records(CODE).digest != before


@pytest.mark.parametrize("name", ["../agency-settings.toml", "/etc/passwd", "absent.csv", "..", ""])
def test_only_a_file_that_lies_in_its_incoming_folder_can_be_imported(agencies: Agencies, name: str) -> None:
    with pytest.raises(InvalidInputError, match="incoming"):
        agencies.import_files(CODE, [name])


@pytest.mark.parametrize(
    ("ask", "hook"),
    [
        (
            lambda agencies: agencies.ask("answers", FIND_PEOPLE, PersonAsked(surname="Toyson")),
            "stac_find_people",
        ),
        (
            lambda agencies: agencies.ask("answers", SUBJECT_ACCESS, PersonAsked(surname="Toyson")),
            "stac_subject_access",
        ),
        (lambda agencies: agencies.import_files("answers", []), "stac_import"),
    ],
)
def test_a_question_that_a_plugin_does_not_answer_is_told_apart_from_a_fault(
    agencies: Agencies, ask: Callable[[Agencies], object], hook: str
) -> None:
    answer = ask(agencies)

    assert isinstance(answer, Failed)
    assert answer.reason is FailureReason.NOT_ANSWERED
    assert answer.says == f"answers: the plugin does not answer {hook}"


def test_a_line_that_cannot_be_scored_is_its_own_error_and_no_other_s(agencies: Agencies) -> None:
    lines = [
        {"number": 2},
        {"number": 3, "do": "RAISE"},
        {"number": "four"},
        {},
        {"number": 5, "do": "HANG"},
        {"number": 6},
    ]

    scored = agencies.score(CODE, SCORER, lines)  # type: ignore[arg-type]

    assert isinstance(scored, tuple)
    assert [(each.result, each.error and each.error.removeprefix(f"{CODE}: ")) for each in scored] == [
        ({"twice": 4}, None),
        (None, f"{SCORER} stopped with an error of its own"),
        (None, f"{SCORER} stopped with an error of its own"),
        (None, f"{SCORER} stopped with an error of its own"),
        (None, "no answer came within 0.5 seconds"),
        ({"twice": 12}, None),
    ]


@pytest.mark.parametrize(
    ("scorer", "sentence"),
    [
        ("answers_everything.hooks:gives_a_dict", "gave a dict; return ScoreResult"),
        ("answers_everything.hooks:no_such", "is not a function of its package"),
    ],
)
def test_a_scorer_that_is_none_is_named(agencies: Agencies, scorer: str, sentence: str) -> None:
    scored = agencies.score(CODE, scorer, [{"number": 1}])

    text = scored.says if isinstance(scored, Failed) else scored[0].error
    assert text == f"{CODE}: {scorer} {sentence}"


def test_a_suspended_agency_is_put_no_question(toys: Load, case: CaseAsked) -> None:
    agencies = toys(CODE, suspended=[CODE])
    person = PersonAsked(surname="Toyson")

    answers = [
        *agencies.assess_many(CODE, [case, case]),
        agencies.ask(CODE, FIND_PEOPLE, person),
        agencies.ask(CODE, SUBJECT_ACCESS, person),
        agencies.import_files(CODE, []),
        agencies.score(CODE, SCORER, [{}]),
    ]

    assert all(isinstance(each, Failed) and each.reason is FailureReason.SUSPENDED for each in answers)
    assert agencies.process_number(CODE) is None
