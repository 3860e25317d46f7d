"""Asking an isolated agency: one case warm, many in bulk, and starting its process. Not what a plugin does.

A call's time is what passes here, less what the agency's own process measured in the plugin's code.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import psutil

from benchmarks.answering.hooks import stac_assess
from benchmarks.measured import Measured
from engine.domain.dates import PartialDate
from engine.domain.people.persons import Identifier, IdentifierScheme
from engine.domain.responses.answers import Failed
from engine.domain.responses.requests import CaseAsked, IncidentAsked, PersonAsked
from engine.hooks.manifest import cut_to
from engine.hooks.registry import Agencies, agencies_folder, load_agencies
from engine.hooks.wire import PLUGIN_ANSWER

CODE = "answering"
CALLS = 400
CASES = 1_000
TIMES = 5
STARTS = 20
INCIDENTS = 30
WARM_MEDIAN_MS, WARM_P99_MS, BULK_MS, START_MS = 3.0, 10.0, 0.2, 12.0


def measure() -> list[Measured]:
    """A warm call, a call after a pause, bulk alone and four at once, and the start of a process."""
    cases = [_case(number) for number in range(CASES)]
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stac-bench-")))
        asked = [stack.enter_context(_agencies(home / str(number))) for number in range(4)]
        return [
            *_one_by_one(asked[0], cases, pause=0.0, named="warm call"),
            *_one_by_one(asked[0], cases[:100], pause=0.01, named="warm call after 10 ms idle"),
            *_in_bulk(asked, cases),
            _start(asked[0]),
        ]


def _agencies(home: Path) -> Agencies:
    """The agency with a sealed extract, as a real one has: it is looked at before and after each message."""
    agencies = load_agencies(home, extra={CODE: Path(__file__).parent / CODE})
    folder = agencies_folder(home, CODE)
    folder.mkdir(parents=True)
    for name in ("persons", "incidents", "offences", "orders", "views"):
        (folder / f"{name}.csv").write_text("id\n" + "".join(f"{number}\n" for number in range(1_000)))
    agencies.seal(CODE)
    return agencies


def _case(number: int) -> CaseAsked:
    """A case with thirty incidents; the view that the agency is shown of it is about two kilobytes."""
    began = date(2026, 1, 1) + timedelta(days=number % 300)
    return CaseAsked(
        reference=f"R-{number:07d}",
        on=date(2026, 11, 24),
        perpetrator=PersonAsked(
            forename="Perpetua",
            surname=f"Toyson{number}",
            date_of_birth=PartialDate.of(date(1980, 1, 1) + timedelta(days=number)),
            identifiers=(Identifier(scheme=IdentifierScheme.PNC, value=f"2012/{number:07d}A"),),
        ),
        victim=PersonAsked(forename="Victoria", surname="Hidden"),
        relationship="former partner",
        incidents=tuple(
            IncidentAsked(
                happened=PartialDate.of(began + timedelta(days=day)),
                kind="following",
                crime_reference=f"26/{number:05d}/{day}",
            )
            for day in range(INCIDENTS)
        ),
    )


def _one_by_one(
    agencies: Agencies, cases: Sequence[CaseAsked], *, pause: float, named: str
) -> list[Measured]:
    for case in cases[:20]:
        agencies.assess(CODE, case)
    taken = []
    for number in range(CALLS):
        time.sleep(pause)
        case = cases[number % len(cases)]
        taken.append(_beyond_the_plugin(agencies, partial(_one_good, agencies, case)))
    view = cut_to(agencies.manifest(CODE), cases[0]).model_dump_json().encode()
    echo, against = _echo_ms(view, pause=pause), "the same view through a pipe to cat and back"
    ninety_nine = statistics.quantiles(taken, n=100)[98]
    return [
        Measured(
            name=f"{named}, median",
            figure=statistics.median(taken),
            unit="ms",
            target=WARM_MEDIAN_MS,
            yardstick=statistics.median(echo),
            against=against,
        ),
        Measured(
            name=f"{named}, p99",
            figure=ninety_nine,
            unit="ms",
            target=WARM_P99_MS,
            yardstick=statistics.quantiles(echo, n=100)[98],
            against=against,
        ),
    ]


def _in_bulk(asked: Sequence[Agencies], cases: Sequence[CaseAsked]) -> list[Measured]:
    alone, together = [], []
    for agencies in asked:
        agencies.assess_many(CODE, cases[:50])
    for _ in range(TIMES):
        alone.append(_beyond_the_plugin(asked[0], lambda: _all_good(asked[0], cases)) / len(cases))
        together.append(_at_once(asked, cases) / (len(cases) * len(asked)))
    codec = _codec_ms(asked[0], cases[:200])
    against = "reading the view and the answer once"
    work = statistics.median(_processor_ms(asked[0], cases) for _ in range(TIMES)) / len(cases)
    return [
        Measured(
            name="bulk, one agency, processor time of both sides, a case",
            figure=work,
            unit="ms",
            target=BULK_MS,
            yardstick=codec,
            against=against,
        ),
        Measured(
            name="bulk, one agency, a case",
            figure=statistics.median(alone),
            unit="ms",
            target=BULK_MS,
            yardstick=codec,
            against=against,
        ),
        Measured(
            name="bulk, four agencies at once, a case and agency",
            figure=statistics.median(together),
            unit="ms",
            target=BULK_MS,
            yardstick=codec,
            against=against,
        ),
    ]


def _start(agencies: Agencies) -> Measured:
    """An agency's process from nothing to ready, forked from the warm one; beside a bare interpreter."""
    agency = agencies._known(CODE)
    forked, bare = [], []
    for _ in range(STARTS):
        agency.end()
        forked.append(_ms(agency.start))
        bare.append(_ms(partial(subprocess.run, [sys.executable, "-c", "pass"], check=True)))
    return Measured(
        name="start of an agency's process, confined",
        figure=statistics.median(forked),
        unit="ms",
        target=START_MS,
        yardstick=statistics.median(bare),
        against="python -c pass",
    )


