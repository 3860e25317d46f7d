"""Sharing over all cases, in figures, for the data-protection officer: no case, no key, no text.

A restricted case is in no figure, for any user: a figure that is larger for some would give it away to the
others.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from engine.access.policy import May, require
from engine.clock import LONDON
from engine.domain.responses.answers import Nature
from engine.domain.sharing import LedgerEntry, SharedInFigures, SharingFigures
from engine.services.context import Context

_AT_ONCE = 500


def sharing_figures(context: Context, *, since: date | None = None) -> SharingFigures:
    """Count lines of the ledger by agency, act, law, basis and data subject, facts apart from opinions."""
    require(May.SEE_SHARING_FIGURES, context.acting)
    with context.reading("see what was shared in figures") as work:
        references = work.counts.references()
        lines, facts, opinions = Counter[_Key](), Counter[_Key](), Counter[_Key]()
        for start in range(0, len(references), _AT_ONCE):
            for entry in work.sharing.ledger(references[start : start + _AT_ONCE]):
                if since is not None and entry.at.astimezone(LONDON).date() < since:
                    continue
                key = _key(entry.under(context.settings.handled_under))
                lines[key] += 1
                facts[key] += sum(item.nature is Nature.FACT for item in entry.items)
                opinions[key] += sum(item.nature is Nature.OPINION for item in entry.items)
        work.notes(lines=lines.total())
    rows = tuple(
        SharedInFigures(
            agency=agency,
            act=act,
            regime=law,
            basis=basis,
            about=about,
            lines=count,
            facts=facts[agency, act, law, basis, about],
            opinions=opinions[agency, act, law, basis, about],
        )
        for (agency, act, law, basis, about), count in sorted(lines.items(), key=lambda each: str(each[0]))
    )
    return SharingFigures(
        since=since, rows=rows, laws=context.settings.handled_under, bases=context.settings.sharing_bases
    )


_Key = tuple[str, str, str | None, str | None, tuple[str, ...]]


def _key(entry: LedgerEntry) -> _Key:
    grounds = entry.grounds
    law = grounds.regime.value if grounds.regime else None
    about = tuple(sorted(each.value for each in grounds.about))
    return entry.agency, entry.act.value, law, grounds.basis, about
