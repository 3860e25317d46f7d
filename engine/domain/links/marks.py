"""Marks that people set on findings of patterns: useful or not, and why. None is about a person's risk."""

from __future__ import annotations

from collections.abc import Mapping

from engine.domain.base import Frozen


class MarkReason(Frozen):
    """A reason of the closed list, and whether a finding that has it was useful."""

    code: str
    says: str
    useful: bool

    @property
    def in_words(self) -> str:
        """The reason as it is offered and shown."""
        return f"{'useful' if self.useful else 'not useful'}, {self.says}"


class FindingMarks(Frozen):
    """The marks on one finding, as one viewer may see it: their own, and those of others without names."""

    own: MarkReason | None = None
    others: tuple[MarkReason, ...] = ()

    @property
    def every(self) -> tuple[MarkReason, ...]:
        """All of them, one for each person."""
        return self.others if self.own is None else (self.own, *self.others)


class PatternMarks(Frozen):
    """The marks on a pattern's findings among those that one viewer may see."""

    subjects: tuple[tuple[str, ...], ...]
    """The subject of each finding, in the order of the findings: a mark is on it."""
    marked: Mapping[tuple[str, ...], FindingMarks]
    useful: int
    """Findings that all who marked them marked as useful."""
    not_useful: int
    differ: int
    """Findings that some marked as useful and others as not."""
    not_marked: int

    @property
    def sentence(self) -> str:
        """The share in a sentence; that a finding is not marked is not an opinion on it."""
        marked = self.useful + self.not_useful + self.differ
        if not marked:
            return "No finding is marked as useful or not useful."
        findings = (
            f"{marked:,} finding{'s' if marked > 1 else ''} that {'were' if marked > 1 else 'was'} marked"
        )
        differ = f" People differ on {self.differ:,}." if self.differ else ""
        left = f" {self.not_marked:,} {'is' if self.not_marked == 1 else 'are'} not marked."
        return f"Marked useful in {self.useful:,} of {findings}.{differ}{left if self.not_marked else ''}"

    def as_values(self) -> dict[str, object]:
        """Return the same as plain values: every subject in the order of the findings."""
        figures = self.model_dump(mode="json", exclude={"subjects", "marked"})
        of_each = [(subject, self.of(place)) for place, subject in enumerate(self.subjects)]
        return {
            **figures,
            "findings": [
                {
                    "subject": list(subject),
                    "own": None if marks.own is None else marks.own.code,
                    "others": [each.code for each in marks.others],
                }
                for subject, marks in of_each
            ],
        }

    def of(self, finding: int) -> FindingMarks:
        """Return the marks on the finding at this place."""
        return self.marked.get(self.subjects[finding], FindingMarks())
