"""Sealing: bound to its row, under a key that may be changed, and never read from plain text."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest

from engine.access.sealing import VaultKeys
from engine.domain.errors import SetupError
from engine.domain.vault.sealing import SealBrokenError

ROW = "value\nV-1\nR-1\naddress"


@pytest.fixture
def keys(tmp_path: Path) -> VaultKeys:
    made = VaultKeys(tmp_path / "vault.key")
    assert made.make()
    return made


def test_what_was_sealed_opens_in_its_own_row_alone(keys: VaultKeys) -> None:
    sealed = keys.seal(b"14 Larkfield Passage", row=ROW)
    assert b"Larkfield" not in sealed
    assert keys.unsealed(sealed, row=ROW) == b"14 Larkfield Passage"
    for other in ("value\nV-2\nR-1\naddress", "value\nV-1\nR-2\naddress", "value\nV-1\nR-1\nphone"):
        with pytest.raises(SealBrokenError, match=r"V-[12].*it was changed, or sealed for another row"):
            keys.unsealed(sealed, row=other)


def test_many_are_sealed_each_for_its_own_row_and_under_a_key_that_was_just_changed(keys: VaultKeys) -> None:
    rows = [f"value\nV-{number}\nR-1\naddress" for number in range(3)]
    keys.seal(b"before", row=ROW)
    keys.put_first(keys.another())

    sealed = keys.seal_all((row.encode(), row) for row in rows)

    assert all(map(keys.is_newest, sealed))
    assert keys.unsealed_all(zip(sealed, rows, strict=True)) == [row.encode() for row in rows]
    with pytest.raises(SealBrokenError, match=r"V-1.*sealed for another row"):
        keys.unsealed_all(zip(sealed, [rows[0], rows[1], rows[1]], strict=True))


def test_where_nothing_is_sealed_no_key_is_needed(keys: VaultKeys, tmp_path: Path) -> None:
    (tmp_path / "vault.key").unlink()

    assert (keys.seal_all([]), keys.unsealed_all([])) == ([], [])
    with pytest.raises(SetupError, match="missing"):
        keys.seal_all([(b"text", ROW)])


def test_equal_contents_look_different(keys: VaultKeys) -> None:
    assert keys.seal(b"same", row=ROW) != keys.seal(b"same", row=ROW)


def test_an_altered_byte_is_told_wherever_it_stands(keys: VaultKeys) -> None:
    sealed = keys.seal(b"text", row=ROW)
    for place in range(len(sealed)):
        altered = bytes([*sealed[:place], sealed[place] ^ 1, *sealed[place + 1 :]])
        with pytest.raises(SealBrokenError, match="cannot be opened"):
            keys.unsealed(altered, row=ROW)


@pytest.mark.parametrize(
    "plain", [b"", b"14 Larkfield Passage", b"\x00stac\x01", b"\x00stac\x01" + b"x" * 20]
)
def test_plain_text_is_never_read(keys: VaultKeys, plain: bytes) -> None:
    with pytest.raises(SealBrokenError, match="not sealed") as raised:
        keys.unsealed(plain, row=ROW)
    assert "Larkfield" not in str(raised.value)


def test_a_new_key_seals_and_the_old_one_opens_until_it_is_dropped(keys: VaultKeys, tmp_path: Path) -> None:
    old = keys.seal(b"old", row=ROW)
    elsewhere = VaultKeys(tmp_path / "vault.key")  # another process that runs meanwhile
    assert elsewhere.unsealed(old, row=ROW) == b"old"
    keys.put_first(keys.another())
    keys.put_first(keys.another())
    assert keys.is_rotating
    new = elsewhere.seal(b"new", row=ROW)
    assert elsewhere.is_newest(new)
    assert not elsewhere.is_newest(old)
    assert elsewhere.unsealed(old, row=ROW) == b"old"
    keys.drop_old()
    assert elsewhere.unsealed(new, row=ROW) == b"new"
    with pytest.raises(SealBrokenError, match=r"V-1.*its key is not in the key file"):
        elsewhere.unsealed(old, row=ROW)


def test_the_key_file_is_for_its_owner_alone_and_made_once(keys: VaultKeys, tmp_path: Path) -> None:
    file = tmp_path / "vault.key"
    before = file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not keys.make()
    assert file.read_bytes() == before
    keys.put_first(keys.another())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["vault.key"]


def test_a_key_has_the_name_that_it_had_when_older_values_were_sealed_under_it(tmp_path: Path) -> None:
    """Everything sealed begins with the name of its key: under another name nothing would open any more."""
    (tmp_path / "vault.key").write_bytes(base64.b64encode(bytes(range(32))) + b"\n")
    assert VaultKeys(tmp_path / "vault.key").newest_name == "299bafe721051b0e"


def test_an_empty_value_can_be_sealed(keys: VaultKeys) -> None:
    assert keys.unsealed(keys.seal(b"", row=ROW), row=ROW) == b""


def test_without_an_old_key_the_file_stays_as_it_is(keys: VaultKeys) -> None:
    before = keys.stamp
    keys.drop_old()
    assert keys.stamp == before


def test_what_was_not_sealed_is_named_by_its_reference(keys: VaultKeys) -> None:
    with pytest.raises(SealBrokenError, match=r"V-1.*it was not sealed"):
        keys.unsealed(b"14 Larkfield Passage", row=ROW)


def test_a_missing_or_damaged_key_file_is_told(keys: VaultKeys, tmp_path: Path) -> None:
    for text in (b"", b"rubbish!\n", b"YWJj\n"):
        (tmp_path / "vault.key").write_bytes(text)
        with pytest.raises(SetupError, match="damaged"):
            keys.seal(b"text", row=ROW)
    (tmp_path / "vault.key").write_bytes(b"!" + keys.another().line)
    with pytest.raises(SetupError, match="damaged"):
        keys.seal(b"text", row=ROW)
    (tmp_path / "vault.key").unlink()
    with pytest.raises(SetupError, match="missing"):
        keys.seal(b"text", row=ROW)


def test_a_key_file_that_cannot_be_read_is_named_by_what_is_wrong_with_it(tmp_path: Path) -> None:
    (tmp_path / "vault.key").mkdir()
    keys = VaultKeys(tmp_path / "vault.key")
    with pytest.raises(SetupError, match=r"^the key of the vault cannot be read \(it is a folder\)$"):
        keys.seal(b"text", row=ROW)


def test_no_key_shows_in_what_is_printed(keys: VaultKeys, tmp_path: Path) -> None:
    assert (repr(keys), repr(keys.another())) == ("VaultKeys(0 read)", "_Key(...)")
    keys.seal(b"text", row=ROW)
    assert repr(keys) == "VaultKeys(1 read)"
    secret = (tmp_path / "vault.key").read_text().strip()
    assert secret not in repr(keys) + repr(vars(keys))
