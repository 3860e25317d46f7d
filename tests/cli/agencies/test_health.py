"""Agencies at the command: the list for anybody, how each stands for a user, suspending, chasing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cli.agencies.health import WITHOUT_RECORD, WITHOUT_USER
from engine.services.accounts.users import find_user
from engine.services.agencies import suspension
from tests.cli.command import Invented, Stac, a_row, asked, referral_row, referred, screened
from tests.databases import add_settings

WHY = ("--why", "Its register moves this week.")

EXAMPLE = Path(__file__).parents[3] / "docs" / "agencies" / "examples" / "housing"


def test_the_installed_agencies_are_listed_without_a_record_and_without_a_user(tmp_path: Path) -> None:
    stac = Stac(tmp_path / "nothing-here")
    answer = stac("agency", "list", "--json", user=None).json
    assert {"advocacy", "health", "police", "probation"} <= {agency["code"] for agency in answer["agencies"]}
    assert answer["note"] == WITHOUT_RECORD
    assert "victim-voice" in stac("agency", "list", user=None).out
    assert "victim-voice" in stac("agency", "list").out
    assert not stac.home.exists()


def test_an_agency_that_the_settings_suspend_is_listed_as_suspended(stac: Stac) -> None:
    add_settings(stac.home, 'suspended_agencies = ["health"]\n')
    there = {a["code"]: a["suspended"] for a in stac("agency", "list", "--json", user=None).json["agencies"]}
    assert there["health"] is True
    assert there["police"] is False


def test_a_suspension_shows_without_a_user_and_how_they_stand_only_with_one(stac: Stac) -> None:
    assert stac("agency", "suspend", "health", *WHY).code == 0
    answer = stac("agency", "list", "--json", user=None).json
    of = {agency["code"]: agency for agency in answer["agencies"]}
    assert of["health"]["suspended"] is True
    assert of["health"]["suspension"]["by"] == "demo"
    assert of["police"]["suspension"] is None
    assert "figures" not in of["health"]
    assert answer["note"] == WITHOUT_USER
    assert answer["limits_on_this_machine"] is None
    as_user = stac("agency", "list", "--json").json
    assert as_user["note"] is None
    assert "network" in {limit["name"] for limit in as_user["limits_on_this_machine"]}
    assert all("figures" in agency for agency in as_user["agencies"])


def test_how_each_stands_is_told_in_counts_and_names_no_case(
    stac_with_extracts: tuple[Stac, Invented], tmp_path: Path
) -> None:
    stac, invented = stac_with_extracts
    (reference,) = referred(stac, tmp_path, referral_row(invented.referral()))
    screened(stac, reference)
    asked(stac, reference)
    rows = {agency["code"]: agency for agency in stac.json("agency", "list")["agencies"]}
    assert rows["police"]["figures"]["last_success_at"] is not None
    assert rows["health"]["figures"]["waiting"] == 1
    assert rows["health"]["median_hours_to_release"] is None
    assert rows["police"]["extract_dated"] is not None
    assert rows["police"]["level"] == "not checked"
    assert rows["police"]["limits"][0]["enforced"] == "yes"
    out = stac("agency", "list").out
    assert "1, 0 of them overdue" in out
    assert "No agency is suspended, misconfigured, failing or silent." in out
    diagnostics = json.dumps(stac.json("agency", "list", "--diagnostics"))
    assert '"waiting": 1' in diagnostics
    surname = invented.referral().perpetrator.surname
    assert surname
    for planted in (reference, surname, "demo", str(stac.home)):
        assert planted not in diagnostics
    for planted in (reference, surname):
        assert planted not in out
        assert planted not in json.dumps(rows)


def test_an_extract_that_cannot_be_read_makes_a_failing_agency(
    stac_with_extracts: tuple[Stac, Invented], tmp_path: Path
) -> None:
    stac, invented = stac_with_extracts
    (stac.home / "agencies" / "health" / "agency-settings.toml").write_text("= nothing")
    (reference,) = referred(stac, tmp_path, referral_row(invented.referral()))
    screened(stac, reference)
    asked(stac, reference)
    out = stac("agency", "list").out
    assert "health is failing: Its plugin failed when it was last asked" in out
    health = next(a for a in stac.json("agency", "list")["agencies"] if a["code"] == "health")
    assert health["failures_by_reason"] == {"the agency's records could not be read": 1}
    assert "agency-settings.toml" in health["extract"]


def test_suspend_and_resume_say_what_they_did(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    assert stac("agency", "suspend", "health", *WHY).out == (
        "health is suspended and receives no requests. To resume it: stac agency resume health\n"
    )
    screened(stac, reference)
    asked(stac, reference)
    assert stac("agency", "resume", "health", *WHY).out == (
        "health is resumed; the runner sends it requests on 1 open case that lacks its response\n"
    )
    assert stac.json("audit", "verify")["ok"] is True


@pytest.mark.parametrize("user", ["ana", "max", "health-1"])
def test_whoever_may_not_suspend_is_told_who_may(stac: Stac, user: str) -> None:
    findings = stac("agency", "suspend", "health", *WHY, user=user)
    assert findings.code == 1
    assert findings.err == (
        "you may not suspend or resume an agency; administrator or chair or coordinator may\n"
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("suspend", "hospital", *WHY), "agency: no agency has this code; choose one of: advocacy"),
        (("suspend", "health", "--why", " "), "reason: write 1 to"),
        (("resume", "health", *WHY), "agency: 'health' is not suspended in the record"),
    ],
)
def test_a_wrong_word_is_refused_in_one_sentence(stac: Stac, given: tuple[str, ...], sentence: str) -> None:
    findings = stac("agency", *given)
    assert findings.code == 1
    assert findings.err.startswith(sentence)
    assert findings.err.count("\n") == 1
    assert stac("agency", *given, "--json").json["error"].startswith(sentence)


def test_suspending_needs_a_user(stac: Stac) -> None:
    assert stac("agency", "suspend", "health", *WHY, user=None).code == 2


def test_that_no_reason_was_given_is_kept_as_that(stac: Stac) -> None:
    assert stac.json("agency", "suspend", "health")["why"] == "no reason was given"
    assert stac.json("agency", "resume", "health")["suspension"]["why"] == "no reason was given"


def test_a_chase_is_recorded_and_shown_to_the_agency_s_people(
    stac_with_extracts: tuple[Stac, Invented], tmp_path: Path
) -> None:
    stac, invented = stac_with_extracts
    (reference,) = referred(stac, tmp_path, referral_row(invented.referral()))
    screened(stac, reference)
    asked(stac, reference)
    findings = stac("response", "chase", reference, "--agency", "health", "--how", "telephone")
    assert findings.out == f"health was reminded of {reference} (telephone); its practitioners see it\n"
    items = stac.json("worklist", user="health-1")["items"]
    assert any("by demo, by phone." in item["why"] for item in items)
    assert not any("by demo" in item["why"] for item in stac.json("worklist", user="advocacy-1")["items"])


def test_chasing_what_was_never_asked_or_in_no_known_way_is_refused(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    findings = stac("response", "chase", reference, "--agency", "health")
    assert (findings.code, findings.err) == (
        1,
        f"you cannot view request {reference} to health, or it does not exist; this agency was not asked\n",
    )
    assert stac("response", "chase", reference, "--agency", "health", "--how", "pigeon").code == 2
    assert stac("response", "chase", reference).code == 2


def test_a_suspended_agency_that_cannot_be_listed_is_told_all_the_same(stac: Stac) -> None:
    with stac.runtime() as runtime:
        suspension.suspend(
            runtime.context(find_user(uow=runtime.uow, name="demo").acting()),
            installed=("housing",),
            agency="housing",
            why="It is gone.",
        )
    assert "housing is suspended and no longer installed" in stac("agency", "list", user=None).out
    assert stac.json("agency", "list")["suspended_and_not_listed"] == ["housing"]


def test_one_bad_plugin_blinds_nobody(stac_with_extracts: tuple[Stac, Invented], tmp_path: Path) -> None:
    stac, invented = stac_with_extracts
    folder = stac.home / "agencies.d" / "housing"
    shutil.copytree(EXAMPLE, folder)
    with (folder / "agency.toml").open("a") as manifest:
        manifest.write("\ncolour = 1\n")
    shutil.copytree(EXAMPLE, stac.home / "agencies.d" / "police")
    (reference,) = referred(stac, tmp_path, referral_row(invented.referral()))
    screened(stac, reference)
    asked(stac, reference)

    shown = {answer["agency"]: answer for answer in stac.json("case", "show", reference)["answers"]}
    assert {code for code, answer in shown.items() if answer["state"] == "failed"} == {"housing", "police"}
    assert shown["probation"]["state"] != "failed"
    assert [row["reference"] for row in stac.json("case", "list")["referrals"]] == [reference]
    lines = {f"{item['reference']}: {item['what']}": item["why"] for item in stac.json("worklist")["items"]}
    assert "limits.colour" in lines["housing: Review the agency: misconfigured"]
    assert "two packages announce it" in lines["police: Review the agency: misconfigured"]
    answer = {agency["code"]: agency for agency in stac.json("agency", "list")["agencies"]}
    assert [trouble["trouble"] for trouble in answer["housing"]["troubles"]] == ["misconfigured"]
    assert (answer["housing"]["name"], answer["housing"]["level"]) == ("Housing", "not checked")
    assert answer["health"]["troubles"] == []
    assert (
        "housing cannot receive requests: its manifest cannot be used"
        in stac("agency", "list", user=None).out
    )

    (folder / "agency.toml").write_text((EXAMPLE / "agency.toml").read_text())
    shutil.rmtree(stac.home / "agencies.d" / "police")
    asked(stac, reference)
    after = {answer["agency"]: answer for answer in stac.json("case", "show", reference)["answers"]}
    assert after["police"]["state"] != "failed"
    assert after["housing"]["was_shown"][:2] == ["reference", "day of asking"]
