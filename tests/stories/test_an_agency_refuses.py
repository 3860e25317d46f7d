"""An agency declines to answer, and every page says that it did: not that it holds nothing."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import Invented, Stac, asked, referral_row, referred, screened


def test_a_refusal_is_shown_as_a_refusal_with_its_ground(
    stac_with_extracts: tuple[Stac, Invented], tmp_path: Path
) -> None:
    stac, invented = stac_with_extracts
    (reference,) = referred(stac, tmp_path, referral_row(invented.referral()))
    screened(stac, reference)
    asked(stac, reference)
    prepared = stac.json("response", "show", reference, user="health-1")["answer"]

    ground, sentence = "duty of confidence outweighs", "We may not say whether we hold anything."
    assert (
        stac("response", "create", reference, "--refuse", ground, "--says", sentence, user="health-1").code
        == 0
    )

    for user in ("demo", "chair", "police-1"):
        page = stac("case", "show", reference, user=user).out
        assert "Health: refused" in page
        assert f"Health refused ({ground}): {sentence}" in page
        assert "Nil return from Health" not in page
        shown = {a["agency"]: a for a in stac.json("case", "show", reference, user=user)["answers"]}["health"]
        assert (shown["state"], shown["findings"]) == ("refused", [])
        # What its plugin had found went nowhere.
        assert all(finding["says"] not in page for finding in prepared["findings"])
    row = stac.json("case", "list")["referrals"][0]
    assert {a["agency"]: a["state"] for a in row["answers"]}["health"] == "refused"
    assert "1 refused" in stac("case", "list").out
