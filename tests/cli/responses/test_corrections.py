"""`stac correction`: asking the coordinator or chair, and its answer."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import Stac, a_row, referred, screened


def test_an_agency_asks_the_desk_and_is_told(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference)
    ask = ("correction", "request", reference, "referral", "--owner", "desk", "--what", "The day is wrong.")
    request = stac.json(*ask, user="police-1")["reference"]
    assert "No corrections that concern you." in stac("correction", "list", reference, user="health-1").out
    findings = stac("correction", "respond", request, "--refuse", "--why", "The caller said so.")
    assert "Refused: The caller said so." in findings.out
    assert "Refused" in stac("correction", "list", reference, user="police-1").out
    findings = stac(
        "correction", "request", reference, "finding-1", "--owner", "health", "--what", "So.", user="police-1"
    )
    assert (findings.code, "none that you can view" in findings.err) == (1, True)
