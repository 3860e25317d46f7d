"""Agencies to ask about the cases of a map, where the owner of a record lets others learn that it exists.

Only on a case, for those who work it, and only of agencies whose plain record facts need no hand: for the
victim's voice and services of care the bare fact of being known is a confidence. It is read from the rule and
not from what is held, so the answer is the same whatever that is. A hidden record is not there at all.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.access.release import is_member, outcome_of
from engine.domain.links.maps import HiddenRecord
from engine.domain.links.views import LinkNode, NodeKind
from engine.domain.sharing import Outcome
from engine.services.context import Context
from engine.store.unit_of_work import Work


def hidden_records(work: Work, context: Context, nodes: Iterable[LinkNode]) -> tuple[HiddenRecord, ...]:
    """Return whom to ask about the cases among these nodes; part of a larger use case."""
    cases = [node.id for node in nodes if node.kind is NodeKind.REFERRAL]
    mine = [case for case in cases if is_member(context.acting, work.cases.people_on(case))]
    known = {agency.code: agency for agency in context.agencies_known if agency.releases_by_itself}
    rules, found = work.sharing.rules(mine), []
    for case in mine:
        newest = {(rule.item, rule.release_class.owner): rule for rule in work.incident_rules.of([case])}
        of_case = [*newest.values(), *(each for items in rules[case].values() for each in items.values())]
        owners = {
            rule.release_class.owner
            for rule in of_case
            if outcome_of(context.acting, rule.release_class, on=context.clock.today(), is_member=True)
            is Outcome.STUB
        }
        found += [
            HiddenRecord(case=case, agency=known[code].name, ask=known[code].contact)
            for code in sorted(owners & set(known))
        ]
    return tuple(found)
