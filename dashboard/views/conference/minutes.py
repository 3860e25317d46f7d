"""Minutes of a conference: this person's own copy, as the engine renders it from what was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.pages import Place
from dashboard.views.conference import correcting, parts, remarks
from dashboard.views.conference.parts import Part
from engine.domain.accounts.acting import Acting
from engine.domain.conference.minutes import (
    Absent,
    Attended,
    CorrectionView,
    MinutedDecision,
    MinutedDisclosure,
    MinutedItem,
    Minutes,
    MinutesHeading,
    MinutesPhase,
    MinutesStep,
)
from engine.services.conference.minutes import read_minutes

_FORM, _SUMMARY = "form", "summary"
"""The code in the address that asks for the executive summary."""
_PHASES = (MinutesPhase.DRAFT, MinutesPhase.PREPARED, MinutesPhase.CORRECTIONS, MinutesPhase.AGREED)


def page(conference: str, *, acting: Acting) -> None:
    """Read this person's copy and draw it, as a whole or as its executive summary."""
    runtime = record.runtime()
    copy = read_minutes(runtime.context(acting), conference=conference)
    agencies = {agency.code: agency.name for agency in runtime.agencies_known}
    if session.query(_FORM) == _SUMMARY:
        draw_summary(copy, acting=acting, agencies=agencies)
    else:
        draw(copy, acting=acting, agencies=agencies)


def draw(copy: Minutes, *, acting: Acting, agencies: Mapping[str, str]) -> None:
    """Draw the phases, the copy, and beside it what this person may do about it."""
    _draw_head(copy, acting, is_summary=False)
    left, right = st.columns([7, 3], gap="large")
    with left:
        items = [_item(item, agencies) for item in copy.items]
        head = [_whose(copy, acting, agencies), markup.definitions(_head(copy, agencies), class_="minuted")]
        none = markup.none_recorded("No item of this conference is open to you.")
        annexes = correcting.annexes(copy)
        markup.draw(markup.element("article", *head, *(items or [none]), annexes, class_="minutes"))
    with right, st.container(key="minutes-work"):
        correcting.draw(copy, acting=acting)


def draw_summary(copy: Minutes, *, acting: Acting, agencies: Mapping[str, str]) -> None:
    """Draw levels, decisions and actions only, for those who are to act and need no more."""
    _draw_head(copy, acting, is_summary=True)
    items = [_item(item, agencies, is_summary=True) for item in copy.items]
    none = markup.none_recorded("No item of this conference is open to you.")
    whose = _whose(copy, acting, agencies)
    title = markup.heading("Executive summary", at="summary")
    markup.draw(markup.element("article", title, whose, *(items or [none]), class_="minutes"))


def _draw_head(copy: Minutes, acting: Acting, *, is_summary: bool) -> None:
    """Draw the phases, and the links to the other form and to paper."""
    other = (
        parts.link("Minutes in full", copy.conference, Part.MINUTES)
        if is_summary
        else parts.link("Executive summary", copy.conference, Part.MINUTES, more={_FORM: _SUMMARY})
    )
    printing = markup.element("button", "Print", type="button", class_="second print")
    forms = markup.element("div", other, printing, class_="forms")
    note = None if is_summary else correcting.note(copy, acting)
    lead = markup.element("p", note, class_="lead") if note else None
    markup.draw(markup.join([markup.element("div", lead, forms, class_="formline"), _phases(copy)]))


def _phases(copy: Minutes) -> markup.Markup:
    """Return the four phases with the date of each; while the conference is in session, none is reached."""
    reached = {step.phase: step for step in copy.steps}
    if copy.phase is MinutesPhase.IN_SESSION:
        return markup.notice("info", "The conference is in session. This is its record up to now.")
    at = _PHASES.index(copy.phase)
    steps = []
    for number, phase in enumerate(_PHASES):
        said = _reached(copy, reached.get(phase), phase) if number <= at else "not yet"
        looks = (
            "done" if number < at or copy.phase is MinutesPhase.AGREED else "now" if number == at else None
        )
        steps.append(
            markup.element(
                "li",
                markup.element("b", words.sentence(phase.value)),
                markup.element("small", said),
                class_=looks,
                aria_current="step" if number == at else None,
            )
        )
    return markup.element("ol", *steps, class_="phases", aria_label="Phases of the minutes")


def _reached(copy: Minutes, step: MinutesStep | None, phase: MinutesPhase) -> str:
    if step is None:
        return f"conference of {words.day(copy.date, year=True)}"
    if phase is MinutesPhase.CORRECTIONS and step.until is not None:
        return f"until {words.day(step.until, year=True)}"
    return f"{words.moment(step.at)}, by {session.named(step.by)}"


