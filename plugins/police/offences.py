"""The reports' offences, principal and included, in sentences. Weighs nothing; names no victim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from engine.hooks.v1 import Finding, Formal, FormalKind, counted, listed, number, sentence, was
from engine.identity.identifiers import IdentifierType, check_identifier
from engine.instruments.offences import killing_of, offences_of, read_code
from plugins.police.records import IncidentRow, OffenceRow
from plugins.police.reports import Reported, span_of

_CHARACTERS_MOST = 400
_BRACKETS_MOST = 30


def offence_findings(reported: Reported) -> Iterator[Finding]:
    """Yield the offences recorded, and apart from them those that a principal offence would hide."""
    offences = [each for rows in reported.offences.values() for each in rows]
    if not offences:
        return
    yield Finding(
        key="offences",
        says=sentence(f"the reports carried {counted(len(offences), 'offence')}: {_titles(offences)}"),
        records=reported.pointers_to_offences(offences),
    )
    yield from _killings(reported, offences)
    included = [each for each in offences if not each.principal]
    if included:
        on = [
            row
            for row in reported.reports
            if any(not o.principal for o in reported.offences[row.incident_id])
        ]
        where = f"{counted(len(on), 'report')}{span_of(on)}"
        yield Finding(
            key="included-offences",
            says=sentence(
                f"{number(len(included))} of these offences {was(len(included))} recorded beside a principal "
                f"offence, on {where}: {_titles(included)}"
            ),
            records=reported.pointers_to_offences(included),
        )


def _killings(reported: Reported, offences: Sequence[OffenceRow]) -> Iterator[Finding]:
    """Yield homicide and attempted homicide among the offences: each is a fact of record."""
    for kind in (FormalKind.HOMICIDE, FormalKind.ATTEMPTED_HOMICIDE):
        of_kind = [each for each in offences if killing_of(each.code) is kind]
        if of_kind:
            yield Finding(
                key=f"recorded-{kind.name.lower().replace('_', '-')}",
                says=sentence(f"the reports carried {_titles(of_kind)}"),
                records=reported.pointers_to_offences(of_kind),
                formal=Formal(kind=kind),
            )


def offences_on(reported: Reported, row: IncidentRow) -> str:
    """Return a report's offences as the end of its sentence: ``: burglary ...,
    with harassment (s.2) included``.
    """
    offences = reported.offences[row.incident_id]
    principal = [title_of(each) for each in offences if each.principal]
    included = [title_of(each) for each in offences if not each.principal]
    if not offences:
        return ""
    if not included:
        return ": " + _within(principal, _CHARACTERS_MOST)
    text = _within(principal, _CHARACTERS_MOST // 2) or "no principal offence"
    return f": {text}, with {_within(included, _CHARACTERS_MOST // 2)} included"


def offence_gaps(reported: Reported) -> Iterator[str]:
    """Yield what is not recorded of the offences, and what is not valid."""
    offences = [each for rows in reported.offences.values() for each in rows]
    without = [each for each in offences if each.code is None]
    if without:
        yield sentence(f"{counted(len(without), 'offence')} {was(len(without))} recorded without a code")
    unknown = [each for each in offences if each.code and not offences_of(each.code)]
    if unknown:
        yield sentence(
            f"{counted(len(unknown), 'offence')} {was(len(unknown))} recorded under a code that the table of "
            "offences does not hold"
        )
    failed = {each.asn for each in offences if each.asn and not _asn_holds(reported, each.asn)}
    if failed:
        stored_text = "it was stored as written" if len(failed) == 1 else "they were stored as written"
        yield sentence(f"{counted(len(failed), 'arrest/summons number')} failed the check: {stored_text}")


def title_of(offence: OffenceRow) -> str:
    """Return the name of the offence, with its code; an unknown code is shown if it has the form of one."""
    if offence.code is None:
        return "an offence without a code"
    rows, code = offences_of(offence.code), read_code(offence.code)
    if not rows:
        return f"offence code {code}" if code else "an offence under another code"
    chosen = [row for row in rows if row.urn and row.urn == offence.cchi_urn]
    title = (
        (chosen or rows)[0].title if chosen or len(rows) == 1 else _title_of_several([r.title for r in rows])
    )
    plain, _, bracketed = title.partition(" (")
    shown = title if len(bracketed) <= _BRACKETS_MOST else plain
    return f"{shown[:1].lower()}{shown[1:]} ({code})"


def _title_of_several(titles: Sequence[str]) -> str:
    """Return what several rows of one code have in common: the title without what makes them differ."""
    common = titles[0]
    while not all(title.startswith(common) for title in titles):
        common = common[:-1]
    return common.rstrip(" (") or titles[0]


def _asn_holds(reported: Reported, asn: str) -> bool:
    return check_identifier(IdentifierType.ASN, asn, today=reported.on).valid


def _titles(offences: Sequence[OffenceRow]) -> str:
    counts = Counter(title_of(each) for each in offences)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return _within([f"{number(count)} of {title}" for title, count in ordered], _CHARACTERS_MOST)


def _within(parts: Sequence[str], characters: int) -> str:
    """Return as many as a sentence has room for, and how many more there are."""
    texts = list(parts)
    while len(texts) > 1 and len(", ".join(texts)) > characters:
        texts.pop()
    more = len(parts) - len(texts)
    return listed([*texts, f"{number(more)} more"] if more else texts)
