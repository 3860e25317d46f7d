"""Shared searches and maps: read by the recipient's rights, ended with the owner's."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.worklists import SHARED_ITEM
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.links.arrangements import MapNote, MapNotes, Placed
from engine.domain.links.maps import MapAsked
from engine.domain.links.saved_searches import AroundQuestion, PathQuestion, PatternQuestion
from engine.domain.links.sharing import ShareAct, SharedItem
from engine.services.access import restrictions
from engine.services.accounts import users
from engine.services.cases.worklists import worklist
from engine.services.links import maps as link_maps
from engine.services.links import saved_searches, sharing
from tests.builders import Desk
from tests.engine.services.links.test_saved_searches import (
    PHONE,
    WHY,
    alerts,
    perpetrator_of,
    screen,
    tied,
    watching,
)


def share(desk: Desk, reference: str, recipient: str = "ana", acting: Acting | None = None) -> None:
    sharing.share_with(
        desk.context(acting or desk.coordinator),
        snapshots=desk.runtime.link_snapshots,
        reference=reference,
        recipient=recipient,
    )


def received(desk: Desk, acting: Acting) -> tuple[SharedItem, ...]:
    return alerts(desk, acting).shared


def lines(desk: Desk, acting: Acting) -> list[str]:
    """The worklist's lines about what is shared."""
    view = worklist(desk.context(acting), snapshots=lambda: desk.runtime.link_snapshots)
    return [f"{item.what}: {item.why}" for item in view.items if item.kind == SHARED_ITEM]


@pytest.fixture
def ana(desk: Desk) -> Acting:
    return desk.add("ana", Role.ANALYST)


@pytest.fixture
def cases(desk: Desk) -> tuple[str, ...]:
    """Two cases with one phone, open to the analyst."""
    there = desk.refer(tied("1", PHONE), tied("2", PHONE)).referrals
    screen(desk, *there)
    return there


def test_question_and_count_are_the_recipients_and_the_owners_reason_stays_the_owners(
    desk: Desk, ana: Acting, cases: tuple[str, ...]
) -> None:
    (third,) = desk.refer(tied("3", PHONE)).referrals  # not screened: the analyst may not know of it
    him = perpetrator_of(desk, cases[0])
    search = watching(desk, AroundQuestion(reference=him))
    pattern = watching(desk, PatternQuestion(pattern="shared-object"))
    path = watching(desk, PathQuestion(a=cases[0], b=cases[1]))
    for each in (search, pattern, path):
        share(desk, each.reference)
        share(desk, each.reference, "chair")
    by_ana, by_chair = ({each.reference: each for each in received(desk, who)} for who in (ana, desk.chair))
    assert by_ana[search.reference].title == f"new neighbours within 2 links of {him}"
    counted = [each[search.reference].matches or 0 for each in (by_chair, by_ana)]
    assert counted[0] > counted[1] > 0
    assert by_ana[path.reference].matches == by_chair[path.reference].matches == 1
    assert all(each.is_new and each.owner == desk.coordinator.user for each in by_ana.values())
    assert by_ana[pattern.reference].matches is None, "each page's navigation reads this"
    opened = sharing.open_shared(
        desk.context(ana), snapshots=desk.runtime.link_snapshots, reference=pattern.reference
    )
    assert (opened.matches or 0) > 0
    seen = str([by_ana, opened])
    assert WHY not in seen
    assert third not in seen
    assert perpetrator_of(desk, third) not in seen


def test_a_shared_map_has_no_item_that_its_recipient_may_not_know(
    desk: Desk, ana: Acting, cases: tuple[str, ...]
) -> None:
    (hidden,) = desk.refer(tied("3", PHONE)).referrals
    asked = MapAsked(
        start=cases[0],
        opened=(cases[1], hidden),
        hidden=(perpetrator_of(desk, hidden),),
        placed=(Placed(node=hidden, x=1, y=1),),
        unfolded=(f"place:{hidden}",),
        unbundled=(hidden,),
        notes=MapNotes(caption="Roe", on_items=(MapNote(node=hidden, text="Roe"),)),
    )
    saved = link_maps.save_map(desk.context(desk.coordinator), name="Roe", asked=asked)
    share(desk, saved.reference)
    (shown,) = received(desk, ana)
    assert shown.asked == MapAsked(start=cases[0], opened=(cases[1],))
    assert "Roe" not in shown.model_dump_json()
    link_maps.forget_map(desk.context(desk.coordinator), reference=saved.reference)
    assert received(desk, ana) == ()


def test_one_refusal_for_every_reason_that_lies_with_the_other_person(
    desk: Desk, ana: Acting, cases: tuple[str, ...]
) -> None:
    desk.add("max", Role.MANAGER)
    desk.add("gone", Role.ANALYST)
    users.set_active(desk.context(desk.coordinator), name="gone", active=False)
    (closed,) = desk.refer(tied("3", PHONE)).referrals
    search = watching(desk, AroundQuestion(reference=closed))
    said = set()
    for recipient in ("ana", "max", "gone", "nobody", desk.coordinator.user):
        with pytest.raises(InvalidInputError) as refused:
            share(desk, search.reference, recipient)
        said.add(str(refused.value))
    assert len(said) == 1
    for reference, acting in ((search.reference, ana), ("Q-2222222", desk.coordinator)):
        with pytest.raises(NotFoundError):
            share(desk, reference, "chair", acting)
    with pytest.raises(NotPermittedError):
        share(desk, search.reference, "chair", Acting(user="max", role=Role.MANAGER))


