"""Release rules of an agency's items, and the ledger: what was shared with whom, why, and what was refused.

An owner's rule only ever restricts; it holds from the moment it is given, at every read, by the clock.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.access.policy import May, require_agency
from engine.access.redaction import masked_words
from engine.access.release import is_member
from engine.clock import Clock
from engine.domain.acting import Acting
from engine.domain.answers import Contribution
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.involvement import Returns
from engine.domain.sharing import (
    WHOLE_ANSWER,
    Audience,
    Ledger,
    LedgerAct,
    LedgerEntry,
    LedgerItem,
    MayShare,
    Outcome,
    ReleaseClass,
    RuleGiven,
    StoredRule,
)
from engine.domain.voices import EVERYONE
from engine.hooks.registry import Agencies
from engine.services.agreement import item_keys
from engine.services.answer_cut import Viewer, answer_outcome, item_outcome
from engine.services.doors import open_case
from engine.services.incident_rules import incident_lines, own_incident_rules
from engine.services.narrowing import keep_verdicts, verdicts_of
from engine.services.rules_given import class_given
from engine.services.vault import masker_for
from engine.settings import Settings
from engine.store.unit_of_work import UnitOfWork

WITHHELD_ITEM = "an item that is held back"
_OWNERS_ALONE = frozenset({LedgerAct.STRUCK, LedgerAct.RULE, LedgerAct.NARROWED})


def set_rule(
    *,
    uow: UnitOfWork,
    clock: Clock,
    settings: Settings,
    acting: Acting,
    reference: str,
    agency: str,
    rule: RuleGiven,
    agencies: Agencies | None = None,
) -> StoredRule:
    """A practitioner of the owner says how far one item goes, or the whole answer; the newest word holds.

    What others have read cannot be unread: the ledger keeps what was shared before. The agency's own rule is
    asked again, and narrows what its people say; the front doors give ``agencies``.
    """
    require_agency(acting, agency)
    given = class_given(rule, agency, settings, clock)
    verdicts = _verdicts(uow, clock, acting, agencies, reference, agency, given)
    with uow.writing(acting=acting, what="set release rule", at=clock.now()) as work:
        case = open_case(work, acting, reference, May.ANSWER).reference
        returns = work.answers.of(case, agency)
        if returns is None:
            raise NotFoundError("request", f"{case} to {agency}", instead="this agency was not asked")
        _require_item(returns, rule.item)
        stored = StoredRule(
            item=rule.item,
            release_class=given,
            grounds=rule.grounds,
            why=rule.why,
            by=acting.user,
            at=clock.now(),
        )
        work.sharing.keep_rule(case, stored)
        line = LedgerEntry(
            involvement=case,
            agency=agency,
            version=None,
            act=LedgerAct.RULE,
            items=(LedgerItem(key=rule.item),),
            whom=given.in_words,
            grounds=rule.grounds,
            why=rule.why,
            by=acting.user,
            at=clock.now(),
        )
        work.sharing.enter([line])
        keep_verdicts(
            work,
            case,
            agency,
            {key: verdict for key, verdict in verdicts.items() if rule.item in (key, WHOLE_ANSWER)},
            purpose=acting.purpose,
            at=clock.now(),
        )
        work.notes(agency=agency, audience=given.audience.name.lower(), until=str(given.until or "open"))
        return stored


def ledger(*, uow: UnitOfWork, clock: Clock, settings: Settings, acting: Acting, reference: str) -> Ledger:
    """What was shared and refused on a case, newest first, as far as this viewer may know of it."""
    with uow.reading(acting=acting, what="see sharing ledger", at=clock.now()) as work:
        case = open_case(work, acting, reference, May.SEE_LEDGER).reference
        rules = work.sharing.rules([case])[case]
        on_case = is_member(acting, work.cases.people_on(case))
        viewer = Viewer(acting=acting, on=clock.today(), is_member=on_case)
        seen = (_seen(entry, rules.get(entry.agency, {}), viewer) for entry in work.sharing.ledger([case]))
        lines = [*(entry for entry in seen if entry is not None), *incident_lines(work, case, acting)]
        laws = settings.handled_under
        entries = tuple(
            sorted((line.under(laws) for line in lines), key=lambda entry: entry.at, reverse=True)
        )
        own = rules.get(acting.agency or "", {})
        work.notes(lines=len(entries))
        told = Ledger(
            reference=case,
            entries=entries,
            rules=(*(own[item] for item in sorted(own)), *own_incident_rules(work, case, acting)),
            bases=settings.sharing_bases,
            laws=laws,
        )
        together = work.cases.together(case)
        return masked_words(told, masker_for(work=work, involvements=together, reader=acting.user))


def _verdicts(
    uow: UnitOfWork,
    clock: Clock,
    acting: Acting,
    agencies: Agencies | None,
    reference: str,
    agency: str,
    given: ReleaseClass,
) -> dict[str, MayShare]:
    """The agency's own rule on what is there, asked while no transaction is open."""
    if agencies is None or agency not in agencies.codes or not agencies.manifest(agency).narrows_sharing:
        return {}
    with uow.reading(acting=acting, what="ask an agency's own rule", at=clock.now()) as work:
        case = open_case(work, acting, reference, May.ANSWER).reference
        returns = work.answers.of(case, agency)
        shown = (returns.released() or returns.waiting_for_release()) if returns else None
    audience = Audience(kind=given.audience, agencies=given.agencies)
    return verdicts_of(agencies, agency, shown.answer if shown else None, audience, acting.purpose)


def _require_item(returns: Returns, item: str) -> None:
    keys = {WHOLE_ANSWER}
    for stored in (returns.released(), returns.waiting_for_release()):
        if stored is not None and isinstance(stored.answer, Contribution):
            keys |= item_keys(stored.answer)
    if item not in keys:
        offered = ", ".join(sorted(keys))
        raise InvalidInputError("item", f"there is no such item; there are: {offered}")


def _seen(entry: LedgerEntry, rules: Mapping[str, StoredRule], viewer: Viewer) -> LedgerEntry | None:
    """A line as far as this viewer may know of it: nothing that is hidden, no key of what is held back."""
    if viewer.acting.speaks_for(entry.agency):
        return entry
    if entry.act in _OWNERS_ALONE or answer_outcome(rules, viewer) is not Outcome.SHOW:
        return None
    items = []
    for item in entry.items:
        outcome = item_outcome(item.key, rules, viewer)
        if outcome is Outcome.HIDE:
            continue
        is_theirs = outcome is Outcome.SHOW and _she_named(item, viewer.acting)
        items.append(item if is_theirs else LedgerItem(key=WITHHELD_ITEM))
    if entry.items and not items:
        return None
    whom = entry.whom if all(item.key != WITHHELD_ITEM for item in items) else "not told to you"
    return entry.model_copy(update={"items": tuple(items), "whom": whom})


def _she_named(item: LedgerItem, acting: Acting) -> bool:
    return not item.with_whom or EVERYONE in item.with_whom or acting.agency in item.with_whom
