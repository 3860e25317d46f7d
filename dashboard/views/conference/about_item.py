"""The box on top of an item: reasons for the agenda, and records that are newer than the views.

Draws what the item's case holds for this person. No earlier level is in it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from datetime import date

from dashboard import markup, session, words
from dashboard.pages import Place
from dashboard.views.cases import band
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting
from engine.domain.cases.band import BandPiece, PieceKind
from engine.domain.cases.older_views import NewSinceViews, new_since_views
from engine.domain.cases.views import NOT_RECORDED, CaseView, IncidentView
from engine.domain.conference.agenda import ItemView
from engine.domain.referrals.intake import AlarmTopic

_NEW = "New since the views"
_AT_ONCE = 3
"""Incidents and reports that are shown one by one; those after them are in a fold."""
_LONGEST_REASON = 240


def draw(item: ItemView | None, view: CaseView, *, acting: Acting, today: date) -> None:
    """Draw the box on top of an item."""
    newer = new_since_views(view.incidents, view.answers)
    alarms = [each for each in view.band if each.kind is PieceKind.ALARM and _is_since(each, view)]
    rows: list[tuple[markup.Content, markup.Content]] = [
        ("Why it is here", _why(item, view, acting, today)),
        (_NEW, _new(newer, alarms, view, acting, today)),
    ]
    late = [each for each in view.band if each.kind is PieceKind.POLICE_DECISION]
    rows += [("Police", _drawn(late, view, acting, today))] if late else []
    rows += [
        ("Last contact with the victim", _contact(view)),
        ("Orders", _orders(view)),
        ("Alarm topics", _topics(view)),
        ("Referred", _referred(view)),
    ]
    is_new = bool(alarms) or (newer is not None and not newer.is_empty)
    look = "about-item has-alarm" if alarms else "about-item"
    markup.draw(markup.definitions(rows, class_=look, wide=(_NEW,) if is_new else ()))


def _is_since(piece: BandPiece, view: CaseView) -> bool:
    """Return whether an alarm was raised after the referral, whose own topics have their row."""
    return piece.records != (view.reference,)


def _why(item: ItemView | None, view: CaseView, acting: Acting, today: date) -> markup.Content:
    part = words.sentence(item.part.value) if item is not None and item.part is not None else None
    due = [each for each in view.band if each.kind is PieceKind.REVIEW]
    days = [each.at for each in (*view.earlier_decisions, *([view.decision] if view.decision else []))]
    decided = f"Decided on {words.listed([words.day_of(at, year=True) for at in days])}." if days else ""
    return markup.join(
        [
            markup.element("b", f"{part}.") if part else None,
            _drawn(due, view, acting, today) if due else None,
            decided or "Not decided before.",
        ],
        " ",
    )


def _drawn(pieces: Iterable[BandPiece], view: CaseView, acting: Acting, today: date) -> markup.Markup:
    return markup.join([band.piece_in_words(each, view, acting, today) for each in pieces], " ")


def _new(
    newer: NewSinceViews | None, alarms: list[BandPiece], view: CaseView, acting: Acting, today: date
) -> markup.Content:
    """Return alarms, incidents and reports that came after the views; an absence of them is a sentence."""
    lines: list[markup.Content] = [band.piece_in_words(each, view, acting, today) for each in alarms]
    if newer is None:
        lines.append(markup.none_recorded("No view of an agency is shown to you."))
        return _lines(lines)
    day = words.day(newer.oldest_view, year=True)
    if newer.is_empty:
        lines.append(f"Nothing new since the views of {day} that you may see.")
        return _lines(lines)
    in_alarms = {record for each in alarms for record in each.records}
    by_reference = {each.reference: each for each in view.incidents if each.reference not in in_alarms}
    lines += [_incident(by_reference[each]) for each in newer.certain if each in by_reference]
    lines += [_incident(by_reference[each], perhaps=True) for each in newer.perhaps if each in by_reference]
    lines += newer.reported
    return markup.join([_lines(lines), markup.element("small", f"The oldest view is of {day}.")])


def _incident(incident: IncidentView, *, perhaps: bool = False) -> markup.Markup:
    """Return an incident in a line, with the reported text, which the meeting view does not show."""
    texts = [report.what for report in incident.reports if report.what]
    quote = f", “{textwrap.shorten(texts[-1].rstrip('.'), 80, placeholder='…')}”" if texts else ""
    when = incident.happened.in_words() if incident.happened else "Date not recorded"
    return markup.join(
        [
            markup.tag(words.sentence(incident.kind.in_words), "t-older"),
            f"{when}{'' if session.room_view() else quote}.",
            "It may be before the oldest view." if perhaps else None,
        ],
        " ",
    )


def _lines(lines: list[markup.Content]) -> markup.Markup:
    few, more = lines[:_AT_ONCE], lines[_AT_ONCE:]
    shown = markup.bullets(few, class_="lines")
    if not more:
        return shown
    return markup.join(
        [shown, markup.details(f"Show {len(more):,} more", markup.bullets(more, class_="lines"))]
    )


def _contact(view: CaseView) -> markup.Content:
    day = view.victim_last_reached
    return words.day(day, year=True) if day else markup.none_recorded()


def _orders(view: CaseView) -> markup.Content:
    if view.orders == NOT_RECORDED:
        return markup.join([markup.none_recorded(), " One can exist: ask the police lead."])
    return " ".join(filter(None, (f"{words.sentence(view.orders)}.", view.orders_gap, view.orders_pressing)))


def _topics(view: CaseView) -> markup.Content:
    """Return the topics by answer, yes first; a topic that was recorded since is under its own heading."""
    alarms = view.alarms
    since = [topic for topic in alarms.since if alarms.answers[topic] is not YesNo.YES]
    groups: list[tuple[str, list[AlarmTopic]]] = [("Recorded since", since)] if since else []
    for answer in YesNo:
        found = [each for each, said in alarms.answers.items() if said is answer and each not in since]
        groups += [(answer.value, found)] if found else []

    def named(topic: AlarmTopic) -> str:
        about = alarms.taken_back.get(topic)
        if topic in since:
            about = (
                f"{words.day_of(alarms.since[topic], year=True)}; {alarms.answers[topic].value} at referral"
            )
        return f"{topic.value} ({about})" if about else topic.value

    late = markup.tag("Not acknowledged", "t-late") if alarms.is_open else None
    return markup.join(
        [
            late,
            *(
                markup.join(
                    [
                        markup.element("b", f"{words.sentence(name)}: "),
                        f"{', '.join(named(each) for each in topics)}.",
                    ]
                )
                for name, topics in groups
            ),
        ],
        " ",
    )


def _referred(view: CaseView) -> markup.Content:
    reason = textwrap.shorten(view.reason, _LONGEST_REASON, placeholder="…")
    about = words.sentence(view.relationship or "relationship not recorded")
    typed = "" if session.room_view() else f" {reason} {about}."
    return markup.join(
        [
            f"{words.day_of(view.received_at, year=True)}, {view.source}.{typed} ",
            markup.go("The case", Place.CASE, view.reference),
        ]
    )
