"""In how many of all cases a pattern occurs: what is found nearly everywhere says little of one case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from engine.domain.base import Frozen
from engine.links.incident_roles import Happenings
from engine.links.kinds import Shape
from engine.links.patterns.finding import Finding

_FEWEST_CASES = 5


class InCases(Frozen):
    """In how many cases a pattern was found, of how many there are for this viewer."""

    cases: int
    of: int
    at_least: bool = False
    """There were more that came into question, and they were not checked."""

    @property
    def is_in_most(self) -> bool:
        """True for more than half of the cases."""
        return self.cases * 2 > self.of

    @property
    def is_background(self) -> bool:
        """True where the pattern is a fact about nearly every case: 4 of 5, of 5 cases at least."""
        return self.of >= _FEWEST_CASES and self.cases * 5 >= self.of * 4

    @property
    def sentence(self) -> str:
        """As a sentence."""
        at_least = "at least " if self.at_least else ""
        most = " It occurs in most cases, so it shows little about one case." if self.is_in_most else ""
        return f"Found in {at_least}{self.cases:,} of {self.of:,} cases.{most}"


class ByChance(Frozen):
    """The findings of a pattern beside those in random reshuffles of the same links."""

    reshuffles: int
    as_many: int
    fewest: int
    most: int
    found: int

    @property
    def sentence(self) -> str:
        """As a sentence."""
        begin = f"In {self.reshuffles:,} random reshuffles of these links, {self.as_many:,} had as many"
        if self.fewest == self.most == self.found:
            return f"{begin}, each exactly {self.found:,}. A comparison with chance shows nothing here."
        between = f"{self.fewest:,}" if self.fewest == self.most else f"{self.fewest:,} to {self.most:,}"
        return f"{begin} ({between} each). This does not show whether a finding is true."


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
