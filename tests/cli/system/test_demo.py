"""The demonstration: built in a home of its own, by the command as a process of its own."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import AGENCIES, ROOT, Stac
from tests.cli.test_examples import EXAMPLES

pytestmark = [pytest.mark.prefect, pytest.mark.slow]

SMALL = (*shlex.split(EXAMPLES["demo"] or "")[1:], "--json")
"""The example of the command's help, which names this home."""
NO_HOME = {"HOME": "/dev/null/no-home", "XDG_CACHE_HOME": "/dev/null/no-cache"}


WALK = (ROOT / "docs" / "analysts" / "links-walk.md").read_text()


def started(home: Path, *given: str) -> subprocess.Popen[str]:
    """The command, begun, with nowhere to write but in its home."""
    return subprocess.Popen(
        [sys.executable, "-m", "cli.main", *given],
        env={**os.environ, **NO_HOME, "PYTHONPATH": str(ROOT), "STAC_HOME": str(home)},
        cwd=home.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@dataclass(frozen=True)
class Interrupted:
    """A demonstration whose command was killed: what its home says of it, and how many referrals it has."""

    state: str
    referrals: int


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Stac, Interrupted]:
    """A small demonstration that was killed while it was built."""
    home = tmp_path_factory.mktemp("demo") / "demonstration"
    run = started(home, *SMALL)
    until = time.monotonic() + 120
    while not list(home.glob("demo/referrals/*.csv")) and time.monotonic() < until:
        time.sleep(0.05)
    run.kill()
    run.communicate()
    stac = Stac(home)
    state = json.loads((home / "demo" / "made-by-demo.json").read_text())["state"]
    return stac, Interrupted(state, len(stac.json("case", "list", "--all")["referrals"]))


@pytest.fixture(scope="module")
def built(interrupted: tuple[Stac, Interrupted]) -> tuple[Stac, dict[str, Any]]:
    """The same, asked for again, twice at once; and its summary."""
    stac, _ = interrupted
    home = stac.home
    first = started(home, *SMALL)
    time.sleep(0.3)
    second = started(home, *SMALL)
    texts = [run.communicate(timeout=500) for run in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0], texts
    one, other = (json.loads(out) for out, _ in texts)
    for summary in (one, other):
        summary.pop("audit_entries")  # counting leaves an entry of its own
    assert one == other
    return stac, one


def test_its_summary_agrees_with_the_record(built: tuple[Stac, dict[str, Any]]) -> None:
    stac, summary = built
    everything = stac.json("case", "list", "--all")["referrals"]
    restricted = {
        r["reference"] for r in everything if stac.json("case", "show", r["reference"])["is_restricted"]
    }
    rows = [row for row in everything if row["reference"] not in restricted]  # they are in no figure
    outcomes = Counter(row["triage_outcome"] or "not screened" for row in rows)
    assert {outcome: number for outcome, number in summary["referrals"].items() if number} == outcomes
    assert summary["decisions"] == sum(1 for row in rows if row["decision"])
    assert summary["outcomes"] == sum(len(row["outcomes"]) for row in rows)
    plans = [stac.json("case", "show", row["reference"])["plan"] for row in rows if row["plan"]]
    assert summary["actions"] == sum(len(plan["actions"]) for plan in plans)
    for agency in AGENCIES:
        states = Counter(a["state"] for row in rows for a in row["answers"] if a["agency"] == agency)
        counted = summary["answers"][agency]
        for state in ("contribution", "nil return", "refused", "failed"):
            assert counted.get(state, 0) == states[state], (agency, state)
        asked = sum(number for state, number in states.items() if state != "not asked")
        assert sum(counted.values()) == asked


def test_its_audit_chain_holds_and_no_flow_is_left_over(built: tuple[Stac, dict[str, Any]]) -> None:
    stac, _ = built
    checks = {check["check"]: check for check in stac.json("doctor")["checks"]}
    assert checks["audit"]["state"] == "ok"
    assert checks["runner"]["says"] == "not alive; no flow waits for it"


def test_its_newest_referrals_show_what_a_page_has_to_show(built: tuple[Stac, dict[str, Any]]) -> None:
    stac, _ = built
    rows = stac.json("case", "list", "--all")["referrals"]
    alarms = [
        row["alarms"] for row in rows if row["alarms"]["raised"] and not row["alarms"]["acknowledged_by"]
    ]
    assert {alarm["is_past_due"] for alarm in alarms} == {True, False}
    states = Counter(row["state"] for row in rows)
    for state in ("not screened", "agencies asked", "ready for conference", "in conference", "decided"):
        assert states[state] >= 1, state
    answers = Counter(answer["state"] for row in rows for answer in row["answers"])
    for state in ("awaited", "overdue", "refused", "failed", "contribution", "nil return"):
        assert answers[state] >= 1, state
    assert sum(row["overdue_actions"] for row in rows) >= 1
    assert any(row["alarms"] for row in stac.json("referral", "rejected", "list")["rejected"])
    assert any(
        stac.json("case", "show", r["reference"])["offers"] for r in rows if r["state"] == "not screened"
    )
    waiting = [item for code in AGENCIES for item in stac.json("worklist", user=f"{code}-1")["items"]] + [
        item for code in AGENCIES for item in stac.json("worklist", user=f"{code}-2")["items"]
    ]
    assert any(item["kind"] == "release" for item in waiting)


