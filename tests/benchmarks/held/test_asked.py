"""Every command is asked while answers are held, or stands here as one that only writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.held.asked import ACTS, ELSEWHERE, READ, READ_BY_NOBODY, READ_OF_CASE
from benchmarks.held.imported import command_tree

ONLY_WRITE = """
access places-named record, advice close, advice return, advice send,
access review, access text-flags resolve, access vault approve, access vault check-places, access vault
investigation-lead, access vault rotate-key, agency import, agency rehearse, agency resume, agency seal,
agency suspend, alarm ack, alarm acknowledge, alarm done, alarm end, alarm hand-over, alarm disclose,
alarm refuse, case child-safeguarding, case works-for, case step-up, case share-acts, case withdraw-acts,
case holder, case lead,
response topics, incident finding, incident withdraw-finding,
victim despair record, victim despair acknowledge, victim despair done, victim despair pass-on,
audit accept-clock, audit anchor, case close, case custody, case leave-episode, case
name-people, case roles allow-both, case safeguard, case screen, case search-review resolve, case unrestrict,
conference amend, conference attend, conference close, conference correct, conference create, conference
dissent, conference next, conference note, conference open, conference release-remark, conference
resolve-correction, conference room, conference start, conference timer, conference victim-words, correction
respond, incident create, incident details, incident review, incident topics,
incident police-decision, init, links alert resolve, links finding mark, links network delete,
links network import, links search delete, links share create, links share delete,
links associates approve, links associates ask, links associates refuse, links associates withdraw,
links record-request create, links record-request respond, login,
logout, order breaches ask, order breaches check-areas, order breaches confirm,
order breaches confirm-area, order breaches reject,
order create, order discharge, order join, order make, order renew, order serve, order step, order
vary, outcome ask, outcome confirm, outcome create, outcome describe-victim, outcome import, outcome
record-victim, outcome release export, outcome release make, person different, person undo, plan approve,
plan propose, plan record-voice, plan sign-why-not, plan start-urgent, plan
undo-report, plan update-action, record backup, record drill, record list-backups, record move, record
remove-overwritten, record repeat-acts, record restore, record rotate-key,
referral create, referral rejected resolve, referral template,
response create, response release, response request, response withdraw, retention erase,
retention review, sar confirm, sar decide,
sar erase, sar release, sar request, sar safety-check, sar set-address, sar verify-identity, sharing set,
user disable, user reset-password, user update, victim info-request decide, victim info-request
respond, victim notice attempt, victim pack prepare, victim right-to-know
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
