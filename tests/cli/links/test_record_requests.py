"""`stac links record-request`: who asks the agency, and for which agency."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import Stac
from tests.cli.test_sharing import nil_by_hand


def test_a_request_to_an_agency_names_the_agency_of_its_sender(stac: Stac, tmp_path: Path) -> None:
    case = nil_by_hand(stac, tmp_path)
    rule = ("--audience", "owner only", "--otherwise", "stub", "--why", "They may ask us.")
    assert stac("sharing", "set", case, "*", *rule, user="police-1").code == 0
    asked = ("links", "record-request", "create", case, "--agency", "police", "--purpose", "case conference")
    for user in ("health-1", "chair"):
        assert stac(*asked, user=user).code == 0
    listing = ("links", "record-request", "list")
    name = stac.json(*listing, user="police-1")["agency_names"]["health"]
    said = stac(*listing, user="police-1").out
    (line,) = [line for line in said.splitlines() if "health-1" in line]
    assert name.split()[0] in line.partition("health-1")[2]
    (line,) = [line for line in said.splitlines() if "chair" in line]
    assert name.split()[0] not in line
