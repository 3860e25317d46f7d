"""The one box about links: a name, a number, a reference, or a path between two, asked once.

The rules of the search of earlier referrals hold. A name or a number finds alleged perpetrators only, each by
where its links begin; the question goes, sealed, to the coordinator; and the asker gets the same answer,
after the same queries, whatever else is held. A reference finds what the asker may see of the links.
"""

from __future__ import annotations

import re

from engine.access.policy import May, require
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.ids import PREFIXES, read_reference
from engine.domain.links.maps import PathAsked, PathOnMap
from engine.domain.links.questions import LinkEnd, LinkResult, LinksAnswer
from engine.domain.links.views import NodeKind
from engine.domain.people.search import OPEN_TO_YOU, SENT, SeenBefore, SeenBeforeAsked
from engine.links.kinds import Role
from engine.links.record_kinds import kind_of
from engine.services.context import VaultContext
from engine.services.links.path_maps import drawn_path
from engine.services.links.record import RecordLinks, links_for
from engine.services.links.snapshots import LinkSnapshots
from engine.services.people.search import search_within
from engine.services.people.search_box import read_question
from engine.store.unit_of_work import Work

_ASK = "search links"
_SPACES = re.compile(r"[^\S\n\r\t]+")
_PATH = re.compile(r"path (?P<side>from|to)(?: (?P<rest>.*))?", re.IGNORECASE | re.DOTALL)
_BOTH_ENDS = "write both ends: path from A to B"
_ITEMS = {PREFIXES[kind]: kind for kind in ("involvement", "person", "incident", "object", "order")}


def reference_in(text: str) -> str | None:
    """Return the reference of an item of the links, where nothing else was typed."""
    kind = _ITEMS.get(text.strip().upper().partition("-")[0])
    try:
        return read_reference(kind, text) if kind else None
    except InvalidInputError:
        return None  # a name may be written so; what is mistyped is refused as any question is


def ask_links(
    context: VaultContext, *, text: str, snapshots: LinkSnapshots, start: str | None = None
) -> LinksAnswer:
    """Return what one typed text may mean in the links: items to begin at, or the path between two.

    Parameters
    ----------
    context : VaultContext
        The record, and who asks.
    text : str
        One name, reference, phone number, plate or handle, or "path from A to B" of two of them.
    snapshots : LinkSnapshots
        The arrays that this process holds.
    start : str, optional
        The reference where "path to B" begins.

    Returns
    -------
    LinksAnswer
        ``path`` is set where each end can be only one item.

    Raises
    ------
    InvalidInputError
        The text is nothing that can be searched for, or today's searches are used up.
    """
    require(May.EXPLORE_LINKS, context.acting)
    require(May.SEEN_BEFORE, context.acting)
    asked = tuple(reference_in(part) or read_question(part) for part in _parts(text, start))
    searches = [each for each in asked if isinstance(each, SeenBeforeAsked)]
    with context.writing(_ASK) as work:
        answers = iter(found := search_within(work, context, searches) if searches else ())
        links, _ = links_for(work, context.acting, context.clock, snapshots)
        ends = tuple(
            _end_at(links, each) if isinstance(each, str) else _end_of(links, next(answers)) for each in asked
        )
        return LinksAnswer(
            ends=ends,
            path=_path(work, context, ends, snapshots),
            sent=SENT if found else None,
            left_today=found[-1].left_today if found else None,
        )


def _parts(text: str, start: str | None) -> tuple[str, ...]:
    """Return the one thing that is asked about, or the two ends of a path."""
    path = _PATH.fullmatch(_SPACES.sub(" ", text).strip())
    if path is None:
        return (text,)
    rest = path["rest"] or ""
    if path["side"].lower() == "to":
        if start is None or not rest:
            raise InvalidInputError("question", _BOTH_ENDS)
        return start, rest
    typed = rest.split(" ")
    between = [at for at, each in enumerate(typed[1:-1], start=1) if each.lower() == "to"]
    if not between:
        raise InvalidInputError("question", _BOTH_ENDS)
    if len(between) > 1:
        raise InvalidInputError("question", f"{_BOTH_ENDS}, with references where a name has 'to' in it")
    return " ".join(typed[: between[0]]), " ".join(typed[between[0] + 1 :])


def _end_at(links: RecordLinks, reference: str) -> LinkEnd:
    number = links.find(reference)
    if number is None:
        raise NotFoundError("node", reference[:20])
    return LinkEnd(results=(_result(links, number),))


def _end_of(links: RecordLinks, found: SeenBefore) -> LinkEnd:
    """Return the people whom the referrals of a search name as perpetrator, each once."""
    matched: dict[int, dict[str, None]] = {}
    opened: dict[int, dict[str, None]] = {}
    elsewhere = []
    for hit in found.listed:
        people = _alleged_in(links, hit.reference)
        if not people:
            elsewhere.append(hit)
        for number in people:
            matched.setdefault(number, {}).update(dict.fromkeys(hit.on))
            cases = opened.setdefault(number, {})
            if hit.ask == OPEN_TO_YOU:
                cases[hit.reference] = None
    results = tuple(
        _result(links, number, on=tuple(on), cases=tuple(opened[number])) for number, on in matched.items()
    )
    return LinkEnd(results=results, elsewhere=tuple(elsewhere), more=found.more, too_common=found.too_common)


def _alleged_in(links: RecordLinks, referral: str) -> list[int]:
    """Return the alleged perpetrators of a referral; none where its links do not exist for this viewer."""
    number = links.find(referral)
    if number is None:
        return []
    return list(
        dict.fromkeys(
            step.to for step in links.steps(number) if links.link(step.number).role & Role.PERPETRATOR
        )
    )


def _result(
    links: RecordLinks, number: int, *, on: tuple[str, ...] = (), cases: tuple[str, ...] = ()
) -> LinkResult:
    return LinkResult(
        reference=links.id_of(number),
        kind=NodeKind(kind_of(number)),
        label=links.label(number),
        on=on,
        cases=cases,
    )


def _path(
    work: Work, context: VaultContext, ends: tuple[LinkEnd, ...], snapshots: LinkSnapshots
) -> PathOnMap | None:
    """Return the path, where the question is one and nothing is left to choose."""
    soles = [end.sole for end in ends]
    if len(soles) < 2 or None in soles:
        return None
    start, end = (sole.reference for sole in soles if sole is not None)
    return drawn_path(work, context, asked=PathAsked(start=start, end=end), snapshots=snapshots)
