"""A chair's case, from the referral to a plan with owners and dates."""

from __future__ import annotations

import json
from pathlib import Path

from engine.clock import SystemClock
from tests.cli.command import AGENCIES, Invented, Stac, asked, referral_row, referred, screened

FIRST_DAY, SECOND_DAY = (f"{SystemClock().today().year + 1}-{month:02}-01" for month in (1, 2))
JUDGED = ("violence", "persistence", "recurrence", "psychosocial harm")


def test_a_case_goes_from_referral_to_plan(stac_with_extracts: tuple[Stac, Invented], tmp_path: Path) -> None:
    stac, invented = stac_with_extracts
    (reference,) = referred(stac, tmp_path, referral_row(invented.referral()))

    # Before a person has screened it, the chair sees that nobody knows whether it is safe, and no agency.
    case = stac.json("case", "show", reference, user="chair")
    assert case["warning"] == "not screened: not known to be safe"
    assert case["answers"] == []
    early = stac("conference", "open", reference, user="chair")
    assert (early.code, "allowed now: screen" in early.err) == (1, True)

    screened(stac, reference)
    asked(stac, reference)
    for agency in AGENCIES:
        if stac("response", "show", reference, user=f"{agency}-1").code == 0:
            assert stac("response", "release", reference, user=f"{agency}-1").code == 0
    case = stac.json("case", "show", reference, user="chair")
    assert case["state"] == "ready for conference"
    assert {answer["state"] for answer in case["answers"]} <= {"contribution", "nil return"}

    # Facts are there; levels and reasons of other agencies wait for the conference.
    health = next(answer for answer in case["answers"] if answer["agency"] == "health")
    assert health["findings"]
    assert all(answer["views"] == [] for answer in case["answers"])
    assert [item["kind"] for item in stac.json("worklist", user="chair")["items"]] == ["chair"]

    assert stac.json("conference", "open", reference, user="chair")["state"] == "in conference"
    decision = tmp_path / "decision.json"
    decision.write_text(
        json.dumps(
            {
                "judgements": [
                    {"domain": domain, "level": "high", "reasons": "Invented."} for domain in JUDGED
                ],
                "confidence": "moderate",
                "alternatives": "Invented: a warning was considered.",
                "summary": "Invented: safety first, then an order.",
                "dissent": [{"agency": "health", "who": "A. Example", "reasons": "Invented: moderate."}],
            }
        )
    )
    decided = stac.json("conference", "decide", reference, str(decision), user="chair")
    assert decided["not_seen"] == {}

    plan = tmp_path / "plan.json"
    plan.write_text(
        json.dumps(
            {
                "reason": "Agreed in the conference.",
                "actions": [
                    {
                        "what": "Ask for an order.",
                        "agency": "police",
                        "owner": "A. One",
                        "due": FIRST_DAY,
                    },
                    {"what": "See him.", "agency": "health", "owner": "B. Two", "due": SECOND_DAY},
                ],
            }
        )
    )
    assert stac.json("plan", "update", reference, str(plan), user="chair")["plan_state"] == "draft"

    # The plan is in delivery once the chair approves it, and the victim's voice comes before that.
    refused = stac("plan", "approve", reference, user="chair")
    assert refused.code == 1
    assert "The victim's wishes are not recorded: record them, or sign why not." in refused.err
    case = stac.json("case", "show", reference, user="advocacy-1")
    assert case["state"] == "decided"
    for line in case["plan"]["gate"]:
        if line["status"] == "not recorded":
            given = ("plan", "record-voice", reference, line["need"], "--version", "1")
            follows = ("--follows",) if line["need"] == "victim's wishes" else ()
            safe = ("--result", "safe") if line["need"] == "safety check" else ()
            stac.json(*given, *follows, *safe, user="advocacy-1")
    assert stac("plan", "approve", reference, user="chair").code == 0

    # What everybody on the case now reads: who does what by when, what the panel saw, and who disagreed.
    case = stac.json("case", "show", reference, user="police-1")
    assert case["state"] == "plan in delivery"
    assert [(a["agency"], a["owner"], a["due"]) for a in case["plan"]["actions"]] == [
        ("police", "A. One", FIRST_DAY),
        ("health", "B. Two", SECOND_DAY),
    ]
    assert set(case["decision"]["saw"]) == set(AGENCIES)
    assert case["decision"]["dissent"][0]["agency"] == "health"
    assert [move["act"] for move in case["history"]][-4:] == [
        "open conference",
        "decide",
        "plan",
        "approve plan",
    ]
    assert stac("audit", "verify").code == 0
