"""``stac plan propose``: the four agencies that ship, over invented extracts, and what one withholds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.command import Invented, Stac, asked, referral_row, referred, screened

HIGH = {
    "kind": "contribution",
    "matched_on": {"says": "by PNC ID", "confirmed": True},
    "findings": [
        {"key": "one", "says": "A report was held.", "records": [{"record": "IN-1", "kind": "report"}]}
    ],
    "views": [
        {
            "domain": "persistence",
            "level": "high",
            "reasons": "Invented: the contact went on after an arrest.",
            "recorded_by": {"name": "Ines Madeup", "post": "Sergeant"},
            "recorded_on": "2026-02-27",
        }
    ],
}


def prepared(stac: Stac, reference: str, user: str) -> set[str]:
    """The library's items among what waits for the release of this person's agency."""
    findings = stac("response", "show", reference, "--json", user=user)
    if findings.code:
        return set()
    return {action["library"] for action in findings.json["answer"]["proposed_actions"]}


def ruled(stac: Stac, reference: str, *audience: str) -> None:
    given = ("--why", "Invented.", "--necessity", "Invented.")
    findings = stac(
        "sharing", "set", reference, "view:persistence", "--audience", *audience, *given, user="police-1"
    )
    assert findings.code == 0, findings


def test_each_agency_proposes_from_its_records_and_only_from_what_it_may_see(
    stac_with_extracts: tuple[Stac, Invented], tmp_path: Path
) -> None:
    stac, invented = stac_with_extracts
    (reference,) = referred(stac, tmp_path, referral_row(invented.referral()))
    screened(stac, reference)
    asked(stac, reference)
    (tmp_path / "police.json").write_text(json.dumps(HIGH))
    stac.json("response", "create", reference, str(tmp_path / "police.json"), user="police-1")
    for agency in ("health", "probation", "advocacy"):
        stac("response", "release", reference, user=f"{agency}-1")
    stac.json("conference", "open", reference, user="chair")

    ruled(stac, reference, "owner only")
    stac.json("plan", "propose", reference, user="chair")
    without = prepared(stac, reference, "health-1")
    ruled(stac, reference, "panel")
    answer: dict[str, Any] = stac.json("plan", "propose", reference, user="chair")

    # what health may see of the police led to this, and nothing else did
    assert prepared(stac, reference, "health-1") - without == {"psychological-intervention"}
    assert answer["agencies"]["health"]["proposed_actions"] == []
    assert "has released none" in answer["agencies"]["health"]["asked_for_actions"]
    assert "stalking-protection-order" in prepared(stac, reference, "police-1")
    assert stac("response", "release", reference, user="health-1").code == 0
    out = stac("plan", "propose", reference, user="chair").out
    assert "Health offers to see whether a psychological intervention for stalking is suitable." in out
    assert "[psychological-intervention]" in out
    assert "police-1" not in out


def test_an_agency_may_not_ask_for_the_others_actions(stac: Stac, tmp_path: Path) -> None:
    from tests.cli.command import a_row

    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference)
    refused = stac("plan", "propose", reference, user="health-1")
    assert refused.code == 1
    assert "you may not ask agencies" in refused.err
