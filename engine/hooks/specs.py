"""What an agency may be asked: one typed function for each question. Knows no agency and no process.

A specification ships only with a real plugin that answers it. Every name begins with ``stac_``.
"""

from __future__ import annotations

from engine.domain.answers import Contribution, NilReturn, Refused
from engine.domain.asking import CaseAsked
from engine.hooks.markers import hookspec
from engine.hooks.records import AgencyRecords


class AssessSpecs:
    """Asked when a screened case is put to the agencies."""

    @hookspec
    def stac_assess(  # type: ignore[empty-body]
        self, case: CaseAsked, records: AgencyRecords
    ) -> Contribution | NilReturn | Refused:
        """Say what this agency's own records hold about the person asked about.

        ``case`` holds only the fields that the manifest declares; ``case.on`` is the day of asking, and
        no clock is to be read. Return a ``Contribution``, a ``NilReturn`` when the records were looked
        through and hold nothing, or ``Refused``; never None. Unreadable records are
        ``RecordsUnreadableError``, never a nil return.
        """


ALL_SPECS: tuple[type, ...] = (AssessSpecs,)
"""Every group of specifications, in the order of a case's life."""
