"""Every command is asked while answers are held, or stands here as one that only writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.held.asked import ACTS, ELSEWHERE, READ, READ_BY_NOBODY, READ_OF_CASE
from benchmarks.held.imported import command_tree

ONLY_WRITE = """
act, agencies import, agencies seal, agency seal, alarm ack, alarm acknowledge, answer, assess,
audit accept-clock, audit anchor, break-glass review, case name, conference open, end, episode leave,
identity undo, incident, init, links judge, links unwatch, outcome, plugin resume, plugin suspend,
rectify answer, release, restriction lift, retention erase, retention review, roles investigator, safeguard,
screen, search done, sharing rule, subject-access address, subject-access ask, subject-access confirm,
subject-access decide, subject-access erase, subject-access identity, subject-access release,
subject-access safety, texts seen, user change, user disable, user login, user logout, user reset,
vault agree, vault rotate, victim-request answer, victim-request decide, victim-told prepare,
victim-told right-to-know, withdraw
"""
OF_PLUGINS_AND_PROCESSES = "plugin check, plugin new, plugin replay, serve"


def commands(group: Any, before: str = "") -> Iterator[str]:
    """Each command's words."""
    for name, below in group.commands.items():
        if hasattr(below, "commands"):
            yield from commands(below, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def test_every_command_that_reads_is_asked() -> None:
    lines = [*READ, *READ_OF_CASE, *READ_BY_NOBODY, *ELSEWHERE, *(line for _, line in ACTS)]
    asked = {each for each in commands(command_tree()) for line in lines if f"{line} ".startswith(f"{each} ")}
    others = {each.strip() for names in (ONLY_WRITE, OF_PLUGINS_AND_PROCESSES) for each in names.split(",")}
    others = {" ".join(each.split()) for each in others}
    assert asked | others == set(commands(command_tree()))
    assert not asked & others
