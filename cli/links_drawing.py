"""How the answers of `stac links` look on a terminal. Asks nothing and decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.saying import MARKING, say

if TYPE_CHECKING:
    from engine.services.link_files import LinksImported, Patterns

SHOWN = 20
"""Of a list, so many on a terminal; --json has them all."""


def table(title: str | None, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table, where there is anything in it."""
    from cli.drawing import console, draw_table  # loads the domain's words, which --help need not

    draw_table(console(), title, columns, rows)


def draw_patterns(found: Patterns) -> None:
    """Every finding with its path and what stands against it, and what was not judged."""
    say(MARKING)
    for key, findings in found.findings.items():
        left = [each.judged.says for each in found.not_judged if each.pattern is key]
        say(f"{key.value}: {len(findings)} found" + (f", {len(left)} not judged" if left else ""))
        for finding in findings[:SHOWN]:
            say(f"  {finding.says}")
            say(f"    path: {' - '.join(finding.path)}")
            for against in finding.counter_evidence:
                say(f"    but: {against}")
        if len(findings) > SHOWN:
            say(f"  and {len(findings) - SHOWN:,} more; --json shows them all")
        for says in left[:SHOWN]:
            say(f"  not judged: {says}")
    say("Findings stand in the order of the file. Each is for a person to judge.")


def draw_import(done: LinksImported) -> None:
    """What came into a register, what was held back, and every row that was not taken."""
    say(f"{done.entities:,} entities and {done.links:,} links in {done.register_file}")
    if done.protected_entities or done.protected_links:
        say(
            f"{done.protected_entities} protected entities and {done.protected_links} links (protected or to "
            "a protected entity) were held back; the register does not hold them"
        )
    for note in done.notes:
        say(f"note: {note}")
    if done.rejected:
        counted = ", ".join(f"{number:,} {why}" for why, number in done.rejected_by_reason.items())
        say(f"{len(done.rejected):,} rows were not taken as they stand: {counted}")
    for each in done.rejected[:SHOWN]:
        place = f"{each.file}, row {each.row}" + (f", column {each.column}" if each.column else "")
        say(f"  {place}: {each.reason}")
    if len(done.rejected) > SHOWN:
        say(f"  and {len(done.rejected) - SHOWN:,} more; --json shows them all")


def first_of(ids: Sequence[str]) -> str:
    """The first few, and how many more."""
    more = f" and {len(ids) - SHOWN:,} more" if len(ids) > SHOWN else ""
    return ", ".join(ids[:SHOWN]) + more


def draw_counts(name: str, counts: dict[str, int]) -> None:
    """A line of numbers by their words."""
    told = ", ".join(f"{number:,} {kind}" for kind, number in counts.items())
    say(f"{name}: {told or 'none'}")
