"""The address of the Links page: what it has, what it never has, and what a refresh draws again."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.domain.people.same_person import SameVerdict
from engine.services.people.same_person import judge_same
from tests.builders import Desk, a_person
from tests.dashboard.views.links.test_explore import labels, linked
from tests.dashboard.visits import Visit, Visits, referred


def codes(visit: Visit) -> dict[str, str]:
    """What the address has."""
    given = visit.app.query_params.items()
    return {name: value if isinstance(value, str) else value[-1] for name, value in given}


def asked(visit: Visit, text: str) -> Visit:
    visit.app.text_input(key="search-text-links").input(text)
    return visit.press("search-ask-links")


def again(visits: Visits, acting: Acting, address: Mapping[str, str]) -> Visit:
    """The same address in a session that knows nothing, as after a refresh."""
    return visits(acting, Place.LINKS, codes=address)


def found(visit: Visit, name: str) -> str:
    """The reference of the first result for a name."""
    asked(visit, name)
    key = next(str(each.key) for each in visit.app.button if str(each.key).startswith("links-from-"))
    return key.removeprefix("links-from-")


def test_a_map_that_began_by_a_search_is_drawn_again_by_its_address(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    linked(desk)
    visit = visits(desk.coordinator, Place.LINKS)
    person = found(visit, "Daniel Roe")
    assert codes(visit) == {}
    visit.press(f"links-from-{person}")
    assert codes(visit) == {"ref": person}
    drawn = labels(visit)
    assert "Daniel Roe" in drawn
    assert labels(again(visits, desk.coordinator, codes(visit))) == drawn


def test_the_number_of_links_round_the_start_is_in_the_address(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    visit = visits(desk.coordinator, Place.LINKS, linked(desk))
    visit.app.selectbox(key="links-hops-0-0").select(1)
    visit.run()
    assert codes(visit)["hops"] == "1"
    narrow = labels(visit)
    assert labels(again(visits, desk.coordinator, codes(visit))) == narrow
    wide = {**codes(visit), "hops": "99999"}
    assert labels(again(visits, desk.coordinator, wide)) > narrow


def test_a_path_is_drawn_again_by_its_two_references(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    linked(desk)
    linked(desk, "2", perpetrator=a_person("Rex", "Yarn"), victim=a_person("Nadia", "Ode"))
    visit = visits(desk.coordinator, Place.LINKS)
    ends = [found(visit, name) for name in ("Daniel Roe", "Rex Yarn")]
    asked(visit, "path from Daniel Roe to Rex Yarn")
    assert codes(visit) == dict(zip(("ref", "end"), ends, strict=True))
    assert "Daniel Roe to Rex Yarn: 2 links" in visit.words
    refreshed = again(visits, desk.coordinator, codes(visit))
    assert "Daniel Roe to Rex Yarn: 2 links" in refreshed.words
    refreshed.press("links-path-back")
    assert codes(refreshed) == {}
    assert "No map yet." in refreshed.words


def test_nothing_typed_and_nothing_refused_enters_the_address(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = linked(desk)
    visit = visits(desk.coordinator, Place.LINKS, reference)
    before, drawn = codes(visit), labels(visit)
    for typed in ("Daniel Roe", "07700 900123", "path from A to", "path to Nobody", "P-7K3M9Q", "R-2222222"):
        asked(visit, typed)
        assert codes(visit) == before, typed
    assert "Problem." in visit.words
    assert labels(visit) == drawn


def test_an_address_that_may_not_be_known_draws_the_same_as_one_that_does_not_exist(
    desk: Desk, visits: Visits
) -> None:
    hidden = referred(desk)
    outsider = desk.add("pat", Role.PRACTITIONER, "harbour")
    for address in (
        {"ref": hidden},
        {"ref": hidden, "end": "P-2222222"},
        {"ref": "R-2222222", "end": hidden},
    ):
        unknown = {name: "R-2222222" if ref == hidden else ref for name, ref in address.items()}
        visit, other = (again(visits, outsider, each) for each in (address, unknown))
        assert "Problem." in visit.words
        assert visit.words.replace(hidden, "R-2222222") == other.words
        assert codes(visit) == address


def test_an_end_that_is_another_record_of_one_person_is_explained(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    cases = (
        linked(desk),
        linked(desk, "2", perpetrator=a_person("Dan", "Ro"), victim=a_person("Nadia", "Ode")),
    )
    with desk.runtime.uow.unrecorded() as work:
        (one, victim), (other, _) = (
            [each.reference for each in work.people.on_cases([case])] for case in cases
        )
    context = desk.context(desk.coordinator)
    judge_same(context, one=one, other=other, verdict=SameVerdict.SAME, why="Seen.")
    visit = again(visits, desk.coordinator, {"ref": other, "end": victim})
    assert f"{other} is shown as Daniel Roe ({one}). They are records of one person." in visit.words
    visit = again(visits, desk.coordinator, {"ref": one, "end": victim})
    assert "is shown as" not in visit.words
    visit = again(visits, desk.coordinator, {"ref": other, "end": one})
    assert f"Both ends are Daniel Roe ({one}), so there is no path between them." in visit.words
    assert "0 links" not in visit.words
