"""The panel's decisions in full: summary, who was there, who disagreed, and what it had not seen."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard import markup, session, words
from dashboard.views.conference.parts import position_in_names, source_in_names
from engine.domain.cases.views import CaseView, DecisionView
from engine.domain.conference.risk import Attendance, Position


def draw(view: CaseView, agencies: Mapping[str, str], *, with_levels: bool = False) -> None:
    """Draw the newest decision open, earlier ones to be asked for.

    ``with_levels`` is for a page that does not have the panel's levels elsewhere.
    """
    if view.decision is None:
        return
    levels = [_levels(view.decision)] if with_levels else []
    parts = [markup.heading("Decision", at="decision"), *levels, _whole(view.decision, agencies)]
    earlier_ones = [
        markup.details(
            f"Version {earlier.version}, {words.day_of(earlier.at, year=True)}",
            _levels(earlier),
            _whole(earlier, agencies),
            _seen(earlier, agencies),
        )
        for earlier in reversed(view.earlier_decisions)
    ]
    folds = markup.element("div", _seen(view.decision, agencies), *earlier_ones, class_="beside")
    markup.draw(markup.join([*parts, folds]))


def _levels(decision: DecisionView) -> markup.Markup:
    return markup.table(
        ("Domain", "Panel judgement", "Reasons"),
        [
            (words.domain_in_words(each.domain), markup.level_tag(each.level), each.why)
            for each in decision.judgements
        ],
        caption=f"As decided {words.day_of(decision.at, year=True)}",
    )


def _whole(decision: DecisionView, agencies: Mapping[str, str]) -> markup.Markup:
    def named(code: str) -> str:
        return agencies.get(code, code)

    dissent = [
        markup.join(
            [
                markup.element("b", f"{named(each.agency)}, {each.who}: "),
                f"{each.reasons} ({words.sentence(source_in_names(each.source))})",
            ]
        )
        for each in decision.dissent
    ]
    not_seen = [
        f"{named(code)}: {words.state_in_words(state).lower()}" for code, state in decision.not_seen.items()
    ]
    quorum: list[tuple[markup.Content, markup.Content]] = (
        [("Quorum", decision.provisional)] if decision.provisional else []
    )
    others = [each for each in decision.positions if each.position is not Position.DISSENT]
    stated = ". ".join(position_in_names(each, agencies) for each in others)
    dissent_and_positions = markup.join(
        [
            markup.bullets(dissent) if dissent else "none recorded",
            markup.element("div", stated, class_="sub") if stated else None,
        ]
    )
    pairs: list[tuple[markup.Content, markup.Content]] = [
        *quorum,
        ("Decided", _decided(decision)),
        ("Next review", words.day(decision.review_on, year=True) if decision.review_on else "not recorded"),
        ("Dissent", dissent_and_positions),
        ("Responses missing", words.listed(not_seen) or _nothing_missing(decision)),
    ]
    if decision.missing:
        matters = [f"{named(each.agency)}: {each.says}" for each in decision.missing]
        pairs.append(("Missing information that matters", markup.bullets(matters)))
    if decision.alternatives:
        pairs.append(("Also considered", decision.alternatives))
    if decision.low_despite_unknown:
        pairs.append(("Why low despite gaps", decision.low_despite_unknown))
    if decision.weighed:
        pairs.append(
            (
                "Gaps and alarms weighed before low was recorded",
                markup.bullets(words.gap(name) for name in decision.weighed),
            )
        )
    wide = ("Dissent",) if dissent else ()
    return markup.join(
        [markup.element("p", decision.summary, class_="reason"), markup.definitions(pairs, wide=wide)]
    )


def _decided(decision: DecisionView) -> str:
    made = f"{words.moment(decision.at)}, by {session.named(decision.by)}, version {decision.version}"
    return f"{made}. Confidence: {decision.confidence.value}." if decision.confidence else made


def _seen(decision: DecisionView, agencies: Mapping[str, str]) -> markup.Markup:
    """Return who was there and which responses the panel saw, behind one line."""
    present = [_attended(each, agencies.get(each.agency, each.agency)) for each in decision.attendance]
    saw = [f"{agencies.get(code, code)} version {version}" for code, version in decision.saw.items()]
    pairs = [
        ("Present", words.listed(present) or "not recorded"),
        ("Responses seen", words.listed(saw) or "no response"),
    ]
    return markup.details("Attendance, and the responses that the panel saw", markup.definitions(pairs))


def _nothing_missing(decision: DecisionView) -> str:
    return "none" if decision.saw else "no agency was asked"


def _attended(attended: Attendance, name: str) -> str:
    how = "apologies" if attended.apologies else "sent written contribution" if attended.written_input else ""
    who = attended.who or ("" if how else "no name recorded")
    return f"{name} ({', '.join(part for part in (who, how) if part)})"
