"""The register of acts is signed again, whole, while nothing is lost that others add."""

from __future__ import annotations

import fcntl
import threading
from pathlib import Path

import pytest

from engine.domain.errors import InvalidInputError
from engine.exchange.act_register import RegisterLine, add_lines, read_lines, signed_again

FORMER, NEW = b"former", b"new"


def test_a_line_that_waits_meanwhile_is_added_to_the_new_file_with_the_new_key(tmp_path: Path) -> None:
    file, keys = tmp_path / "register.jsonl", [FORMER]
    add_lines(file, [RegisterLine(1, "one"), RegisterLine(2, "two")], lambda: keys)
    waits = threading.Thread(target=add_lines, args=(file, [RegisterLine(3, "three")], lambda: keys))
    with signed_again([file], keys, key=NEW):
        waits.start()
        waits.join(0.2)
        assert waits.is_alive()
        keys[:] = [NEW]
    waits.join()
    assert [line.act for line in read_lines(file, [NEW])] == ["one", "two", "three"]
    with pytest.raises(InvalidInputError, match="line 1 was changed"):
        read_lines(file, [FORMER])
    assert file.stat().st_mode & 0o077 == 0
    assert [each.name for each in tmp_path.iterdir()] == [file.name]


def test_a_line_that_waited_for_the_former_file_is_not_lost_with_it(tmp_path: Path) -> None:
    file = tmp_path / "register.jsonl"
    add_lines(file, [RegisterLine(1, "one")], lambda: [NEW])

    def sign() -> None:
        with signed_again([file], [NEW], key=NEW):
            pass

    with file.open("r+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        threads = [
            threading.Thread(target=sign),
            threading.Thread(target=add_lines, args=(file, [RegisterLine(2, "two")], lambda: [NEW])),
        ]
        for each in threads:
            each.start()
            each.join(0.2)  # it has opened the file, and waits
    for each in threads:
        each.join()
    assert [line.act for line in read_lines(file, [NEW])] == ["one", "two"]


def test_lines_of_the_former_and_the_next_key_are_right_while_it_is_changed(tmp_path: Path) -> None:
    file = tmp_path / "register.jsonl"
    for number, key in enumerate([FORMER, NEW, FORMER], start=1):
        add_lines(file, [RegisterLine(number, "act")], lambda key=key: [key])  # type: ignore[misc]
    assert len(read_lines(file, [FORMER, NEW])) == 3
    with pytest.raises(InvalidInputError, match="line 2 was changed"):
        read_lines(file, [FORMER])


def test_a_register_that_was_changed_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "register.jsonl"
    add_lines(file, [RegisterLine(1, "one")], lambda: [FORMER])
    changed = file.read_text().replace("one", "two")
    file.write_text(changed)
    with pytest.raises(InvalidInputError), signed_again([file], [FORMER], key=NEW):
        pass
    assert file.read_text() == changed
