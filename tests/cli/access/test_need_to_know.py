"""Need to know on the command line: what is hidden makes no difference; what each command says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import engine.runtime
from engine.clock import SetClock
from engine.domain.ids import new_reference
from tests.builders import MONDAY
from tests.cli.command import CommandResult, Stac, a_row, referred, screened
from tests.differential import VIEWERS, TwoWorlds, two_worlds


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoWorlds]:
    """Built once; no test here changes what another reads."""
    with two_worlds(tmp_path_factory.mktemp("worlds")) as made:
        yield made


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs of a command are compared to the byte, so both are at the same moment."""
    monkeypatch.setattr(engine.runtime, "SystemClock", lambda: SetClock(MONDAY))


def _without(worlds: TwoWorlds) -> Stac:
    return Stac(worlds.without.runtime.settings.home)


def _having(worlds: TwoWorlds) -> Stac:
    return Stac(worlds.having.runtime.settings.home)


def _as_unknown(findings: CommandResult, reference: str) -> CommandResult:
    return CommandResult(
        findings.code, findings.out.replace(reference, "R"), findings.err.replace(reference, "R")
    )


def _alike(findings: CommandResult) -> CommandResult:
    """Each of the two records has references of its own for shared searches."""
    return CommandResult(findings.code, re.sub(r"\bQ-[0-9A-Z]{7}\b", "Q-", findings.out), findings.err)


@pytest.mark.slow
@pytest.mark.parametrize("role", VIEWERS)
def test_every_reading_command_answers_the_same_to_the_byte(worlds: TwoWorlds, role: str) -> None:
    user = worlds.viewers[role].user
    for given in (
        ("case", "list"),
        ("case", "list", "--json"),
        ("worklist",),
        ("worklist", "--json"),
        ("case", "show", worlds.shown, "--json"),
        ("agency", "list", "--json"),
        ("referral", "rejected", "list", "--json"),
        ("access", "list", "--json"),
        ("case", "access-log", worlds.shown, "--json"),
        ("links", "neighbours", worlds.shown, "--hops", "6"),
        ("links", "neighbours", worlds.shown, "--hops", "6", "--json"),
        ("links", "components"),
        ("links", "patterns", "--json"),
    ):
        without, having = _without(worlds)(*given, user=user), _having(worlds)(*given, user=user)
        assert _alike(having) == _alike(without), given
        assert worlds.hidden not in having.out + having.err


@pytest.mark.slow
@pytest.mark.parametrize("role", VIEWERS)
def test_every_command_on_a_hidden_case_answers_as_for_none(worlds: TwoWorlds, role: str) -> None:
    stac, user, nowhere = _having(worlds), worlds.viewers[role].user, new_reference("involvement")
    for given in (
        ("case", "show"),
        ("case", "access-log"),
        ("access", "declare-conflict"),
        ("access", "declare-none"),
        ("case", "restrict", "--why", "x"),
        ("case", "unrestrict", "--why", "x"),
        ("access", "emergency", "--why", "x"),
        ("alarm", "acknowledge"),
        ("conference", "open"),
    ):
        words, options = (given, ()) if "--why" not in given else (given[:-2], given[-2:])
        findings = [
            _as_unknown(stac(*words, reference, *options, *as_json, user=user), reference)
            for reference in (nowhere, worlds.hidden, worlds.unscreened)
            for as_json in ((), ("--json",))
        ]
        assert findings[0] == findings[2] == findings[4], given
        assert findings[1] == findings[3] == findings[5], given
        assert findings[0].code == 1


def test_the_chair_restricts_and_lifts_and_reads_who_has_looked(tmp_path: Path) -> None:
    with two_worlds(tmp_path) as worlds:
        stac, shown = _having(worlds), worlds.shown
        assert (
            "only the chair and its named people can view it"
            in stac("case", "restrict", shown, "--why", "Her brother works here.", user="chair").out
        )
        assert "Restricted: only the chair" in stac("case", "show", shown, user="chair").out
        assert stac("case", "show", shown, user="other").code == 1
        findings = stac(
            "access", "declare-conflict", shown, "--user", "ana", "--why", "A cousin.", user="chair"
        )
        assert findings.out == f"Recorded: ana has a conflict of interest and can no longer view {shown}\n"
        assert stac("case", "show", shown, user="ana").code == 1
        assert stac("case", "unrestrict", shown, "--why", "He has left.", user="chair").code == 0
        assert stac("case", "show", shown, user="other").code == 0
        seen = stac("case", "access-log", shown, "--count", "2", user="chair").out.splitlines()
        assert "other, co-ordinator, not named on the case: view case (case work)" in seen[0]
        assert seen[-1].startswith("1 to 2 of ")


def test_an_urgent_look_is_opened_listed_and_reviewed(tmp_path: Path) -> None:
    with two_worlds(tmp_path) as worlds:
        stac, shown = _having(worlds), worlds.shown
        worlds.having.add("late", worlds.viewers["practitioner"].role, "lantern")
        assert stac("case", "show", shown, user="late").code == 1
        findings = stac("access", "emergency", shown, "--why", "A threat this evening.", user="late")
        assert findings.out.startswith(f"You can view {shown} until 2 March 2026, 10:00")
        assert stac("case", "show", shown, user="late").code == 0
        (look,) = stac.json("access", "list", user="chair")["urgent_looks"]
        assert look["why"] == "A threat this evening."
        refused = stac("access", "review", look["reference"], "--wrong", "--why", "x", user="late")
        assert refused.code == 1
        done = stac("access", "review", look["reference"], "--wrong", "--why", "No.", user="other")
        assert done.out.strip().endswith("is reviewed: it was not right")
        assert stac("access", "list", user="chair").out == "No emergency access needs review.\n"


@pytest.mark.parametrize(
    "given",
    [
        ("access", "declare-conflict", "R-AAAAAAA", "--why", "x"),
        ("access", "declare-conflict", "R-AAAAAAA", "--victim"),
        ("access", "declare-conflict", "R-AAAAAAA", "--user", "ana"),
        ("case", "restrict", "R-AAAAAAA"),
        ("access", "emergency", "R-AAAAAAA"),
        ("access", "review", "G-AAAAAAA", "--why", "x"),
        ("case", "access-log", "R-AAAAAAA", "--count", "0"),
    ],
)
def test_a_wrong_use_is_told_as_one(stac: Stac, given: tuple[str, ...]) -> None:
    assert stac(*given, user="chair").code == 2


@pytest.mark.usefixtures("any_clock")
def test_somebody_who_joins_later_is_named_on_a_screened_case(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference)
    assert stac("user", "create", "late", "--role", "practitioner", "--agency", "health").code == 0
    assert stac("case", "show", reference, user="late").code == 1
    refused = stac("case", "name-people", reference, "late", user="health-1")
    assert (refused.code, "may" in refused.err) == (1, True)
    findings = stac("case", "name-people", reference, "late", user="chair")
    assert findings.code == 0
    assert findings.out.startswith(f"named on {reference}: ")
    assert "late" in findings.out
    assert stac("case", "show", reference, user="late").code == 0
