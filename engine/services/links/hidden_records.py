"""Agencies to ask about the cases of a map, where the owner of a record lets others learn that it exists.

Only on a case, for those who work it, and only of agencies whose plain record facts need no hand: for the
victim's voice and services of care the bare fact of being known is a confidence. The rule on the whole answer
comes first, as on the case page, and no answer is read for it, so the reply is the same whatever is held. A
rule on an item counts while the released answer has that item. A hidden record is not there at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.access.release import is_member, least_outcome, outcome_of, whole_outcome
from engine.domain.links.maps import HiddenRecord
from engine.domain.links.views import LinkNode, NodeKind
from engine.domain.responses.answers import Contribution, item_keys
from engine.domain.sharing import Outcome, StoredRule
from engine.services.context import Context
from engine.store.unit_of_work import Work


def hidden_records(work: Work, context: Context, nodes: Iterable[LinkNode]) -> tuple[HiddenRecord, ...]:
    """Return whom to ask about the cases among these nodes; part of a larger use case."""
    return records_to_ask(work, context, [node.id for node in nodes if node.kind is NodeKind.REFERRAL])


def records_to_ask(work: Work, context: Context, cases: Sequence[str]) -> tuple[HiddenRecord, ...]:
    """Return whom to ask about cases that exist for this person; part of a larger use case."""
    mine = [case for case in cases if is_member(context.acting, work.cases.people_on(case))]
    known = {agency.code: agency for agency in context.agencies_known if agency.releases_by_itself}
    rules, found = work.sharing.rules(mine), []
    for case in mine:
        newest = {(rule.item, rule.release_class.owner): rule for rule in work.incident_rules.of([case])}
        owners = {rule.release_class.owner for rule in newest.values() if _is_stub(rule, context)}
        for code, of_agency in rules[case].items():
            if code in known and code not in owners and _exists(work, context, case, code, of_agency):
                owners.add(code)
        found += [
            HiddenRecord(case=case, code=code, agency=known[code].name, ask=known[code].contact)
            for code in sorted(owners & set(known))
        ]
    return tuple(found)


def _exists(work: Work, context: Context, case: str, agency: str, rules: Mapping[str, StoredRule]) -> bool:
    """Return whether the case page shows this agency's answer, or an item of it, as a stub."""
    acting, on = context.acting, context.clock.today()
    whole = whole_outcome(rules, acting=acting, on=on, is_member=True)
    if whole is not Outcome.SHOW or not any(_is_stub(rule, context) for rule in rules.values()):
        return whole is Outcome.STUB
    there = work.answers.returns([case], agency=agency)[case]
    released = there[0].released() if there else None
    if released is None or not isinstance(released.answer, Contribution) or released.answer.erased_by:
        return False
    return any(
        least_outcome(key, rules, acting=acting, on=on, is_member=True) is Outcome.STUB
        for key in item_keys(released.answer)
    )


def _is_stub(rule: StoredRule, context: Context) -> bool:
    on = context.clock.today()
    return outcome_of(context.acting, rule.release_class, on=on, is_member=True) is Outcome.STUB
