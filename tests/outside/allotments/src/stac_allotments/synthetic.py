"""Invented records of invented people, for the conformance suite. The same seed writes the same."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

from engine.hooks.v1 import (
    Domain,
    InventedExtractTask,
    Level,
    PartialDate,
    RecordedView,
    write_table,
)
from stac_allotments.records import HOLDERS, LETTERS, VIEWS, HolderLine, LetterLine

_ABOUT = ("an unlocked gate", "a shed on another plot", "unpaid rent", "shouting at a neighbour")


def write_extract(task: InventedExtractTask, folder: Path) -> None:
    """Write what the office could know of some of these people by the day of asking."""
    holders: list[HolderLine] = []
    letters: list[LetterLine] = []
    views: list[RecordedView] = []
    for episode in task.episodes:
        person = episode.perpetrator
        chance = Random(f"{task.seed} allotments {person.key}")
        number = f"H{person.key}"
        if chance.random() < 0.4 or any(line.person_id == number for line in holders):
            continue
        by = min(episode.referred_on, task.on)
        holders.append(
            HolderLine(
                person_id=number,
                names=(f"{person.forename} {person.surname}",),
                date_of_birth=None if chance.random() < 0.1 else PartialDate.of(person.date_of_birth),
                since=PartialDate(str(by.year - chance.randint(0, 9))),
            )
        )
        for running in range(chance.randint(0, 4)):
            sent = by - timedelta(days=chance.randint(3, 700))
            letters.append(
                LetterLine(
                    letter_id=f"{number}-L{running}",
                    person_id=number,
                    sent=None if chance.random() < 0.1 else PartialDate.of(sent),
                    about=chance.choice(_ABOUT),
                )
            )
        if chance.random() < 0.4:
            views.append(
                RecordedView(
                    view_id=f"{number}-V",
                    person_id=number,
                    domain=Domain.PERSISTENCE,
                    level=chance.choice(list(Level)),
                    reasons="The plot holder kept coming back to a plot that was another's.",
                    recorded_by="Ansel Makebelief",
                    post="Warden",
                    recorded_on=by - timedelta(days=chance.randint(3, 300)),
                )
            )
    write_table(folder, HOLDERS, HolderLine, holders)
    write_table(folder, LETTERS, LetterLine, letters)
    write_table(folder, VIEWS, RecordedView, views)
