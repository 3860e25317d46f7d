"""Captions and notes on maps: stored with a saved map, on its pictures, checked, erased with their case."""

from __future__ import annotations

import pytest

from engine.domain.errors import InvalidInputError
from engine.domain.links.arrangements import Arrangement, Grouping, Placed
from engine.domain.links.maps import MapAsked, PathAsked
from engine.domain.links.saved_searches import AroundQuestion
from engine.domain.links.views import NodeKind
from engine.services.links.export import export_path
from engine.services.links.maps import draw_map, noted, recent_maps, save_map, saved_maps
from engine.services.links.saved_searches import save_query
from engine.services.vault.typed_texts import texts_to_see_to
from tests.builders import SAFE_PHONE, Desk, in_one_entry
from tests.engine.services.links.test_maps import PHONE, PROTECTED, drawn, exported, of_kind, screened, tied

pytestmark = pytest.mark.whose_is_said

OF_ONE = "07700 900456"


def with_texts(desk: Desk, case: str, *, on: NodeKind = NodeKind.PHONE) -> MapAsked:
    made = drawn(desk, case)
    return noted(made.asked, caption=" As told  on Monday ", node=of_kind(made, on)[0], note="Ask about it")


def test_a_saved_map_has_its_notes_its_groups_and_its_places(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", PHONE)).referrals
    asked = with_texts(desk, case).changed(
        arranged=Arrangement.TIME,
        grouped_by=Grouping.KIND,
        placed=(Placed(node="kind:phone", x=1, y=2),),
        unfolded=("kind:person",),
        bundles=False,
        unbundled=("kind:phone",),
    )
    save_map(desk.context(desk.coordinator), name="Monday", asked=asked)
    (saved,) = saved_maps(desk.context(desk.coordinator))
    assert saved.asked == asked
    assert saved.asked.notes.caption == "As told on Monday"
    assert asked.shows_the_same(MapAsked(start=case, hops=3))


def test_the_texts_are_on_every_picture_and_in_no_other_file(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", PHONE)).referrals
    asked = with_texts(desk, case)
    picture = exported(desk, asked, "svg").content
    assert b"As told on Monday" in picture
    assert b"Ask about it" in picture
    assert b"Ask about it" not in exported(desk, asked, "graphml").content


def test_a_note_is_changed_and_removed_and_bounded(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", PHONE)).referrals
    asked = with_texts(desk, case)
    (note,) = asked.notes.on_items
    changed = noted(asked, caption="", node=note.node, note="Seen")
    assert [each.text for each in changed.notes.on_items] == ["Seen"]
    assert noted(changed, caption="", node=note.node, note=" ").notes == MapAsked(start=case).notes
    for text in ("x" * 121, "two\x07bells", "\u202eback"):
        with pytest.raises(InvalidInputError, match="note"):
            noted(asked, caption="", node=note.node, note=text)
    for number in range(49):
        asked = noted(asked, caption="", node=f"P-{number}", note="One")
    with pytest.raises(InvalidInputError, match="50 notes already"):
        noted(asked, caption="", node="P-50", note="One more")


@pytest.mark.parametrize("where", ["caption", "note"])
def test_a_text_that_repeats_a_protected_detail_is_queued_when_it_leaves(desk: Desk, where: str) -> None:
    (case,) = desk.refer(tied("1", PHONE, protected=PROTECTED)).referrals
    screened(desk, case)
    texts = {"caption": "", "note": "", where: f"Call {SAFE_PHONE}"}
    asked = noted(MapAsked(start=case, hops=3), node=case, **texts)
    assert texts_to_see_to(desk.context(desk.chair)) == ()
    exported(desk, asked, "svg")
    (queued,) = texts_to_see_to(desk.context(desk.chair))
    assert queued.involvement == case


def test_notes_go_when_the_case_of_their_item_is_erased(desk: Desk) -> None:
    first, second = desk.refer(tied("1", PHONE), tied("2", PHONE)).referrals
    screened(desk, first, second)
    made = drawn(desk, first)
    (person,) = [each.node.id for each in made.nodes if each.node.label == "Dan Perp2"]
    (phone,) = of_kind(made, NodeKind.PHONE)
    asked = noted(made.asked, caption="Both", node=person, note="Of the other case")
    asked = noted(asked, caption="Both", node=phone, note="Of both")
    save_map(desk.context(desk.coordinator), name="Both", asked=asked)
    exported(desk, asked, "svg")
    with in_one_entry(desk.runtime) as work:
        work.erasing.of_desk(second, "X-1")
    (saved,) = saved_maps(desk.context(desk.coordinator))
    assert [note.text for note in saved.asked.notes.on_items] == ["Of both"]
    with desk.runtime.uow.unrecorded() as work:
        (taken,) = work.links.maps.taken_out()
    assert isinstance(taken.asked, MapAsked)
    assert (taken.why, taken.asked.notes.caption) == ("Erased (X-1).", "Erased (X-1).")
    assert taken.asked.notes.on_items == ()


def test_what_is_said_of_a_thing_goes_with_the_only_case_that_has_it(desk: Desk) -> None:
    first, second = desk.refer(tied("1", PHONE), tied("2", PHONE, OF_ONE)).referrals
    screened(desk, first, second)
    (shared,) = of_kind(drawn(desk, first), NodeKind.PHONE)
    (own,) = set(of_kind(drawn(desk, second), NodeKind.PHONE)) - {shared}
    asked = noted(MapAsked(start=first), caption="", node=own, note="Of the other case")
    asked = noted(asked, caption="", node=shared, note="Of both")
    context, snapshots = desk.context(desk.coordinator), desk.runtime.link_snapshots
    for name, each in (("Noted", asked), ("Own", MapAsked(start=own)), ("Shared", MapAsked(start=shared))):
        save_map(context, name=name, asked=each)
    for reference in (own, shared):
        question = AroundQuestion(reference=reference)
        save_query(context, question=question, why="Ask about it", snapshots=snapshots)
    with in_one_entry(desk.runtime) as work:
        work.erasing.of_desk(second, "X-1")
    saved = {each.name: each.asked for each in saved_maps(context)}
    assert sorted(saved) == ["Noted", "Shared"]
    assert [note.text for note in saved["Noted"].notes.on_items] == ["Of both"]
    with desk.runtime.uow.unrecorded() as work:
        whys = [query.why for query in work.links.queries.all()]
    assert whys == ["Erased (X-1).", "Ask about it"]


@pytest.mark.parametrize("gone", [0, 1], ids=["its start", "its end"])
def test_the_reason_of_a_path_is_checked_and_goes_with_the_case_of_either_end(desk: Desk, gone: int) -> None:
    cases = desk.refer(tied("1", PHONE, protected=PROTECTED), tied("2", PHONE)).referrals
    screened(desk, *cases)
    with desk.runtime.uow.unrecorded() as work:
        start, end = (work.people.on_cases([each])[0].reference for each in cases)
    export_path(
        desk.context(desk.coordinator),
        asked=PathAsked(start=start, end=end),
        form="graphml",
        why=f"Dan Perp1 rings on {SAFE_PHONE}",
        snapshots=desk.runtime.link_snapshots,
    )
    (queued,) = texts_to_see_to(desk.context(desk.chair))
    assert queued.involvement == cases[0]
    with in_one_entry(desk.runtime) as work:
        work.erasing.of_desk(cases[gone], "X-1")
    with desk.runtime.uow.unrecorded() as work:
        (taken,) = work.links.maps.taken_out()
    assert isinstance(taken.asked, PathAsked)
    assert (taken.why, taken.middle, taken.asked.end) == ("Erased (X-1).", start, end)


def test_a_picture_on_a_case_page_is_no_recent_map(desk: Desk) -> None:
    first, second = desk.refer(tied("1", PHONE), tied("2", PHONE)).referrals
    context, snapshots = desk.context(desk.coordinator), desk.runtime.link_snapshots
    draw_map(context, asked=MapAsked(start=first), snapshots=snapshots, with_patterns=False)
    assert recent_maps(context) == ()
    drawn(desk, second)
    assert [each.reference for each in recent_maps(context)] == [drawn(desk, second).middle]
    drawn(desk, first)
    assert len(recent_maps(context)) == 2
