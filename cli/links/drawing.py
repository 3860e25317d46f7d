"""Appearance of the answers of `stac links` on a terminal. Asks nothing and decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cli.output import MARKING, say

if TYPE_CHECKING:
    from engine.services.links.choices import Change, Components, Figures, Paths, Patterns
    from engine.services.links.register import Trends

SHOWN = 20
"""Of a list, so many on a terminal; --json has them all."""


def table(title: str | None, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Draw a table, where there is anything in it."""
    from cli.tables import console, draw_table  # loads the domain's words, which --help need not

    draw_table(console(), title, columns, rows)


def draw_patterns(found: Patterns) -> None:
    """Draw every finding with its path and the evidence against it, and what was not judged."""
    say(MARKING)
    for key, findings in found.findings.items():
        left = [each.judged.says for each in found.not_judged if each.pattern is key]
        as_one = (found.as_one or {}).get(key, len(findings))
        say(
            f"{key.value}: {len(findings):,} found"
            + (f", {as_one:,} if likely duplicates count as one person" if as_one < len(findings) else "")
            + (f", {len(left):,} not judged" if left else "")
        )
        if findings and found.in_cases:
            say(f"  {found.in_cases[key].sentence}")
        if found.by_chance and key in found.by_chance:
            say(f"  {found.by_chance[key].sentence}")
        if found.changed:
            change = found.changed[key]
            say(f"  With today's thresholds: {change.by_default}. {_changes(change)}")
        marks = found.marks[key] if found.marks and findings else None
        if marks:
            say(f"  {marks.sentence}")
        for place, finding in enumerate(findings[:SHOWN]):
            say(f"  {finding.says}")
            if marks:
                of_it = marks.of(place).every
                said = f"; marked {', '.join(each.in_words for each in of_it)}" if of_it else ""
                say(f"    subject: {' '.join(marks.subjects[place])}{said}")
            say(f"    path: {' - '.join(finding.path)}")
            for against in finding.counter_evidence:
                say(f"    but: {against}")
        if len(findings) > SHOWN:
            say(f"  and {len(findings) - SHOWN:,} more; --json shows them all")
        for sentence in left[:SHOWN]:
            say(f"  not judged: {sentence}")
    say("Findings are in the order of the file. A person must assess each of them.")


def _changes(change: Change) -> str:
    """Return whom other thresholds add and take away."""
    parts = [
        f"{name}: {', '.join(' and '.join(each) for each in subjects[:SHOWN])}"
        + (f" and {len(subjects) - SHOWN:,} more" if len(subjects) > SHOWN else "")
        for name, subjects in (("New", change.new), ("Gone", change.gone))
        if subjects
    ]
    return f"{'. '.join(parts)}." if parts else "The same are found."


def first_of(ids: Sequence[str]) -> str:
    """Return the first few, and how many more."""
    more = f" and {len(ids) - SHOWN:,} more" if len(ids) > SHOWN else ""
    return ", ".join(ids[:SHOWN]) + more


def draw_counts(name: str, counts: dict[str, int]) -> None:
    """Draw a line of numbers by their names."""
    text = ", ".join(f"{number:,} {kind}" for kind, number in counts.items())
    say(f"{name}: {text or 'none'}")


def draw_summary(fields: Figures) -> None:
    """Draw a register in figures."""
    say(MARKING)
    draw_counts("entities", fields["entities"])
    draw_counts("links", fields["links"])
    draw_counts("roles", fields["roles"])
    say(f"{fields['components']:,} components; the largest holds {fields['largest_component']:,} entities")
    dates = fields["dates"]
    if dates["from"]:
        undated = f"{dates['not_recorded']:,} links have no date"
        say(f"dates from {dates['from']} to {dates['to']}; {undated}")
    else:
        say("no link has a date")
    rows = [(kind, str(most["degree"]), first_of(most["ids"])) for kind, most in fields["max_degree"].items()]
    table("Linked to the most others", ("type", "others", "who"), rows)
    say("More links may only mean more recording. They do not show risk.")
    draw_age(fields)


def draw_components(fields: Components) -> None:
    """Draw the connected components."""
    say(MARKING)
    say(f"{fields['components']:,} components")
    rows = [
        (
            str(each["size"]),
            ", ".join(f"{number} {kind}" for kind, number in each["types"].items()),
            ", ".join(each["first_ids"]) + (" ..." if each["size"] > len(each["first_ids"]) else ""),
        )
        for each in fields["largest_ones"]
    ]
    table("The largest", ("entities", "types", "first ones"), rows)
    draw_age(fields)


def draw_path(fields: Paths, start: str, end: str, most: int) -> None:
    """Draw the shortest paths between two."""
    say(MARKING)
    if fields["hops"] is None:
        say(f"No path between {start} and {end} was found.")
        return
    from engine.domain.links.path_ends import ends_in_words

    ends = ends_in_words((start, end), fields["paths"][0])
    if not fields["hops"]:
        say(ends[0])
        draw_age(fields)
        return
    paths = "shortest path" if fields["count"] == 1 else "shortest paths"
    hops = "1 link" if fields["hops"] == 1 else f"{fields['hops']} links"
    say(f"{fields['count']:,} {paths} of {hops} between {start} and {end}")
    for sentence in ends:
        say(sentence)
    if fields["through_hubs"]:
        say("Every path crosses an object with very many links, which connects strangers.")
    if fields["hops_through_hubs"]:
        say(
            f"A path of {fields['hops_through_hubs']} links crosses an object with very many links. These "
            "connect strangers, so it was left out (--through-hubs includes it)."
        )
    for number, steps in enumerate(fields["in_words"][:SHOWN], start=1):
        say(f"path {number}:")
        for step in steps:
            say(f"  {step}")
    if fields["count"] > SHOWN:
        say(f"and {fields['count'] - SHOWN:,} more; --json lists up to {most:,} of them")
    for number, steps in enumerate(fields["longer_in_words"], start=1):
        say(f"longer path {number} of {len(fields['longer_paths'][number - 1]) - 1} links:")
        for step in steps:
            say(f"  {step}")
    if fields["longer_cut"] or fields["longer_stopped"]:
        say("There may be more longer paths: not all were searched for.")
    say("A path shows how records are linked, not that people know each other.")
    draw_age(fields)


def draw_trends(view: Trends) -> None:
    """Draw the trend of what was reported of each two people of the record."""
    say(MARKING)
    for each in view.found.trends:
        alarm = "ALARM: " if each.trend.alarm else ""
        say(f"{each.perpetrator} against {each.victim}: {alarm}{each.trend.says}")
    say(
        f"{view.found.number:,} pairs, in the order of the record. Each was tested separately, so among many "
        "pairs a few raise an alarm by chance. The probabilities are in --json, for analysts."
    )
    draw_age(view.as_values())


def draw_age(view: Mapping[str, object]) -> None:
    """Draw how old the arrays of the record are, where the answer depends on them."""
    if "snapshot_at" in view:
        say(
            f"Link index last updated {str(view['snapshot_at'])[:16].replace('T', ' ')} UTC. "
            f"{view['cases_changed_since']:,} of your cases changed since, and were read from the record."
        )
