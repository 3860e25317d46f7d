"""An agency's view that is older than the newest incident: the sentence that marks it. Judges no view.

It compares dates within one reader's access: incidents, and reports that agencies released.
"""

from __future__ import annotations

from collections.abc import Iterable
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


def newest_incident(
    incidents: Iterable[IncidentView], answers: Iterable[AgencyAnswerView]
) -> NewestIncident | None:
    """Return the newest incident that one reader sees; None where they see none."""
    found: list[tuple[PartialDate | None, date]] = []
    for incident in incidents:
        reported = min(each.received_at.astimezone(LONDON).date() for each in incident.reports)
        latest = incident.happened.latest if incident.happened else reported
        found.append((incident.happened, min(latest, reported)))
    for answer in answers:
        found += [(each.day, each.day.latest) for each in answer.reports or () if each.day is not None]
    if not found:
        return None
    dated = [day for day, _ in found if day is not None]
    return NewestIncident(
        happened=max(dated, key=lambda day: day.earliest, default=None),
        perhaps=max(latest for _, latest in found),
    )
