"""Who is the same person in the record: the queue, a word on two records, taking it back. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import CASE_WORK, AsJson, AsUser, Purpose
from cli.output import print_json, say
from cli.session import at_desk

if TYPE_CHECKING:
    from engine.domain.people.same_person import PersonShown, QueueItem
    from engine.services.people.same_person import SameSaid

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

One = Annotated[str, typer.Argument(metavar="PERSON", help="A person record's reference, such as P-7K3M9QV.")]
Other = Annotated[str, typer.Argument(metavar="OTHER", help="The other person record's reference.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in one line.")]
_NEVER = "A match weight is evidence and never a certainty; a person says whether it is one person."


def duplicates(
    place: Annotated[int, typer.Option(min=1, help="Which of those that wait.")] = 1,
    blind: Annotated[bool, typer.Option("--blind", help="Without weight, reasons and their order.")] = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Show two person records of the record that may be one person, side by side, and how many pairs wait."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.people.same_person import review_queue

        found = review_queue(desk.context, place=place - 1, blind=blind)
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    if found.item is None:
        say("no pair of person records waits for you")
        return
    say(f"{found.place + 1} of {found.total} that wait")
    _draw(found.item)
    say(_NEVER)


def compare(
    one: One, other: Other, user: AsUser = None, purpose: Purpose = CASE_WORK, as_json: AsJson = False
) -> None:
    """Show two person records side by side, with what speaks for one person and what against."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.people.same_person import compare

        item = compare(desk.context, one=one, other=other)
    if as_json:
        print_json(item.model_dump(mode="json"))
        return
    _draw(item)
    say(_NEVER)


def same(
    one: One,
    other: Other,
    why: Why,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Decide that 2 person records are of the same person, with a reason. You can undo it."""
    _decide("same", one, other, why, user, purpose, as_json)


def different(
    one: One,
    other: Other,
    why: Why,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Decide that 2 person records are of different people, with a reason. You can undo it."""
    _decide("not same", one, other, why, user, purpose, as_json)


def not_sure(
    one: One,
    other: Other,
    why: Why,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Record that you are not sure whether 2 person records are of the same person, with a reason."""
    _decide("unsure", one, other, why, user, purpose, as_json)


def _decide(
    verdict: str, one: str, other: str, why: str, user: str | None, purpose: str, as_json: bool
) -> None:
    with at_desk(user, purpose, as_json) as desk:
        from engine.domain.people.same_person import SameVerdict
        from engine.services.people.same_person import judge_same

        said = judge_same(desk.context, one=one, other=other, verdict=SameVerdict(verdict), why=why)
    _print_decision(said, as_json)


def undo(
    one: One,
    other: Other,
    why: Why,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Take back the word in force on two person records: all is as it was before it."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.people.same_person import take_back_same

        said = take_back_same(desk.context, one=one, other=other, why=why)
    _print_decision(said, as_json)


def show(one: One, user: AsUser = None, purpose: Purpose = CASE_WORK, as_json: AsJson = False) -> None:
    """Show every record that the words in force make one person, whose words, and where they contradict."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.people.same_person import same_person

        found = same_person(desk.context, person=one)
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    for each in found.people:
        say(_line(each))
    for first, second in found.conflicts:
        say(f"conflict: somebody says that {first} and {second} are not the same")
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
            f"said before: {decision.verdict.value}, by {decision.by}, {decision.at:%Y-%m-%d}: {decision.why}"
        )


def _line(each: PersonShown) -> str:
    described = each.described
    numbers = [f"{number.scheme.value.upper()} {number.value}" for number in described.identifiers]
    texts = [
        each.person,
        described.full_name,
        f"born {described.date_of_birth}" if described.date_of_birth else "date of birth not recorded",
        described.sex.value if described.sex else "sex not recorded",
        *numbers,
        f"{each.role.value} ({each.status.value}, by {each.asserted_by}) in {each.involvement}",
    ]
    return "; ".join(texts)


def _print_decision(said: SameSaid, as_json: bool) -> None:
    answer: dict[str, Any] = said.model_dump(mode="json")
    if as_json:
        print_json(answer)
        return
    was = f" (before: {said.was.value})" if said.was else ""
    say(f"{said.one} and {said.other}: {said.verdict.value}{was}")
