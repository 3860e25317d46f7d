"""Each act of the kinds that a watch asks for is an event, and no event names anybody."""

from __future__ import annotations

import ast
import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import engine
from engine.domain.accounts.acting import Role
from engine.domain.errors import NotFoundError, SignInError
from engine.domain.system.audit import AuditEntry
from engine.domain.system.security_events import EVENTS, SecurityEvent, event_line
from engine.services.access.emergency import break_glass
from engine.services.cases.views import view_case
from engine.services.system import audit
from engine.services.system.security_feed import can_be_written
from engine.settings import SETTINGS_FILE
from tests.builders import a_desk, a_referral

OF_A_WATCH = re.compile(
    r"\b(export|download|refuse|refusals|refused|glass|urgent look|for life|verify|back up|hand files|"
    r"move record|take victim pack|access files|accept|anchor|put back|register)\b"
)


def acts() -> set[str]:
    """The name of every act, as a service gives it to its unit of work, to read or to write."""
    found = {"repeat acts of the register"}  # named before it is given
    for file in (Path(engine.__path__[0]) / "services").rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr in ("reading", "writing")
            ):
                given = [*call.args, *(each.value for each in call.keywords if each.arg == "what")][:1]
                within = [each for what in given for each in ast.walk(what) if isinstance(each, ast.Constant)]
                found.update(each.value for each in within if isinstance(each.value, str))
    return found


def test_every_act_whose_name_says_so_is_an_event() -> None:
    watched = {act for act in acts() if OF_A_WATCH.search(act)}
    assert len(watched) > 20
    assert watched == EVENTS.keys()
    assert set(EVENTS.values()) == set(SecurityEvent)


@pytest.mark.parametrize("act", sorted(EVENTS))
def test_an_event_comes_of_each_act_and_names_neither_user_nor_case(act: str) -> None:
    entry = AuditEntry(
        at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        user="planted.user",
        role="chair",
        agency="police",
        purpose="planted purpose",
        on_behalf_of="planted.other",
        account="planted account",
        what=act,
        cases=("R-7K3M9Q2",),
        facts={"because": "planted", "place": "planted", "reference": "R-7K3M9Q2", "times": 3},
    )
    line = event_line(entry, 7)
    assert line is not None
    assert "planted" not in line
    assert "R-7K3M9Q2" not in line
    said = json.loads(line)
    assert (said["entry"], said["act"], said["cases"], said["times"]) == (7, act, 1, 3)


def test_an_act_that_is_none_of_them_is_no_event() -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    view = AuditEntry(
        at=at, user="u", role="chair", agency=None, purpose="p", on_behalf_of=None, what="view case"
    )
    assert event_line(view, 1) is None


@pytest.mark.both
def test_refusals_emergency_access_and_exports_are_in_the_file_without_names(tmp_path: Path) -> None:
    with a_desk(tmp_path / "made"):
        pass
    settings = tmp_path / "made" / SETTINGS_FILE
    before = settings.read_text() if settings.exists() else ""
    settings.write_text(f'{before}\n[audit]\nsecurity_events = "events.jsonl"\n')
    with a_desk(tmp_path / "home", like=tmp_path / "made") as desk:
        case = desk.refer(a_referral()).referrals[0]
        officer = desk.add("planted-officer", Role.PRACTITIONER, "police")
        with pytest.raises(NotFoundError), desk.runtime.refusals.noted(officer):
            view_case(desk.context(officer), reference=case)
        with pytest.raises(SignInError), desk.runtime.refusals.noted():
            raise SignInError("planted")
        with pytest.raises(NotFoundError):  # not screened: tried all the same
            break_glass(desk.context(officer), reference=case, why="planted words of danger")
        audit.export(desk.context(desk.chair), file=tmp_path / "audit.jsonl")
        written = (desk.runtime.settings.home / "events.jsonl").read_text()
    found = [json.loads(line)["event"] for line in written.splitlines()]
    assert found == ["refusal", "failed sign-in", "emergency access", "export"]
    assert "planted" not in written
    assert case not in written


@pytest.mark.parametrize("there", ["no folder", "a pipe that nobody reads", "a folder", "a file"])
def test_a_feed_that_cannot_be_written_refuses_no_act_and_holds_none_up(tmp_path: Path, there: str) -> None:
    place = tmp_path / "events"
    match there:
        case "no folder":
            place = place / "events.jsonl"
        case "a pipe that nobody reads":
            os.mkfifo(place)
        case "a folder":
            place.mkdir()
    with a_desk(tmp_path / "made"):
        pass
    (tmp_path / "made" / SETTINGS_FILE).write_text(f'[audit]\nsecurity_events = "{place}"\n')
    with a_desk(tmp_path / "home", like=tmp_path / "made") as desk:
        done = audit.export(desk.context(desk.chair), file=tmp_path / "audit.jsonl")
        assert can_be_written(desk.runtime.settings) == (there == "a file")
    assert done.entries > 0
