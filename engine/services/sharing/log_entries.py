"""The lines of the sharing ledger on a stored answer, and on acts of other cases. Parts of use cases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from engine.clock import LONDON
from engine.domain.base import Frozen
from engine.domain.cases.involvement import StoredAnswer
from engine.domain.responses.answers import Contribution, Failed, Nature, NilReturn, Refused
from engine.domain.sharing import (
    ACTS_OF_OTHER_CASES,
    DESK,
    WHOLE_ANSWER,
    AudienceKind,
    Grounds,
    LedgerAct,
    LedgerEntry,
    LedgerItem,
    ReleaseClass,
    StoredRule,
)
from engine.services.sharing.audiences import goes_to, ledger_items, reaches_more
from engine.store.unit_of_work import Work

NOBODY = "nobody"
_ACTS_PURPOSE = "show the panel the alleged perpetrator's other acts"


def enter_release(
    work: Work,
    reference: str,
    agency: str,
    answer: Contribution | NilReturn | Refused | Failed,
    *,
    version: int,
    grounds: Grounds,
    by: str,
    at: datetime,
) -> None:
    """Enter a line for each audience of a release, for what its owner withholds, or for a refusal.

    A failure shares nothing.
    """
    common = _Common(reference=reference, agency=agency, version=version, grounds=grounds, by=by, at=at)
    if isinstance(answer, Refused):
        work.sharing.enter([common.line(LedgerAct.REFUSED, (), NOBODY, answer.ground.value)])
        return
    rules = work.sharing.rules([reference])[reference].get(agency, {})
    on = at.astimezone(LONDON).date()
    work.sharing.enter(
        common.line(
            LedgerAct.WITHHELD if release.audience is AudienceKind.OWNER else LedgerAct.SHARED,
            items,
            release.in_words,
        )
        for release, items in _by_audience(ledger_items(answer), rules, agency, on=on)
    )


def enter_rule(
    work: Work,
    reference: str,
    agency: str,
    rule: StoredRule,
    released: StoredAnswer | None,
    *,
    before: Mapping[str, StoredRule],
) -> None:
    """Enter a line for a rule, with the item's audience now, and one for each audience that it opens it to.

    A rule on the whole answer adds a line for the released items whose audience is smaller.
    """
    common = _Common(
        reference=reference, agency=agency, version=None, grounds=rule.grounds, by=rule.by, at=rule.at
    )
    on = rule.at.astimezone(LONDON).date()
    rules = work.sharing.rules([reference])[reference].get(agency, {})
    items = ledger_items(released.answer) if released else []
    own = LedgerItem(key=rule.item)
    if rule.item == WHOLE_ANSWER:
        whole = goes_to(own, rules, agency, on=on)
        less = [item for item in items if goes_to(item, rules, agency, on=on) != whole]
        lines = [(whole.in_words, [own])]
        lines += [(to.in_words, of) for to, of in _by_audience(less, rules, agency, on=on)]
    else:
        items = [item for item in items if item.key == rule.item]
        to = goes_to(items[0] if items else own, rules, agency, on=on).in_words
        lines = [(to, items) if items else (f"{to}, after it is released", [own])]
    work.sharing.enter(common.line(LedgerAct.RULE, of, whom, rule.why) for whom, of in lines)
    opened = [
        item
        for item in items
        if reaches_more(goes_to(item, rules, agency, on=on), goes_to(item, before, agency, on=on))
    ]
    if released is not None and opened:
        shared = common.model_copy(update={"version": released.version})
        work.sharing.enter(
            shared.line(LedgerAct.SHARED, of, release.in_words)
            for release, of in _by_audience(opened, rules, agency, on=on)
        )


def enter_taken(
    work: Work,
    reference: str,
    agency: str,
    act: LedgerAct,
    items: Collection[LedgerItem],
    *,
    version: int,
    by: str,
    at: datetime,
    purpose: str,
    whom: str = NOBODY,
) -> None:
    """Enter a line for what was withheld before a release, or withdrawn, narrowed or corrected after it."""
    if not items:
        return
    grounds = Grounds(purpose=purpose)
    common = _Common(reference=reference, agency=agency, version=version, grounds=grounds, by=by, at=at)
    work.sharing.enter([common.line(act, items, whom)])


def acts_lines(work: Work, case: str) -> tuple[LedgerEntry, ...]:
    """Return a line for each time that acts of other cases were shared with this panel, or withdrawn.

    Without the reasons: they can name a case that the panel may not know.
    """
    item, grounds = LedgerItem(key=ACTS_OF_OTHER_CASES, nature=Nature.FACT), Grounds(purpose=_ACTS_PURPOSE)
    return tuple(
        _Common(reference=case, agency=DESK, version=None, grounds=grounds, by=step.by, at=step.at).line(
            LedgerAct.SHARED if step.is_shared else LedgerAct.WITHDRAWN, [item], AudienceKind.PANEL.value
        )
        for step in work.shared_acts.steps(case)
    )


def items_of(
    answer: Contribution | NilReturn | Refused | Failed, keys: Collection[str]
) -> tuple[LedgerItem, ...]:
    """Return the items of these keys as the ledger names them, in order; an unshared one has only its key."""
    there = {item.key: item for item in ledger_items(answer)}
    return tuple(there.get(key, LedgerItem(key=key)) for key in sorted(keys))


class _Common(Frozen):
    """The common part of the lines of one act."""

    reference: str
    agency: str
    version: int | None
    grounds: Grounds
    by: str
    at: datetime

    def line(
        self, act: LedgerAct, items: Iterable[LedgerItem], whom: str, why: str | None = None
    ) -> LedgerEntry:
        return LedgerEntry(
            involvement=self.reference,
            agency=self.agency,
            version=self.version,
            act=act,
            items=tuple(items),
            whom=whom,
            grounds=self.grounds,
            why=why,
            by=self.by,
            at=self.at,
        )


def _by_audience(
    items: Iterable[LedgerItem], rules: Mapping[str, StoredRule], agency: str, *, on: date
) -> list[tuple[ReleaseClass, list[LedgerItem]]]:
    """Group the items by audience, each audience once and in the order of its text."""
    grouped: dict[ReleaseClass, list[LedgerItem]] = {}
    for item in items:
        grouped.setdefault(goes_to(item, rules, agency, on=on), []).append(item)
    return sorted(grouped.items(), key=lambda each: each[0].in_words)
