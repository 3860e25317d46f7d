"""Kill -9 of a dashboard at random while it records: an act is recorded once and whole, or not at all."""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from engine.domain.referrals.intake import AlarmTopic
from engine.runtime import open_runtime
from engine.services.system import audit, audit_content
from tests.browser.conftest import SECONDS, settle
from tests.browser.test_drafts import Unit, sign_in
from tests.builders import COORDINATOR, a_desk, a_person, a_referral

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.full]

KILLS, PIECES = 8, 2
LONGEST = 0.5
"""Seconds after a press until the dashboard is killed: it has mostly recorded the act by then."""


@pytest.mark.parametrize("seed", range(1, PIECES + 1))
def test_a_dashboard_that_is_killed_while_it_records_loses_nothing_and_does_nothing_twice(
    browser: Browser, tmp_path: Path, seed: int
) -> None:
    expect.set_options(timeout=SECONDS * 1000)
    with a_desk(tmp_path / "home") as desk:
        alarms = [
            desk.refer(
                a_referral(
                    str(number),
                    alarms=(AlarmTopic.WEAPON,),
                    perpetrator=a_person(surname=f"Roe{number}"),
                    victim=a_person("Amira", f"Kent{number}"),
                )
            ).referrals[0]
            for number in range(KILLS)
        ]
    unit, chance, killed = Unit(tmp_path / "home", alarms[0], {}), random.Random(seed), 0
    (unit.home / "settings.toml").write_text("ask_about_connections = false\n")
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London", reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(SECONDS * 1000)
    unit.start()
    try:
        while killed < KILLS:
            sign_in(page, unit)
            page.goto(unit.address)
            settle(page)
            waiting = {case for case in alarms if case not in acknowledged(unit.home)}
            presses = page.get_by_role("button", name="Acknowledge", exact=True)
            expect(presses).to_have_count(len(waiting))
            presses.first.click()
            page.wait_for_timeout(1000 * chance.uniform(0, LONGEST))
            unit.kill()
            killed += 1
            assert entries(unit.home) == Counter(acknowledged(unit.home))
            unit.start()
    finally:
        unit.kill()
        context.close()
    assert killed == KILLS
    with open_runtime({"STAC_HOME": str(unit.home)}) as runtime:
        assert audit.verify(uow=runtime.uow).ok
        assert audit_content.verify_content(uow=runtime.uow).ok


def acknowledged(home: Path) -> list[str]:
    """The referrals whose alarm was acknowledged, by the coordinator."""
    with open_runtime({"STAC_HOME": str(home)}) as runtime, runtime.uow.unrecorded() as work:
        alarms = {case.reference: work.alarms.of(case.reference) for case in work.cases.all(None)}
    assert {each.acknowledged_by for each in alarms.values()} <= {None, COORDINATOR.name}
    return [case for case, each in alarms.items() if each.acknowledged_at is not None]


def entries(home: Path) -> Counter[str]:
    """The number of entries of the audit log that acknowledged an alarm, by referral."""
    with sqlite3.connect(home / "stac.db") as record:
        bodies = [json.loads(body) for (body,) in record.execute("SELECT body FROM audit_entry")]
    record.close()
    return Counter(case for body in bodies if body["what"] == "acknowledge alarm" for case in body["cases"])
