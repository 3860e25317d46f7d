"""Minutes as one HTML page with styles for printing. Draws what it is given; every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import TYPE_CHECKING

from cli.conference.remarks import remark_line
from cli.output import MARKING, when
from engine.domain.shown import shown

if TYPE_CHECKING:
    from engine.domain.conference.minutes import MinutedDecision, MinutedItem, Minutes

_STYLE = """
body { font: 16px/1.5 sans-serif; color: #0b0c0c; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
.marking { text-align: center; font-weight: bold; letter-spacing: .05em; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; border-top: 2px solid #0b0c0c; padding-top: .6rem; }
dt { font-weight: bold; } dd { margin: 0 0 .4rem; overflow-wrap: anywhere; }
.notice { border-left: 4px solid #b1760e; padding-left: .6rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top;
padding: .2rem .6rem .2rem 0; border-bottom: 1px solid #b1b4b6; overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } article { break-inside: avoid-page; }
.marking.foot { position: fixed; bottom: 0; width: 100%; } @page { margin: 20mm; } }
@supports selector(::scroll-marker) { @page { @top-center { content: "MARKING"; font: bold 10pt sans-serif; }
@bottom-center { content: "MARKING"; font: bold 10pt sans-serif; }
@bottom-right { content: counter(page) " of " counter(pages); } }
@media print { .marking { display: none; } } }
""".replace("MARKING", MARKING)
"""A browser that can has the marking in the margins of each sheet: at a fixed place it covers the text."""


def page_of(minutes: Minutes, *, summary: bool = False) -> str:
    """Return the page. A summary leaves out reasons, dissent, attendance and corrections."""
    title = f"{'Executive summary' if summary else 'Minutes'}, {minutes.date:%-d %B %Y}"
    return "".join(
        [
            '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">',
            f"<title>{_text(title)}</title><style>{_STYLE}</style></head><body>",
            f'<p class="marking">{MARKING}</p><main><h1>{_text(title)}</h1>',
            f"<p>Copy for {_text(minutes.recipient)}. {_text(minutes.phase.value.capitalize())}.</p>",
            f"<p>{_text(minutes.confidentiality)}</p>",
            "" if summary else _definitions(_head(minutes)),
            *(_item(minutes, item, summary=summary) for item in minutes.items),
            "" if minutes.items else "<p>No item of this conference is about a case that you can view.</p>",
            f"<p>Digest of this copy: {_text(minutes.digest)}</p>" if minutes.digest else "",
            f'</main><p class="marking foot">{MARKING}</p></body></html>\n',
        ]
    )


def _head(minutes: Minutes) -> Iterator[tuple[str, str]]:
    yield "Conference", minutes.conference
    if minutes.place:
        yield "Place", minutes.place
    yield "Chair", minutes.chair
    if minutes.deputy:
        yield "Deputy", minutes.deputy
    if minutes.minute_taker:
        yield "Minute taker", minutes.minute_taker
    for stay in minutes.attendance:
        left = f" to {when(stay.left_at)}" if stay.left_at else ""
        observes = " (observer, conditions signed)" if stay.has_signed else ""
        yield "Attended", f"{stay.who}{observes}, {when(stay.arrived_at)}{left}"
    for absent in minutes.apologies:
        name = "Written contribution" if absent.written_at else "Apologies"
        yield name, f"{absent.who}, {when(absent.written_at)}" if absent.written_at else absent.who


def _item(minutes: Minutes, item: MinutedItem, *, summary: bool) -> str:
    names = item.names.title if item.names else item.part.value
    parts = [f"<article><h2>{item.number}. {_text(names)}</h2><p>{_text(item.case)}</p>"]
    if item.erased_by:
        return "".join([*parts, f"<p>Erased by decision {_text(item.erased_by)}.</p></article>"])
    if item.amended_later:
        parts.append(f'<p class="notice">{_text(item.amended_later)} The text below is not changed.</p>')
    if item.decision is not None:
        parts.append(_decision(item.decision, summary=summary))
    parts.append(_definitions(_rest(minutes, item, summary=summary)))
    return "".join([*parts, "</article>"])


def _decision(decision: MinutedDecision, *, summary: bool) -> str:
    rows = [
        (each.domain.value.capitalize(), each.level.value.capitalize(), *(() if summary else (each.why,)))
        for each in decision.judgements
    ]
    heads = ("Domain", "Level") if summary else ("Domain", "Level", "Reasons")
    provisional = f'<p class="notice">{_text(decision.provisional)}</p>' if decision.provisional else ""
    return f"{provisional}{_table(heads, rows)}<p>{_text(decision.summary)}</p>"


def _rest(minutes: Minutes, item: MinutedItem, *, summary: bool) -> Iterator[tuple[str, str]]:
    if item.deferral:
        yield "Deferred", f"until {item.deferral.until:%-d %B %Y}: {item.deferral.because}"
        yield "Protects meanwhile", item.deferral.meanwhile
    if item.decision and item.decision.review_on:
        yield "Next review", f"{item.decision.review_on:%-d %B %Y}"
    for action in item.actions:
        yield "Action", f"{action.what} {action.agency}, {action.owner}. Due {action.due:%-d %B %Y}."
    if summary:
        return
    for dissent in item.dissent:
        yield "Dissent", f"{dissent.agency}, {dissent.who}: {dissent.reasons} ({dissent.source})"
    for each in item.positions:
        yield "Position", f"{each.agency}: {each.in_words}"
    for words in item.victim_words:
        yield "The victim's words", f"{words.text} {words.origin}"
    for withdrawn in item.words_withdrawn:
        yield "Withdrawn later", f"{withdrawn.in_words}."
    if item.decision and item.decision.confidence:
        yield "Confidence of the panel", item.decision.confidence.value
    if item.decision and item.decision.alternatives:
        yield "Also considered", item.decision.alternatives
    if item.decision:
        for gap in item.decision.missing:
            yield "Missing and matters", f"{gap.agency}: {gap.says}"
        for agency, state in item.decision.responses_missing.items():
            yield "Missing", f"{agency}: {state}"
    for remark in item.remarks:
        yield "Said in the room", remark_line(remark)
    for person in item.conflicts:
        yield "Conflict of interest", f"{person.who} was out of this item."
    for shared in item.disclosures:
        items = f": {', '.join(shared.items)}" if shared.items else ""
        yield (
            "Shared during the conference",
            f"{shared.agency}, {shared.act.value}{items}. With: {shared.whom}.",
        )
    for correction in item.corrections:
        about = f" of {correction.heading.value}" if correction.heading else ""
        yield (
            f"Correction{about}, {minutes.status_of(correction)}",
            f"{correction.says} ({correction.by})",
        )
        if correction.why:
            yield "Reason of the chair", correction.why


def _definitions(pairs: Iterable[tuple[str, str]]) -> str:
    lines = "".join(f"<dt>{_text(name)}</dt><dd>{_text(text)}</dd>" for name, text in pairs)
    return f"<dl>{lines}</dl>" if lines else ""


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{_text(each)}</th>' for each in heads)
    body = "".join(
        f'<tr><th scope="row">{_text(first)}</th>{"".join(f"<td>{_text(each)}</td>" for each in rest)}</tr>'
        for first, *rest in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _text(text: str) -> str:
    return escape(shown(text))
