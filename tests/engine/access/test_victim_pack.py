"""The pack for a victim reads in the order in which it was written."""

from __future__ import annotations

from datetime import date

from engine.access.victim_pack import Allowed, Offered, written


def test_a_direction_mark_in_an_action_is_shown_as_such() -> None:
    action = Offered(what="Ka\u202ete changes the locks.", due=date(2026, 3, 20))
    allowed = Allowed(
        reference="R-7K3M9QV", conference_on=None, review_on=None, actions=(action,), words=(), events=()
    )
    assert "- Ka\ufffdte changes the locks. (by 20 March 2026)" in written(allowed, on=date(2026, 3, 2)).text
