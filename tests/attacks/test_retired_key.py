"""Who has the retired key of the digests and can write to the database makes nothing that counts as new."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update
from sqlmodel import col

from engine.access.digest_keys import read_digest_key
from engine.access.digests import VaultKey
from engine.domain.accounts.acting import Acting, Role
from engine.domain.accounts.sign_ins import SignInWay
from engine.domain.system.audit import entry_check
from engine.services.accounts.sign_ins import begin_sign_in
from engine.services.accounts.users import list_users
from engine.services.referrals.screening import name_people
from engine.services.system import audit_content, digest_key
from engine.store.keyed_checks import keyed_check
from engine.store.rows_in_text import digests_of
from engine.store.tables.accounts import SignInRow
from engine.store.tables.base import METADATA
from engine.store.tables.cases.involvements import CaseMemberRow
from engine.store.tables.system.row_checks import RowCheckRow
from tests.attacks.test_forged_grants import a_case, sees
from tests.attacks.test_forged_sign_ins import HOUR, past_the_software, standing
from tests.attacks.test_removed_entries import found, log_of, rehashed, write_log
from tests.builders import MONDAY, Desk, a_desk

pytestmark = pytest.mark.sqlite
TABLE = METADATA.tables["case_member"]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as there:
        yield there


def rotated(desk: Desk) -> VaultKey:
    """Change the key, and return the retired one."""
    former = read_digest_key(desk.runtime.settings.key_file)
    digest_key.rotate(**desk.common, settings=desk.runtime.settings)
    return former


def a_grant(desk: Desk, key: VaultKey, user: str) -> None:
    """A row that opens the case to this person, with the check that this key makes."""
    row = {"id": 77, "involvement_id": 1, "user_name": user, "named_by": "cora", "at": MONDAY}
    content = [row.get(column.name) for column in TABLE.columns]
    ((_, check),) = digests_of(TABLE, [content], key.for_versions)
    checked = {"table": "case_member", "row_number": 77, "keyed_check": check}
    past_the_software(desk, insert(CaseMemberRow).values(row), insert(RowCheckRow).values(checked))


def named(desk: Desk) -> set[tuple[str, str, str]]:
    held = audit_content.verify_content(uow=desk.runtime.uow)
    return {(each.table, each.row, each.kind) for each in held.differences}


def people(desk: Desk) -> tuple[str, Acting, Acting]:
    reference = a_case(desk)
    pia, una = (desk.add(name, Role.PRACTITIONER, "harbour") for name in ("pia", "una"))
    name_people(desk.context(desk.chair), reference=reference, people=["pia"])
    return reference, pia, una


def test_a_grant_made_with_the_retired_key_opens_nothing_and_is_named(desk: Desk) -> None:
    reference, pia, una = people(desk)
    former = rotated(desk)
    assert named(desk) == set()
    a_grant(desk, former, "una")
    assert sees(desk, una, reference) == (False, False)
    assert named(desk) == {("case_member", "77", "added")}
    copied = select(col(RowCheckRow.keyed_check)).where(col(RowCheckRow.row_number) == 1).limit(1)
    past_the_software(
        desk,
        update(RowCheckRow)
        .where(col(RowCheckRow.row_number) == 77)
        .values(keyed_check=col(RowCheckRow.keyed_check) + " " + copied.scalar_subquery()),
    )
    assert sees(desk, una, reference) == (False, False), "nor with the check of another row beside it"
    assert sees(desk, pia, reference) == (True, True), "the near miss: made by it while it was in use"


def test_a_grant_that_was_forged_before_opens_nothing_after_the_change(desk: Desk) -> None:
    """While the key was in use it did: the change makes no check for what no entry wrote."""
    reference, _, una = people(desk)
    a_grant(desk, desk.runtime.key, "una")
    assert sees(desk, una, reference) == (True, True)
    rotated(desk)
    assert sees(desk, una, reference) == (False, False)
    assert named(desk) == {("case_member", "77", "added")}
    a_check = select(RowCheckRow).where(col(RowCheckRow.row_number) == 77)
    with desk.runtime.uow.unrecorded() as work:
        assert " " not in work._session.execute(a_check).scalar_one().keyed_check


def test_an_entry_made_with_the_retired_key_is_named(desk: Desk) -> None:
    people(desk)
    former = rotated(desk).for_versions
    assert found(desk) is None
    entries = log_of(desk)
    forged = dict(entries[-1])
    forged["body"] = forged["body"].replace("end changing the key of digests", "view case")
    write_log(desk, checked(rehashed([*entries, forged]), former, len(entries)))
    assert found(desk) == (len(entries) + 1, "its keyed check is of a key that was not in use")
    write_log(desk, rehashed(entries))
    assert found(desk) is None, "the near miss"


def checked(entries: list[dict[str, object]], key: bytes, at: int) -> list[dict[str, object]]:
    """These entries, with checks by the retired key from this place on."""
    for entry in entries[at:]:
        number, hashed = int(str(entry["sequence"])), str(entry["hash"])
        entry |= {"keyed_check": entry_check(key, 1, number, hashed), "key_number": 1}
    return entries


def test_older_entries_are_not_written_again_with_the_retired_key(desk: Desk) -> None:
    """The first entry by the new key covers the hash of every entry before it."""
    people(desk)
    first = next(place for place, entry in enumerate(log_of(desk)) if "name people" in entry["body"])
    former = rotated(desk).for_versions
    entries = log_of(desk)
    entries[first]["body"] = entries[first]["body"].replace("case work", "screening")
    changed = next(place for place, entry in enumerate(entries) if entry["key_number"] == 2)
    again = rehashed(entries)
    write_log(desk, checked(again[:changed], former, first) + again[changed:])
    assert found(desk) == (changed + 1, "its keyed check is wrong: the software did not write it so")


def test_a_log_that_was_cut_before_the_change_and_goes_on_with_the_retired_key_is_named(desk: Desk) -> None:
    people(desk)
    former = rotated(desk).for_versions
    entries = log_of(desk)
    changed = next(place for place, entry in enumerate(entries) if entry["key_number"] == 2)
    write_log(desk, entries[:changed])
    reason = "it is the newest, and the key was changed since: what followed is gone"
    assert found(desk) == (changed, reason)
    write_log(desk, checked(rehashed([*entries[:changed], dict(entries[0])]), former, changed))
    assert found(desk) == (changed + 1, reason)
    list_users(desk.context(desk.coordinator))
    assert found(desk) is None, "the honest limit: a log that was put back is noticed against an anchor"


def test_a_sign_in_made_with_the_retired_key_lets_nobody_in(desk: Desk) -> None:
    former = rotated(desk)
    token = begin_sign_in(**desk.common, name="cora", way=SignInWay.PASSWORD, lasts=8 * HOUR)
    assert standing(desk, token).sign_in is not None
    with desk.runtime.uow.unrecorded() as work:
        row = work._session.execute(select(SignInRow)).scalar_one()
        forged = keyed_check(former.for_versions, row)
    past_the_software(desk, update(SignInRow).values(keyed_check=forged))
    assert standing(desk, token).sign_in is None
    assert named(desk) == {("sign_in", "1", "unchecked")}
