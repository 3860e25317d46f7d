"""Saved searches and maps shared with a named person: read by the recipient's rights at every reading.

A share ends with its owner's access: an owner who may no longer see the subject, is disabled, or has another
role or agency shares nothing. The owner's reason and the name of a map stay the owner's.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from engine.access.policy import WHO_MAY, May, require
from engine.clock import Clock
from engine.domain.accounts.acting import Acting, User
from engine.domain.cases.worklists import SHARED_ITEM, WorkItem
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.links.arrangements import MapNotes
from engine.domain.links.items_question import ItemsQuestion
from engine.domain.links.maps import MapAsked
from engine.domain.links.saved_searches import (
    AroundQuestion,
    Asked,
    PathQuestion,
    PatternQuestion,
    is_about_whole_record,
    subjects_of,
)
from engine.domain.links.sharing import LinkShare, ShareAct, SharedItem
from engine.services.context import Context
from engine.services.links.saved_search_results import Answers
from engine.services.links.snapshots import LinkSnapshots
from engine.store.unit_of_work import Work

MOST_SHARED = 50


class _Item(NamedTuple):
    """A saved search or map of its owner's."""

    question: Asked | None
    asked: MapAsked | None

    @property
    def named(self) -> tuple[str, ...]:
        """Its subjects; a pattern has none."""
        if self.question is not None:
            return subjects_of(self.question)
        assert self.asked is not None
        return (self.asked.start,)


def share_with(context: Context, *, snapshots: LinkSnapshots, reference: str, recipient: str) -> LinkShare:
    """Share one of one's own saved searches or maps with a named person.

    One refusal for every reason on the side of the other person: the sharer does not learn whether that
    person exists, or what they may see.

    Raises
    ------
    InvalidInputError
        It cannot be shared with this person, or too much is shared already.
    NotFoundError
        The person who acts has no such search or map, or may no longer see its subject.
    """
    require(May.EXPLORE_LINKS, context.acting)
    reference, recipient = reference.strip().upper(), recipient.strip()
    with context.writing("share a search or map") as work:
        items = _items_of(work, context.acting.user, context.clock)
        item = items.get(reference)
        if item is None or not _sees(work, context.acting, context.clock, snapshots, item):
            raise NotFoundError("saved search or map", reference[:20])
        user = work.users.known(recipient)
        if (
            user is None
            or recipient == context.acting.user
            or not _may_explore(user)
            or not _sees(work, user.acting("shared search"), context.clock, snapshots, item)
        ):
            raise InvalidInputError(
                "user", "it cannot be shared with this user; choose a person who works with these links"
            )
        others = [
            each
            for each in _shares_of(work, context.acting.user, items)
            if (each.item, each.recipient) != (reference, recipient)
        ]
        if len(others) >= MOST_SHARED:
            raise InvalidInputError("shares", f"you share {MOST_SHARED} already; end one first")
        share = LinkShare(
            item=reference,
            act=ShareAct.SHARED,
            owner=context.acting.user,
            owner_role=context.acting.role,
            owner_agency=context.acting.agency,
            recipient=recipient,
            at=context.clock.now(),
        )
        work.links.shares.store(share)
        work.notes(item=reference, recipient=recipient)
        return share


def end_share(context: Context, *, reference: str, recipient: str) -> None:
    """Share a search or map of one's own no more with this person.

    Raises
    ------
    NotFoundError
        The person who acts does not share this with them.
    """
    require(May.EXPLORE_LINKS, context.acting)
    with context.writing("end a share") as work:
        _step(work, context, work.links.shares.by(context.acting.user), reference, recipient, ShareAct.ENDED)


def remove_shared(context: Context, *, reference: str) -> None:
    """Remove from one's own list what another person shares.

    Raises
    ------
    NotFoundError
        Nothing of this reference is shared with the person who acts.
    """
    require(May.EXPLORE_LINKS, context.acting)
    with context.writing("remove a shared search or map") as work:
        theirs = work.links.shares.received_by(context.acting.user)
        _step(work, context, theirs, reference, context.acting.user, ShareAct.REMOVED)


