"""The sign-in page: a choice on this machine, and otherwise what there is to configure."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard import record
from engine.domain.accounts.sign_ins import SignInEnd
from engine.services.accounts.passwords import give_start_password
from engine.services.accounts.sign_ins import end_sign_in
from tests.builders import Desk, a_desk
from tests.dashboard.visits import Visits, referred


def test_whoever_is_not_signed_in_sees_the_choice_and_nothing_of_a_case(desk: Desk, visits: Visits) -> None:
    reference = referred(desk)
    visit = visits(None, ref=reference)
    assert "Sign in as Cora" in visit.words
    assert "sign-in checks no password" in visit.words
    assert reference not in visit.words
    assert "Amira" not in visit.words


def test_a_browser_elsewhere_is_offered_nobody(desk: Desk, visits: Visits) -> None:
    visits.connection.headers.clear()
    words = visits(None).words
    assert "Sign in as" not in words
    assert "works only in a browser on the machine" in words


def test_a_token_from_elsewhere_opens_nothing(desk: Desk, visits: Visits) -> None:
    visits.connection.headers.clear()
    assert "Worklist" not in visits(desk.coordinator).words


def test_without_the_development_sign_in_the_page_says_what_to_configure(
    tmp_path: Path, visits: Visits
) -> None:
    with a_desk(tmp_path / "other") as other:
        record.use(other.runtime)
        words = visits(other.coordinator).words
    assert "Sign-in is not set up" in words
    assert "development_sign_in = true" in words
    assert "Sign in as" not in words


def test_a_home_without_a_record_is_told_in_a_plain_sentence(
    tmp_path: Path, visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    record.use(None)
    monkeypatch.setenv("STAC_HOME", str(tmp_path / "empty"))
    assert "run 'stac init' first" in visits(None).words


def test_a_user_who_was_signed_out_elsewhere_is_out_at_the_next_run(desk: Desk, visits: Visits) -> None:
    visit = visits(desk.coordinator)
    assert "Worklist" in visit.words
    end_sign_in(**desk.common, token=visit.token)
    assert "Worklist" not in visit.run().words


def test_a_record_of_real_people_asks_for_a_password_and_offers_nobody(desk: Desk, visits: Visits) -> None:
    give_start_password(desk.context(desk.coordinator), name="cora")
    visit = visits(None)
    assert "User name" in visit.words
    assert "Sign in as" not in visit.words
    assert "New password" not in visit.words


def test_who_signed_in_for_the_first_time_is_asked_for_a_password_of_their_own(
    desk: Desk, visits: Visits
) -> None:
    give_start_password(desk.context(desk.coordinator), name="cora")
    visit = visits(None)
    visit.app.query_params["why"] = "new"
    words = visit.run().words
    assert "only the first time" in words
    assert "Confirm the new password" in words


def test_a_page_that_was_locked_says_so(desk: Desk, visits: Visits) -> None:
    visit = visits(desk.coordinator)
    end_sign_in(**desk.common, token=visit.token, because=SignInEnd.LOCKED)
    assert "The page was locked because it was not used for some time" in visit.run().words
