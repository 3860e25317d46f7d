"""Choices of invented practitioners on an answer that waits for them. Agencies' codes come as arguments."""

from __future__ import annotations

from collections.abc import Sequence

from engine.domain.people.persons import Sex
from engine.domain.responses.answers import Professional, RefusalGround, Refused
from engine.synthetic.figures import figures
from engine.synthetic.persons import invented_name
from engine.synthetic.streams import exponential_within, happens, log_normal, stream
from engine.synthetic.wording import talk

_SOONEST_HOURS, _SPREAD = 0.5, 0.9
_LATE_MEAN_HOURS, _LATEST_HOURS = 72.0, 480.0


def release_delay_hours(seed: int, key: str, agency: str, *, due_hours: float = 120.0) -> float:
    """Return hours from the request to the release; beyond ``due_hours`` exactly when ``is_late``."""
    chance = stream(seed, "release", key, agency)
    if is_late(seed, key, agency):
        return due_hours + 1.0 + exponential_within(chance, mean=_LATE_MEAN_HOURS, most=_LATEST_HOURS)
    hours = log_normal(chance, median=figures().number("release_median_hours"), spread=_SPREAD)
    return min(max(hours, _SOONEST_HOURS), due_hours * 0.95)


def is_late(seed: int, key: str, agency: str) -> bool:
    """Return whether this agency releases after the due time."""
    return happens(stream(seed, "late", key, agency), figures().rate("late"))


def keeps_waiting(seed: int, key: str, agency: str) -> bool:
    """Return whether this agency has not released at all; only one that is late can be."""
    never = happens(stream(seed, "never", key, agency), figures().rate("not_come_at_all"))
    return is_late(seed, key, agency) and never


def refusal_of(seed: int, key: str, agency: str) -> Refused | None:
    """Return the refusal that the practitioner gives instead of the answer, if any."""
    chance = stream(seed, "refusal", key, agency)
    if not happens(chance, figures().rate("refused")):
        return None
    ground = chance.choice(list(talk().refusals))
    return Refused(ground=RefusalGround(ground), says=talk().refusals[ground])


def strikes_of(seed: int, key: str, agency: str, findings: Sequence[str]) -> tuple[str, ...]:
    """Return the keys of the findings that the practitioner withholds at release; mostly none."""
    chance = stream(seed, "strikes", key, agency)
    strikes = happens(chance, figures().rate("strikes_something"))
    return (chance.choice(findings),) if strikes and findings else ()


def professional_of(seed: int, agency: str, number: int = 0) -> Professional:
    """Return one invented professional of that agency; the same numbers are the same people."""
    chance = stream(seed, "professional", agency, number)
    sex = Sex.FEMALE if happens(chance, 0.6) else Sex.MALE
    forename, surname, _ = invented_name(chance, sex)
    return Professional(name=f"{forename} {surname}", post=chance.choice(talk().professionals.posts))