def _restricted(desk: Desk, cases: tuple[str, ...]) -> None:
    restrictions.restrict(desk.context(desk.chair).with_agencies(()), reference=cases[0], why=WHY)


def _disabled(desk: Desk, cases: tuple[str, ...]) -> None:
    users.set_active(desk.context(desk.coordinator), name="bea", active=False)


def _another_role(desk: Desk, cases: tuple[str, ...]) -> None:
    users.change_role(desk.context(desk.coordinator), name="bea", role=Role.CHAIR)


@pytest.mark.parametrize("loses", [_restricted, _disabled, _another_role])
def test_it_ends_with_the_owners_access(
    desk: Desk, cases: tuple[str, ...], loses: Callable[[Desk, tuple[str, ...]], None]
) -> None:
    bea = desk.add("bea", Role.ANALYST)
    search = watching(desk, AroundQuestion(reference=cases[0]), bea)
    share(desk, search.reference, "chair", bea)
    assert len(received(desk, desk.chair)) == len(lines(desk, desk.chair)) == 1
    loses(desk, cases)
    assert received(desk, desk.chair) == ()
    assert lines(desk, desk.chair) == []
    with pytest.raises(NotFoundError):
        sharing.open_shared(
            desk.context(desk.chair), snapshots=desk.runtime.link_snapshots, reference=search.reference
        )


def test_it_is_new_until_it_is_opened_and_gone_when_either_of_the_two_says_so(
    desk: Desk, ana: Acting, cases: tuple[str, ...]
) -> None:
    one, other, third = (watching(desk, AroundQuestion(reference=each)) for each in (*cases, cases[0]))
    for each in (one, other, third):
        share(desk, each.reference)
    assert alerts(desk, ana).news == 3
    by = f"{desk.coordinator.user} has shared it with you."
    assert lines(desk, ana) == [
        f"Open {each.reference} on the Links page: {by}" for each in (one, other, third)
    ]
    assert lines(desk, desk.chair) == [], "it is not shared with everyone"
    here: dict[str, Any] = {"context": desk.context(ana)}
    sharing.open_shared(**here, snapshots=desk.runtime.link_snapshots, reference=one.reference)
    assert alerts(desk, ana).news == len(lines(desk, ana)) == 2
    sharing.remove_shared(**here, reference=other.reference)
    sharing.end_share(desk.context(desk.coordinator), reference=one.reference, recipient="ana")
    saved_searches.end_query(desk.context(desk.coordinator), reference=third.reference)
    assert received(desk, ana) == ()
    assert lines(desk, ana) == []
    for gone in (
        lambda: sharing.remove_shared(**here, reference=one.reference),
        lambda: sharing.end_share(desk.context(desk.coordinator), reference=other.reference, recipient="ana"),
    ):
        with pytest.raises(NotFoundError):
            gone()
    share(desk, other.reference)
    assert [each.is_new for each in received(desk, ana)] == [True]
    with desk.runtime.uow.unrecorded() as work:
        acts = [json.loads(entry.body)["what"] for entry in work.audit.entries()]
    assert [acts.count(f"{act} a shared search or map") for act in ("open", "remove")] == [1, 1]
    assert (acts.count("share a search or map"), acts.count("end a share")) == (4, 1)


def test_a_line_goes_when_its_reader_may_not_see_the_subject_any_more(
    desk: Desk, ana: Acting, cases: tuple[str, ...]
) -> None:
    for case in cases:
        share(desk, watching(desk, AroundQuestion(reference=case), desk.chair).reference, acting=desk.chair)
    assert len(lines(desk, ana)) == 2
    _restricted(desk, cases)
    (left,) = lines(desk, ana)
    assert received(desk, ana)[0].reference in left
    users.change_role(desk.context(desk.coordinator), name="ana", role=Role.MANAGER)
    assert lines(desk, ana.model_copy(update={"role": Role.MANAGER})) == []


@pytest.mark.parametrize("end", [ShareAct.ENDED, ShareAct.REMOVED])
def test_a_share_that_ended_while_it_was_being_opened_stays_ended(
    desk: Desk, ana: Acting, cases: tuple[str, ...], end: ShareAct
) -> None:
    search = watching(desk, AroundQuestion(reference=cases[0]))
    share(desk, search.reference)
    with desk.context(ana).writing("open a shared search or map") as work:
        (there,) = work.links.shares.received_by("ana")
        for act in (end, ShareAct.OPENED):  # the order in which PostgreSQL may commit the two
            work.links.shares.store(there.model_copy(update={"act": act}))
    assert received(desk, ana) == ()
    assert sharing.my_shares(desk.context(desk.coordinator)) == ()


def test_a_deleted_map_an_ended_search_and_a_repeated_share_do_not_count_as_shared(
    desk: Desk, ana: Acting, cases: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "MOST_SHARED", 1)
    context = desk.context(desk.coordinator)
    saved = link_maps.save_map(context, name="Roe", asked=MapAsked(start=cases[0]))
    share(desk, saved.reference)
    link_maps.forget_map(context, reference=saved.reference)
    ended = watching(desk, AroundQuestion(reference=cases[0]))
    share(desk, ended.reference)
    saved_searches.end_query(context, reference=ended.reference)
    assert sharing.my_shares(context) == ()
    search = watching(desk, AroundQuestion(reference=cases[1]))
    share(desk, search.reference)
    share(desk, search.reference)
    with pytest.raises(InvalidInputError, match="end one first"):
        share(desk, search.reference, "chair")
    assert [each.item for each in sharing.my_shares(context)] == [search.reference]
