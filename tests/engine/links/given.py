"""Small networks for the tests, written as the files that people bring."""

from __future__ import annotations

import csv
from datetime import date

from engine.links.exporting.stix import FileAbout
from engine.links.mapping import LinkMapping
from engine.links.patterns.finding import Finding, PatternKey
from engine.links.patterns.scan import PatternsFound, scan
from engine.links.patterns.thresholds import thresholds_on
from engine.links.reading import Reading, read_register
from engine.links.register import Register
from engine.links.rows import FileRow, NetworkFile

TODAY = date(2026, 11, 25)
ABOUT = FileAbout(TODAY, "tests", "A network of the tests.")
LIMITS = thresholds_on(TODAY)


def rows(text: str) -> list[FileRow]:
    """The rows of a file; leading blanks of lines do not count."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return [FileRow(number, cells) for number, cells in enumerate(csv.reader(lines), start=1)]


def a_reading(entities: str, links: str, mapping: LinkMapping | None = None) -> Reading:
    """What comes of two files."""
    return read_register([entity_file(entities)], [link_file(links)], mapping=mapping)


def entity_file(text: str, number: int | None = None) -> NetworkFile:
    """An entity file, or the one of a number among several."""
    return _file("entities", "entity file", text, number)


def link_file(text: str, number: int | None = None) -> NetworkFile:
    """A link file, or the one of a number among several."""
    return _file("links", "link file", text, number)


def _file(name: str, part: str, text: str, number: int | None) -> NetworkFile:
    end = "" if number is None else f" {number}"
    return NetworkFile(f"{name}{end}", f"{part}{end}", rows(text))


def people(*ids: str, more: str = "") -> str:
    """An entity file: P and V are people, I incidents, T phones, A accounts, W places, O orders."""
    kinds = {"I": "incident", "T": "phone", "A": "account", "W": "place", "O": "order", "R": "referral"}
    lines = [f"{each},{kinds.get(each[0], 'person')},,,," for each in ids]
    return "\n".join(["id,type,professional,channel,criminal,protected", *lines, more])


def a_register(links: str, *, more: str = "") -> Register:
    """A register of links, a line each: from, to, kind, role, date, grade. ``more`` describes entities."""
    texts = [line.strip() for line in links.strip().splitlines()]
    described = {line.split(",")[0].strip() for line in more.strip().splitlines()}
    ends = dict.fromkeys(end.strip() for line in texts for end in line.split(",")[:2])
    reading = a_reading(
        people(*(end for end in ends if end not in described), more=more),
        "\n".join(["from,to,kind,role,date,grade", *texts]),
    )
    assert not reading.rejected, reading.rejected
    return reading.register


def incidents(*answer: tuple[str, str, str, str]) -> str:
    """Links of incidents: each is its id, its perpetrators, its victims (spaces between) and its date."""
    lines = []
    for incident, perpetrators, victims, day in answer:
        lines += [f"{each},{incident},involved,perpetrator,{day}," for each in perpetrators.split()]
        lines += [f"{each},{incident},involved,victim,{day}," for each in victims.split()]
    return "\n".join(lines)


def found(register: Register, key: str) -> tuple[Finding, ...]:
    """The findings of one pattern."""
    return everything(register).findings[PatternKey(key)]


def everything(register: Register) -> PatternsFound:
    """All that the detectors say."""
    return scan(register, LIMITS)


def not_judged(register: Register, key: str) -> list[str]:
    """What one pattern could not judge, in its words."""
    return [each.judged.says for each in everything(register).not_judged if each.pattern == key]
