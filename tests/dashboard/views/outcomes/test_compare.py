"""Compare: differences as ranges in plain sentences, and no word of effect."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.pages import Place
from dashboard.views.outcomes.compare import _ends, _percent
from engine.domain.accounts.acting import Role
from tests.builders import Desk
from tests.dashboard.visits import Connection, Visit, Visits

pytestmark = pytest.mark.usefixtures("any_clock")


def drawn_page() -> None:
    """The comparisons of a release."""
    from dashboard.views.outcomes.compare import draw
    from tests.dashboard.views.outcomes.released import A_RELEASE

    draw(A_RELEASE)


def test_each_range_is_a_sentence_and_inconclusive_is_not_no_effect() -> None:
    app = AppTest.from_function(drawn_page).run(timeout=30)
    assert not app.exception
    visit = Visit(app, Connection(), token=None)
    text = visit.words
    assert "A comparison does not show what an intervention caused" in text
    assert "between 5 and 30 more had further stalking reported. More reports can mean more trust." in text
    assert "between 1 and 26 fewer had further stalking reported." in text
    assert (
        "between 9 fewer and 15 more had further stalking reported. This does not mean “no effect”." in text
    )
    assert "5 comparisons are counted: each range is 99%, so that" in text
    assert "2 more ▨ Hidden" in text
    assert "The groups are too different to compare." in text
    assert "borough 0.31 to 0.05" in text
    assert "weighted on typology and borough" in text
    assert "Over time: between 0.6 and 1.3 times as many first reports after its first session as" in text
    assert "effective" not in text
    assert "From the release of 30 September 2026, frozen." in text
    assert 't-plain">◇ Inconclusive' in visit.source
    app.selectbox(key="outcomes-by").set_value("borough").run(timeout=30)
    assert "No comparison by borough at referral" in Visit(app, Connection(), token=None).words


def test_a_range_that_begins_or_ends_near_0_has_no_sign_there() -> None:
    assert (_ends(-0.3, 12.4), _ends(-3.6, 0.2)) == ("0 to +12", "-4 to 0")
    assert (_percent(0.99), _percent(1 - 0.05 / 6)) == ("99%", "99.2%")


def test_a_manager_reaches_it_by_its_address(desk: Desk, visits: Visits) -> None:
    visit = visits(desk.add("max", Role.MANAGER), Place.OUTCOMES, codes={"part": "compare"})
    assert "No release yet, so nothing can be compared." in visit.words
