"""In how many of all cases a pattern occurs: what is found nearly everywhere says little of one case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from engine.domain.base import Frozen
from engine.links.incident_roles import Happenings
from engine.links.kinds import Shape
from engine.links.patterns.finding import Finding


class InCases(Frozen):
    """In how many cases a pattern was found, of how many there are for this viewer."""

    cases: int
    of: int
    at_least: bool = False
    """There were more that came into question, and they were not checked."""

    @property
    def sentence(self) -> str:
        """As a sentence."""
        at_least = "at least " if self.at_least else ""
        most = (
            (" It occurs in most cases, so it shows little about one case.")
            if self.cases * 2 > self.of
            else ""
        )
        return f"Found in {at_least}{self.cases:,} of {self.of:,} cases.{most}"


def cases_with(
    acts: Happenings,
    findings: Iterable[Finding],
    subject: Callable[[Finding], Sequence[str]],
    number_of: Callable[[str], int],
) -> int:
    """Return the number of referrals with a pattern.

    A finding belongs to the referrals that all of its people are in, or else to those of any of them.
    """
    found: set[int] = set()
    for finding in findings:
        near = [set(acts.near(number_of(person), Shape.REFERRAL)) for person in subject(finding)]
        if near:
            found |= set.intersection(*near) or set.union(*near)
    return len(found)
