"""Acts for tests of facts, by days before today."""

from __future__ import annotations

from datetime import date, timedelta

from engine.domain.cases.plain_facts import Fact, FactKind
from engine.domain.dates import PartialDate
from engine.facts.acts import Act
from engine.facts.of_case import plain_facts

TODAY = date(2026, 3, 31)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def act(
    days: int | None,
    *kinds: str,
    channel: str | None = None,
    happened: str | None = None,
    owner: str = "desk",
    name: str | None = None,
) -> Act:
    """An act so many days before today; with ``happened`` of a partial date."""
    when = PartialDate(happened) if happened else None if days is None else PartialDate.of(ago(days))
    dated = happened or ("none" if days is None else days)
    reference = name or f"I-{dated}-{'-'.join(kinds) or 'contacting'}"
    return Act(reference, when, kinds or ("contacting",), channel, (owner,))


def of_kind(kind: FactKind, *acts: Act, **given: object) -> list[Fact]:
    """The facts of one kind."""
    return [fact for fact in plain_facts(acts, today=TODAY, **given) if fact.kind is kind]  # type: ignore[arg-type]


def sentences(kind: FactKind, *acts: Act, **given: object) -> list[str]:
    """Their sentences."""
    return [fact.says for fact in of_kind(kind, *acts, **given)]
