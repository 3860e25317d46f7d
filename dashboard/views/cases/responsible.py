"""Officer in the case, case holder and lead agency: a line in the head of a case, and its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import streamlit as st

from dashboard import forms, markup, session
from dashboard.form_model import Form
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.asked import NO_PLACES, Asked
from engine.domain.base import Code, Frozen
from engine.domain.cases.responsible import Contact, Line, OfficerName, Reason, Responsible, ResponsibleChange
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError
from engine.services.cases.responsible import change_responsible
from engine.services.context import Context

_NOT_RECORDED = "not recorded"
_NO_ACCESS = "None of the three gives access to the case. The officer in the case needs no account."


def draw(view: CaseView, acting: Acting, agencies: Sequence[AgencyKnown], names: Mapping[str, str]) -> None:
    """Draw the line, and for coordinators and chair the button of the form. A shared screen has neither."""
    if session.room_view():
        return
    with st.container(key="responsible", horizontal=True, vertical_alignment="center"):
        markup.draw(line(view.responsible, names))
        if acting.role in COORDINATOR_AND_CHAIR:
            offered = {agency.code: agency.name for agency in agencies}
            forms.button(
                form(view.reference, view.responsible, acting, offered), "Change", key="responsible-change"
            )


def line(recorded: Responsible, names: Mapping[str, str]) -> markup.Markup:
    """Return the three in one line, each with "not recorded" where it is absent."""
    agency = recorded.lead_agency
    said = (
        ("Officer in the case", recorded.officer.in_words if recorded.officer else _NOT_RECORDED),
        ("Case holder", session.named(recorded.holder) if recorded.holder else _NOT_RECORDED),
        ("Lead agency", names.get(agency, agency) if agency else _NOT_RECORDED),
    )
    return markup.element("p", ". ".join(f"{name}: {value}" for name, value in said), class_="sub")


class _Given(Frozen):
    name: Annotated[OfficerName | None, Asked("Officer in the case: name", longest=120)] = None
    rank: Annotated[Line | None, Asked("Rank or role", longest=120)] = None
    force: Annotated[Line | None, Asked("Police force", longest=120)] = None
    unit: Annotated[Line | None, Asked("Unit or station", longest=120)] = None
    contact: Annotated[Contact | None, Asked("Work contact", longest=200, hint="A work phone or email.")] = (
        None
    )
    holder: Annotated[
        Code | None,
        Asked("Case holder", offered=True, or_typed=True, part="case holder", hint="A coordinator or chair."),
    ] = None
    lead_agency: Annotated[Code | None, Asked("Lead agency", offered=True, part="lead agency")] = None
    reason: Annotated[
        Reason | None, Asked("Reason, if you replace what is recorded", part="reason", hint=NO_PLACES)
    ] = None


_OF_OFFICER = ("name", "rank", "force", "unit", "contact")


def form(
    reference: str, recorded: Responsible, acting: Acting, agencies: Mapping[str, str]
) -> Form[_Given, Responsible]:
    """Return the form with what is recorded now; what is left blank or as it is stays."""
    officer = recorded.officer.model_dump() if recorded.officer else {}

    def records(context: Context, given: _Given) -> Responsible:
        typed = {name: getattr(given, name) for name in _OF_OFFICER}
        if any(typed.values()) and not given.name:
            raise InvalidInputError("name", "write the officer's name")
        is_new = bool(given.name) and typed != officer  # as shown, a text can be masked: it is not sent back
        change = ResponsibleChange.model_validate(
            {
                "officer": typed if is_new else None,
                "holder": given.holder,
                "lead_agency": given.lead_agency,
                "reason": given.reason,
                "base_version": recorded.version,
            }
        )
        return change_responsible(context, reference=reference, change=change)

    holders = dict.fromkeys(filter(None, (recorded.holder, acting.user)))
    return Form(
        _Given,
        draft=DraftForm.RESPONSIBLE,
        case=reference,
        key=f"responsible-{reference}",
        title="Responsible for the case",
        note=_NO_ACCESS,
        offers={"holder": {each: session.named(each) for each in holders}, "lead_agency": agencies},
        begins={**officer, "holder": recorded.holder, "lead_agency": recorded.lead_agency},
        button="Record",
        records=records,
        done=f"It is recorded who is responsible for {reference}.",
        undone_by="a newer version, with its reason",
    )
