"""`stac retention`: list, review, hold, erase."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import Stac, a_row, referred, screened


def test_two_people_erase_the_desk_s_part_of_an_ended_case(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    screened(stac, reference, "advice", "--advice", "Keep a diary of what happens.")
    findings = stac("retention", "list", reference)
    assert findings.out == f"{reference}  desk  The case has not ended.\n"
    assert stac("case", "close", reference, "--how", "close", "--why", "Advice was given.").code == 0

    findings = stac("retention", "review", reference, "--why", "Asked for by nobody.", "--erase")
    assert findings.out == f"{reference}, desk: to be erased\n"
    findings = stac("retention", "erase", reference)
    assert (findings.code, findings.err) == (
        1,
        "you may not erase content on another person's decision; another person of the same owner may\n",
    )
    findings = stac("retention", "hold", reference, "--why", "An inquest.", user="chair")
    assert findings.out == f"{reference}, desk: legal hold\n"
    assert "under legal hold" in stac("retention", "erase", reference, user="chair").err
    assert stac("retention", "hold", reference, "--lift", "--why", "Over.", user="chair").code == 0
    made = stac.json("retention", "erase", reference, user="chair")
    assert made["reference"].startswith("X-")
    there = stac.json("retention", "list", reference)
    assert [each["reference"] for each in there["certificates"]] == [made["reference"]]
    counted = next(each for each in made["stays"] if "outcome.offence" in each["columns"])
    assert counted["why"].startswith("figures over all cases count it")
    assert (
        f"\n    stays: {counted['why']} (incident, judgement, outcome)\n"
        in stac("retention", "list", reference).out
    )
    assert stac.json("case", "show", reference)["reason"] == f"Erased ({made['reference']})."
    assert stac("audit", "verify").code == 0


def test_wrong_days_and_owners_are_told_in_a_sentence(stac: Stac, tmp_path: Path) -> None:
    (reference,) = referred(stac, tmp_path, a_row())
    findings = stac("retention", "review", reference, "--why", "So.", "--next", "soon")
    assert (findings.code, "2028-03-01" in findings.err) == (2, True)
    findings = stac("retention", "review", reference, "--why", "So.", "--owner", "police")
    assert (findings.code, findings.out) == (1, "")
    assert stac("retention", "list", user="max").code == 1
