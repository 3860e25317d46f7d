"""Plants marked values wherever a victim's whereabouts can come in, and knows how to find them again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from engine.domain.acting import Acting
from engine.domain.answers import Contribution
from engine.domain.outcomes import OutcomeGiven
from engine.domain.referral import ProtectedKind, ProtectedValue
from engine.domain.risk import Dissent
from engine.services import answering, cases, conferences, outcomes, plans, referrals, screening
from tests.builders import (
    TOY_CODES,
    Desk,
    a_contribution,
    a_decision,
    a_person,
    a_plan,
    a_referral,
    a_screening,
    an_incident,
    ask_all,
    let_answer,
)

MARK = re.compile(r"plantmark|zz9\d?\s*8qq|07700[\s-]*95\d|7700[\s-]*95\d{4}", re.IGNORECASE)
"""What every planted value has in it, however it is written."""
STRUCK = re.compile(r"struckmark", re.IGNORECASE)
"""What a practitioner struck: seen by nobody but their own agency."""


def values_of(number: int) -> tuple[ProtectedValue, ...]:
    """Nine values of one case, each of a kind of its own and with its own number."""
    marked = f"Plantmark{number:03d}"
    told = {
        ProtectedKind.ADDRESS: f"{number + 1} {marked} Crescent, ZZ{90 + number % 10} 8QQ",
        ProtectedKind.PHONE: f"07700 95{number:04d}",
        ProtectedKind.EMAIL: f"{marked.lower()}@example.invalid",
        ProtectedKind.WORKPLACE: f"{marked} Bakery",
        ProtectedKind.SCHOOL: f"St {marked} Primary",
        ProtectedKind.ADVOCATE: f"Wren {marked}-Dale",
        ProtectedKind.CONTACT_HOW: f"put a {marked.lower()} on the sill",
        ProtectedKind.CONTACT_WHEN: f"on {marked} days before noon",
        ProtectedKind.CONTACT_THROUGH: f"through her aunt {marked}",
    }
    return tuple(ProtectedValue(kind=kind, value=value) for kind, value in told.items())


@dataclass
class Planted:
    """Cases with planted values, taken from referral to outcome with the values repeated in every text."""

    desk: Desk
    typist: Acting
    """A co-ordinator who types what is typed, and reads it as they typed it."""
    presiding: Acting
    """The same of a chair."""
    workers: dict[str, Acting]
    cases: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    values: int = 0

    def plant(self, number: int) -> None:
        """One more case: its values come in by the referral, and again in whatever a person may type."""
        desk, values = self.desk, values_of(number)
        whole = " | ".join(value.value for value in values)
        (case,) = desk.refer(
            a_referral(
                f"planted-{number}",
                perpetrator=a_person("Daniel", f"Roe{number}"),
                victim=a_person("Victoria", f"Kent{number}"),
                protected=values,
                reason=f"He wrote: {whole}",
                incidents=(an_incident(what=f"Waited. {whole}"),),
            )
        ).referrals
        here: dict[str, Any] = {**desk.common, "reference": case}
        screening.screen(
            **here,
            acting=self.typist,
            agencies=desk.runtime.agencies_known,
            screening=a_screening(
                reason=f"A course of conduct. {whole}",
                people=tuple(worker.user for worker in self.workers.values()),
            ),
        )
        let_answer(desk, "harbour", _answer(whole))
        let_answer(desk, "lantern", _answer(whole, "A struckmark sentence that is struck."))
        ask_all(desk, case)
        answering.release(
            **here,
            acting=self.workers["lantern"],
            key=desk.runtime.key,
            agency="lantern",
            strike={"finding-2"},
        )
        referrals.record_incident(
            **here, acting=self.typist, incident=an_incident("2026-02-28", what=f"Came to {whole}")
        )
        self._decide(case, whole)
        self.cases.append(case)
        self.values += len(values)

    def _decide(self, case: str, whole: str) -> None:
        desk = self.desk
        here: dict[str, Any] = {**desk.common, "acting": self.presiding, "reference": case}
        conferences.open_conference(**here)
        decision = a_decision(
            summary=f"Keep her safe at {whole}",
            dissent=(Dissent(agency="harbour", who="H. Worker", reasons=f"Not at {whole}"),),
        )
        conferences.decide(**here, decision=decision)
        plan = a_plan(agency="harbour").model_copy(update={"reason": f"Agreed; she is at {whole}"})
        plans.make_plan(**here, plan=plan, agencies=TOY_CODES)
        shown = cases.view_case(**here, agencies=()).plan
        assert shown is not None
        self.actions += [action.reference for action in shown.actions]
        outcomes.record_outcome(
            **here,
            outcome=OutcomeGiven.model_validate(
                {
                    "measure": "reported further stalking",
                    "found": "none found",
                    "looked_until": "2026-03-01",
                    "looked_in": ["harbour"],
                    "says": f"Nothing at {whole}",
                }
            ),
        )


def _answer(whole: str, *more: str) -> Contribution:
    gaps = (f"Whether he knows of {whole}",)
    return a_contribution(f"She was seen at {whole}", *more, gaps=gaps)
