"""Questions to an agency's own rule on the audience of its items. Only restricts; no transaction is open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.access.digests import VaultKey
from engine.clock import LONDON
from engine.domain.responses.answers import Contribution, Failed, Nature
from engine.domain.responses.reported import EVIDENCE
from engine.domain.sharing import (
    Audience,
    AudienceKind,
    Grounds,
    LedgerAct,
    LedgerEntry,
    LedgerItem,
    MayShare,
    ReleaseClass,
    Shareable,
    StoredRule,
    narrower,
)
from engine.hooks.questions import MAY_SHARE, ToShare
from engine.hooks.registry import Agencies
from engine.orders.reported import reported_order_in_words
from engine.services.links.projection import link_cases
from engine.services.sharing.audiences import goes_to
from engine.store.unit_of_work import Work

NOT_ASKED = "The agency's own rule could not be checked; only the owner sees this until it can."
PANEL = Audience(kind=AudienceKind.PANEL)


def verdicts_of(
    agencies: Agencies | None, code: str, answer: object, audience: Audience, purpose: str
) -> dict[str, MayShare]:
    """Return the verdict of the agency's own rule on each item; nothing for an agency without such a rule."""
    if agencies is None or code not in agencies.codes or not isinstance(answer, Contribution):
        return {}
    if not agencies.manifest(code).narrows_sharing:
        return {}
    items = shareables(answer)
    answers = agencies.ask_many(
        code, MAY_SHARE, [ToShare(item=item, audience=audience, purpose=purpose) for item in items]
    )
    held = MayShare(audience=AudienceKind.OWNER, because=NOT_ASKED)
    return {
        item.key: held if isinstance(verdict, Failed) else verdict
        for item, verdict in zip(items, answers, strict=True)
    }


def store_verdicts(
    work: Work,
    reference: str,
    agency: str,
    verdicts: Mapping[str, MayShare],
    *,
    key: VaultKey,
    purpose: str,
    at: datetime,
) -> None:
    """Narrow the rule of each item to what both its people and its own rule allow; part of a use case."""
    if not verdicts:
        return
    narrows_evidence = False
    rules = work.sharing.rules([reference])[reference].get(agency, {})
    for item, verdict in sorted(verdicts.items()):
        before = rules.get(item)
        was = before.release_class if before else ReleaseClass(owner=agency, audience=AudienceKind.PANEL)
        given = Audience(kind=was.audience, agencies=was.agencies)
        both = narrower(given, Audience(kind=verdict.audience, agencies=verdict.agencies))
        if both == given:
            continue
        grounds = before.grounds if before else Grounds(purpose=purpose)
        narrowed = was.model_copy(update={"audience": both.kind, "agencies": both.agencies})
        because = verdict.because or "The agency's own rule requires it."
        stored = StoredRule(
            item=item,
            release_class=narrowed,
            grounds=grounds,
            narrowed_by_plugin=because,
            why=because,
            by=f"plugin {agency}",
            at=at,
        )
        work.sharing.store_rule(reference, stored)
        now = goes_to(LedgerItem(key=item), {**rules, item: stored}, agency, on=at.astimezone(LONDON).date())
        work.sharing.enter([_line(reference, agency, item, now, grounds, because, at)])
        narrows_evidence = narrows_evidence or item.startswith(EVIDENCE)
    if narrows_evidence:
        link_cases(work, key, [reference], at=at)


def shareables(answer: Contribution) -> tuple[Shareable, ...]:
    """Return every item of an answer, as a rule judges it."""
    return (
        *(
            Shareable(key=each.key, kind="finding", nature=each.nature, says=each.says)
            for each in answer.findings
        ),
        *(Shareable(key=each.key, kind="voice", says=each.says) for each in answer.voices),
        *(
            Shareable(key=f"view:{each.domain.value}", kind="view", says=each.reasons)
            for each in answer.views
        ),
        *(Shareable(key=f"instrument:{each.instrument}", kind="instrument") for each in answer.instruments),
        *(Shareable(key=f"predictor:{each.instrument}", kind="predictor") for each in answer.predictors),
        *(
            Shareable(key=each.name, kind="order", nature=Nature.FACT, says=reported_order_in_words(each))
            for each in answer.orders or ()
        ),
        *(
            Shareable(key=each.name, kind="link evidence", nature=Nature.FACT, says=each.sentence)
            for each in answer.link_evidence or ()
        ),
        *(
            Shareable(key=each.name, kind="report", nature=Nature.FACT, says=each.sentence)
            for each in answer.reports or ()
        ),
        *(Shareable(key=each.key, kind="action", says=each.says) for each in answer.proposed_actions),
    )


def _line(
    reference: str,
    agency: str,
    key: str,
    narrowed: ReleaseClass,
    grounds: Grounds,
    because: str,
    at: datetime,
) -> LedgerEntry:
    return LedgerEntry(
        involvement=reference,
        agency=agency,
        version=None,
        act=LedgerAct.NARROWED,
        items=(LedgerItem(key=key),),
        whom=narrowed.in_words,
        grounds=grounds,
        why=because,
        by=f"plugin {agency}",
        at=at,
    )
