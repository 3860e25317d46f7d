"""A referral's failing number is reported and never costs its row."""

from __future__ import annotations

from engine.domain.people.persons import Identifier, IdentifierScheme
from engine.exchange.rows import ReferralRow, RowFault
from engine.services.people.identifiers import noting_failed_checks
from tests.builders import a_person, a_referral


def a_row(number: int, pnc: str | None) -> ReferralRow:
    return ReferralRow(
        row=number,
        referral=a_referral(victim=a_person("Amira", "Kent"), perpetrator=a_person(pnc=pnc)),
        original="{}",
    )


def test_a_failing_number_is_noted_by_row_and_kind_and_its_row_is_kept() -> None:
    notes: list[str] = []
    fault = RowFault(row=3, column=None, reason="broken", original="{}", alarms=())
    rows: list[ReferralRow | RowFault] = [a_row(2, "2012/0000001A"), fault, a_row(4, "2012/0000001H")]

    stored = list(noting_failed_checks(rows, notes.append))

    assert stored == rows
    assert notes == ["row 2: the PNC ID failed its check; it was stored as given"]


def test_a_victim_s_failing_number_is_noted_too() -> None:
    notes: list[str] = []
    number = Identifier(scheme=IdentifierScheme.NHS, value="9434765918")
    victim = a_person("Amira", "Kent").model_copy(update={"identifiers": (number,)})
    row = ReferralRow(row=2, referral=a_referral(perpetrator=a_person(), victim=victim), original="{}")

    assert list(noting_failed_checks([row], notes.append)) == [row]
    assert notes == ["row 2: the NHS number failed its check; it was stored as given"]


def test_very_many_failing_numbers_are_counted_and_not_all_listed() -> None:
    notes: list[str] = []

    list(noting_failed_checks((a_row(number, "2012/0000001A") for number in range(25)), notes.append))

    assert len(notes) == 21
    assert notes[-1] == "5 more identifiers of this file failed their checks; they were stored as given"
