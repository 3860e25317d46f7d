"""The referral as it was reported: who, why, and the victim's side of it. Nothing here locates a person."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard import markup, session, words
from engine.domain.absence import YesNo
from engine.domain.cases.views import NOT_RECORDED, CaseView, PersonView, ScreeningView
from engine.domain.people.persons import role_in_words
from engine.domain.referrals.intake import VictimView


def draw_people(view: CaseView) -> None:
    """Draw each person with the claim about them and who makes it."""
    people = (view.victim, view.perpetrator, *view.others_at_risk)
    rows = [
        (
            markup.element("b", person.described.full_name),
            words.sentence(role_in_words(person.role, person.status)),
            session.named(person.asserted_by),
            _described(person),
        )
        for person in people
    ]
    markup.draw(
        markup.join(
            [
                markup.heading("People", at="people"),
                markup.table(
                    ("Name", "Role and status", "Source", "Description"),
                    rows,
                    caption=f"Relationship: {view.relationship or NOT_RECORDED}",
                ),
            ]
        )
    )


def draw_reason(view: CaseView) -> None:
    """Draw what the referrer wrote."""
    markup.draw(
        markup.join(
            [
                markup.heading(
                    "Reason for referral",
                    at="reason",
                    note=(
                        f"{view.source}, reference {view.source_reference}, "
                        f"{words.day_of(view.received_at, year=True)}"
                    ),
                ),
                markup.element("p", view.reason, class_="reason"),
            ]
        )
    )


def draw_position(view: CaseView) -> None:
    """Draw the victim's side, the children, and who works for whom; each absence in its own words."""
    position = view.victim_position
    perpetrator = words.perpetrator(view.perpetrator.status)
    reach = [f"{words.label(way)}: {answer.in_words}" for way, answer in position.he_can_reach.items()]
    said = position.view.value
    if position.view is VictimView.NOT_ASKED:
        said += f" ({position.not_asked_why or 'reason not recorded'})"
    pairs = [
        ("Informed of the referral", position.told.in_words),
        ("View of the referral", said),
        ("Safe contact", _safe_contact(view)),
        ("Message may be left", position.message_may_be_left.in_words),
        (f"Can the {perpetrator} reach the victim's", "; ".join(reach)),
        ("Interpreter", position.interpreter or NOT_RECORDED),
        ("Communication needs", position.communication_needs or NOT_RECORDED),
        ("Children in the victim's household", view.children.in_victim_household.in_words),
        (
            f"Children in the {perpetrator}'s household",
            view.children.in_perpetrator_household.in_words,
        ),
        ("Either party works for one of our agencies", _works(view.party_works_for)),
    ]
    markup.draw(
        markup.join([markup.heading("The victim's position", at="victim"), markup.definitions(pairs)])
    )


def _safe_contact(view: CaseView) -> str:
    if view.safe_contact_is_recorded:
        sees_held = view.is_worked_by(session.acting())
        way = "see Protected details on the case" if sees_held else "ask the coordinator"
        return f"recorded as a protected detail: {way}"
    return NOT_RECORDED


def _works(answer: YesNo) -> str:
    return "yes: check who can open this case" if answer is YesNo.YES else answer.in_words


def _described(person: PersonView) -> str:
    described = person.described
    born = (
        f"born {described.date_of_birth.in_words()}"
        if described.date_of_birth
        else "date of birth not recorded"
    )
    sex = described.sex.value if described.sex else "sex not recorded"
    return f"{born}, {sex}"


def draw_screening(screening: ScreeningView, incidents: Mapping[str, str]) -> None:
    """Draw how it was screened: the four answers with what they rest on, the outcome, and why."""
    rows = [
        (
            words.sentence(item.question.value),
            words.sentence(item.answer.value),
            words.listed([incidents.get(ref, ref) for ref in item.incidents])
            or markup.none_recorded("no incident selected"),
        )
        for item in screening.four
    ]
    pairs: list[tuple[markup.Content, markup.Content]] = [
        ("Outcome", words.sentence(screening.outcome.value)),
        ("Reason", screening.reason),
    ]
    if screening.redirect_to:
        pairs.append(("Redirected to", screening.redirect_to.value))
    if screening.safeguarding:
        pairs.append(("Done the same day", screening.safeguarding))
    if screening.advice:
        pairs.append(("Advice given", screening.advice))
    markup.draw(
        markup.join(
            [
                markup.heading(
                    "Screening",
                    at="screening",
                    note=f"{session.named(screening.by)}, {words.moment(screening.at)}",
                ),
                markup.definitions(pairs),
                markup.table(
                    ("FOUR", "Answer", "Based on"),
                    rows,
                    caption="FOUR helps to recognise stalking. It does not show how dangerous it is.",
                ),
            ]
        )
    )
