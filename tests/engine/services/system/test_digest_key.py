"""A new key of the digests: nothing is lost by a kill at any step, and the former key makes nothing new."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.access.digest_keys import DigestKeys, next_file, read_digest_key
from engine.clock import SetClock
from engine.domain.accounts.acting import Role
from engine.domain.accounts.sign_ins import SignInWay
from engine.domain.errors import InvalidInputError, SetupError, StacError
from engine.domain.referrals.intake import ProtectedKind
from engine.runtime import Runtime, open_runtime
from engine.services.access.restrictions import restrict
from engine.services.accounts.sign_ins import begin_sign_in, look_at_sign_in
from engine.services.cases.views import view_case
from engine.services.people.search import search_within, searches_sent
from engine.services.referrals.screening import name_people, screen
from engine.services.system import audit, audit_content, backup_key, digest_key
from engine.services.system.register_compared import compare
from tests.attacks.test_forged_sign_ins import past_the_software
from tests.builders import MONDAY, SAFE_PHONE, Desk, a_desk, a_referral, a_screening, marked_until_removed
from tests.databases import copy_home, stored_bytes


def rotated(desk: Desk) -> digest_key.DigestKeyRotated:
    return digest_key.rotate(**desk.common, settings=desk.runtime.settings)


def a_case(desk: Desk) -> str:
    (reference,) = desk.refer(a_referral("1")).referrals
    screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    desk.add("pia", Role.PRACTITIONER, "harbour")
    name_people(desk.context(desk.chair), reference=reference, people=["pia"])
    restrict(desk.context(desk.chair), reference=reference, why="A colleague is named.")
    return reference


def found(runtime: Runtime, value: str = SAFE_PHONE) -> bool:
    """Whether a search for the victim's phone finds where it is protected."""
    with runtime.uow.unrecorded() as work:
        digests = runtime.key.digests(ProtectedKind.PHONE, value)
        return bool(work.protected.searches.cases_with("phone", digests))


def sees(runtime: Runtime, user: str, reference: str) -> bool:
    from engine.services.accounts.users import find_user

    try:
        acting = find_user(uow=runtime.uow, name=user).acting()
        view_case(runtime.context(acting).with_agencies(()), reference=reference)
    except StacError:
        return False
    return True


def faults(runtime: Runtime) -> list[str]:
    verdict = audit.verify(uow=runtime.uow)
    content = audit_content.verify_content(uow=runtime.uow)
    bad = [] if verdict.first_bad is None else [f"entry {verdict.first_bad.entry}: {verdict.first_bad.reason}"]
    return bad + [each.sentence for each in content.differences]


def test_after_a_change_all_opens_is_found_and_is_verified(desk: Desk) -> None:
    reference = a_case(desk)
    file = desk.runtime.settings.key_file
    before = file.read_bytes()
    old_digest = desk.runtime.key.digest(ProtectedKind.PHONE, SAFE_PHONE).encode()
    assert old_digest in stored_bytes(desk.runtime.settings.home)
    with marked_until_removed(desk):
        done = rotated(desk)
    assert (done.number, done.went_on, done.values) == (2, False, 2)
    assert file.read_bytes()[32:] == before
    assert file.read_bytes()[:32] != before
    assert file.stat().st_mode & 0o077 == 0
    assert not next_file(file).exists()
    assert sees(desk.runtime, "pia", reference)
    assert found(desk.runtime)
    assert not found(desk.runtime, "07700 900418")
    assert faults(desk.runtime) == []
    assert old_digest not in stored_bytes(desk.runtime.settings.home)
    assert compare(desk.context(desk.coordinator)).acts == 2
    again = rotated(desk)
    assert (again.number, again.went_on, again.values) == (3, False, 2)
    assert sees(desk.runtime, "pia", reference)
    assert found(desk.runtime)
    assert faults(desk.runtime) == []