def _whose(copy: Minutes, acting: Acting, agencies: Mapping[str, str]) -> markup.Markup:
    agency = f", {agencies.get(acting.agency, acting.agency)}" if acting.agency else ""
    digest = f"Digest of this copy, in the audit log: {copy.digest}" if copy.digest else None
    return markup.join(
        [
            markup.element(
                "p",
                markup.element("b", f"Copy for {session.named(acting.user)}{agency}. "),
                "This copy has the items of the cases that you can view. ",
                "Do not copy it or pass it on without the chair's agreement.",
            ),
            markup.element("p", digest, class_="sub digest") if digest else None,
        ]
    )


def _head(copy: Minutes, agencies: Mapping[str, str]) -> list[tuple[markup.Content, markup.Content]]:
    return [
        ("Date and place", f"{words.day(copy.date, year=True)}. {copy.place or 'Place not recorded'}"),
        ("Chair", session.named(copy.chair)),
        ("Deputy", session.named(copy.deputy) if copy.deputy else markup.none_recorded("Not named")),
        (
            "Minute taker",
            session.named(copy.minute_taker) if copy.minute_taker else markup.none_recorded("Not named"),
        ),
        ("Attended", _listed([_attended(each, agencies) for each in copy.attendance])),
        (
            "Apologies and written contributions",
            _listed([_absent(each, agencies) for each in copy.apologies]),
        ),
        ("Confidentiality statement", copy.confidentiality),
    ]


def _listed(lines: list[str]) -> markup.Content:
    return markup.bullets(lines) if lines else markup.none_recorded("None recorded")


def _attended(each: Attended, agencies: Mapping[str, str]) -> str:
    of = f", {agencies.get(each.agency, each.agency)}" if each.agency else ""
    observes = ", observer" + (", conditions signed" if each.has_signed else "") if each.is_observer else ""
    left = f", left {words.time_of(each.left_at)}" if each.left_at else ""
    return f"{session.named(each.who)}{of}{observes}, arrived {words.time_of(each.arrived_at)}{left}"


def _absent(each: Absent, agencies: Mapping[str, str]) -> str:
    of = agencies.get(each.agency, each.agency) if each.agency else None
    who = of if each.who == each.agency else session.named(each.who)
    agency = f", {of}" if of and who != of else ""
    sent = f"written contribution, {words.moment(each.written_at)}" if each.written_at else "apologies"
    return f"{who}{agency}: {sent}"


def _item(item: MinutedItem, agencies: Mapping[str, str], *, is_summary: bool = False) -> markup.Markup:
    if item.erased_by is not None:
        return _section(item, markup.none_recorded(f"Erased by decision {item.erased_by}."))
    pairs = [] if is_summary else list(_before_the_decision(item))
    pairs += _decided(item, agencies, is_summary=is_summary)
    if not is_summary:
        pairs += _after_the_decision(item, agencies)
    pairs.append(("Actions", _listed(_actions(item, agencies))))
    return _section(
        item,
        _amended(item) if item.amended_later else None,
        _levels(item.decision, is_summary=is_summary) if item.decision else None,
        markup.definitions(pairs, class_="minuted"),
    )


def _section(item: MinutedItem, *contents: markup.Content) -> markup.Markup:
    quorum = None
    if item.decision is not None and item.decision.provisional is not None:
        quorum = markup.tag(item.decision.provisional, "t-missing")
    elif item.quorate is not None:
        quorum = markup.tag(*(("Quorate", "t-done") if item.quorate else ("Not quorate", "t-missing")))
    about = markup.element("p", f"{item.case}, {item.part.value} ", quorum, class_="sub")
    title = f"{item.number}. {item.names.title if item.names else item.case}"
    return markup.element("section", markup.heading(title, at=f"item-{item.number}"), about, *contents)


def _amended(item: MinutedItem) -> markup.Markup:
    """Return the sentence of a later amendment; it is a note, so that no voice interrupts for it."""
    leads = markup.go("Read it on the case", Place.CASE, item.case)
    said = markup.element("b", f"{item.amended_later} ")
    return markup.element("p", said, leads, ". The text below is not changed.", class_="notice n-warning")


def _before_the_decision(item: MinutedItem) -> Iterator[tuple[markup.Content, markup.Content]]:
    if item.shown_from is not None:
        yield "On the screen", _between(item.shown_from, item.shown_to)
    if item.guests:
        yield "Guests", ", ".join(item.guests)
    if item.conflicts:
        out = [session.named(each.who) for each in item.conflicts]
        yield "Conflict of interest", f"Out for this item: {', '.join(out)}."


