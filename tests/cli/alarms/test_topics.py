"""Alarm topics on the command line: in a FILE and as options, for each command that asks them."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from cli.alarms.topics import topics_given, topics_of
from engine.domain.absence import YesNo
from engine.domain.errors import InvalidInputError
from engine.domain.referrals.intake import AlarmTopic
from tests.cli.command import Stac, a_row, referred, screened


def test_a_topic_without_an_answer_is_yes_and_each_is_given_once() -> None:
    given = topics_given(["weapon", "entry=no", "breach=not known"])
    assert given == {
        AlarmTopic.WEAPON: YesNo.YES,
        AlarmTopic.ENTRY: YesNo.NO,
        AlarmTopic.BREACH: YesNo.NOT_KNOWN,
    }
    with pytest.raises(typer.BadParameter, match="given twice"):
        topics_given(["weapon", "weapon=no"])


def test_topics_of_a_file_are_removed_from_it_and_options_add_to_them() -> None:
    document: dict[str, object] = {"says": "A sentence.", "topics": {"weapon": "no", "entry": "yes"}}
    assert topics_of(document, ["weapon"]) == {AlarmTopic.WEAPON: YesNo.YES, AlarmTopic.ENTRY: YesNo.YES}
    assert document == {"says": "A sentence."}
    assert topics_of([], []) == {}
    with pytest.raises(InvalidInputError):
        topics_of({"topics": {"wepon": "yes"}}, [])


def test_an_outcome_with_a_topic_is_an_alarm(stac: Stac, tmp_path: Path) -> None:
    (case,) = referred(stac, tmp_path, a_row())
    screened(stac, case)
    file = tmp_path / "outcome.toml"
    file.write_text(
        'measure = "reported further stalking"\nfound = "further stalking"\nagainst = "same victim"\n'
        'happened = "2025-03"\nlooked_until = "2025-03-31"\nsays = "Invented."\ntopics = { weapon = "yes" }\n'
    )
    stac.json("outcome", "create", case, str(file), "--topic", "entry")
    (alarm,) = stac.json("case", "show", case)["alarms_since"]
    assert alarm["raised"] == ["weapon", "entry"]
    assert alarm["door"] == "outcome"
    assert any(item["is_alarm"] and item["reference"] == case for item in stac.json("worklist")["items"])
