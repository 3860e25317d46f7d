"""The codes in the address of the Plans page: closed, and what they choose."""

from __future__ import annotations

import pytest

from dashboard.plan_codes import known_codes, page_code, picked_of
from engine.domain.accounts.acting import Acting, Role
from engine.domain.conference.risk import Domain
from engine.domain.plans.lists import DueIn, ListedBy, PlanFilter, Wishes
from engine.domain.plans.versions import PlanState

CHAIR = Acting(user="chair", role=Role.CHAIR)
WORKER = Acting(user="worker", role=Role.PRACTITIONER, agency="harbour")


def test_codes_choose_what_they_name() -> None:
    given = {
        "list": "owner",
        "state": "waiting",
        "agency": "harbour",
        "due": "week-2",
        "domain": "psychosocial-harm",
        "wishes": "departed-from",
        "overdue": "yes",
        "page": "3",
    }
    picked = picked_of(CHAIR, known_codes(CHAIR, given, agencies=["harbour"]))
    assert picked.wanted(CHAIR) == PlanFilter(
        state=PlanState.WAITING,
        agency="harbour",
        due=DueIn.WEEK_2,
        serves=Domain.PSYCHOSOCIAL_HARM,
        wishes=Wishes.DEPARTED,
        overdue=True,
    )
    assert (picked.listed_by, picked.page) == (ListedBy.OWNER, 3)


def test_what_is_no_code_chooses_all() -> None:
    typed = dict.fromkeys(("list", "state", "agency", "due", "domain", "wishes", "overdue"), "Amira Kent")
    codes = known_codes(CHAIR, {**typed, "page": "0"}, agencies=["harbour"])
    assert set(codes.values()) == {""}
    assert picked_of(CHAIR, codes).wanted(CHAIR) == PlanFilter()


def test_a_practitioner_begins_with_the_own_actions_and_may_choose_the_agencys() -> None:
    assert picked_of(WORKER, known_codes(WORKER, {}, agencies=[])).view == "mine"
    picked = picked_of(WORKER, known_codes(WORKER, {"list": "agency"}, agencies=[]))
    assert picked.wanted(WORKER).agency == "harbour"


@pytest.mark.parametrize("code", [None, "", "1", "0", "-2", "x", "2.5", "\u00b2", "123456"])
def test_a_page_that_is_no_later_page_has_no_code(code: str | None) -> None:
    assert page_code(code) == ""


def test_a_later_page_has_its_number() -> None:
    assert page_code("12") == "12"
