"""Every question that an agency's plugin can be put, a row each. Knows no agency and no process.

What a hook takes and may give is read from its specification. A row adds how its answer is checked and what
it may use beyond the manifest's limits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Generic, Never, TypeVar, get_args, get_type_hints

from pydantic import Field, JsonValue, TypeAdapter, create_model

from engine.domain.agencies.files import AgencyFilesRead, ExtractRead
from engine.domain.agencies.people import PeopleFound, SubjectAccessResult
from engine.domain.agencies.scoring import ScoreResult
from engine.domain.base import Frozen
from engine.domain.invented import InventedExtractTask
from engine.domain.outcomes.agency_outcomes import OutcomesFound, OutcomeWindow
from engine.domain.responses.answers import Contribution, NilReturn, Refused
from engine.domain.responses.proposals import ActionsProposed, AnswerSeen
from engine.domain.responses.requests import CaseAsked, PersonAsked
from engine.domain.sharing import Audience, MayShare, Shareable
from engine.hooks.records import AgencyRecords
from engine.hooks.specs import AssessSpecs, OutcomeSpecs, PlanSpecs, RecordsSpecs, SharingSpecs, SubjectSpecs
from engine.hooks.wire import PLUGIN_ANSWER

_RECORDS = "records"
_LARGE_ANSWER = 8_000_000

_Subject_contra = TypeVar("_Subject_contra", contravariant=True)
_Answer_co = TypeVar("_Answer_co", covariant=True)


@dataclass(frozen=True, kw_only=True, eq=False)
class Question(Generic[_Subject_contra, _Answer_co]):
    """A hook, or a kind of function that a manifest or an instrument names.

    ``takes`` are its arguments beside the records, ``gives`` what it may return; empty, that is anything.
    One that ``takes_long`` has minutes and gigabytes, in a process of its own, and changes the extract.
    ``most_bytes`` is how large an answer may be, if not as large as the manifest says. A question that
    ``is_repeatable`` has one answer over the same records.
    """

    name: str
    takes: type[Frozen]
    gives: tuple[type, ...]
    reply: TypeAdapter[_Answer_co]
    of_records: bool = False
    takes_long: bool = False
    most_bytes: int | None = None
    is_repeatable: bool = False

    @property
    def of_extract(self) -> bool:
        """True if it is answered from an extract, which has to be whole for that."""
        return self.of_records and not self.takes_long

    def written(self, subject: object) -> bytes:
        """Return the arguments as they are sent: all of them, or the only one."""
        if not isinstance(subject, self.takes):
            subject = self.takes.model_validate({next(iter(self.takes.model_fields)): subject})
        return subject.model_dump_json().encode()

    def around(self, written: bytes) -> bytes:
        """Return the same of an only argument that was written already."""
        return b'{"%s":%s}' % (next(iter(self.takes.model_fields)).encode(), written)

    def arguments(self, sent: bytes) -> dict[str, object]:
        """Return the arguments as they were sent, by name."""
        read = self.takes.model_validate_json(sent)
        return {name: getattr(read, name) for name in self.takes.model_fields}


class ToShare(Frozen):
    """An item, its intended audience and purpose: the argument of ``stac_may_share``."""

    item: Shareable
    audience: Audience
    purpose: str


class ToPropose(Frozen):
    """A case and the responses that the agency may see: the argument of ``stac_propose_actions``."""

    case: CaseAsked
    answers: tuple[AnswerSeen, ...]


class ToFollowUp(Frozen):
    """A case and the dates that are asked about: the argument of ``stac_outcomes``."""

    case: CaseAsked
    window: OutcomeWindow


class ToScore(Frozen):
    """Argument of a function that scores."""

    given: dict[str, JsonValue]


class ToWrite(Frozen):
    """Argument of a function that writes a synthetic extract."""

    task: InventedExtractTask
    folder: Path


class ToRead(Frozen):
    """Argument of the engine's function that reads an extract by its mapping."""

    records: AgencyRecords


def _hook(
    spec: Callable[..., _Answer_co],
    reply: TypeAdapter[_Answer_co],
    *,
    takes: type[Frozen] | None = None,
    takes_long: bool = False,
    most_bytes: int | None = None,
    is_repeatable: bool = False,
) -> Question[_Subject_contra, _Answer_co]:
    """Return the row of a hook; ``takes`` is given for one with several arguments beside the records."""
    hints = get_type_hints(spec)
    gives = hints.pop("return")
    of_records = hints.pop(_RECORDS, None) is not None
    return Question(
        name=spec.__name__,
        takes=takes or create_model(spec.__name__, __base__=Frozen, **hints),
        gives=get_args(gives) or (gives,),
        reply=reply,
        of_records=of_records,
        takes_long=takes_long,
        most_bytes=most_bytes,
        is_repeatable=is_repeatable,
    )


ASSESS: Question[CaseAsked, Contribution | NilReturn | Refused] = _hook(
    AssessSpecs.stac_assess, PLUGIN_ANSWER, is_repeatable=True
)
FIND_PEOPLE: Question[PersonAsked, PeopleFound] = _hook(
    AssessSpecs.stac_find_people, TypeAdapter(PeopleFound)
)
PROPOSE: Question[ToPropose, ActionsProposed | Refused] = _hook(
    PlanSpecs.stac_propose_actions,
    TypeAdapter(Annotated[ActionsProposed | Refused, Field(discriminator="kind")]),
    takes=ToPropose,
    is_repeatable=True,
)
OUTCOMES: Question[ToFollowUp, OutcomesFound | NilReturn | Refused] = _hook(
    OutcomeSpecs.stac_outcomes,
    TypeAdapter(Annotated[OutcomesFound | NilReturn | Refused, Field(discriminator="kind")]),
    takes=ToFollowUp,
    is_repeatable=True,
)
SUBJECT_ACCESS: Question[PersonAsked, SubjectAccessResult] = _hook(
    SubjectSpecs.stac_subject_access, TypeAdapter(SubjectAccessResult), most_bytes=_LARGE_ANSWER
)
MAY_SHARE: Question[ToShare, MayShare] = _hook(
    SharingSpecs.stac_may_share, TypeAdapter(MayShare), takes=ToShare
)
IMPORT: Question[tuple[Path, ...], AgencyFilesRead] = _hook(
    RecordsSpecs.stac_import, TypeAdapter(AgencyFilesRead), takes_long=True, most_bytes=_LARGE_ANSWER
)
SCORE: Question[dict[str, JsonValue], ScoreResult] = Question(
    name="score", takes=ToScore, gives=(ScoreResult,), reply=TypeAdapter(ScoreResult)
)
READ: Question[AgencyRecords, ExtractRead] = Question(
    name="read",
    takes=ToRead,
    gives=(ExtractRead,),
    reply=TypeAdapter(ExtractRead),
    takes_long=True,
    most_bytes=_LARGE_ANSWER,
)
WRITE: Question[ToWrite, None] = Question(
    name="write",
    takes=ToWrite,
    gives=(),
    reply=TypeAdapter(None),
    takes_long=True,
    most_bytes=65_536,
)

QUESTIONS: dict[str, Question[Never, object]] = {
    question.name: question
    for question in (
        ASSESS,
        FIND_PEOPLE,
        PROPOSE,
        OUTCOMES,
        SUBJECT_ACCESS,
        MAY_SHARE,
        IMPORT,
        SCORE,
        READ,
        WRITE,
    )
}
"""Every row by its name."""
