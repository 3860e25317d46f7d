"""Questions by conditions to the record: answered by reference, counted for few, audited by kinds only."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.domain.accounts.acting import Role
from engine.domain.dates import PartialDate
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.links.items_question import NO_ASSOCIATES, ItemsFound
from engine.domain.links.views import NodeKind
from engine.services.links import items as link_items
from engine.services.links import sharing
from engine.services.links.views import view_around
from tests.builders import Desk, a_person, an_incident
from tests.engine.services.links.test_saved_searches import PHONE, WHY, alerts, screen, tied, watching


def found(desk: Desk, **given: str) -> ItemsFound:
    return link_items.ask_items(
        desk.context(desk.coordinator),
        question=link_items.items_question(given),
        snapshots=desk.runtime.link_snapshots,
    )


def thing(desk: Desk) -> str:
    """The reference of the telephone."""
    user = found(desk, find="people", link="uses").items[0].reference
    context = desk.context(desk.coordinator)
    nodes = view_around(context, reference=user, snapshots=desk.runtime.link_snapshots).nodes
    (phone,) = (node.id for node in nodes if node.kind is NodeKind.PHONE)
    return phone


@pytest.fixture
def cases(desk: Desk) -> tuple[str, ...]:
    """Three cases, two of them with one phone; one perpetrator of these may be a child."""
    young = a_person("Dan", "Young").model_copy(update={"date_of_birth": PartialDate("2010-04-09")})
    late = (an_incident("2026-02-26"), an_incident("2026-02-27"))
    return desk.refer(
        tied("1", PHONE), tied("2", PHONE, perpetrator=young, incidents=late), tied("3")
    ).referrals


def test_items_that_meet_conditions_are_listed_by_reference_and_few_have_a_count(
    desk: Desk, cases: tuple[str, ...]
) -> None:
    people = found(desk, find="people", link="involved in")
    references = [each.reference for each in people.items]
    assert references == sorted(references)
    assert people.number == 6
    counts = {each.label: each.links for each in people.items}
    assert counts == {
        "Dan Perp1": 2, "Dan Young": None, "Dan Perp3": 2, "Vic Victim1": None, "Vic Victim2": None,
        "Vic Victim3": None,
    }  # fmt: skip
    phone = thing(desk)
    assert {each.label for each in found(desk, find="people", to=phone.lower()).items} == {
        "Dan Perp1",
        "Dan Young",
    }
    assert {each.reference for each in found(desk, find="referrals", to=phone).items} == set(cases[:2])
    assert found(desk, find="incidents", to=phone).number == 4
    assert found(desk, find="incidents", to=phone, since="2026-02-26").number == 3
    assert found(desk, find="incidents", to=phone, since="2026-02-26", role="witness").number == 0
    assert found(desk, find="people", grade="1A").number == 0
    assert "A link without a date meets every date." in found(desk, find="people", until="2026-02-26").notes


def test_more_than_are_listed_are_counted_and_it_is_said(
    desk: Desk, cases: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_items, "MOST_LISTED", 2)
    some = found(desk, find="people", role="victim")
    assert (len(some.items), some.number) == (2, 3)
    assert some.notes[0].startswith("3 meet the question. 2 are listed")


def test_one_question_is_one_entry_with_kinds_of_conditions_only(desk: Desk, cases: tuple[str, ...]) -> None:
    phone = thing(desk)
    with desk.runtime.uow.unrecorded() as work:
        before = len(list(work.audit.entries()))
    found(desk, find="incidents", to=phone, grade="2B")
    with desk.runtime.uow.unrecorded() as work:
        (entry,) = list(work.audit.entries())[before:]
    assert phone not in entry.body
    assert "2B" not in entry.body
    body = json.loads(entry.body)
    assert body["what"] == "ask about links"
    assert '"by": "to, grade"' in json.dumps(body)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"find": "people", "to": "P-7K3M9QV"}, NO_ASSOCIATES),
        ({"find": "people"}, "give at least one condition"),
        ({"find": "people", "link": "knows"}, "'knows' is not known"),
        ({"find": "incidents", "link": "uses"}, "give a kind of link for people only"),
        ({"find": "people", "to": "her house"}, "give a reference such as P-7K3M9QV"),
        ({"find": "people", "grade": "9Z"}, "give a grade such as 1A or 2BP"),
        (
            {"find": "people", "since": "2026-03-01", "until": "2026-02-01"},
            "the first date is after the last",
        ),
    ],
)
def test_a_question_that_cannot_be_asked_is_one_sentence(
    desk: Desk, given: dict[str, str], sentence: str
) -> None:
    with pytest.raises(InvalidInputError, match=sentence.replace(".", r"\.")):
        found(desk, **given)


def test_who_may_see_no_links_asks_nothing_and_what_is_not_there_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFoundError):
        found(desk, find="incidents", to="P-2222222")
    with pytest.raises(NotPermittedError):
        link_items.ask_items(
            desk.context(desk.add("max", Role.MANAGER)),
            question=link_items.items_question({"find": "people", "role": "victim"}),
            snapshots=desk.runtime.link_snapshots,
        )


def test_a_list_is_exported_with_a_reason_and_without_formulas(desk: Desk, cases: tuple[str, ...]) -> None:
    def exported(why: str) -> bytes:
        return link_items.export_items(
            desk.context(desk.coordinator),
            question=link_items.items_question({"find": "people", "role": "victim"}),
            form="csv",
            why=why,
            snapshots=desk.runtime.link_snapshots,
        ).content

    lines = exported(WHY).decode("utf-8-sig").splitlines()
    assert lines[0] == "reference,item,links"
    assert [each.split(",")[1:] for each in sorted(lines[1:], key=lambda line: line[10:])] == [
        [f"Vic Victim{number}", "no count"] for number in (1, 2, 3)
    ]
    with pytest.raises(InvalidInputError):
        exported(" ")


def test_a_question_is_shared_by_the_recipients_access(desk: Desk, cases: tuple[str, ...]) -> None:
    ana = desk.add("ana", Role.ANALYST)
    screen(desk, *cases[:2])
    search = watching(desk, link_items.items_question({"find": "referrals", "role": "victim"}))
    desk_of: dict[str, Any] = {"snapshots": desk.runtime.link_snapshots, "reference": search.reference}
    sharing.share_with(desk.context(desk.coordinator), **desk_of, recipient="ana")
    (listed,) = alerts(desk, ana).shared
    assert listed.matches is None
    opened = sharing.open_shared(desk.context(ana), **desk_of)
    assert (opened.title, opened.matches) == ("referrals: role victim", 2)
