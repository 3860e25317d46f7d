"""Reviews on the command line: what is due and why, what changed, and closing one."""

from __future__ import annotations

import json
from pathlib import Path

from engine.clock import SystemClock
from tests.cli.command import Stac, a_row, referred, screened

JUDGED = ("violence", "persistence", "recurrence", "psychosocial harm")


def test_a_breach_makes_a_review_due_until_it_is_closed_and_stays_on_top_until_police_decide(
    stac: Stac, tmp_path: Path
) -> None:
    today, next_year = SystemClock().today().isoformat(), SystemClock().today().year + 1
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference)
    assert stac("plan", "review", reference).out.endswith("No panel has decided: no review is due.\n")
    stac("conference", "open", reference, user="chair")
    judgements = [{"domain": domain, "level": "moderate", "reasons": "Invented."} for domain in JUDGED]
    file = tmp_path / "decision.json"
    file.write_text(
        json.dumps(
            {
                "judgements": judgements,
                "summary": "Invented.",
                "confidence": "low",
                "review_on": f"{next_year}-05-01",
            }
        )
    )
    stac.json("conference", "decide", reference, str(file), user="chair")
    shown = stac("plan", "review", reference).out
    assert f"next review: 1 May {next_year}" in shown
    assert "No reason for a review now. This does not mean low risk." in shown

    breach = stac.json("incident", "create", reference, "--kind", "breach of order", "--on", today)[
        "incident"
    ]
    stac.json("case", "custody", reference, "released from custody", "--on", today)
    shown = stac("plan", "review", reference).out
    assert "No police decision is recorded on the breach of order" in shown
    assert f"Review brought forward (planned for 1 May {next_year}): Breach of an order" in shown
    assert "Released from custody" in shown
    assert f"[{breach}]" in shown

    closing = ("--decided", "The plan continues.", "--next-review", f"{next_year}-06-01")
    assert stac("plan", "review", reference, "--decided", "So.").code == 2
    assert stac("plan", "review", reference, *closing, user="health-1").code == 1
    assert f"the next is on 1 June {next_year}" in stac("plan", "review", reference, *closing).out
    review = stac.json("plan", "review", reference)
    assert (review["why_due"], review["reviews"][0]["decided"]) == (None, "The plan continues.")
    assert breach in [each["incident"] for each in review["not_decided"]]

    decision = ("--decision", "arrest", "--by", "DS A. Example", "--on", today)
    stac.json("incident", "police-decision", reference, breach, *decision)
    review = stac.json("plan", "review", reference)
    assert breach not in [each["incident"] for each in review["not_decided"]]
