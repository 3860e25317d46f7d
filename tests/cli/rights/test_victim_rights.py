"""`stac case roles` and `stac victim info-request`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import Stac, a_row, referred, screened

ASK = (
    *("--agency", "health", "--what", "Contacts this year", "--why", "To see whether she was hurt"),
    *("--necessary", "Nobody else holds them", "--handled", "Read by the chair"),
)


def test_a_request_goes_from_the_desk_by_the_chair_to_the_agency(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference)
    request = stac.json("victim", "info-request", "create", reference, *ASK)["reference"]
    assert request.startswith("H-")
    assert (
        stac("victim", "info-request", "list", reference, user="health-1").out
        == "No requests within your access.\n"
    )
    decide = ("victim", "info-request", "decide", request, "--met", "--why", "A line of enquiry")
    findings = stac(*decide, user="chair")
    assert (findings.code, "notice" in findings.err) == (1, True)
    findings = stac(*decide, "--notice-on", "2026-03-02", "--notice-how", "By her advocate", user="chair")
    assert "the panel has not assessed who the victim is" in findings.err
    unmade = stac(*decide, "--no-notice", "It would warn him", user="chair")
    assert "give the name and office of the authorised person" in unmade.err
    made = (*decide, "--authorised", "DC A. Example, Example Police", "--no-notice", "It would warn him")
    assert "made by DC A. Example" in stac(*made, user="chair").out
    findings = stac(
        "victim", "info-request", "respond", request, "--why", "We hold no such thing", user="health-1"
    )
    assert "The agency responds on the case." in findings.out


def test_counselling_and_the_victims_own_advocate_are_refused_in_a_sentence(
    stac: Stac, tmp_path: Path
) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference)
    findings = stac("victim", "info-request", "create", reference, *ASK, "--agency", "advocacy")
    assert (findings.code, "this agency represents the victim" in findings.err) == (1, True)
    request = stac.json(
        "victim", "info-request", "create", reference, *ASK, "--counselling", "It holds the only date"
    )
    assert request["given"]["is_counselling"]


def test_the_roles_of_a_case_are_shown_and_assessed_by_the_chair(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference)
    findings = stac("case", "roles", "show", reference)
    assert findings.out == f"{reference}  the victim's role is claimed, and not contradicted\n"
    assess = ("case", "roles", "assess", reference, "--primary", "--why", "He called first.")
    assert "open the conference first" in stac(*assess, user="chair").err
    assert stac("conference", "open", reference, user="chair").code == 0
    assert stac(*assess).code == 1
    assert stac(*assess, user="chair").out == f"{reference}: the claimed roles are primary\n"
    assert "assessed by the panel as primary" in stac("case", "roles", "show", reference).out
