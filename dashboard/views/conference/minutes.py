"""Minutes of a conference: this person's own copy, as the engine renders it from what was recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dashboard import markup, record, session, words
from engine.domain.accounts.acting import Acting
from engine.domain.conference.minutes import Absent, Attended, MinutedDecision, MinutedItem, Minutes
from engine.services.conference.minutes import read_minutes


def page(conference: str, *, acting: Acting) -> None:
    """Read this person's copy and draw it."""
    runtime = record.runtime()
    copy = read_minutes(runtime.context(acting), conference=conference)
    draw(copy, acting=acting, agencies={agency.code: agency.name for agency in runtime.agencies_known})


def draw(copy: Minutes, *, acting: Acting, agencies: Mapping[str, str]) -> None:
    """Draw the copy: who it is for, attendance, and its items with numbers of their own."""
    agency = f", {agencies.get(acting.agency, acting.agency)}" if acting.agency else ""
    whose = markup.element(
        "p",
        markup.element("b", f"Copy for {session.named(acting.user)}{agency}. "),
        "This copy has the items of the cases that you can view. ",
        f"Minutes: {copy.phase.value}.",
    )
    facts: list[tuple[markup.Content, markup.Content]] = [
        ("Chair", session.named(copy.chair)),
        ("Deputy", session.named(copy.deputy) if copy.deputy else markup.none_recorded("Not named")),
        (
            "Minute taker",
            session.named(copy.minute_taker) if copy.minute_taker else markup.none_recorded("Not named"),
        ),
        ("Place", copy.place or markup.none_recorded()),
        ("Attended", _listed([_attended(each, agencies) for each in copy.attendance])),
        (
            "Apologies and written contributions",
            _listed([_absent(each, agencies) for each in copy.apologies]),
        ),
        ("Confidentiality statement", copy.confidentiality),
    ]
    items = [_item(item, agencies) for item in copy.items]
    none = markup.none_recorded("No item of this conference is open to you.")
    markup.draw(
        markup.element("article", whose, markup.definitions(facts), *(items or [none]), class_="minutes")
    )


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


def _item(item: MinutedItem, agencies: Mapping[str, str]) -> markup.Markup:
    title = item.names.title if item.names else item.case
    pairs: list[tuple[markup.Content, markup.Content]] = []
    if item.shown_from is not None:
        pairs.append(("On the screen", _between(item.shown_from, item.shown_to)))
    if item.deferral is not None:
        until = words.day(item.deferral.until, year=True)
        pairs.append(
            (f"Deferred until {until}", f"{item.deferral.because} Meanwhile: {item.deferral.meanwhile}")
        )
    if item.guests:
        pairs.append(("Guests", ", ".join(item.guests)))
    pairs += (
        _decided(item.decision)
        if item.decision
        else [("Decision", markup.none_recorded("No decision was recorded in this item"))]
    )
    dissent = [
        f"{agencies.get(each.agency, each.agency)}: {each.reasons} ({words.sentence(each.source)})"
        for each in item.dissent
    ]
    pairs.append(("Dissent", _listed(dissent)))
    actions = [
        f"{each.what} {agencies.get(each.agency, each.agency)}, {each.owner}. "
        f"Due {words.day(each.due, year=True)}."
        for each in item.actions
    ]
    if item.victim_words:
        said = [f"{each.text} {each.origin}" for each in item.victim_words]
        pairs.append(("The victim's words", _listed(said)))
    pairs.append(("Actions", _listed(actions)))
    if item.conflicts:
        out = [session.named(each.who) for each in item.conflicts]
        pairs.append(("Conflict of interest", f"Out for this item: {', '.join(out)}."))
    quorum = None
    if item.quorate is not None:
        quorum = markup.tag(*(("Quorate", "t-done") if item.quorate else ("Not quorate", "t-missing")))
    about = markup.element("p", f"{item.case}, {item.part.value} ", quorum, class_="sub")
    return markup.element(
        "section",
        markup.heading(f"{item.number}. {title}", at=f"item-{item.number}"),
        about,
        _levels(item.decision) if item.decision else None,
        markup.definitions(pairs, class_="minuted"),
    )


def _levels(decision: MinutedDecision) -> markup.Markup:
    rows = [
        (words.domain_in_words(each.domain), markup.level_tag(each.level), each.why)
        for each in decision.judgements
    ]
    return markup.table(("Domain", "Panel judgement", "Reasons"), rows, caption="The panel's judgement")


def _decided(decision: MinutedDecision) -> list[tuple[markup.Content, markup.Content]]:
    said = f"{decision.summary} Version {decision.version}, by {session.named(decision.by)}."
    pairs: list[tuple[markup.Content, markup.Content]] = [("Decision", said)]
    if decision.provisional:
        pairs.insert(0, ("Quorum", decision.provisional))
    review = words.day(decision.review_on, year=True) if decision.review_on else None
    pairs.append(("Next review", review or markup.none_recorded("No date recorded")))
    if decision.confidence:
        pairs.append(("Confidence of the panel", words.labelled(decision.confidence.value)))
    if decision.missing:
        matters = [f"{each.agency}: {each.says}" for each in decision.missing]
        pairs.append(("Missing information that matters", _listed(matters)))
    if decision.alternatives:
        pairs.append(("Also considered", decision.alternatives))
    if decision.weighed:
        pairs.append(
            ("Gaps weighed before low was recorded", _listed([words.gap(name) for name in decision.weighed]))
        )
    if decision.low_despite_unknown:
        pairs.append(("Why low despite gaps", decision.low_despite_unknown))
    if decision.responses_missing:
        missing = [f"{agency}: {state}" for agency, state in decision.responses_missing.items()]
        pairs.append(("Decided without these responses", _listed(missing)))
    return pairs


def _between(start: datetime, end: datetime | None) -> str:
    return f"{words.time_of(start)} to {words.time_of(end) if end else 'now'}"