def test_it_has_a_conference_with_agreed_minutes_and_one_for_today(
    built: tuple[Stac, dict[str, Any]],
) -> None:
    stac, _ = built
    conferences = stac.json("conference", "list", user="chair")
    today, earlier = sorted(conferences, key=lambda each: str(each["held_on"]), reverse=True)
    assert (today["state"], earlier["state"]) == ("planned", "minutes agreed")
    minutes = stac.json("conference", "minutes", "--conference", earlier["reference"], user="chair")
    assert minutes["digest"] is not None
    assert all(item["decision"] and item["actions"] for item in minutes["items"])
    assert [each["accepted"] for item in minutes["items"] for each in item["corrections"]] == [True]
    assert len(stac.json("conference", "agenda", user="chair")["items"]) == 4


def test_everything_that_it_keeps_lies_in_its_home(built: tuple[Stac, dict[str, Any]]) -> None:
    stac, _ = built
    assert [entry.name for entry in stac.home.parent.iterdir()] == [stac.home.name]
    assert not any(entry.stat().st_mode & 0o077 for entry in (stac.home, stac.home / "demo" / "referrals"))
    files = list((stac.home / "demo" / "referrals").glob("*.csv"))
    assert len(files) >= 10


def test_everybody_who_works_in_it_has_an_invented_name(built: tuple[Stac, dict[str, Any]]) -> None:
    stac, _ = built
    users = {user["name"]: user for user in stac.json("user", "list")["users"]}
    roles = Counter(user["role"] for user in users.values())
    assert roles == {"co-ordinator": 1, "chair": 1, "analyst": 1, "manager": 1, "practitioner": 8}
    assert all(" " in user["display_name"] for name, user in users.items() if name != "demo")


def test_run_again_it_says_that_it_is_there_and_changes_nothing(built: tuple[Stac, dict[str, Any]]) -> None:
    stac, summary = built
    before = stac.json("case", "list", "--all")["referrals"]
    findings = stac("demo", "--headless")
    assert findings.code == 0
    assert f"the demonstration in {stac.home} is there already: seed 7, 30 referrals" in findings.out
    assert "answers by agency and state" in findings.out
    assert f"{sum(summary['referrals'].values())} referrals by triage outcome" in findings.out
    to_try = findings.out.splitlines()[-5:]
    assert f"STAC_HOME={stac.home} stac serve --port 8501" in to_try[0]
    users = {user["name"] for user in stac.json("user", "list")["users"]}
    conferences = stac.json("conference", "list", user="chair")
    states = {each["reference"]: each["state"] for each in conferences}
    for number, line in enumerate(to_try[1:], start=1):
        found = re.fullmatch(rf"{number}\. .+: sign in as (\S+) at http://127\.0\.0\.1:8501/(\S+)", line)
        assert found is not None, line
        assert found[1] in users
        if found[2].startswith("conferences"):
            assert states[found[2].partition("?conference=")[2]] == "planned"
            continue
        reference = found[2].partition("?ref=")[2]
        if reference:  # what is to be done there is still to be done
            shown = stac.json("case", "show", reference, user=found[1])
            assert shown["state"] == {"demo": "not screened", "chair": "in conference"}[found[1]]
        else:
            assert any(i["kind"] == "release" for i in stac.json("worklist", user=found[1])["items"])
    changing = ("age_hours",)
    after = stac.json("case", "list", "--all")["referrals"]
    assert [_without(row, changing) for row in after] == [_without(row, changing) for row in before]


def test_another_demonstration_wants_a_home_of_its_own(built: tuple[Stac, dict[str, Any]]) -> None:
    stac, _ = built
    findings = stac("demo", "--headless", "--seed", "8")
    assert findings.code == 1
    assert "this home holds another demonstration; give --home for a new one" in findings.err


def test_an_interrupted_one_is_built_anew(
    interrupted: tuple[Stac, Interrupted], built: tuple[Stac, dict[str, Any]]
) -> None:
    stac, summary = built
    _, before = interrupted
    assert before.state == "building"
    assert sum(summary["referrals"].values()) > before.referrals
    assert stac.json("audit", "verify")["ok"] is True


def _without(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


@pytest.mark.full
def test_it_is_built_at_its_full_size(tmp_path: Path) -> None:
    """Its 500 referrals have what few have not: cases that answer one another, and many on one person."""
    run = started(tmp_path / "demonstration", "demo", "--headless", "--json")
    answer, wrong = run.communicate(timeout=600)
    assert run.returncode == 0, wrong
    assert sum(json.loads(answer)["referrals"].values()) >= 500
    for ask in re.findall(r"^stac (links ask .*)$", WALK, re.MULTILINE):
        asked = started(tmp_path / "demonstration", *shlex.split(ask), "--json")
        found, wrong = asked.communicate(timeout=60)
        assert asked.returncode == 0, wrong
        assert all(end["results"] for end in json.loads(found)["ends"]), (
            "the walk for analysts names who is there"
        )