def open_shared(context: Context, *, snapshots: LinkSnapshots, reference: str) -> SharedItem:
    """Return what another person shares, as this person may see it, and count it as new no more.

    Raises
    ------
    NotFoundError
        Nothing of this reference is shared with the person who acts, or its share has ended.
    """
    require(May.EXPLORE_LINKS, context.acting)
    with context.writing("open a shared search or map") as work:
        found = {
            share.item: (share, shown)
            for share, shown in _shown(
                work, context.acting, context.clock, snapshots, only=reference.strip().upper(), in_full=True
            )
        }
        if (there := found.get(reference.strip().upper())) is None:
            raise NotFoundError("shared search or map", reference.strip()[:20])
        share, shown = there
        if share.act is ShareAct.SHARED:
            opened = share.model_copy(update={"act": ShareAct.OPENED})
            work.links.shares.store(opened)
        work.notes(item=share.item)
        return shown


def shared_with(work: Work, acting: Acting, clock: Clock, snapshots: LinkSnapshots) -> tuple[SharedItem, ...]:
    """Return what others share with this person, as this person may see it; part of a larger use case.

    It is read for each page's navigation: what the whole record is searched for is not counted.
    """
    return tuple(shown for _, shown in _shown(work, acting, clock, snapshots))


def shared_items(work: Work, acting: Acting, clock: Clock, snapshots: LinkSnapshots) -> Iterator[WorkItem]:
    """Yield a line for what is shared with this person and not opened yet; a part of their worklist."""
    if acting.role not in WHO_MAY[May.EXPLORE_LINKS]:
        return
    shares = [each for each in work.links.shares.received_by(acting.user) if each.act is ShareAct.SHARED]
    for _, share, _, _ in _there(work, acting, clock, snapshots, shares):
        yield WorkItem(
            reference=share.item,
            what=f"Open {share.item} on the Links page",
            why=f"{share.owner} has shared it with you.",
            due_at=None,
            since=share.at,
            is_overdue=False,
            is_alarm=False,
            kind=SHARED_ITEM,
        )


def shared_with_me(context: Context, *, snapshots: LinkSnapshots) -> tuple[SharedItem, ...]:
    """Return the same with every count."""
    require(May.EXPLORE_LINKS, context.acting)
    with context.reading("list shares") as work:
        found = _shown(work, context.acting, context.clock, snapshots, in_full=True)
        return tuple(shown for _, shown in found)


def my_shares(context: Context) -> tuple[LinkShare, ...]:
    """Return what this person shares, by recipient, without deleted maps and ended searches."""
    require(May.EXPLORE_LINKS, context.acting)
    with context.reading("list shares") as work:
        user = context.acting.user
        return _shares_of(work, user, _items_of(work, user, context.clock))


def _shares_of(work: Work, owner: str, items: Container[str]) -> tuple[LinkShare, ...]:
    """Return what this person shares of these items; a share of anything else of theirs shows nothing."""
    return tuple(each for each in work.links.shares.by(owner) if each.item in items)


def _step(
    work: Work,
    context: Context,
    shares: tuple[LinkShare, ...],
    reference: str,
    recipient: str,
    act: ShareAct,
) -> None:
    wanted = (reference.strip().upper(), recipient.strip())
    share = next((each for each in shares if (each.item, each.recipient) == wanted), None)
    if share is None:
        raise NotFoundError("shared search or map", reference.strip()[:20])
    work.links.shares.store(share.model_copy(update={"act": act, "at": context.clock.now()}))
    work.notes(item=share.item, recipient=share.recipient)


def _shown(
    work: Work,
    acting: Acting,
    clock: Clock,
    snapshots: LinkSnapshots,
    *,
    only: str | None = None,
    in_full: bool = False,
) -> Iterator[tuple[LinkShare, SharedItem]]:
    """Yield each share that has not ended, as its recipient may see it."""
    shares = [each for each in work.links.shares.received_by(acting.user) if only in (None, each.item)]
    for answers, share, item, there in _there(work, acting, clock, snapshots, shares):
        yield share, _as_read(answers, share, item, there, clock, in_full=in_full)


