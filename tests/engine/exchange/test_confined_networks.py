"""Files of networks are read by a confined process, whose answers are not trusted either."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import psutil
import pytest

from engine.domain.errors import InvalidInputError, SetupError
from engine.exchange import confined_networks
from engine.exchange.confined_networks import network_reader
from engine.exchange.network_files import LIMITS
from engine.links.rows import FileRow
from tests.engine.exchange.written import SAMPLES, a_row, write_ods, write_xls

ROOT = Path(__file__).parents[3]
BEYOND = "link file: it takes more time or memory to read than a network needs, or is damaged"
HOSTILE = (
    "import sys; sys.path[:0] = [{{root!r}}]\n"
    "from engine.exchange import network_child as child\n"
    "from engine.exchange.network_files import NetworkTable\n"
    "from engine.links.rows import FileRow\n"
    "seen = []\n"
    "def rows():\n"
    "    yield FileRow(1, ['from', 'to'])\n"
    "{attempt}\n"
    "child.tables_in = lambda path, *, part, encoding: [NetworkTable('', 'links', rows)]\n"
    "child.main()\n"
)
"""A process whose reader of files was taken over by the file: it does ``attempt`` once it is confined."""


BEFORE: set[int] = set()
"""The processes that other tests of this run left, such as a server of the browser's."""


@pytest.fixture(autouse=True)
def _others() -> None:
    BEFORE.update(each.pid for each in psutil.Process().children())


def readers() -> list[psutil.Process]:
    return [each for each in psutil.Process().children() if each.pid not in BEFORE]


