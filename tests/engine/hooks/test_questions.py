"""Each hook has its row, which takes and gives what the hook's specification says."""

from __future__ import annotations

import inspect
from datetime import date
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from pydantic import TypeAdapter, ValidationError

from engine.domain.responses.requests import CaseAsked, PersonAsked
from engine.hooks.questions import ASSESS, FIND_PEOPLE, IMPORT, QUESTIONS, READ, SCORE, WRITE
from engine.hooks.specs import ALL_SPECS
from engine.hooks.wire import Request

HOOKS = {name: hook for group in ALL_SPECS for name, hook in vars(group).items() if name.startswith("stac_")}
CASE = CaseAsked(reference="R-1", on=date(2026, 3, 2), perpetrator=PersonAsked(surname="Two\nLines"))


def test_every_hook_has_a_row_and_every_row_is_a_hook_or_a_named_function() -> None:
    assert set(QUESTIONS) - {READ.name, SCORE.name, WRITE.name} == set(HOOKS)


@pytest.mark.parametrize("name", sorted(HOOKS))
def test_a_row_takes_and_gives_what_its_hook_does(name: str) -> None:
    row, hints = QUESTIONS[name], get_type_hints(HOOKS[name])
    gives = hints.pop("return")
    records = {"records"} if row.of_records else set()

    assert [*row.takes.model_fields, *records] == list(inspect.signature(HOOKS[name]).parameters)[1:]
    assert {part: hints[part] for part in row.takes.model_fields} == {
        part: field.annotation for part, field in row.takes.model_fields.items()
    }
    assert row.gives == (get_args(gives) or (gives,))
    assert isinstance(row.reply, TypeAdapter)


def test_what_is_sent_is_what_arrives_line_breaks_and_all() -> None:
    request = Request(question=ASSESS.name, seconds=1, most_bytes=10)
    lines = [ASSESS.written(CASE), ASSESS.around(CASE.model_dump_json().encode())]

    arrived, arguments = Request.received(request.sent(lines))

    assert arrived == request
    assert [ASSESS.arguments(each) for each in arguments] == [{"case": CASE}, {"case": CASE}]


def test_what_is_asked_is_checked_before_it_is_sent() -> None:
    with pytest.raises(ValidationError):
        FIND_PEOPLE.written(CASE)


def test_only_an_answer_from_an_extract_needs_one_that_is_whole() -> None:
    assert {row.name for row in QUESTIONS.values() if row.of_extract} == {
        "stac_assess",
        "stac_find_people",
        "stac_outcomes",
        "stac_propose_actions",
        "stac_subject_access",
    }
    assert IMPORT.arguments(IMPORT.written((Path("a.csv"),))) == {"files": (Path("a.csv"),)}
