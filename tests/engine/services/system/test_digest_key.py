"""A new key of the digests: nothing is lost by a kill at any step, and the former key makes nothing new."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from engine.access.digest_keys import next_file, read_digest_key
from engine.access.digests import VaultKey
from engine.clock import SetClock
from engine.domain.accounts.acting import Role
from engine.domain.accounts.sign_ins import SignInWay
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError, NotFoundError, SetupError, StacError
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.runtime import Runtime, open_runtime
from engine.services.access.restrictions import restrict
from engine.services.accounts.sign_ins import begin_sign_in, look_at_sign_in
from engine.services.accounts.users import find_user, list_users
from engine.services.cases.views import view_case
from engine.services.drafts import open_draft, save_draft
from engine.services.referrals.screening import name_people, screen
from engine.services.system import audit, audit_content, backups, digest_key
from engine.services.system.register_compared import compare
from engine.services.vault.protected_details import store_protected
from engine.services.vault.record_keys import WrongKeyError
from tests.builders import (
    MONDAY,
    SAFE_PHONE,
    Desk,
    a_desk,
    a_referral,
    a_screening,
    in_one_entry,
    marked_until_removed,
    type_draft,
)
from tests.databases import POSTGRESQL, copy_home, stored_bytes
from tests.engine.services.system.backed_up import Places

HOUR = timedelta(hours=1)


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
    try:
        acting = find_user(uow=runtime.uow, name=user).acting()
        view_case(runtime.context(acting).with_agencies(()), reference=reference)
    except StacError:
        return False
    return True


def faults(runtime: Runtime) -> list[str]:
    verdict = audit.verify(uow=runtime.uow)
    content = audit_content.verify_content(uow=runtime.uow)
    bad = (
        [] if verdict.first_bad is None else [f"entry {verdict.first_bad.entry}: {verdict.first_bad.reason}"]
    )
    return bad + [each.sentence for each in content.differences]


def test_after_a_change_all_opens_is_found_and_is_verified(desk: Desk) -> None:
    reference = a_case(desk)
    file = desk.runtime.settings.key_file
    before = file.read_bytes()
    old_digest = desk.runtime.key.digest(ProtectedKind.PHONE, SAFE_PHONE).encode()
    assert old_digest in stored_bytes(desk.runtime.settings.home)
    acts = compare(desk.context(desk.coordinator)).acts
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
    assert compare(desk.context(desk.coordinator)).acts == acts
    again = rotated(desk)
    assert (again.number, again.went_on, again.values) == (3, False, 2)
    assert sees(desk.runtime, "pia", reference)
    assert found(desk.runtime)
    assert faults(desk.runtime) == []


def opened(home: Path) -> Runtime:
    """Open the record as another process would."""
    return open_runtime({"STAC_HOME": str(home)}, clock=SetClock(MONDAY + HOUR))


def killed_at(step: int, home: Path) -> bool:
    """Change the key in a process that is killed before or after its commit or its rename of this number."""
    child = os.fork()
    if child == 0:
        left = step

        def stepped(do: Callable[..., None]) -> Callable[..., None]:
            def with_steps(*given: object) -> None:
                nonlocal left
                for act in (lambda: None, lambda: do(*given)):
                    act()
                    if left == 0:
                        os.kill(os.getpid(), signal.SIGKILL)
                    left -= 1

            return with_steps

        try:
            digest_key._AT_ONCE = 3
            Session.commit = stepped(Session.commit)  # type: ignore[method-assign]
            os.replace = stepped(os.replace)
            with opened(home) as runtime:
                digest_key.rotate(uow=runtime.uow, clock=runtime.clock, settings=runtime.settings)
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1] == signal.SIGKILL


@pytest.mark.slow
@pytest.mark.sqlite
def test_killed_at_each_step_it_goes_on_with_one_key_and_nothing_is_lost(tmp_path: Path) -> None:
    """People go on working in between: what is granted then stays, and a value is found by either key."""
    with a_desk(tmp_path / "home") as desk:
        reference = a_case(desk)
        desk.add("una", Role.PRACTITIONER, "harbour")
        first = desk.runtime.settings.key_file.read_bytes()
    step = 0
    while killed_at(step, home := copy_home(tmp_path / "home", tmp_path / f"at-{step}")):
        key_file = home / "keys" / "digest.key"
        made = next_file(key_file) if next_file(key_file).exists() else key_file
        waiting = made.read_bytes()[:32]
        with opened(home) as runtime:
            assert sees(runtime, "pia", reference), step
            assert found(runtime), step
            chair = runtime.context(find_user(uow=runtime.uow, name="chair").acting())
            name_people(chair, reference=reference, people=["una"])
            assert faults(runtime) == [], step
            done = digest_key.rotate(uow=runtime.uow, clock=runtime.clock, settings=runtime.settings)
            content = key_file.read_bytes()
            if done.went_on:
                assert content == waiting + first, step
            else:  # nothing was begun, or all was done
                assert content[32:] == (first if waiting == first else waiting + first), step
            assert sees(runtime, "pia", reference), step
            assert sees(runtime, "una", reference), step
            assert found(runtime), step
            assert faults(runtime) == [], step
            coordinator = runtime.context(find_user(uow=runtime.uow, name="cora").acting())
            assert compare(coordinator).lacking == {}, step
            assert not digest_key.is_half_done(uow=runtime.uow, settings=runtime.settings), step
        step += 1
    assert step > 20


def test_every_sign_in_ends_and_a_page_that_was_open_stores_no_more_of_a_draft(desk: Desk) -> None:
    reference = a_case(desk)
    common = desk.common
    token = begin_sign_in(**common, name="cora", way=SignInWay.PASSWORD, lasts=8 * HOUR)
    type_draft(desk, desk.coordinator, reference, DraftForm.INCIDENT, "Seen at the gate.")
    opens = partial(open_draft, form=DraftForm.INCIDENT, case=reference)
    signed_pass = opens(desk.context(desk.coordinator)).signed_pass
    assert rotated(desk).sign_ins == 1
    assert look_at_sign_in(**common, token=token, lock_after=HOUR).sign_in is None
    user = find_user(uow=desk.runtime.uow, name="cora")
    with pytest.raises(NotFoundError, match="open the form again"):
        save_draft(**common, key=desk.runtime.key, user=user, signed_pass=signed_pass, fields={"what": "x"})
    again = opens(desk.context(desk.coordinator))
    assert again.fields["what"].text == "Seen at the gate."
    token = begin_sign_in(**common, name="cora", way=SignInWay.PASSWORD, lasts=8 * HOUR)
    assert look_at_sign_in(**common, token=token, lock_after=HOUR).sign_in is not None
    assert faults(desk.runtime) == []


def test_an_equal_value_of_one_case_is_stored_once_under_either_key(desk: Desk) -> None:
    """In the middle of a change: the value that is there has its digest by the former key."""
    reference = a_case(desk)
    stored = ProtectedValue(kind=ProtectedKind.PHONE, value=SAFE_PHONE)
    former = desk.runtime.key
    both = VaultKey(os.urandom(32) + former.content)
    with in_one_entry(desk.runtime) as work:
        before = work.protected.items_on([reference])
        for key, count in ((former, 0), (both, 0), (VaultKey(os.urandom(32)), 1)):
            store_protected(
                work=work, key=key, clock=desk.clock, values=[(reference, stored)], told_by="cora"
            )
            assert len(work.protected.items_on([reference])) == len(before) + count


def test_without_a_retired_key_or_the_newest_one_nothing_is_read(desk: Desk) -> None:
    a_case(desk)
    key_file = desk.runtime.settings.key_file
    rotated(desk)
    whole = key_file.read_bytes()
    for part, lacks in ((whole[:32], "a retired key"), (whole[32:], "the newest key, since the key was")):
        key_file.write_bytes(part)
        with opened(desk.runtime.settings.home) as runtime, pytest.raises(WrongKeyError, match=lacks):
            list_users(runtime.context(desk.coordinator))
    key_file.write_bytes(os.urandom(32) + whole[32:])
    with opened(desk.runtime.settings.home) as runtime, pytest.raises(WrongKeyError, match="a different key"):
        list_users(runtime.context(desk.coordinator))
    key_file.write_bytes(whole[:40])
    with pytest.raises(SetupError, match="is damaged"):
        read_digest_key(key_file)
    key_file.write_bytes(whole)
    with opened(desk.runtime.settings.home) as runtime:
        assert list_users(runtime.context(desk.coordinator))


def test_a_machine_that_has_not_the_new_key_records_nothing(desk: Desk, tmp_path: Path) -> None:
    """It had the record open before, with a copy of the former key."""
    a_case(desk)
    settings = desk.runtime.settings
    other = tmp_path / "other"
    (other / "keys").mkdir(parents=True, mode=0o700)
    for file in (settings.key_file, settings.vault_key_file):
        (other / "keys" / file.name).write_bytes(file.read_bytes())
    environ = {"STAC_HOME": str(other), "STAC_DATABASE_URL": settings.database_url}
    with open_runtime(environ, clock=desk.clock) as there:
        assert list_users(there.context(desk.coordinator))
        rotated(desk)
        with pytest.raises(
            SetupError, match=r"copy keys/digest.key from the home folder where it was changed"
        ):
            list_users(there.context(desk.coordinator))
        (other / "keys" / "digest.key").write_bytes(settings.key_file.read_bytes())
        assert list_users(there.context(desk.coordinator))
    assert faults(desk.runtime) == []


@pytest.mark.postgres
def test_an_act_that_began_before_the_change_and_ends_after_it_is_refused_whole(tmp_path: Path) -> None:
    """On a server others write meanwhile: nothing is recorded by halves, with checks of two keys."""
    with a_desk(tmp_path / "home", database=POSTGRESQL) as desk:
        reference = a_case(desk)
        una = desk.add("una", Role.PRACTITIONER, "harbour")
        chair = desk.context(desk.chair)

        def names_una_meanwhile() -> None:
            with chair.writing("test") as work:
                work.cases.name_people(reference, [una.user], by="chair", at=MONDAY)
                _ = work.audit.key()
                rotated(desk)

        with pytest.raises(SetupError, match="nothing was recorded: try again"):
            names_una_meanwhile()
        assert not sees(desk.runtime, "una", reference)
        name_people(chair, reference=reference, people=["una"])
        assert sees(desk.runtime, "una", reference)
        assert faults(desk.runtime) == []


def test_a_register_that_was_changed_stops_the_change_before_anything_is_in_use(desk: Desk) -> None:
    a_case(desk)
    settings = desk.runtime.settings
    register = settings.backup.register_file(settings.home)
    right, key = register.read_text(), settings.key_file.read_bytes()
    register.write_text(right.replace("harbour", "lantern"))
    with pytest.raises(InvalidInputError, match="was changed, or is of another record"):
        rotated(desk)
    assert settings.key_file.read_bytes() == key
    assert digest_key.is_half_done(uow=desk.runtime.uow, settings=settings)
    register.write_text(right)
    waiting = next_file(settings.key_file).read_bytes()
    assert rotated(desk).went_on
    assert settings.key_file.read_bytes() == waiting
    assert compare(desk.context(desk.coordinator)).lacking == {}


def test_a_backup_is_not_made_meanwhile(desk: Desk) -> None:
    with backups.alone(desk.runtime.settings.home), pytest.raises(SetupError, match="another backup"):
        rotated(desk)


@pytest.mark.sqlite
def test_backups_of_before_and_after_are_restored_with_the_keys_of_each(desk: Desk, tmp_path: Path) -> None:
    """An older one with the register of now: then the former key is in use there, until it is changed."""
    reference = a_case(desk)
    places = Places.under(tmp_path)
    old = places.back_up(desk)
    rotated(desk)
    new = places.back_up(desk)
    desk.add("una", Role.PRACTITIONER, "harbour")
    name_people(desk.context(desk.chair), reference=reference, people=["una"])
    for made, number in ((new, 2), (old, 1)):
        home = tmp_path / made.name
        there = Places(places.folder, places.keys_folder, home)
        assert there.restore(desk, made).register_lines
        with there.opened(desk) as runtime:
            assert runtime.key.for_versions.number == number
            assert sees(runtime, "pia", reference)
            assert found(runtime)
            is_half_done = digest_key.is_half_done(uow=runtime.uow, settings=runtime.settings)
            assert is_half_done is (number == 1)
            done = digest_key.rotate(uow=runtime.uow, clock=runtime.clock, settings=runtime.settings)
            assert (done.number, done.went_on) == ((3, False) if number == 2 else (2, True))
            assert sees(runtime, "pia", reference)
            assert faults(runtime) == []
            assert compare(runtime.context(desk.coordinator)).lacking == {}
