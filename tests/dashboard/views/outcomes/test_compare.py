"""Compare: differences as ranges in plain sentences, and no word of effect."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboard.views.outcomes as views
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


INVENTED = "The cases in this release are invented. They are not cases of this record."


def one_page(page: str, is_invented: bool) -> None:
    """One page of a release, of invented cases or of real ones."""
    from dashboard.views.outcomes import compare, count_tables, reoffending
    from tests.dashboard.views.outcomes.released import A_RELEASE, TODAY

    release = A_RELEASE.model_copy(update={"is_invented": is_invented})
    if page == "compare":
        compare.draw(release)
    elif page == "reoffending":
        reoffending.draw(release, today=TODAY)
    else:
        count_tables.draw_title("Title", "Note", release, today=TODAY)


@pytest.mark.parametrize("is_invented", [True, False])
@pytest.mark.parametrize("page", ["compare", "reoffending", "count_tables"])
def test_every_page_of_a_release_says_that_its_cases_are_invented(page: str, is_invented: bool) -> None:
    app = AppTest.from_function(one_page, args=(page, is_invented)).run(timeout=60)
    assert not app.exception
    assert (INVENTED in Visit(app, Connection(), token=None).words) is is_invented


def test_no_module_of_outcomes_reads_a_release_without_the_notice() -> None:
    folder = Path(views.__file__).parent
    reading = [each.stem for each in folder.glob("*.py") if "newest_release" in each.read_text("utf-8")]
    assert sorted(reading) == ["compare", "count_tables", "reoffending"]


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
