"""Patterns of who did what to whom: each fires on its case, and not on the one beside it."""

from __future__ import annotations

import pytest

from engine.links.patterns.scan import scan
from engine.links.patterns.thresholds import thresholds_on
from tests.engine.links.given import TODAY, a_register, everything, found, incidents, not_judged

TWO_VICTIMS = incidents(("I1", "P1", "V1", "2025-01-01"), ("I2", "P1", "V2", "2025-02-11"))


def test_two_victims_of_one_perpetrator_are_a_series() -> None:
    (one,) = found(a_register(TWO_VICTIMS), "serial-perpetrator")
    assert one.says == (
        "P1 was named as perpetrator against 2 people (V1, V2) in 2 incidents between 1 January 2025 and "
        "11 February 2025. By the dates that are recorded, no two of them overlapped in time."
    )
    assert one.persons == ("P1", "V1", "V2")
    assert one.incidents == ("I1", "I2")
    assert one.path == ("V1", "I1", "P1", "I2", "V2")


def test_two_incidents_against_one_victim_are_no_series() -> None:
    register = a_register(incidents(("I1", "P1", "V1", ""), ("I2", "P1", "V1", ""), ("I3", "P2", "V2", "")))
    assert found(register, "serial-perpetrator") == ()


def test_the_number_of_victims_of_a_series_can_be_asked_for() -> None:
    found_ = scan(a_register(TWO_VICTIMS), thresholds_on(TODAY, {"serial_victims": 3}))
    assert not any(found_.findings["serial-perpetrator"])  # type: ignore[index]


def test_overlap_in_time_is_said_when_dates_allow_and_not_judged_when_not() -> None:
    overlapping = incidents(
        ("I1", "P1", "V1", "2025-01-01"), ("I2", "P1", "V2", "2025-02-01"), ("I3", "P1", "V1", "2025-03-01")
    )
    (one,) = found(a_register(overlapping), "serial-perpetrator")
    assert "Those against V1 and V2 overlapped in time." in one.says
    (other,) = found(
        a_register(incidents(("I1", "P1", "V1", ""), ("I2", "P1", "V2", ""))), "serial-perpetrator"
    )
    assert "Without dates, an overlap in time could not be judged." in other.says


def test_roles_on_links_between_two_people_count_as_incidents() -> None:
    register = a_register("""
        P1,V1,harassed,perpetrator,2025-01-01,
        V2,P1,was followed by,victim,2025-02-01,
    """)
    (one,) = found(register, "serial-perpetrator")
    assert one.persons == ("P1", "V1", "V2")
    assert one.incidents == ("link-1", "link-2")
    assert one.path == ("V1", "P1", "V2")


def test_a_victim_of_two_incidents_is_a_repeat_victim_and_of_one_is_not() -> None:
    register = a_register(incidents(("I1", "P1", "V1", ""), ("I2", "P2", "V1", ""), ("I3", "P1", "V2", "")))
    (one,) = found(register, "repeat-victim")
    assert one.persons[0] == "V1"
    assert one.incidents == ("I1", "I2")


def test_an_incident_with_nobody_named_as_perpetrator_still_makes_a_repeat_victim() -> None:
    (one,) = found(a_register(incidents(("I1", "", "V1", ""), ("I2", "", "V1", ""))), "repeat-victim")
    assert "no person named as perpetrator" in one.says


def test_two_perpetrators_against_one_victim_are_several_and_one_twice_is_not() -> None:
    register = a_register(
        incidents(
            ("I1", "P1", "V1", ""), ("I2", "P2", "V1", ""), ("I3", "P3", "V2", ""), ("I4", "P3", "V2", "")
        )
    )
    (one,) = found(register, "several-perpetrators")
    assert one.persons == ("V1", "P1", "P2")
    assert any("acted together" in doubt for doubt in one.counter_evidence)
    assert any("may be one person" in doubt for doubt in one.counter_evidence)


def test_both_roles_anywhere_overlap_and_a_witness_does_not() -> None:
    register = a_register(
        incidents(("I1", "P1", "V1", ""), ("I2", "V1", "V2", "")) + "\nP1,I2,involved,witness,,"
    )
    (one,) = found(register, "role-overlap")
    assert one.persons == ("V1",)
    assert one.path == ("I2", "V1", "I1")


