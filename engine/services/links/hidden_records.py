"""Agencies to ask about the cases of a map, where the owner of a record lets others learn that it exists.

Only on a case, for those who work it, and only of agencies whose plain record facts need no hand: for the
victim's voice and services of care the bare fact of being known is a confidence. The rule on the whole answer
comes first, as on the case page, and no answer is read for it, so the reply is the same whatever is held. A
rule on an item counts while the released answer has that item. A hidden record is not there at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.access.release import is_member, outcome_of
from engine.domain.links.maps import HiddenRecord
from engine.domain.links.views import LinkNode, NodeKind
from engine.domain.responses.answers import Contribution
from engine.domain.sharing import Outcome, StoredRule
from engine.services.context import Context
from engine.services.sharing.response_visibility import Viewer, answer_outcome, cut
from engine.store.unit_of_work import Work


def hidden_records(work: Work, context: Context, nodes: Iterable[LinkNode]) -> tuple[HiddenRecord, ...]:
    """Return whom to ask about the cases among these nodes; part of a larger use case."""
    cases = [node.id for node in nodes if node.kind is NodeKind.REFERRAL]
    mine = [case for case in cases if is_member(context.acting, work.cases.people_on(case))]
    known = {agency.code: agency for agency in context.agencies_known if agency.releases_by_itself}
    viewer = Viewer(acting=context.acting, on=context.clock.today(), is_member=True)
    rules, found = work.sharing.rules(mine), []
    for case in mine:
        newest = {(rule.item, rule.release_class.owner): rule for rule in work.incident_rules.of([case])}
        owners = {rule.release_class.owner for rule in newest.values() if _is_stub(rule, viewer)}
        for code, of_agency in rules[case].items():
            if code in known and code not in owners and _exists(work, case, code, of_agency, viewer):
                owners.add(code)
        found += [
            HiddenRecord(case=case, agency=known[code].name, ask=known[code].contact)
            for code in sorted(owners & set(known))
        ]
    return tuple(found)


def _exists(work: Work, case: str, agency: str, rules: Mapping[str, StoredRule], viewer: Viewer) -> bool:
    """Return whether the case page shows this agency's answer, or an item of it, as a stub."""
    whole = answer_outcome(rules, viewer)
    if whole is not Outcome.SHOW or not any(_is_stub(rule, viewer) for rule in rules.values()):
        return whole is Outcome.STUB
    for returns in work.answers.returns([case], agency=agency)[case]:
        released = returns.released()
        if released is not None and isinstance(released.answer, Contribution):
            return not released.answer.erased_by and cut(released.answer, rules, viewer).stubs > 0
    return False


def _is_stub(rule: StoredRule, viewer: Viewer) -> bool:
    outcome = outcome_of(viewer.acting, rule.release_class, on=viewer.on, is_member=viewer.is_member)
    return outcome is Outcome.STUB
