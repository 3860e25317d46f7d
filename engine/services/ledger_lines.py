"""The lines that a kept answer adds to the sharing ledger. Parts of use cases, none of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from engine.domain.answers import Contribution, Failed, NilReturn, Refused
from engine.domain.sharing import (
    WHOLE_ANSWER,
    AudienceKind,
    Grounds,
    LedgerAct,
    LedgerEntry,
    LedgerItem,
    ReleaseClass,
    StoredRule,
)
from engine.services.agreement import item_keys
from engine.store.unit_of_work import Work

NIL_RETURN = "nil-return"


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
    """One line for each audience of a release, or one that the agency refused; a failure shares nothing."""
    if isinstance(answer, Failed):
        return

    def line(act: LedgerAct, items: Collection[LedgerItem], whom: str, why: str | None = None) -> LedgerEntry:
        return LedgerEntry(
            involvement=reference,
            agency=agency,
            version=version,
            act=act,
            items=tuple(items),
            whom=whom,
            grounds=grounds,
            why=why,
            by=by,
            at=at,
        )

    if isinstance(answer, Refused):
        work.sharing.enter([line(LedgerAct.REFUSED, (), "nobody", answer.ground.value)])
        return
    rules = work.sharing.rules([reference])[reference].get(agency, {})
    if isinstance(answer, NilReturn):
        whom = _whom(NIL_RETURN, rules, agency)
        work.sharing.enter([line(LedgerAct.SHARED, (LedgerItem(key=NIL_RETURN),), whom)])
        return
    by_audience: dict[str, list[LedgerItem]] = {}
    for item in _items(answer):
        by_audience.setdefault(_whom(item.key, rules, agency), []).append(item)
    work.sharing.enter(line(LedgerAct.SHARED, items, whom) for whom, items in sorted(by_audience.items()))


def enter_taken(
    work: Work,
    reference: str,
    agency: str,
    act: LedgerAct,
    keys: Collection[str],
    *,
    version: int,
    by: str,
    at: datetime,
    purpose: str,
) -> None:
    """One line for what was struck before a release or withdrawn after it."""
    if not keys:
        return
    entry = LedgerEntry(
        involvement=reference,
        agency=agency,
        version=version,
        act=act,
        items=tuple(LedgerItem(key=key) for key in sorted(keys)),
        whom="nobody",
        grounds=Grounds(purpose=purpose),
        why=None,
        by=by,
        at=at,
    )
    work.sharing.enter([entry])


def _items(answer: Contribution) -> list[LedgerItem]:
    natures = {finding.key: finding.nature for finding in answer.findings}
    voices = {voice.key: voice for voice in answer.voices}
    return [
        LedgerItem(
            key=key,
            nature=natures.get(key),
            with_whom=voices[key].with_whom if key in voices else (),
        )
        for key in sorted(item_keys(answer))
        if key not in voices or voices[key].may_leave
    ]


def _whom(key: str, rules: Mapping[str, StoredRule], agency: str) -> str:
    rule = rules.get(WHOLE_ANSWER) or rules.get(key)
    panel = ReleaseClass(owner=agency, audience=AudienceKind.PANEL)
    return (rule.release_class if rule else panel).in_words
