"""Patterns of shared things and places: each fires on its case, and not on the one beside it."""

from __future__ import annotations

from tests.engine.links.given import a_register, found, incidents, not_judged

ONE = incidents(("I1", "P1", "V1", ""))


def test_a_perpetrator_and_another_with_one_phone_and_no_common_incident_are_told() -> None:
    (one,) = found(a_register(ONE + "\nP1,T1,uses,,,\nP2,T1,uses,,,"), "proxy")
    assert one.persons == ("P1", "P2")
    assert one.path == ("P1", "T1", "P2")
    assert (
        "By the records as they are joined now, P2 was not named against a victim of P1."
        in one.counter_evidence
    )
    assert one.compared is not None
    assert (one.compared.one_side, one.compared.other_side) == (("V1",), ())


def test_a_second_perpetrator_against_the_same_victim_is_said() -> None:
    register = a_register(ONE + "\n" + incidents(("I2", "P2", "V1", "")) + "\nP1,T1,uses,,,\nP2,T1,uses,,,")
    (one,) = found(register, "proxy")
    assert "P2 was named as perpetrator against the same victim in 1 incident" in one.says
    assert one.incidents == ("I2",)


def test_people_of_one_incident_are_no_proxy_of_one_another() -> None:
    register = a_register(ONE + "\nP2,I1,involved,witness,,\nP1,T1,uses,,,\nP2,T1,uses,,,")
    assert found(register, "proxy") == ()


def test_nothing_flows_along_a_shared_thing_to_somebody_who_is_only_a_victim() -> None:
    register = a_register(ONE + "\n" + incidents(("I2", "P3", "V2", "")) + "\nP1,T1,uses,,,\nV2,T1,uses,,,")
    assert found(register, "proxy") == ()


def test_two_who_never_were_perpetrators_are_no_proxy() -> None:
    register = a_register(ONE + "\nP2,T1,uses,,,\nP3,T1,uses,,,")
    assert found(register, "proxy") == ()


def test_two_users_share_a_thing_and_one_does_not() -> None:
    register = a_register("P1,T1,uses,,,\nP2,T1,uses,,,\nP1,T2,uses,,,")
    (one,) = found(register, "shared-object")
    assert one.persons == ("P1", "P2")
    assert one.path == ("P1", "T1", "P2")
    assert one.counter_evidence[0].startswith("A shared object does not show an association")


def test_a_thing_of_very_many_users_is_told_and_not_taken_for_shared() -> None:
    many = "\n".join(f"P{number},T1,uses,,," for number in range(51))
    register = a_register(ONE.replace("P1", "P50") + "\n" + many)
    assert found(register, "shared-object") == ()
    assert "T1 (phone) has 51 users" in not_judged(register, "shared-object")[0]
    assert found(register, "proxy") == ()


def test_three_accounts_of_one_person_are_many_and_two_are_not() -> None:
    register = a_register("P1,A1,uses,,,\nP1,A2,uses,,,\nP1,T1,uses,,,\nP2,A3,uses,,,\nP2,A4,uses,,,")
    (one,) = found(register, "many-handles")
    assert one.persons == ("P1",)
    assert one.says == "P1 used 3 means of contact (A1, A2, T1)."


def test_a_victim_who_changed_their_number_again_and_again_is_not_told() -> None:
    register = a_register(ONE + "\nV1,T1,uses,,,\nV1,T2,uses,,,\nV1,T3,uses,,,\nV1,T4,uses,,,")
    assert found(register, "many-handles") == ()


def test_two_incidents_of_one_perpetrator_at_a_place_repeat() -> None:
    register = a_register(
        incidents(("I1", "P1", "V1", ""), ("I2", "P1", "V2", "")) + "\nI1,W1,at,,,\nW1,I2,of,,,"
    )
    (one,) = found(register, "repeat-location")
    assert one.path == ("P1", "I1", "W1", "I2")
    assert one.persons == ("P1", "V1", "V2")


def test_two_incidents_of_one_victim_by_different_people_at_a_place_repeat() -> None:
    register = a_register(
        incidents(("I1", "P1", "V1", ""), ("I2", "P2", "V1", "")) + "\nI1,W1,at,,,\nI2,W1,at,,,"
    )
    (one,) = found(register, "repeat-location")
    assert "V1 was named as victim in 2 incidents at W1" in one.says
    assert "by different people" in one.says


def test_incidents_of_strangers_at_a_place_do_not_repeat() -> None:
    register = a_register(
        incidents(("I1", "P1", "V1", ""), ("I2", "P2", "V2", "")) + "\nI1,W1,at,,,\nI2,W1,at,,,"
    )
    assert found(register, "repeat-location") == ()


def test_a_register_without_things_says_what_it_lacks() -> None:
    register = a_register(ONE)
    assert "holds no phone" in not_judged(register, "shared-object")[0]
    assert "holds no place" in not_judged(register, "repeat-location")[0]
    assert "holds no phone" in not_judged(register, "many-handles")[0]
