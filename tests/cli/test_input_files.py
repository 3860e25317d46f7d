"""Documents that a person gives a command, and the files to begin with."""

from __future__ import annotations

import json
from datetime import date
from enum import Enum
from pathlib import Path

import pytest
import typer
from pydantic import TypeAdapter

from cli import templates
from cli.input_files import checked, document_of, one_of, partial_date
from engine.domain.conference.risk import Decision
from engine.domain.errors import InvalidInputError
from engine.domain.outcomes.described import DescriptionGiven
from engine.domain.outcomes.follow_up import OutcomeGiven
from engine.domain.outcomes.prices import PriceList
from engine.domain.outcomes.victims import VictimOutcomeGiven
from engine.domain.plans.actions import ActionStatus, PlanGiven
from engine.domain.referrals.screening import Screening
from engine.domain.responses.answers import ANSWER
from engine.domain.vault.many_places import AskedGiven
from tests.cli.command import Stac


@pytest.mark.parametrize(
    ("template", "kind"),
    [
        (templates.SCREENING, Screening),
        (templates.DECISION, Decision),
        (templates.PLAN, PlanGiven),
        (templates.OUTCOME, OutcomeGiven),
        (templates.VICTIM_OUTCOME, VictimOutcomeGiven),
        (templates.VICTIM_DESCRIPTION, DescriptionGiven),
        (templates.PRICE_LIST, PriceList),
        (templates.ANSWER, ANSWER),
        (templates.PLACES_NAMED, AskedGiven),
    ],
    ids=[
        "screening",
        "decision",
        "plan",
        "outcome",
        "victim",
        "description",
        "prices",
        "answer",
        "places named",
    ],
)
def test_a_template_reads_as_the_real_thing(
    template: str, kind: type | TypeAdapter[object], tmp_path: Path
) -> None:
    file = tmp_path / "template.toml"
    file.write_text(template)
    assert checked(kind, document_of(str(file))) is not None


@pytest.mark.parametrize(
    "command",
    [
        "case screen",
        "conference decide",
        "plan update",
        "outcome create",
        "outcome record-victim",
        "outcome describe-victim",
        "outcome prices",
        "response create",
    ],
)
def test_a_template_needs_neither_a_record_nor_a_user(command: str, tmp_path: Path) -> None:
    findings = Stac(tmp_path / "none")(*command.split(), "--template", user=None)
    assert findings.code == 0
    assert findings.out.startswith("# ")
    assert not (tmp_path / "none").exists()


def test_json_and_toml_say_the_same(tmp_path: Path) -> None:
    toml, as_json = tmp_path / "plan.toml", tmp_path / "plan.json"
    toml.write_text(
        'reason = "r"\n[[actions]]\nwhat = "w"\nagency = "police"\nowner = "A. B"\ndue = 2030-01-31\n'
    )
    as_json.write_text(
        json.dumps(
            {
                "reason": "r",
                "actions": [{"what": "w", "agency": "police", "owner": "A. B", "due": "2030-01-31"}],
            }
        )
    )
    one, other = (checked(PlanGiven, document_of(str(file))) for file in (toml, as_json))
    assert one == other
    assert one.actions[0].due == date(2030, 1, 31)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "it is empty"),
        (b"\xff\xfe{\x00", "not UTF-8"),
        (b'{"reason": ', "not JSON: line 1"),
        (b"reason = no quotes", "neither JSON nor TOML"),
        (b"[]", "a JSON list; give one object, in braces"),
        (b'{"a": ' * 100_000, "nested too deeply"),
        (b"a" * 5_000_001, "larger than 5 MB"),
    ],
    ids=["empty", "UTF-16", "half JSON", "half TOML", "list", "deep", "large"],
)
def test_a_document_that_cannot_be_read_is_one_sentence(
    content: bytes, sentence: str, tmp_path: Path
) -> None:
    file = tmp_path / "given"
    file.write_bytes(content)
    with pytest.raises(InvalidInputError, match=sentence) as refused:
        document_of(str(file))
    assert "\n" not in str(refused.value)


def test_what_is_wrong_is_told_by_its_place_and_never_repeated() -> None:
    given = {
        "judgements": [{"domain": "violence", "level": "Victoria Hidden", "reasons": "r"}],
        "summary": "s",
        "extra": "7 Quiet Mews",
    }
    with pytest.raises(InvalidInputError) as refused:
        checked(Decision, given)
    assert "judgements.1.level: " in str(refused.value)
    assert "extra is not a part of it" in str(refused.value)
    assert "Hidden" not in str(refused.value)
    assert "Quiet" not in str(refused.value)


def test_a_wrong_date_is_not_repeated() -> None:
    with pytest.raises(InvalidInputError) as refused:
        checked(OutcomeGiven, {"measure": "recorded crime", "looked_until": "Victoria Hidden"})
    assert "looked_until: not a date such as 2024" in str(refused.value)
    assert "Hidden" not in str(refused.value)


def test_a_kind_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(InvalidInputError, match=r"kind must be one of 'contribution', 'nil return'"):
        checked(ANSWER, {"kind": "Victoria"})


@pytest.mark.parametrize("typed", ["not done", "not-done", "NOT_DONE", "Not Done"])
def test_a_choice_is_read_however_it_is_typed(typed: str) -> None:
    assert one_of(ActionStatus, typed, "--status") is ActionStatus.NOT_DONE


def test_a_choice_that_there_is_not_is_wrong_use_and_names_the_others() -> None:
    with pytest.raises(typer.BadParameter, match="'not started', 'in progress'"):
        one_of(ActionStatus, "finished", "--status")


def test_a_date_that_there_is_not_is_wrong_use() -> None:
    assert partial_date("March 2024", "--on") == "2024-03"
    with pytest.raises(typer.BadParameter, match="does not have a day 31"):
        partial_date("31/02/2024", "--on")


@pytest.mark.parametrize(
    ("command", "option", "choices"),
    [
        ("case screen", "outcome", "engine.domain.cases.lifecycle:TriageOutcome"),
        ("plan update-action", "status", "engine.domain.plans.actions:ActionStatus"),
        ("outcome create", "measure", "engine.domain.outcomes.follow_up:Measure"),
        ("outcome create", "found", "engine.domain.outcomes.follow_up:OutcomeFound"),
        ("outcome create", "against", "engine.domain.outcomes.follow_up:AgainstWhom"),
    ],
)
def test_help_names_every_choice(command: str, option: str, choices: str, stac: Stac) -> None:
    module, name = choices.split(":")
    enum: type[Enum] = getattr(__import__(module, fromlist=[name]), name)
    page = " ".join(stac(*command.split(), "--help").out.split())
    assert option in page
    assert all(str(choice.value) in page for choice in enum)