def _there(
    work: Work, acting: Acting, clock: Clock, snapshots: LinkSnapshots, shares: Sequence[LinkShare]
) -> Iterator[tuple[Answers, LinkShare, _Item, list[int]]]:
    """Yield each of these shares whose subject exists for its owner and its recipient, with that subject."""
    if not shares:
        return
    answers = Answers(work, acting, clock=clock, snapshots=snapshots)
    for share in shares:
        owner = work.users.known(share.owner)
        if owner is None or not _may_explore(owner):
            continue
        if (owner.role, owner.agency) != (share.owner_role, share.owner_agency):
            continue
        item = _items_of(work, share.owner, clock).get(share.item)
        if item is None or not _sees(work, owner.acting("shared search"), clock, snapshots, item):
            continue
        numbers = [answers.links.find(each) for each in item.named]
        there = [number for number in numbers if number is not None]
        if len(there) == len(numbers):
            yield answers, share, item, there


def _as_read(
    answers: Answers, share: LinkShare, item: _Item, there: list[int], clock: Clock, *, in_full: bool
) -> SharedItem:
    """Return it by the recipient's own links."""
    names = [answers.links.id_of(number) for number in there]
    if item.asked is not None:
        (middle,) = there
        return SharedItem(
            reference=share.item,
            owner=share.owner,
            at=share.at,
            title=f"map round {names[0]}",
            begin_at=names[0],
            matches=answers.how_many_round(middle, hops=item.asked.hops),
            read_at=clock.now(),
            is_new=share.act is ShareAct.SHARED,
            asked=_asked(answers, item.asked, names[0]),
        )
    assert item.question is not None
    question = _by_names(item.question, names)
    is_counted = in_full or not is_about_whole_record(question)
    matches = answers.now(question) if is_counted else ()
    return SharedItem(
        reference=share.item,
        owner=share.owner,
        at=share.at,
        title=question.in_words(),
        begin_at=names[0] if names else matches[0].begin_at if matches else None,
        matches=len(matches) if is_counted else None,
        read_at=clock.now(),
        is_new=share.act is ShareAct.SHARED,
    )


def _by_names(question: Asked, names: list[str]) -> Asked:
    """Return the question by the references that its recipient knows."""
    match question:
        case AroundQuestion():
            return question.model_copy(update={"reference": names[0]})
        case PathQuestion():
            return question.model_copy(update={"a": names[0], "b": names[1]})
        case ItemsQuestion():
            return question.model_copy(update={"to": names[0] if names else None})
        case PatternQuestion():
            return question


def _asked(answers: Answers, asked: MapAsked, start: str) -> MapAsked:
    """Return what to draw, without items that do not exist for the recipient.

    Notes and pins are their owner's: a note is a free text, and either names an item.
    """

    def known(references: tuple[str, ...]) -> tuple[str, ...]:
        found = (answers.links.find(each) for each in references)
        return tuple(answers.links.id_of(number) for number in found if number is not None)

    return asked.changed(
        start=start,
        opened=known(asked.opened),
        hidden=known(asked.hidden),
        placed=(),
        unfolded=(),
        unbundled=(),
        notes=MapNotes(),
    )


def _items_of(work: Work, owner: str, clock: Clock) -> dict[str, _Item]:
    """Return this person's searches that are still asked, and their maps, by reference."""
    now = clock.now()
    searches = {
        search.reference: _Item(search.question, None)
        for search in work.links.queries.all(owner=owner)
        if search.is_asked(now)
    }
    maps = {saved.reference: _Item(None, saved.asked) for saved in work.links.maps.saved(owner)}
    return {**searches, **maps}


def _sees(work: Work, acting: Acting, clock: Clock, snapshots: LinkSnapshots, item: _Item) -> bool:
    """Return whether everything that it is about exists for this person."""
    links = Answers(work, acting, clock=clock, snapshots=snapshots).links
    found = [links.find(each) for each in item.named]
    return None not in found


def _may_explore(user: User) -> bool:
    return user.active and user.role in WHO_MAY[May.EXPLORE_LINKS]
