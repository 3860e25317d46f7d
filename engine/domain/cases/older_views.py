"""An agency's view that is older than the newest incident: the sentence that marks it. Judges no view.

It compares dates within one reader's access: incidents, and reports that agencies released.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from engine.clock import LONDON
from engine.domain.base import Frozen
from engine.domain.cases.views import AgencyAnswerView, IncidentView
from engine.domain.dates import PartialDate


class NewestIncident(Frozen):
    """The newest incident by its earliest date, and ``perhaps``: the last date that any may have.

    ``happened`` None: no incident has a date. The date of its first report is the last that it can have.
    """

    happened: PartialDate | None
    perhaps: date

    def marks(self, recorded_on: date) -> str | None:
        """Return the mark of a view of that date; None where every incident was certainly before it.

        An incident of the same date may have been before or after: that is said, and not decided.
        """
        if self.happened is not None and self.happened.earliest > recorded_on:
            return f"Before the newest incident, {self.happened.in_words()}"
        if self.perhaps >= recorded_on:
            return "May be before the newest incident"
        return None


class NewSinceViews(Frozen):
    """Incidents that are, or may be, newer than the oldest view that one reader sees.

    ``certain`` and ``perhaps`` are references of incidents, the newest first; ``reported`` are reports that
    agencies released, in one sentence each with the agency.
    """

    oldest_view: date
    certain: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    reported: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True if every incident was certainly before every view."""
        return not (self.certain or self.perhaps or self.reported)


def new_since_views(
    incidents: Iterable[IncidentView], answers: Sequence[AgencyAnswerView]
) -> NewSinceViews | None:
    """Return what is newer than the oldest view of the answers; None where no view is shown.

    Each incident is compared as the mark of a view compares the newest of them.
    """
    recorded = [view.recorded_on for answer in answers for view in answer.views]
    if not recorded:
        return None
    oldest = min(recorded)
    certain, perhaps = [], []
    for incident in sorted(incidents, key=_latest, reverse=True):
        if incident.happened is not None and incident.happened.earliest > oldest:
            certain.append(incident.reference)
        elif _latest(incident) >= oldest:
            perhaps.append(incident.reference)
    reported = [
        f"{answer.agency_name}: {each.sentence}"
        for answer in answers
        for each in answer.reports or ()
        if each.day is not None and each.day.latest >= oldest
    ]
    return NewSinceViews(
        oldest_view=oldest, certain=tuple(certain), perhaps=tuple(perhaps), reported=tuple(reported)
    )


def _latest(incident: IncidentView) -> date:
    """Return the last date that an incident can have: no later than its first report."""
    reported = min(each.received_at.astimezone(LONDON).date() for each in incident.reports)
    return min(incident.happened.latest if incident.happened else reported, reported)


def newest_incident(
    incidents: Iterable[IncidentView], answers: Iterable[AgencyAnswerView]
) -> NewestIncident | None:
    """Return the newest incident that one reader sees; None where they see none."""
    found: list[tuple[PartialDate | None, date]] = []
    for incident in incidents:
        found.append((incident.happened, _latest(incident)))
    for answer in answers:
        found += [(each.day, each.day.latest) for each in answer.reports or () if each.day is not None]
    if not found:
        return None
    dated = [day for day, _ in found if day is not None]
    return NewestIncident(
        happened=max(dated, key=lambda day: day.earliest, default=None),
        perhaps=max(latest for _, latest in found),
    )
