"""This record's own answer to a requester, in words fit to be sent to them."""

from __future__ import annotations

from datetime import date

from engine.access.release import everybodys_classes
from engine.clock import LONDON
from engine.domain.agencies.people import SubjectAccessItem, SubjectAccessResult
from engine.domain.dates import PartialDate
from engine.domain.rights.subject_access import AccessRequest
from engine.hooks.wording import counted
from engine.services.rights.subject_access_orders import orders_held
from engine.services.rights.subject_access_outcomes import Counts, outcomes_of_requester
from engine.store.unit_of_work import Work


def told_of(work: Work, request: AccessRequest, *, on: date) -> SubjectAccessResult:
    """Return that a referral named them, when and as what, and their orders; others' reports are counted."""
    items, others, counts = [], 0, Counts()
    shown = everybodys_classes(work.sharing.classes(), on=on)
    on_cases = work.people.on_cases(list(request.involvements))
    theirs = [person for person in on_cases if person.reference in request.persons]
    for person in theirs:
        case = work.cases.get(person.involvement)
        day = case.received_at.astimezone(LONDON).date()
        items.append(
            SubjectAccessItem(
                kind="referral",
                says=f"A referral named you as {person.role.value} ({person.status.value}).",
                record=person.involvement,
                dated=PartialDate(day.isoformat()),
            )
        )
        others += len(work.incidents.of([person.involvement], shown=shown))
        items += outcomes_of_requester(work, case=person.involvement, role=person.role, counts=counts)
    gaps = (
        (
            f"{counted(others, 'incident')} that other people reported; the data protection officer decides "
            "whether they can be given.",
        )
        if others
        else ()
    )
    marks = work.links.marks.number_about([person.reference for person in theirs])
    if marks:
        gaps = (
            *gaps,
            f"{counted(marks, 'mark')} by people who work on cases: whether a pattern that names you was "
            "useful to them; the data protection officer decides whether they can be given.",
        )
    questions = len(work.links.associates.about({person.reference for person in theirs}))
    if questions:
        gaps = (
            *gaps,
            f"{counted(questions, 'request')} to ask about your associates; the data protection officer "
            "decides whether they can be given.",
        )
    held = orders_held(work, theirs, shown=shown, on=on)
    return SubjectAccessResult(
        items=(*items, *held.items),
        looked_in=(
            "person records, by exact identifier",
            "outcomes and plans of their cases",
            "orders, their breaches and notices of their cases",
        ),
        gaps=(*gaps, *counts.as_gaps(), *held.gaps),
    )
