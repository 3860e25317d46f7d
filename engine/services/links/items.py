"""Questions to the record's links by conditions: asked of what one person may see, listed by reference.

It ranks no person: people are in the order of their references, and a count is given only to those who may
have a measure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from pydantic import ValidationError

from engine.access.policy import May, require
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.links.exported_maps import ExportedMap
from engine.domain.links.items_question import ItemFound, ItemsFound, ItemsQuestion, Listed
from engine.domain.links.views import LinkNode
from engine.domain.plans.lists import TableForm
from engine.exchange.table_files import table_file
from engine.links.kinds import Role
from engine.links.queries import Entities, Linked, Query, answered
from engine.links.record_kinds import link_numbers, record_kinds
from engine.links.viewer_register import ViewerRegister
from engine.services.access.checks import permitted_links
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.services.links.export import TABLES
from engine.services.links.measurable import measurable
from engine.services.links.neighbourhood import looking
from engine.services.links.register import viewer_register
from engine.services.links.snapshots import LinkSnapshots
from engine.store.unit_of_work import Work

MOST_LISTED = 200
_COLUMNS = ("reference", "item", "links")
_Values: TypeAlias = Mapping[int, int | None]


def kinds_of_links() -> tuple[str, ...]:
    """Return the kinds of links of people, for a page that offers a choice."""
    return tuple(sort.kind for sort in record_kinds().links if "person" in sort.first)


def items_question(given: Mapping[str, object]) -> ItemsQuestion:
    """Read the conditions of a form; what was left blank is no condition. Raises InvalidInputError."""
    filled = {name: each for name, each in given.items() if each not in (None, "")}
    if isinstance(to := filled.get("to"), str):
        filled["to"] = to.strip().upper()
    try:
        return ItemsQuestion.model_validate(filled)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        wants = {"to": "give a reference such as P-7K3M9QV", "grade": "give a grade such as 1A or 2BP"}
        place = str(fault["loc"][0]) if fault["loc"] else "question"
        text = wants.get(place, fault["msg"].removeprefix("Value error, "))
        raise InvalidInputError("question", text) from None


def check_link(question: ItemsQuestion) -> None:
    """Check that the kind of link exists. Raises InvalidInputError."""
    if question.link is not None:
        link_numbers((question.link,))


def ask_items(context: Context, *, question: ItemsQuestion, snapshots: LinkSnapshots) -> ItemsFound:
    """Return the items that meet the conditions of one question, within this person's access.

    Raises
    ------
    InvalidInputError
        The kind of link does not exist.
    NotFoundError
        What the question names does not exist for the person who acts.
    """
    with looking(context, "ask about links") as work:
        found = _found(work, context, question, snapshots)
        work.notes(find=question.find.value, by=question.asks_by, items=found.number)
        return found


def export_items(
    context: Context, *, question: ItemsQuestion, form: TableForm, why: str, snapshots: LinkSnapshots
) -> ExportedMap:
    """Return what one question lists as a table, for a written reason. Raises as ``ask_items`` does."""
    require(May.EXPORT_LINKS, context.acting)
    reason = written_reason(why)
    with context.writing("export answers about links") as work:
        found = _found(work, context, question, snapshots)
        work.links.queries.store_export(form=form, why=reason, by=context.acting.user, at=context.clock.now())
        work.notes(form=form, find=question.find.value, by=question.asks_by, items=len(found.items))
    rows = [(each.reference, each.label, _in_cell(each.links)) for each in found.items]
    content = table_file(_COLUMNS, rows, sheet="Items", form=form)
    return ExportedMap(file_name=f"{question.find}.{form}", media_type=TABLES[form], content=content)


def _in_cell(links: int | None) -> str | int:
    return "no count" if links is None else links


def items_in(register: ViewerRegister, question: ItemsQuestion) -> _Values:
    """Return the rows of a viewer's register that meet a question, each with its number of others.

    Empty where what it names has no links for this viewer. Part of a larger use case.
    """
    check_link(question)
    other = Entities()
    if question.to is not None:
        row = register.find(question.to)
        if row is None:
            return {}
        other = Entities(id=(register.entities.ids[row],))
        if question.find is not Listed.PEOPLE and not question.to.startswith("P-"):
            other = Entities(type=("person",), linked=(Linked(to=other),))
    linked = Linked(
        to=other,
        kind=None if question.link is None else (question.link,),
        role=None if question.role is None else (Role[question.role.name],),
        since=question.since,
        until=question.until,
        grade=question.grades or None,
        at_least=1,
    )
    return answered(register, Query(find=Entities(type=(question.find.node.value,)), count=linked))


def _found(work: Work, context: Context, question: ItemsQuestion, snapshots: LinkSnapshots) -> ItemsFound:
    cut = work.links.cut(permitted_links(work, context.acting, on=context.clock.today()))
    if question.to is not None and work.links.find(question.to, cut) is None:
        raise NotFoundError("node", question.to)
    opened = viewer_register(work, context.acting, context.clock, snapshots)
    values = items_in(opened.register, question)
    rows = list(values)[:MOST_LISTED]
    named = opened.register.named(rows)
    counted = _counted(work, context, question, [reference for reference, _ in named], snapshots)
    items = [
        ItemFound(reference=reference, label=label, links=values[row] if reference in counted else None)
        for row, (reference, label) in zip(rows, named, strict=True)
    ]
    return ItemsFound(
        question=question,
        items=tuple(sorted(items, key=lambda item: item.reference)),
        number=len(values),
        snapshot_at=opened.seen.made_at,
        changed_since=opened.seen.changed,
    )


def _counted(
    work: Work, context: Context, question: ItemsQuestion, references: Iterable[str], snapshots: LinkSnapshots
) -> frozenset[str]:
    """Return those that may have a count beside them."""
    kind = question.find.node
    nodes = [LinkNode(id=each, kind=kind, label=each) for each in references]
    return frozenset(measurable(work, context, nodes, snapshots))