def _at_once(asked: Sequence[Agencies], cases: Sequence[CaseAsked]) -> float:
    threads = [threading.Thread(target=_all_good, args=(agencies, cases)) for agencies in asked]
    before = [agencies.seconds_in_plugin(CODE) for agencies in asked]

    def run() -> None:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    took = _ms(run)
    inside = sum(a.seconds_in_plugin(CODE) - b for a, b in zip(asked, before, strict=True)) * 1000
    return took - inside / min(len(asked), os.cpu_count() or 1)


def _beyond_the_plugin(agencies: Agencies, work: Callable[[], object]) -> float:
    before = agencies.seconds_in_plugin(CODE)
    took = _ms(work)
    return took - (agencies.seconds_in_plugin(CODE) - before) * 1000


def _processor_ms(agencies: Agencies, cases: Sequence[CaseAsked]) -> float:
    """What asking costs the processor here and in the agency's process, without the plugin's own work.

    Other work on the machine changes it little, unlike the time that passes.
    """
    agencies.assess_many(CODE, cases[:1])
    child = psutil.Process(agencies.process_number(CODE))

    def used() -> float:
        of_child = child.cpu_times()
        return time.process_time() + of_child.user + of_child.system

    before = used()
    _all_good(agencies, cases)
    both = used() - before
    records = agencies.records(CODE)
    before = time.process_time()
    for case in cases:
        stac_assess(case, records)
    return (both - (time.process_time() - before)) * 1000


def _all_good(agencies: Agencies, cases: Sequence[CaseAsked]) -> None:
    for answer in agencies.assess_many(CODE, cases):
        _good(answer)


def _one_good(agencies: Agencies, case: CaseAsked) -> None:
    _good(agencies.assess(CODE, case))


def _good(answer: object) -> None:
    assert not isinstance(answer, Failed), answer


def _codec_ms(agencies: Agencies, cases: Sequence[CaseAsked]) -> float:
    """What pydantic takes to read one view and one answer, once each."""
    views = [cut_to(agencies.manifest(CODE), case).model_dump_json() for case in cases]
    answers = [agencies.assess(CODE, case).model_dump_json() for case in cases]

    def read() -> None:
        for view, answer in zip(views, answers, strict=True):
            CaseAsked.model_validate_json(view)
            PLUGIN_ANSWER.validate_json(answer)

    return statistics.median(_ms(read) for _ in range(TIMES)) / len(cases)


def _echo_ms(view: bytes, *, pause: float) -> list[float]:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as echo:
        assert echo.stdin is not None
        assert echo.stdout is not None
        to, back = echo.stdin, echo.stdout

        def there_and_back() -> None:
            to.write(view)
            left = len(view)
            while left:
                left -= len(back.read(left))

        taken = []
        for _ in range(CALLS):
            time.sleep(pause)
            taken.append(_ms(there_and_back))
        to.close()
    return taken


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