def test_both_roles_in_one_incident_overlap_too() -> None:
    (one,) = found(a_register("P1,I1,involved,Suspect Victim,,\nP2,I1,involved,suspect,,"), "role-overlap")
    assert "in 1 of them both at once" in one.says


def test_each_against_the_other_is_a_counter_allegation_that_makes_nobody_a_perpetrator() -> None:
    register = a_register(incidents(("I1", "P1", "V1", "2025-01-01"), ("I2", "V1", "P1", "2025-02-01")))
    (one,) = found(register, "counter-allegation")
    assert one.says.endswith("A counter-allegation makes neither of them a perpetrator.")
    assert one.path == ("P1", "I1", "V1", "I2", "P1")
    assert (
        "P1 was named first; the order of reports does not show which role is primary."
        in one.counter_evidence
    )


def test_two_against_a_third_make_no_counter_allegation() -> None:
    register = a_register(incidents(("I1", "P1", "V1", ""), ("I2", "V1", "P2", ""), ("I3", "P2", "P1", "")))
    assert found(register, "counter-allegation") == ()


def test_a_professional_who_is_a_victim_is_told_with_whom_they_serve() -> None:
    register = a_register(
        incidents(("I1", "P1", "V1", ""), ("I2", "P1", "V2", "")) + "\nV2,V1,advocate of,,,"
    )
    (one,) = found(register, "professional-targeted")
    assert one.persons == ("V2", "P1", "V1")
    assert "serves V1, whom the same matter concerns" in one.says


@pytest.mark.parametrize(("kind", "number"), [("Social worker", 1), ("advocates", 1), ("neighbour", 0)])
def test_a_profession_may_be_the_type(kind: str, number: int) -> None:
    register = a_register(incidents(("I1", "P1", "N1", "")), more=f"N1,{kind},,,,")
    assert len(found(register, "professional-targeted")) == number


def test_a_kind_of_link_with_underscores_marks_a_professional_too() -> None:
    register = a_register(incidents(("I1", "P1", "V1", "")) + "\nV1,V2,Works_With,,,")
    assert [each.persons for each in found(register, "professional-targeted")] == [("V1", "P1")]


def test_a_professional_who_is_no_victim_is_not_told() -> None:
    register = a_register(incidents(("I1", "P1", "V1", "")) + "\nP3,V1,advocate of,,,")
    assert found(register, "professional-targeted") == ()


def test_a_mark_of_no_is_no_mark_of_a_professional() -> None:
    marked = "V1,person,yes,,,\nV2,person,no,,,"
    register = a_register(incidents(("I1", "P1", "V1", ""), ("I2", "P1", "V2", "")), more=marked)
    (one,) = found(register, "professional-targeted")
    assert one.persons[0] == "V1"


def test_links_suspected_to_be_false_are_no_evidence_and_their_number_is_told() -> None:
    register = a_register(TWO_VICTIMS + "\nP1,I3,involved,perpetrator,,2E C\nV3,I3,involved,victim,,2E C")
    (one,) = found(register, "serial-perpetrator")
    assert one.persons == ("P1", "V1", "V2")
    assert "1 link of P1 graded E, suspected to be false, left out." in one.counter_evidence


def test_without_roles_nothing_is_silent() -> None:
    register = a_register("P1,I1,involved,,,\nV1,I1,involved,,,")
    assert "No link says who was perpetrator or victim" in not_judged(register, "serial-perpetrator")[0]
    assert not any(everything(register).findings.values())


def test_no_sentence_claims_to_be_certain() -> None:
    patterns_found = everything(a_register(TWO_VICTIMS + "\n" + incidents(("I5", "V1", "P1", "2025-03-01"))))
    text = patterns_found.model_dump_json().casefold()
    assert "certain" not in text
    assert "dangerous" not in text


def test_a_bare_number_is_said_with_its_type_and_kept_as_the_id() -> None:
    described = "\n".join(f"{number},person,,,," for number in (1, 2, 3))
    text = incidents(("I1", "1", "2", ""), ("I2", "1", "3", ""))
    (one,) = found(a_register(text, more=described), "serial-perpetrator")
    assert one.says.startswith("person 1 was named as perpetrator against 2 people (person 2, person 3)")
    assert one.persons == ("1", "2", "3")
