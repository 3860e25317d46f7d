"""A process of its own for each agency, with a hard end to every call. Knows bytes and limits, no answers.

``AgencyProcess`` starts a child when it is first needed, reuses it, and replaces it after any failure.
"""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
from collections.abc import Callable

from engine.domain.responses.answers import FailureReason
from engine.hooks.launching import CallFailedError, Launch, Launcher, Running, start_interpreter
from engine.hooks.wire import BESIDE, HEADER, READY

NOISE_MOST = 1_000_000
"""Most that a plugin may print in one call. Its output is counted and thrown away: it may hold a name."""
_PIECE = 65_536
_LOOK_AGAIN_MS = 100


class AgencyProcess:
    """One agency's long-lived child. Calls from several threads wait for one another."""

    def __init__(
        self,
        launch: Launch,
        *,
        launcher: Launcher = start_interpreter,
        once_loaded: Callable[[], None] = lambda: None,
    ) -> None:
        self._launch, self._launcher, self._once_loaded = launch, launcher, once_loaded
        self._lock = threading.Lock()
        self._running: Running | None = None
        self._calls = 0
        self._closed = False
        self._owner = os.getpid()

    @property
    def pid(self) -> int | None:
        """The child's process number, or None when none runs."""
        return self._running.pid if self._running else None

    def launch_as(self, launch: Launch) -> None:
        """Set how the child is to be started from now on; one that was started otherwise is ended."""
        if launch != self._launch:
            with self._lock:
                self._end()
                self._launch = launch

    def ask(
        self,
        request: bytes,
        *,
        seconds: float,
        most_bytes: int,
        replies: int = 1,
        take: Callable[[bytes], None],
    ) -> None:
        """Send a request and hand each reply to ``take`` as it comes.

        The limits are for one reply; the time counts from when the child is ready and free, then from the
        reply before. Past it, or on any other fault, the child is killed with all that it started; the next
        call starts another. What was taken before the fault stays.

        Raises CallFailedError.
        """
        with self._lock:
            try:
                running = self._ready_child()
                first = self._calls + 1
                self._calls += replies
                exchange = _Exchange(running, call=first, most_bytes=most_bytes, seconds=seconds)
                exchange.run(HEADER.pack(len(request), first) + request, replies=replies, take=take)
            except BaseException:  # an interrupted call leaves an unwanted answer on its way
                self._end()
                raise

    def start(self) -> None:
        """Start the child if none runs. Raises CallFailedError."""
        with self._lock:
            try:
                self._ready_child()
            except CallFailedError:
                self._end()
                raise

    def end(self) -> None:
        """Kill the child after the call that is being made, if one is. In a forked copy it does nothing."""
        with self._lock:
            if self._owner == os.getpid():
                self._end()

    def close(self) -> None:
        """End the child for good: a later question is answered that the agencies were closed."""
        self._closed = True
        self.end()

    def _end(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.end()

    def _ready_child(self) -> Running:
        if self._closed:
            raise CallFailedError(FailureReason.NOT_RUNNING, "the agencies were closed")
        if self._owner != os.getpid():  # this is a forked copy of the engine, and that child is not its own
            self._running, self._owner = None, os.getpid()
        if self._running is not None and not _is_quiet(self._running):
            self._end()
        if self._running is None:
            self._calls = 0
            self._running = self._launcher(self._launch)
            limit = self._launch.start_seconds
            replies: list[bytes] = []
            starting = _Exchange(self._running, call=0, most_bytes=_PIECE, seconds=limit, starting=True)
            starting.run(b"", replies=1, take=replies.append)
            if replies != [READY]:
                sentence = "the plugin could not be loaded"
                raise CallFailedError(FailureReason.NOT_RUNNING, sentence, reply=replies[0])
            self._once_loaded()
        return self._running


def _is_quiet(running: Running) -> bool:
    """Return whether an idle child lives and has sent nothing unasked."""
    if running.has_ended:
        return False
    watched = select.poll()
    watched.register(running.reply_fd, select.POLLIN | select.POLLHUP | select.POLLERR)
    return not watched.poll(0)


class _Exchange:
    """One request and its replies, watched against the clock, the size limit and the child's death."""

    def __init__(
        self, running: Running, *, call: int, most_bytes: int, seconds: float, starting: bool = False
    ) -> None:
        self.running, self.call, self.most_bytes, self.seconds = running, call, most_bytes, seconds
        self.starting = starting
        self.deadline = time.monotonic() + seconds
        self.noise = 0
        self.received = bytearray()

    def run(self, request: bytes, *, replies: int, take: Callable[[bytes], None]) -> None:
        to_send = memoryview(request)
        watched = select.poll()
        watched.register(self.running.reply_fd, select.POLLIN)
        watched.register(self.running.noise_fd, select.POLLIN)
        if to_send:
            watched.register(self.running.request_fd, select.POLLOUT)
        while replies:
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise self._out_of_time()
            happened = dict(watched.poll(min(left * 1000 + 1, _LOOK_AGAIN_MS)))
            if not happened and self.running.has_ended:
                raise self._stopped()
            if self.running.noise_fd in happened and not self._count_noise():
                watched.unregister(self.running.noise_fd)
            if self.running.request_fd in happened:
                to_send = self._send(to_send)
                if not to_send:
                    watched.unregister(self.running.request_fd)
            if self.running.reply_fd in happened:
                self._receive()
                replies = self._hand_on(replies, take)

    def _hand_on(self, replies: int, take: Callable[[bytes], None]) -> int:
        """Hand on every reply that is whole; how many are still awaited."""
        while replies and (reply := self._whole_reply()) is not None:
            replies -= 1
            if not replies:
                self._refuse_more()
            take(reply)
            self.call += 1
            self.noise = 0
            self.deadline = time.monotonic() + self.seconds
        return replies

    def _whole_reply(self) -> bytes | None:
        if len(self.received) < HEADER.size:
            return None
        length, call = HEADER.unpack_from(self.received)
        if call != self.call or length == 0:
            raise CallFailedError(
                FailureReason.BAD_ANSWER, "its process sent something that is not an answer"
            )
        if length > self.most_bytes + BESIDE:
            raise CallFailedError(
                FailureReason.TOO_LARGE, f"its answer was larger than {_size(self.most_bytes)}"
            )
        end = HEADER.size + length
        if len(self.received) < end:
            return None
        reply = bytes(memoryview(self.received)[HEADER.size : end])
        del self.received[:end]
        return reply

    def _refuse_more(self) -> None:
        """Refuse anything after the last answer; that the child ends after it is the next call's affair."""
        more = bool(self.received)
        with contextlib.suppress(BlockingIOError):
            more = more or bool(os.read(self.running.reply_fd, 1))
        if more:
            raise CallFailedError(FailureReason.BAD_ANSWER, "its process sent more than one answer")

    def _send(self, to_send: memoryview) -> memoryview:
        try:
            return to_send[os.write(self.running.request_fd, to_send[:_PIECE]) :]
        except BlockingIOError:
            return to_send
        except BrokenPipeError:
            raise self._stopped() from None

    def _receive(self) -> None:
        try:
            piece = os.read(self.running.reply_fd, _PIECE)
        except BlockingIOError:
            return
        if not piece:
            raise self._stopped()
        self.received += piece

    def _count_noise(self) -> bool:
        """Read and forget what the plugin printed; False when it can print no more."""
        try:
            printed = len(os.read(self.running.noise_fd, _PIECE))
        except BlockingIOError:
            return True
        self.noise += printed
        if self.noise > NOISE_MOST:
            raise CallFailedError(FailureReason.TOO_LARGE, f"it printed more than {_size(NOISE_MOST)}")
        return printed > 0

    def _out_of_time(self) -> CallFailedError:
        if self.starting:
            sentence = f"the plugin was not loaded within {self.seconds:g} seconds"
            return CallFailedError(FailureReason.NOT_RUNNING, sentence)
        return CallFailedError(FailureReason.TIME_LIMIT, f"no answer came within {self.seconds:g} seconds")

    def _stopped(self) -> CallFailedError:
        status = self.running.end()
        how = f"by signal {-status}" if status < 0 else f"with exit status {status}"
        if self.starting:
            return CallFailedError(FailureReason.NOT_RUNNING, f"its process stopped at its start, {how}")
        return CallFailedError(FailureReason.CRASHED, f"its process stopped {how}")


def _size(size: int) -> str:
    return f"{size / 1_000_000:g} MB"
