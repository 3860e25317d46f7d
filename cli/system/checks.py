"""The result of a check of an installation. Imports nothing of the engine."""

from __future__ import annotations

from dataclasses import dataclass

OK, NOTE, WRONG = "ok", "note", "WRONG"


@dataclass(frozen=True)
class Check:
    """A check: its state, the finding, and how to fix it."""

    name: str
    state: str
    finding: str
    mend: str | None = None

    def as_answer(self) -> dict[str, str | None]:
        """Return it for JSON."""
        return {"check": self.name, "state": self.state.lower(), "says": self.finding, "mend": self.mend}
