"""Questions to an agency: one typed function for each. Knows no agency and no process.

A specification ships only with a real plugin that answers it. Every name begins with ``stac_``.
"""

from __future__ import annotations

from pathlib import Path

from engine.domain.agencies.files import AgencyFilesRead
from engine.domain.agencies.people import PeopleFound, SubjectAccessResult
from engine.domain.outcomes.agency_outcomes import OutcomesFound, OutcomeWindow
from engine.domain.responses.answers import Contribution, NilReturn, Refused
from engine.domain.responses.proposals import ActionsProposed, AnswerSeen
from engine.domain.responses.requests import CaseAsked, PersonAsked
from engine.domain.sharing import Audience, MayShare, Shareable
from engine.hooks.markers import hookspec
from engine.hooks.records import AgencyRecords


class RecordsSpecs:
    """Asked when the agency's own staff hand over files."""

    @hookspec
    def stac_import(  # type: ignore[empty-body]
        self, files: tuple[Path, ...], records: AgencyRecords
    ) -> AgencyFilesRead:
        """Read files into this agency's own records and say what became of each.

        The files are under ``records.folder / "incoming"``. What is stored is written within
        ``records.folder``; what is not understood is reported, with its place and a reason, never dropped.
        """


class AssessSpecs:
    """Asked about a person or a case."""

    @hookspec
    def stac_find_people(  # type: ignore[empty-body]
        self, query: PersonAsked, records: AgencyRecords
    ) -> PeopleFound:
        """Say which of this agency's records could be the person's, and on what each was found.

        It is for the agency's own staff, before a person has screened the referral. An empty
        ``PeopleFound`` means that the records were searched and hold no person who answers to the query.
        """

    @hookspec
    def stac_assess(  # type: ignore[empty-body]
        self, case: CaseAsked, records: AgencyRecords
    ) -> Contribution | NilReturn | Refused:
        """Say what this agency's own records hold about the person asked about.

        ``case`` holds only the fields that the manifest declares; ``case.on`` is the day of asking, and no
        clock is to be read. Return a ``Contribution``, a ``NilReturn`` when the records were searched and
        hold nothing, or ``Refused``; never None. Unreadable records are ``RecordsUnreadableError``, never a
        nil return.
        """


class PlanSpecs:
    """Asked after the panel's decision, when a plan is to be written."""

    @hookspec
    def stac_propose_actions(  # type: ignore[empty-body]
        self, case: CaseAsked, answers: tuple[AnswerSeen, ...], records: AgencyRecords
    ) -> ActionsProposed | Refused:
        """Propose actions for this case, from this agency's own records and from what it may see.

        ``answers`` is what this agency's practitioners may see now of every agency's released response, their
        own among them. An empty ``ActionsProposed`` means that there is nothing to propose. A practitioner of
        the agency releases what is proposed before any other agency sees it; the panel decides.
        """


class OutcomeSpecs:
    """Asked after the panel's decision, when a case is followed up."""

    @hookspec
    def stac_outcomes(  # type: ignore[empty-body]
        self, case: CaseAsked, window: OutcomeWindow, records: AgencyRecords
    ) -> OutcomesFound | NilReturn | Refused:
        """Return further stalking in this agency's own records within the window, on the three measures.

        Name each measure that these records were searched for: without an act it reads "none found". Return
        a ``NilReturn`` when the records hold no such person, which is not "none found"; or ``Refused``; never
        None. What the victim has not agreed to share is left out.
        """


class SharingSpecs:
    """Question asked when an item is stored, or its owner changes its audience; never on reading."""

    @hookspec
    def stac_may_share(  # type: ignore[empty-body]
        self, item: Shareable, audience: Audience, purpose: str
    ) -> MayShare:
        """Say how far one of this agency's items may go by its own rule.

        The answer can only restrict: what it leaves open is decided by people. It is asked of an agency whose
        manifest says ``narrows_sharing = true``.
        """


class SubjectSpecs:
    """Asked for a person who wants to know what is held about them."""

    @hookspec
    def stac_subject_access(  # type: ignore[empty-body]
        self, person: PersonAsked, records: AgencyRecords
    ) -> SubjectAccessResult:
        """Return everything that this agency holds about the person, and where it searched.

        Only what is theirs for certain is returned; a record that may be another's is a gap, counted and not
        returned. A practitioner reads it before the person does.
        """


ALL_SPECS: tuple[type, ...] = (RecordsSpecs, AssessSpecs, PlanSpecs, OutcomeSpecs, SharingSpecs, SubjectSpecs)
"""Every group of specifications, in the order of a case's life."""

OPTIONAL = frozenset(
    {
        "stac_import",
        "stac_find_people",
        "stac_propose_actions",
        "stac_outcomes",
        "stac_may_share",
        "stac_subject_access",
    }
)
"""Questions that an agency may leave unanswered; its caller then learns that it does not answer them."""
