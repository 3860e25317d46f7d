"""A frozen quarterly release of figures over all cases: what was published, and nothing that was hidden.

None: a figure is hidden. It is not 0, and not "not recorded".
"""

from __future__ import annotations

from datetime import date, datetime

from engine.domain.base import Frozen
from engine.domain.links.trends import RecordingChange
from engine.domain.outcomes.comparisons import ComparedBy, Comparisons
from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.work_figures import WorkFigures


class Group(Frozen):
    """The cases that a figure counts, by closed codes; None is all of them."""

    period: str | None = None
    borough: str | None = None
    typology: str | None = None

    @property
    def depth(self) -> int:
        """Number of dimensions that narrow it."""
        return sum(code is not None for code in (self.period, self.borough, self.typology))


EVERYONE = Group()


class Dimension(Frozen):
    """A dimension of the release, and the codes that it has. A code is also the label."""

    name: str
    label: str
    codes: tuple[str, ...]


class Part(Frozen):
    """One part of a whole: its label and count. ``joins`` are the finest parts that it counts together."""

    label: str
    count: int
    joins: tuple[str, ...]


class FurtherOften(Frozen):
    """Frequency: acts in the time at risk, with an exact 95 % interval for each year."""

    acts: int
    years: int
    rate: float
    low: float
    high: float


class MeasureFigures(Frozen):
    """One measure in its window, for one group. ``counted`` is the denominator of ``share``."""

    measure: Measure
    as_of: date
    """The release that the figures are of. An earlier one where fewer cases than the limit have changed."""
    parts: tuple[Part, ...]
    """All cases of the group: with further stalking, none found, and those in no denominator."""
    further: int
    counted: int
    share: float
    low: float
    high: float
    often: FurtherOften | None = None
    half_within_weeks: int | None = None
    """Of those with further stalking: half had it within so many weeks."""
    against: tuple[Part, ...] | None = None
    severity: tuple[Part, ...] | None = None


class Step(Frozen):
    """A merged step of a curve: at least as many as the limit left between its ends."""

    until_month: int
    followed: int
    """Those followed at its beginning."""
    events: int
    competing: int
    left: int
    share: float
    """At its end: the share without the event, or with a competing ending the share that had the event."""
    low: float
    high: float
    competing_share: float | None = None
    competing_low: float | None = None
    competing_high: float | None = None


class Curve(Frozen):
    """A curve from merged steps. ``still`` are those followed after its last step."""

    as_of: date
    followed: int
    still: int
    steps: tuple[Step, ...]


class GroupFigures(Frozen):
    """Published figures of one group."""

    group: Group
    cases: int
    as_of: date
    """The release that ``cases`` is of."""
    measures: tuple[MeasureFigures, ...] = ()
    reported: Curve | None = None
    """Time to the next reported stalking."""
    recorded: Curve | None = None
    """Recorded crime, or custody first."""

    def of(self, measure: Measure) -> MeasureFigures | None:
        """Return the figures of a measure; None: hidden."""
        return next((each for each in self.measures if each.measure is measure), None)


class Stage(Frozen):
    """A stage from referral to outcome; None: hidden."""

    label: str
    count: int | None
    rest: str
    """Others of this stage, who do not reach the next."""


NOT_TESTED = "it could not be tested in time whether it gives a small figure away"
"""The reason of a figure that stays hidden because the time of a release was over."""


class Refusal(Frozen):
    """A figure that was withheld, and why."""

    group: Group
    table: str
    reason: str
    chain: tuple[str, ...] = ()
    """Published figures that would have revealed a hidden one."""


class Release(Frozen):
    """One release. Nothing in it changes."""

    as_of: date
    made_at: datetime
    limit: int
    width: int
    is_invented: bool = False
    """True if its cases are invented, for a demonstration."""
    decided_from: date | None
    """1 January of the year of the first decision: its own date would be that of one case."""
    decided_until: date | None
    dimensions: tuple[Dimension, ...]
    groups: tuple[GroupFigures, ...]
    funnel: tuple[Stage, ...] = ()
    notes: tuple[str, ...] = ()
    recording_changes: tuple[RecordingChange, ...] = ()
    """Changes of the recording rules of police: each series shows them, also where they are before it."""
    comparisons: tuple[Comparisons, ...] = ()
    """Of all cases, by one feature at a time."""
    work: WorkFigures | None = None
    """Of all referrals; None: it was made before releases had them."""

    def compared(self, by: ComparedBy) -> Comparisons | None:
        """Return the comparisons by a feature; None: there are none."""
        return next((each for each in self.comparisons if each.by is by), None)

    def of(self, group: Group) -> GroupFigures | None:
        """Return what is published of a group; None: hidden."""
        return next((each for each in self.groups if each.group == group), None)

    def of_code(self, dimension: Dimension, code: str) -> GroupFigures | None:
        """Return what is published of the cases with a code of one dimension; None: hidden."""
        only = {dimension.name: code}
        return next((each for each in self.groups if each.group.model_dump(exclude_none=True) == only), None)


class SmallCount(Frozen):
    """A count under the limit, without its value: later releases go on hiding it."""

    group: Group
    table: str
    part: str


class RegisteredRelease(Frozen):
    """A release as the register has it: who made it, when, its digest, and what was refused."""

    by: str
    digest: str
    release: Release
    refusals: tuple[Refusal, ...]
    small: tuple[SmallCount, ...] = ()
    """Hidden counts. For making later releases; no page and no file has them."""

    @property
    def ran_out_of_time(self) -> bool:
        """True if figures are hidden because they could not be tested in time."""
        return any(refusal.reason == NOT_TESTED for refusal in self.refusals)
