"""Release rules of an agency's items, and the sharing ledger: items, audience, reason, and refusals.

An owner's rule only ever restricts; it applies from the moment it is given, at every read, by the clock.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.access.policy import May, require_agency, sees_levels
from engine.access.redaction import masked_words
from engine.access.release import is_member
from engine.domain.accounts.acting import Acting
from engine.domain.cases.involvement import Returns, StoredAnswer
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.responses.answers import Contribution, item_keys
from engine.domain.responses.reported import names_of
from engine.domain.responses.voices import EVERYONE, WithWhom
from engine.domain.sharing import (
    WHOLE_ANSWER,
    Audience,
    AudienceKind,
    Ledger,
    LedgerAct,
    LedgerEntry,
    LedgerItem,
    MayShare,
    Outcome,
    ReleaseClass,
    RuleGiven,
    StoredRule,
    class_common_to_both,
)
from engine.hooks.registry import Agencies
from engine.services.access.checks import open_case
from engine.services.access.masking import masker_for
from engine.services.context import Context, VaultContext
from engine.services.links.projection import link_cases
from engine.services.sharing.agency_rules import store_verdicts, verdicts_of
from engine.services.sharing.incident_rules import incident_lines, own_incident_rules
from engine.services.sharing.log_entries import acts_lines, enter_rule
from engine.services.sharing.response_visibility import Viewer, answer_outcome, item_outcome
from engine.services.sharing.rule_input import class_given
from engine.store.unit_of_work import Work

WITHHELD_ITEM = "an item that is withheld"
WAITING_ITEM = "an item that waits for the conference"
_OWNERS_ALONE = frozenset({LedgerAct.STRUCK, LedgerAct.RULE, LedgerAct.NARROWED})


def set_rule(
    context: VaultContext, *, reference: str, agency: str, rule: RuleGiven, agencies: Agencies | None = None
) -> StoredRule:
    """Set the audience of one item, or the whole answer, as a practitioner of its owner; the newest applies.

    What others have read cannot be unread: the sharing log still shows what was shared before. The agency's
    own rule is asked again, and narrows what its people say; pages and commands give ``agencies``.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the item does not exist, or the rule lacks its grounds.
    NotFoundError
        The case is not open to the person who acts, or the agency was not asked.
    NotPermittedError
        The role does not permit it, or the person speaks for another agency.
    """
    require_agency(context.acting, agency)
    given = class_given(rule, agency, context.settings, context.clock)
    verdicts = _verdicts(context, agencies, reference, agency, given)
    with context.writing("set release rule") as work:
        case = open_case(work, context.acting, reference, May.ANSWER).reference
        returns = work.answers.of(case, agency)
        if returns is None:
            raise NotFoundError("request", f"{case} to {agency}", instead="this agency was not asked")
        _require_item(returns, rule.item)
        stored = StoredRule(
            item=rule.item,
            release_class=given,
            grounds=rule.grounds,
            why=rule.why,
            by=context.acting.user,
            at=context.clock.now(),
        )
        before = work.sharing.rules([case])[case].get(agency, {})
        work.sharing.store_rule(case, stored)
        store_verdicts(
            work,
            case,
            agency,
            {key: verdict for key, verdict in verdicts.items() if rule.item in (key, WHOLE_ANSWER)},
            key=context.key,
            purpose=context.acting.purpose,
            at=context.clock.now(),
        )
        _enter(work, context, case, stored, returns, before)
        work.notes(agency=agency, audience=given.audience.name.lower(), until=str(given.until or "open"))
        return stored


def narrow_again(work: Work, context: VaultContext, case: str, rule: StoredRule) -> bool:
    """Narrow an item's audience by a rule that a restore lost; return whether that changed it.

    A part of that. Raises NotFoundError where the agency was not asked.
    """
    agency = rule.release_class.owner
    returns = work.answers.of(case, agency)
    if returns is None:
        raise NotFoundError("request", f"{case} to {agency}")
    before = work.sharing.rules([case])[case].get(agency, {})
    there = before.get(rule.item)
    now = there.release_class if there else ReleaseClass(owner=agency, audience=AudienceKind.PANEL)
    common = class_common_to_both(now, rule.release_class)
    if common == now:
        return False
    narrowed = rule.model_copy(update={"release_class": common})
    work.sharing.store_rule(case, narrowed)
    _enter(work, context, case, narrowed, returns, before)
    return True


def _enter(
    work: Work,
    context: VaultContext,
    case: str,
    rule: StoredRule,
    returns: Returns,
    before: Mapping[str, StoredRule],
) -> None:
    """Enter a stored rule in the sharing log, and link the case again where it has evidence for links."""
    agency = rule.release_class.owner
    enter_rule(work, case, agency, rule, returns.released(), before=before)
    if agency in work.answers.link_evidence([case]).get(case, {}):
        link_cases(work, context.key, [case], at=context.clock.now())


def ledger(context: Context, *, reference: str) -> Ledger:
    """Return what was shared and refused on a case, newest first, within this viewer's access.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    with context.reading("see sharing ledger") as work:
        case = open_case(work, context.acting, reference, May.SEE_LEDGER).reference
        rules = work.sharing.rules([case])[case]
        lines = [
            *incident_lines(work, case, context.acting),
            *acts_lines(work, case),
            *ledger_seen(work, context, case),
        ]
        laws = context.settings.handled_under
        entries = tuple(
            sorted((line.under(laws) for line in lines), key=lambda entry: entry.at, reverse=True)
        )
        own = rules.get(context.acting.agency or "", {})
        work.notes(lines=len(entries))
        result = Ledger(
            reference=case,
            entries=entries,
            rules=(*(own[item] for item in sorted(own)), *own_incident_rules(work, case, context.acting)),
            bases=context.settings.sharing_bases,
            laws=laws,
        )
        together = work.cases.together(case)
        return masked_words(result, masker_for(work=work, involvements=together, reader=context.acting.user))


