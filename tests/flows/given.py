"""What tests of flows begin from: toy agencies, screened referrals, and a Prefect server lent to a home."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from urllib.parse import urlparse

from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.lifecycle import TriageOutcome
from engine.hooks.registry import load_agencies
from engine.runtime import Runtime
from engine.services.referrals import screening
from flows import process_registry, server
from tests.builders import TOY_CODES, TOYS, Desk, a_person, a_referral, a_screening, installed_codes

FAULTY_TOYS = Path(__file__).parent.parent / "engine" / "hooks" / "toys"


def use_toys(
    runtime: Runtime, *faulty: str, only_here: bool = False, here: tuple[str, ...] | None = None
) -> None:
    """Have a runtime ask the three well-behaved toys and these faulty ones, and nobody else.

    ``only_here``: no other home is made for it. ``here`` are those whose records it has; without it, all.
    """
    home = runtime.settings.home
    extra = {code: TOYS / code for code in TOY_CODES}
    extra |= {code: FAULTY_TOYS / code.replace("-", "_") for code in faulty}
    runtime.__dict__["agencies"] = load_agencies(
        home, suspended=installed_codes(home if only_here else None), extra=extra, here=here
    )
    known = tuple(agency for agency in runtime.agencies_described if agency.code in extra)
    runtime.__dict__["agencies_described"] = known
    runtime.settings = runtime.settings.model_copy(update={"agencies_here": here})


def toys_for(desk: Desk, *faulty: str) -> dict[str, Acting]:
    """The same for a desk, with a practitioner for each."""
    use_toys(desk.runtime, *faulty)
    codes = (*TOY_CODES, *faulty)
    return {code: desk.add(f"{code}-worker", Role.PRACTITIONER, code) for code in codes}


def screened(desk: Desk, number: str = "1", outcome: TriageOutcome = TriageOutcome.CONFERENCE) -> str:
    """A referral that was screened, so that a flow waits for it."""
    reference = desk.refer(
        a_referral(number, perpetrator=a_person(surname=f"Roe{number}"), victim=a_person("Amira", "Kent"))
    ).referrals[0]
    screening.screen(desk.context(desk.coordinator), reference=reference, screening=a_screening(outcome))
    return reference


def lend(home: Path, url: str) -> None:
    """Have a home take this Prefect server for its lasting one."""
    process_registry.note(home, server.LASTING, pid=os.getpid(), port=urlparse(url).port)


def have_database(home: Path, template: Path) -> None:
    """Give a home a database of Prefect's that is made already."""
    shutil.copytree(template, home / "prefect")