def _levels(decision: MinutedDecision, *, is_summary: bool) -> markup.Markup:
    """Return the panel's judgement, the domains beside each other, in the order of the record."""
    return markup.definitions(
        [
            (
                words.domain_in_words(each.domain),
                markup.join(
                    [
                        markup.level_tag(each.level),
                        None if is_summary or not reasons else markup.element("p", reasons),
                        markup.element("small", f"Violence feared: {each.how_soon.value}")
                        if each.how_soon
                        else None,
                        markup.element("small", f"For {words.counted(each.horizon_weeks, 'week')}")
                        if each.horizon_weeks
                        else None,
                    ]
                ),
            )
            for each, reasons in (
                (each, each.reasons or (None if each.settled else each.why)) for each in decision.judgements
            )
        ],
        class_="judged",
    )


def _decided(
    item: MinutedItem, agencies: Mapping[str, str], *, is_summary: bool
) -> Iterator[tuple[markup.Content, markup.Content]]:
    decision = item.decision
    if item.deferral is not None:
        until = words.day(item.deferral.until, year=True)
        yield f"Deferred until {until}", f"{item.deferral.because} Meanwhile: {item.deferral.meanwhile}"
    if decision is None:
        yield "Decision", markup.none_recorded("No decision was recorded in this item")
        return
    by = f"Version {decision.version}, by {session.named(decision.by)}."
    yield "Decision", decision.summary if is_summary else f"{decision.summary} {by}"
    review = words.day(decision.review_on, year=True) if decision.review_on else None
    yield "Next review", review or markup.none_recorded("No date recorded")
    if is_summary:
        return
    settled = [
        f"{words.domain_in_words(each.domain)}: {each.settled}"
        for each in decision.judgements
        if each.settled
    ]
    if settled:
        yield "Difference settled by", _listed(settled)
    if decision.confidence:
        yield "Confidence of the panel", words.labelled(decision.confidence.value)
    if decision.missing:
        matters = [f"{agencies.get(each.agency, each.agency)}: {each.says}" for each in decision.missing]
        yield "Missing information that matters", _listed(matters)
    if decision.alternatives:
        yield "Also considered", decision.alternatives
    if decision.weighed:
        yield (
            "Gaps and alarms weighed before low was recorded",
            _listed([words.gap(name) for name in decision.weighed]),
        )
    if decision.low_despite_unknown:
        yield "Why low despite gaps", decision.low_despite_unknown
    if decision.responses_missing:
        missing = [
            f"{agencies.get(agency, agency)}: {state}" for agency, state in decision.responses_missing.items()
        ]
        yield "Decided without these responses", _listed(missing)


def _after_the_decision(
    item: MinutedItem, agencies: Mapping[str, str]
) -> Iterator[tuple[markup.Content, markup.Content]]:
    dissent = [
        f"{agencies.get(each.agency, each.agency)}: {each.reasons}"
        f" ({words.sentence(parts.source_in_names(each.source))})"
        for each in item.dissent
    ]
    yield "Dissent", _listed(dissent)
    if item.positions:
        yield (
            "Positions of agencies",
            _listed([parts.position_in_names(each, agencies) for each in item.positions]),
        )
    if item.victim_words:
        yield (
            "The victim's words",
            _listed([f"{each.text} {parts.origin_in_names(each)}" for each in item.victim_words]),
        )
    if item.words_withdrawn:
        yield "Withdrawn later", _listed([parts.withdrawn_in_names(each) for each in item.words_withdrawn])
    if item.remarks:
        yield "Said in the room", _listed([remarks.in_one_line(each, agencies) for each in item.remarks])
    if item.disclosures:
        yield (
            "Shared during the conference",
            _listed([_disclosed(each, agencies) for each in item.disclosures]),
        )
    accepted = [each for each in item.corrections if each.accepted]
    if accepted:
        yield "Corrected", _listed([_corrected(each) for each in accepted])


def _corrected(each: CorrectionView) -> str:
    is_part = each.heading is not None and each.heading is not MinutesHeading.WHOLE
    about = f"{words.sentence(each.heading.value)}: " if each.heading and is_part else ""
    return f"{about}{each.says} ({session.named(each.by)}, {words.day_of(each.at)})"


def _disclosed(each: MinutedDisclosure, agencies: Mapping[str, str]) -> str:
    agency = agencies.get(each.agency, each.agency)
    items = f": {', '.join(each.items)}" if each.items else ""
    return f"{agency}, {words.labelled(each.act)}{items}. With: {each.whom}."


def _actions(item: MinutedItem, agencies: Mapping[str, str]) -> list[str]:
    return [
        f"{each.what} {agencies.get(each.agency, each.agency)}, {each.owner}. "
        f"Due {words.day(each.due, year=True)}."
        for each in item.actions
    ]


def _between(start: datetime, end: datetime | None) -> str:
    return f"{words.time_of(start)} to {words.time_of(end) if end else 'now'}"