def ledger_seen(work: Work, context: Context, case: str) -> list[LedgerEntry]:
    """Return the lines about answers on a case, as this viewer may see them; part of a larger use case."""
    rules = work.sharing.rules([case])[case]
    on_case = is_member(context.acting, work.cases.people_on(case))
    viewer = Viewer(acting=context.acting, on=context.clock.today(), is_member=on_case)
    is_open = work.cases.conference_opened_at(case) is not None
    released = {each.request.agency: each.released() for each in work.answers.returns([case])[case]}
    lines: list[LedgerEntry] = []
    for entry in work.sharing.ledger([case]):
        agreed = _agreed(released.get(entry.agency))
        levels = sees_levels(context.acting, entry.agency, conference_is_open=is_open)
        lines += _seen(entry, rules.get(entry.agency, {}), viewer, agreed=agreed, levels=levels)
    return lines


def _verdicts(
    context: Context, agencies: Agencies | None, reference: str, agency: str, given: ReleaseClass
) -> dict[str, MayShare]:
    """Ask the agency's own rule on what is there, while no transaction is open."""
    if agencies is None or agency not in agencies.codes or not agencies.manifest(agency).narrows_sharing:
        return {}
    with context.reading("ask an agency's own rule") as work:
        case = open_case(work, context.acting, reference, May.ANSWER).reference
        returns = work.answers.of(case, agency)
        shown = (returns.released() or returns.waiting_for_release()) if returns else None
    audience = Audience(kind=given.audience, agencies=given.agencies)
    return verdicts_of(agencies, agency, shown.answer if shown else None, audience, context.acting.purpose)


def _require_item(returns: Returns, item: str) -> None:
    keys = {WHOLE_ANSWER}
    for stored in (returns.released(), returns.waiting_for_release()):
        if stored is not None and isinstance(stored.answer, Contribution):
            keys |= item_keys(stored.answer)
    if not any(item in names_of(key) for key in keys):  # a rule from before contract 1.3 can be lifted
        offered = ", ".join(sorted(keys))
        raise InvalidInputError("item", f"this item does not exist; choose one of: {offered}")


def _seen(
    entry: LedgerEntry,
    rules: Mapping[str, StoredRule],
    viewer: Viewer,
    *,
    agreed: Mapping[str, WithWhom],
    levels: bool,
) -> list[LedgerEntry]:
    """Return a line's parts for this viewer: nothing that is hidden, no key of what is withheld.

    What is withheld is a line of its own, without its audience. ``agreed`` is the victim's audience for each
    of the items now, ``levels`` whether the viewer reads levels.
    """
    if viewer.acting.speaks_for(entry.agency):
        return [entry]
    if entry.act in _OWNERS_ALONE or answer_outcome(rules, viewer) is not Outcome.SHOW:
        return []
    if not entry.items:
        return [entry]
    theirs, held = [], []
    for item in entry.items:
        outcome = item_outcome(item.key, rules, viewer)
        if outcome is Outcome.HIDE:
            continue
        if outcome is not Outcome.SHOW or not _is_agreed(item, agreed, viewer.acting):
            held.append(LedgerItem(key=WITHHELD_ITEM))
        elif item.from_conference and not levels:
            theirs.append(LedgerItem(key=WAITING_ITEM))
        else:
            theirs.append(item)
    return [
        entry.model_copy(update={"items": tuple(items), "whom": whom})
        for items, whom in ((theirs, entry.whom), (held, "withheld from you"))
        if items
    ]


def _agreed(released: StoredAnswer | None) -> dict[str, WithWhom]:
    there = released.answer if released else None
    return {voice.key: voice.with_whom for voice in there.voices} if isinstance(there, Contribution) else {}


def _is_agreed(item: LedgerItem, agreed: Mapping[str, WithWhom], acting: Acting) -> bool:
    named = agreed.get(item.key, item.with_whom or (EVERYONE,))
    return EVERYONE in named or acting.agency in named
