"""`stac sar`: from a request to the two files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Stac, a_row, referred, screened

ADDRESS = "3 Fennel Row, ZZ98 1AA"


@pytest.fixture
def office(stac: Stac) -> Stac:
    """A home with a data-protection officer."""
    assert stac("user", "create", "dora", "--role", "data-protection officer").code == 0
    return stac


def opened(stac: Stac, *whom: str) -> str:
    """A request with identity and address."""
    request: str = stac.json("sar", "create", *whom, user="dora")["reference"]
    assert stac("sar", "verify-identity", request, "--how", "Passport seen.", user="dora").code == 0
    findings = stac("sar", "set-address", request, user="dora", stdin=ADDRESS)
    assert (findings.code, ADDRESS in findings.out) == (0, False)
    return request


def test_a_person_gives_two_files_and_the_reply_names_nothing(office: Stac, tmp_path: Path) -> None:
    (reference,) = referred(office, tmp_path, a_row())
    screened(office, reference)
    person = office.json("case", "show", reference)["perpetrator"]["reference"]
    request = opened(office, person)
    findings = office("sar", "request", request, "--controller", "police", user="dora")
    assert (findings.code, "record the safety check first" in findings.err) == (1, True)
    safety = ("sar", "safety-check", request, reference, "--safe")
    assert office(*safety, user="police-1").code == 1
    assert office(*safety, user="advocacy-1").code == 0
    assert office("sar", "request", request, "--controller", "our-record", user="dora").code == 0
    assert "A referral named you as perpetrator" in office("sar", "review", user="demo").out
    assert office("sar", "review", request, user="demo").code == 0

    folder = tmp_path / "out"
    folder.mkdir()
    written = office.json("sar", "export", person, "--to", str(folder), user="dora")
    reply, schedule = Path(written["draft-reply"]), Path(written["internal-schedule"])
    assert reply.stat().st_mode & 0o777 == 0o600
    assert "neither confirm nor deny" in reply.read_text()
    assert reference not in reply.read_text()
    assert reference in schedule.read_text()
    assert "NEVER FOR THE REQUESTER" in schedule.read_text()
    findings = office("sar", "release", request, "--to", str(folder), user="dora")
    assert (findings.code, "it lacks an answer of" in findings.err) == (1, True)


def test_nobody_else_lists_or_writes_and_nobody_known_reads_the_same(office: Stac, tmp_path: Path) -> None:
    request = opened(office, "--forename", "Any", "--surname", "Body", "--born", "1990-01-02")
    for user in ("demo", "chair", "police-1", "max", "ana"):
        assert office("sar", "list", user=user).code == 1
        assert office("sar", "export", request, "--to", str(tmp_path), user=user).code == 1
    assert list(tmp_path.glob("*-Y-*")) == []
    assert request in office("sar", "list", user="dora").out
    findings = office("sar", "export", request, "--to", str(tmp_path / "nowhere"), user="dora")
    assert (findings.code, "--to must be an existing folder" in findings.err) == (2, True)