def a_file(folder: Path, content: str | bytes = "from,to\na,b\nb,c\n", name: str = "links.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows_of(path: Path) -> list[FileRow]:
    with network_reader([path]) as reader:
        (table, *_) = reader.tables(path, part="link file")
        return list(table.rows())


def refusal(path: Path) -> str:
    with pytest.raises(InvalidInputError) as refused:
        rows_of(path)
    assert not readers(), "no process is left"
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.fixture
def taken_over(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Has the next processes do something else than to read."""

    def take_over(*lines: str) -> None:
        attempt = "\n".join(f"    {line}" for line in lines)
        monkeypatch.setattr(confined_networks, "_START", HOSTILE.format(attempt=attempt))

    return take_over


def test_rows_are_those_of_the_file_and_can_be_read_again(tmp_path: Path) -> None:
    path = a_file(tmp_path, "from,to\n" + "".join(f"a{n},b{n}\n" for n in range(5_000)))
    with network_reader([path]) as reader:
        (table,) = reader.tables(path, part="link file")
        assert next(iter(table.rows())) == FileRow(1, ["from", "to"])
        for _ in range(2):
            rows = list(table.rows())
            assert (len(rows), rows[-1]) == (5_001, FileRow(5_001, ["a4999", "b4999"]))
    assert not readers()


def test_the_files_of_one_network_are_read_by_one_process(tmp_path: Path) -> None:
    paths = [a_file(tmp_path, name=f"{number}.csv") for number in range(3)]
    with network_reader(paths) as reader:
        tables = [table for path in paths for table in reader.tables(path, part="file")]
        assert len(readers()) == 1
        assert [len(list(table.rows())) for table in tables] == [3, 3, 3]


@pytest.mark.parametrize("write_book", [write_ods, write_xls], ids=[".ods", ".xls"])
def test_an_old_workbook_is_read_in_the_same_process(tmp_path: Path, write_book: Callable[..., Path]) -> None:
    path = write_book(tmp_path, [a_row(1), a_row(2)])
    assert [row.row for row in rows_of(path)] == [1, 2, 3]
    assert len(rows_of(SAMPLES / "two.xlsb")) == 3


def test_a_file_that_would_fill_8_gib_is_a_sentence(tmp_path: Path, taken_over: Callable[..., None]) -> None:
    taken_over("yield FileRow(2, [str(len(bytearray(8 * 1024 ** 3))), 'b'])")
    assert refusal(a_file(tmp_path)).startswith(BEYOND)
    taken_over("yield FileRow(2, [str(len(bytearray(8 * 1024 ** 2))), 'b'])")
    assert len(rows_of(a_file(tmp_path))) == 2, "8 MiB may be had"


def test_a_file_that_ends_nowhere_is_a_sentence(
    tmp_path: Path, taken_over: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "link file: it is a pipe or a device; put a file in its place"
    os.mkfifo(tmp_path / "pipe")
    assert [refusal(path) for path in (Path("/dev/zero"), tmp_path / "pipe")] == [said, said]
    taken_over("while True: pass")
    monkeypatch.setattr(confined_networks, "_SECONDS", 1.0)
    assert refusal(a_file(tmp_path)).startswith(BEYOND)


def test_processor_time_ends_with_the_limit_whoever_waits(
    tmp_path: Path, taken_over: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confined_networks, "_READINGS", 0.01)
    taken_over("while True: pass")
    began = time.monotonic()
    assert refusal(a_file(tmp_path)).startswith(BEYOND)
    assert time.monotonic() - began < confined_networks._SECONDS / 2


def test_rows_without_end_are_a_sentence(
    tmp_path: Path, taken_over: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    small = LIMITS.model_copy(update={"rows": 5_000, "extra_characters": 100_000})
    monkeypatch.setattr(confined_networks, "LIMITS", small)
    taken_over("while True: yield FileRow(2, ['a', 'b'])")
    assert refusal(a_file(tmp_path)) == "link file: more than 5,000 rows; divide it"


def test_text_beyond_the_allowance_is_a_sentence_and_more_the_second_time(
    tmp_path: Path, taken_over: Callable[..., None]
) -> None:
    taken_over("for _ in range(200): yield FileRow(2, ['a' * 1_000_000, 'b'])")
    assert refusal(a_file(tmp_path)).startswith("link file: it repeats texts until they fill the memory")
    taken_over(
        "seen.append(1)",
        "for _ in range(len(seen)): yield FileRow(2, ['a' * 1_000, 'b'])",
    )
    path = a_file(tmp_path)
    with network_reader([path]) as reader:
        (table,) = reader.tables(path, part="link file")
        assert len(list(table.rows())) == 2
        with pytest.raises(InvalidInputError, match="more time or memory"):
            list(table.rows())


def test_an_xml_bomb_is_a_sentence(tmp_path: Path) -> None:
    declared = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE graphml [<!ENTITY a0 "ha">{declared}]><graphml>&a11;</graphml>'
    assert "declares entities" in refusal(a_file(tmp_path, bomb, "bomb.graphml"))


@pytest.mark.parametrize(
    "attempt",
    [
        "open({secret!r})",
        "open({other!r}, 'w')",
        "__import__('os').listdir({folder!r})",
        "__import__('socket').socket()",
        "__import__('socket').create_connection(('127.0.0.1', {port}), 1)",
        "__import__('os').fork()",
        "__import__('subprocess').run(['/bin/true'])",
        "__import__('os').kill(__import__('os').getppid(), 15)",
    ],
)
def test_a_reader_that_was_taken_over_opens_nothing_else_and_starts_nothing(
    tmp_path: Path, taken_over: Callable[..., None], attempt: str
) -> None:
    secret, other = tmp_path / "secret", tmp_path / "other"
    secret.write_text("x")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        doing = attempt.format(secret=str(secret), other=str(other), folder=str(tmp_path), port=port)
        taken_over(
            f"try: {doing}",
            "except OSError: yield FileRow(2, ['refused', 'b'])",
            "else: yield FileRow(2, ['done', 'b'])",
        )
        assert rows_of(a_file(tmp_path))[1].cells[0] == "refused"
    assert not other.exists()


def test_it_opens_the_file_that_it_is_to_read(tmp_path: Path, taken_over: Callable[..., None]) -> None:
    path = a_file(tmp_path)
    taken_over(f"yield FileRow(2, [open({str(path)!r}).readline(), 'b'])")
    assert rows_of(path)[1].cells[0] == "from,to\n"


@pytest.mark.parametrize(
    "answer",
    [
        "yield FileRow('2', ['a', 'b'])",
        "yield FileRow(-1, ['a', 'b'])",
        "yield FileRow(2, ['a', ['b']])",
        "yield FileRow(2, ['a', 'b'], 'x' * 601)",
        "yield ['a']",
        "sys.stdout.buffer.write(b'L' + bytes([255] * 4)); sys.stdout.buffer.flush()",
        "sys.stdout.buffer.write(b'rubbish' * 10_000); sys.stdout.buffer.flush()",
        "sys.exit()",
        "__import__('os').abort()",
    ],
)
def test_an_answer_of_another_shape_is_a_sentence(
    tmp_path: Path, taken_over: Callable[..., None], answer: str
) -> None:
    taken_over(answer)
    assert refusal(a_file(tmp_path)).startswith(BEYOND)


def test_a_sentence_of_its_own_is_shown_without_marks(
    tmp_path: Path, taken_over: Callable[..., None]
) -> None:
    taken_over("raise child.InvalidInputError('link file', 'a\\u202eb\\nc')")
    assert refusal(a_file(tmp_path)) == "link file: a\ufffdb c"


def test_a_process_that_is_killed_is_a_sentence(tmp_path: Path) -> None:
    path = a_file(tmp_path, "from,to\n" + "a,b\n" * 100_000)
    with network_reader([path]) as reader:
        (table,) = reader.tables(path, part="link file")
        (process,) = readers()
        process.send_signal(signal.SIGKILL)
        with pytest.raises(InvalidInputError, match="more time or memory"):
            list(table.rows())
        with pytest.raises(InvalidInputError, match="more time or memory"):
            reader.tables(path, part="link file")


def test_one_that_does_not_start_is_the_fault_of_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confined_networks, "_START", "raise SystemExit({root!r})")
    with pytest.raises(SetupError, match="did not start"):
        rows_of(a_file(tmp_path))


def test_two_at_once_have_their_own(tmp_path: Path) -> None:
    found: dict[str, int] = {}

    def read(name: str, number: int) -> None:
        path = a_file(tmp_path, "from,to\n" + f"{name},b\n" * number, f"{name}.csv")
        found[name] = sum(row.cells[0] == name for row in rows_of(path))

    threads = [Thread(target=read, args=each) for each in (("one", 30_000), ("two", 40_000))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"one": 30_000, "two": 40_000}


class Refreshed(BaseException):
    """The way in which a page's run is ended when its user refreshes it."""


def test_a_reading_that_is_left_in_the_middle_leaves_no_process(tmp_path: Path) -> None:
    path = a_file(tmp_path, "from,to\n" + "a,b\n" * 100_000)

    def read() -> None:
        with network_reader([path]) as reader:
            for row in reader.tables(path, part="link file")[0].rows():
                if row.row == 5:
                    raise Refreshed

    with pytest.raises(Refreshed):
        read()
    assert not readers()


def test_it_ends_with_the_process_that_reads(tmp_path: Path) -> None:
    path = a_file(tmp_path)
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "import psutil\n"
        "from engine.exchange.confined_networks import network_reader\n"
        "with network_reader([Path(sys.argv[1])]):\n"
        "    print(psutil.Process().children()[0].pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as reads:
        assert reads.stdout is not None
        child = psutil.Process(int(reads.stdout.readline()))
        reads.kill()
        child.wait(10)
    assert not child.is_running()


@pytest.mark.parametrize("name", ["absent.csv", "."])
def test_a_file_that_is_not_there_is_its_own_sentence(tmp_path: Path, name: str) -> None:
    said = refusal(tmp_path / name)
    assert said in (
        "link file: the file was not found; check its name",
        "link file: it is a folder; name a file in it",
    )
