"""Matching of people in the record: the queue, a judgement on two records, its undoing. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import print_json, say
from cli.session import Desk

if TYPE_CHECKING:
    from engine.domain.people.same_person import PersonShown, QueueItem
    from engine.services.people.same_person import SameSaid

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

One = Annotated[str, typer.Argument(metavar="PERSON", help="A person record's reference, such as P-7K3M9QV.")]
Other = Annotated[str, typer.Argument(metavar="OTHER", help="The other person record's reference.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in one line.")]
_NEVER = "A match weight is evidence, not proof: 2 different people can match on every field."


def duplicates(
    desk: Desk,
    place: Annotated[int, typer.Option(min=1, help="The number of the pair in the queue.")] = 1,
    blind: Annotated[bool, typer.Option("--blind", help="Leave out weight, reasons and order.")] = False,
) -> None:
    """Show 2 person records that may be the same person, and how many pairs need review.

    Example: stac person duplicates
    """
    from engine.services.people.same_person import review_queue

    found = review_queue(desk.context, place=place - 1, blind=blind)
    if desk.as_json:
        print_json(found.model_dump(mode="json"))
        return
    if found.item is None:
        say("No pairs to review.")
        return
    say(f"Pair {found.place + 1:,} of {found.total:,} to review")
    _draw(found.item)
    say(_NEVER)


def compare(desk: Desk, one: One, other: Other) -> None:
    """Compare 2 person records, with the evidence for and against one person.

    Example: stac person compare P-7K3M9QV P-2H4N8RX
    """
    from engine.services.people.same_person import compare

    item = compare(desk.context, one=one, other=other)
    if desk.as_json:
        print_json(item.model_dump(mode="json"))
        return
    _draw(item)
    say(_NEVER)


def same(desk: Desk, one: One, other: Other, why: Why) -> None:
    """Decide that 2 person records are of the same person, with a reason. You can undo it.

    Example: stac person same P-7K3M9QV P-2H4N8RX --why "Same PNC number."
    """
    _decide(desk, "same", one, other, why)


def different(desk: Desk, one: One, other: Other, why: Why) -> None:
    """Decide that 2 person records are of different people, with a reason. You can undo it.

    Example: stac person different P-7K3M9QV P-2H4N8RX --why "One was in custody."
    """
    _decide(desk, "not same", one, other, why)


def not_sure(desk: Desk, one: One, other: Other, why: Why) -> None:
    """Record that you are not sure whether 2 person records are of the same person.

    Example: stac person not-sure P-7K3M9QV P-2H4N8RX --why "Only the name agrees."
    """
    _decide(desk, "unsure", one, other, why)


def _decide(desk: Desk, verdict: str, one: str, other: str, why: str) -> None:
    from engine.domain.people.same_person import SameVerdict
    from engine.services.people.same_person import judge_same

    said = judge_same(desk.context, one=one, other=other, verdict=SameVerdict(verdict), why=why)
    _print_decision(said, desk.as_json)


def undo(desk: Desk, one: One, other: Other, why: Why) -> None:
    """Undo the current match decision on 2 person records.

    Example: stac person undo P-7K3M9QV P-2H4N8RX --why "The photographs differ."
    """
    from engine.services.people.same_person import take_back_same

    said = take_back_same(desk.context, one=one, other=other, why=why)
    _print_decision(said, desk.as_json)


def show(desk: Desk, one: One) -> None:
    """Show all records of the same person, who decided, and any conflicting decisions.

    Example: stac person show P-7K3M9QV
    """
    from engine.services.people.same_person import same_person

    found = same_person(desk.context, person=one)
    if desk.as_json:
        print_json(found.model_dump(mode="json"))
        return
    for each in found.people:
        say(_line(each))
    for first, second in found.conflicts:
        say(f"conflict: a decision says that {first} and {second} are different people")
    for decision in found.words:
        say(
            f"{decision.at:%Y-%m-%d} {decision.by}: {decision.one} and {decision.other} "
            f"{decision.verdict.value}: {decision.why}"
        )


def _draw(item: QueueItem) -> None:
    for each in (item.one, item.other):
        say(_line(each))
    if item.matched is not None:
        say(item.matched.says)
        for bar in item.matched.waterfall:
            say(f"  {bar.name:<28}{bar.bits:+7.1f}")
    for decision in item.words:
        say(
            f"earlier decision: {decision.verdict.value}, by {decision.by}, {decision.at:%Y-%m-%d}: "
            f"{decision.why}"
        )


def _line(each: PersonShown) -> str:
    from engine.domain.people.persons import role_in_words

    described = each.described
    numbers = [f"{number.scheme.value.upper()} {number.value}" for number in described.identifiers]
    case = f"{each.involvement}, {each.names.title}" if each.names else each.involvement
    texts = [
        each.person,
        described.full_name,
        f"born {described.date_of_birth}" if described.date_of_birth else "date of birth not recorded",
        described.sex.value if described.sex else "sex not recorded",
        *numbers,
        f"{role_in_words(each.role, each.status)} (by {each.asserted_by}) in {case}",
    ]
    return "; ".join(texts)


def _print_decision(said: SameSaid, as_json: bool) -> None:
    if as_json:
        print_json(said.model_dump(mode="json"))
        return
    was = f" (before: {said.was.value})" if said.was else ""
    say(f"{said.one} and {said.other}: {said.verdict.value}{was}")
