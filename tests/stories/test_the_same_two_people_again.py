"""A second referral of the same two people, and a counter-allegation: the record proposes, people decide."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.cli.command import Stac, a_file, a_row, referred, screened

HE = {
    "perpetrator_forename": "Perpetua",
    "perpetrator_surname": "Toyson",
    "perpetrator_date_of_birth": "1980-02-03",
    "perpetrator_pnc": "1998/0000123Z",
}


def test_a_second_referral_is_proposed_joined_by_a_persons_word_and_taken_back(
    stac: Stac, tmp_path: Path
) -> None:
    (first,) = referred(stac, tmp_path, a_row("A-1", **HE))
    (second,) = referred(stac, tmp_path, a_row("B-7", source="housing", **HE))
    earlier = stac.json("case", "show", first)["episode"]

    # It is in its own episode; the earlier one is proposed, with what it was found by.
    case = stac.json("case", "show", second)
    own = case["episode"]
    assert own != earlier
    (offer,) = case["offers"]
    assert (offer["episode"], offer["involvements"]) == (earlier, [first])
    assert "an exact identifier" in offer["says"]
    assert f"{earlier}: " in stac("case", "show", second).out

    # It lands there by the co-ordinator's word at screening, with its own incidents beside the earlier ones.
    screened(stac, second, "advice", "--same-episode-as", earlier)
    joined = stac.json("case", "show", second)
    assert joined["episode"] == earlier
    assert len(joined["incidents"]) == 2
    assert {case["episode"] for case in stac.json("case", "list")["referrals"]} == {earlier}

    # Taking the word back undoes it, on both sides.
    answer = stac.json("case", "leave-episode", second, "--why", "Invented: not the same people after all.")
    assert answer["episode"] == own
    assert stac.json("case", "show", second)["episode"] == own
    assert len(stac.json("case", "show", second)["incidents"]) == 1
    assert len(stac.json("case", "show", first)["incidents"]) == 1
    assert {offer["episode"] for offer in stac.json("case", "show", second)["offers"]} == {earlier}


def test_a_name_alone_proposes_nothing(stac: Stac, tmp_path: Path) -> None:
    without = {"perpetrator_date_of_birth": "", "victim_date_of_birth": ""}
    referred(stac, tmp_path, a_row("A-1", **without))
    (second,) = referred(stac, tmp_path, a_row("B-7", **without))
    assert stac.json("case", "show", second)["offers"] == []


def test_a_counter_allegation_makes_nobody_a_perpetrator_and_nobody_a_victim(
    stac: Stac, tmp_path: Path
) -> None:
    (theirs,) = referred(stac, tmp_path, a_row("A-1"))
    (counter,) = referred(
        stac,
        tmp_path,
        a_row(
            "C-1",
            source="solicitor",
            reason="Invented: the other follows.",
            perpetrator_forename="Victoria",
            perpetrator_surname="Hidden",
            perpetrator_date_of_birth="1990-11-12",
            victim_forename="Perpetua",
            victim_surname="Toyson",
            victim_date_of_birth="1980-02-03",
            victim_address="",
        ),
    )
    one, other = stac.json("case", "show", theirs), stac.json("case", "show", counter)

    # Two episodes, neither proposed for joining with the other.
    assert one["episode"] != other["episode"]
    assert one["offers"] == other["offers"] == []

    # In each, a role is what somebody alleges of a person in this episode, and no more.
    for case, said_by in ((one, "helpline"), (other, "solicitor")):
        for claim in (case["perpetrator"], case["victim"]):
            assert (claim["status"], claim["asserted_by"]) == ("alleged", said_by)
    assert named(one["perpetrator"]) == named(other["victim"]) == "Perpetua Toyson"
    assert named(one["victim"]) == named(other["perpetrator"]) == "Victoria Hidden"
    page = stac("case", "show", counter).out
    assert "Perpetrator, alleged (by solicitor): Victoria Hidden" in page
    assert "Victim (by solicitor): Perpetua Toyson" in page

    # Screening the one decides nothing about the other.
    screened(stac, theirs)
    assert stac.json("case", "show", counter)["state"] == "not screened"
    assert stac.json("case", "show", counter)["perpetrator"]["status"] == "alleged"
    assert stac.json("case", "show", theirs)["perpetrator"]["status"] == "alleged"


def test_the_referrer_learns_nothing_of_the_earlier_referral(stac: Stac, tmp_path: Path) -> None:
    referred(stac, tmp_path, a_row("A-1", **HE))
    findings = stac(
        "referral", "import", a_file(tmp_path / "again.csv", a_row("B-7", source="housing", **HE))
    )
    reference = stac.json("case", "list")["referrals"][0]["reference"]
    assert findings.out.splitlines()[1:] == [f"  {reference}"]


def named(person: dict[str, Any]) -> str:
    """The name as the source gave it."""
    return f"{person['described']['forename']} {person['described']['surname']}"
