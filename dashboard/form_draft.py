"""The draft of a form: what was typed comes back when the form is opened, and goes when it is recorded.

A form begins, asks for its long texts, and ends. The text of each field is in the session under the form's
key, where the form and its review read it; the draft in the record survives the session.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NamedTuple

from dashboard import form_values, markup, record, session, words
from dashboard.draft_text import component
from dashboard.draft_text.component import DraftField
from dashboard.drafts import SAVE
from engine.domain.drafts import LONGEST, SHORT_FIELDS, DraftForm
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.services.drafts import OpenedDraft, end_draft, open_draft, save_draft

LONGEST_TEXT = 10_000
"""Characters that the record takes where a text may be long."""
_OPENINGS = "drafts-opened"
_OF_A_PART = re.compile(r"^part[0-9a-f]{12}-")
BUTTONS = ("-save", "-leave", "-more", "-record", "-change", "-discard")
"""Ends of the keys of a form's buttons."""


_NO_DRAFT = OpenedDraft(fields={}, generation=0, signed_pass="")


class _Begun(NamedTuple):
    opening: int
    draft: OpenedDraft


@dataclass(frozen=True)
class FormDraft:
    """A form about a case, as one person has it open. ``key`` begins the keys of all its fields.

    The key or each field must name the case or a part of it: what was typed about one belongs to no other.
    """

    form: DraftForm
    case: str
    key: str
    part: str = ""
    """The part of the case that it is about, where one form may be about several: made by ``part_code``."""

    def begin(self) -> None:
        """Open the form with the draft that there is: for the button that opens a dialog."""
        self._forget()
        self._read()

    def text(
        self,
        field: str,
        label: str,
        *,
        rows: int = 3,
        longest: int = 600,
        one_line: bool = False,
        hint: str | None = None,
        error: str | None = None,
    ) -> str:
        """Draw a field and return what is typed in it. With ``one_line`` it wraps and takes no new line."""
        begun = self._begun()
        key = f"{self.key}-{field}"
        session.keep(self._drawn, {*(session.stored_value(self._drawn, set) or ()), key})
        there = begun.draft.fields.get(field)
        component.draw(
            DraftField(
                id=f"{self.form.value}|{_digest(self.case)}|{begun.draft.generation}|{self._code(field)}",
                opening=begun.opening,
                label=label,
                text=str(session.stored_value(key) or ""),
                saved_at=words.time_of(there.saved_at) if there else None,
                address=SAVE,
                signed_pass=begun.draft.signed_pass,
                rows=rows,
                longest=longest,
                one_line=one_line,
                hint=hint,
                error=error,
            ),
            key=f"draft:{key}",
            on_given=lambda: self._take(key),
        )
        typed = str(session.stored_value(key) or "")
        return " ".join(typed.splitlines()) if one_line else typed

    def top(self) -> None:
        """Draw the top of the form, before any field: an earlier draft may be one that does not open."""
        if self._begun().draft.is_unreadable:
            markup.draw(
                markup.notice(
                    "warning",
                    (
                        "The key that sealed it is missing. What you type now replaces it. If you need the "
                        "earlier text, ask your administrator first."
                    ),
                    heading="Your earlier draft cannot be opened",
                )
            )

    def stored(self, prefix: str) -> dict[str, str]:
        """Return what the page itself stored last under codes that begin so, by the rest of the code."""
        fields = self._begun().draft.fields
        there = {code: each.text for code, each in fields.items() if code.startswith(prefix)}
        return {code.removeprefix(prefix): text for code, text in there.items()}

    def store(self, prefix: str, texts: Mapping[str, str]) -> None:
        """Store these texts under codes that begin so, in place of those that are there."""
        place = f"{self._place}-{prefix}-{self._begun().opening}"
        before = session.stored_value(place, dict)
        before = self.stored(prefix) if before is None else before
        changed = {code: text for code, text in texts.items() if before.get(code) != text}
        changed |= dict.fromkeys(before.keys() - texts.keys(), "")
        session.keep(place, dict(texts))
        if changed:
            self._save({f"{prefix}{code}": text for code, text in changed.items()})

    def remember(self, *, without: tuple[str, ...] = ()) -> None:
        """Store what is chosen and typed in the short fields too, once all are drawn.

        ``without`` are the ends of keys of buttons, and of fields whose choices may be others tomorrow.
        """
        begun = self._begun()
        prefix = f"{self.key}-"
        long_texts = session.stored_value(self._drawn, set) or ()
        there = session.typed(prefix, without=(*BUTTONS, *without))
        values = {key.removeprefix(prefix): value for key, value in there.items() if key not in long_texts}
        text = form_values.as_text(values)
        is_stored = text == session.stored_value(self._short)
        if is_stored or len(text) > LONGEST or not begun.draft.signed_pass:
            return
        session.keep(self._short, text)
        self._save({SHORT_FIELDS: text})

    def _save(self, fields: Mapping[str, str]) -> None:
        signed_pass = self._begun().draft.signed_pass
        if not signed_pass or any(len(text) > LONGEST for text in fields.values()):
            return
        runtime = record.runtime()
        with suppress(NotFoundError):  # recorded in another tab: the fields say so
            save_draft(
                uow=runtime.uow,
                clock=runtime.clock,
                key=runtime.key,
                user=session.sign_in().user,
                signed_pass=signed_pass,
                fields={self._code(field): text for field, text in fields.items()},
            )

    def end(self, *only: str) -> None:
        """Let the draft go, or only some fields of it: they were recorded, or their author discarded them.

        What is typed in the other fields is stored again: what their page sends from now on comes too late.
        What another tab recorded or changed meanwhile is not.
        """
        before = self._begun().draft
        others = self._changed(without=only) if only else {}
        if before.signed_pass:
            context = record.runtime().context(session.acting())
            codes = [self._code(field) for field in only] or self._all_unless_others_too()
            end_draft(context, form=self.form, case=self.case, only=codes)
        self._forget()
        if others := _not_changed_elsewhere(others, before, self._begun().draft, without=only):
            self._save(others)
            self._forget()

    def _changed(self, *, without: tuple[str, ...]) -> dict[str, str]:
        """Return the texts that are others than when the form was opened, by field."""
        before = self._begun().draft.fields
        drawn = {key.removeprefix(f"{self.key}-") for key in session.stored_value(self._drawn, set) or ()}
        typed = {
            field: str(session.stored_value(f"{self.key}-{field}") or "")
            for field in drawn.difference(without)
        }
        return {
            field: text
            for field, text in typed.items()
            if text != (before[field].text if field in before else "")
        }

    def _all_unless_others_too(self) -> list[str] | None:
        """Return the codes of what is stored of this part; None where nothing of another is."""
        context = record.runtime().context(session.acting())
        stored = open_draft(context, form=self.form, case=self.case).fields
        own = [code for code in stored if self._field(code) is not None]
        return None if len(own) == len(stored) else own

    def _take(self, key: str) -> None:
        typed = component.given(f"draft:{key}", opening=self._begun().opening)
        if typed is not None:
            session.keep(key, typed)

    def _code(self, field: str) -> str:
        return f"{self.part}-{field}" if self.part else field

    def _field(self, code: str) -> str | None:
        """Return the field of a stored code; None if it is of another part."""
        if self.part:
            return code.removeprefix(f"{self.part}-") if code.startswith(f"{self.part}-") else None
        return None if _OF_A_PART.match(code) else code

    def _forget(self) -> None:
        for name in session.stored_value(self._drawn, set) or ():
            session.keep(name, None)
        for place in (self._drawn, self._short, self._place):
            session.keep(place, None)

    def _begun(self) -> _Begun:
        return session.stored_value(self._place, _Begun) or self._read()

    def _read(self) -> _Begun:
        context = record.runtime().context(session.acting())
        try:
            draft = open_draft(context, form=self.form, case=self.case)
        except (InvalidInputError, NotFoundError, NotPermittedError):
            draft = _NO_DRAFT  # the form says so, and what it records is refused or not by its own service
        fields = {field: text for code, text in draft.fields.items() if (field := self._field(code))}
        ended = {field: at for code, at in draft.ended.items() if (field := self._field(code))}
        draft = replace(draft, fields=fields, ended=ended)
        opening = session.number(_OPENINGS, 0) + 1
        session.store_number(_OPENINGS, opening)
        begun = _Begun(opening, draft)
        session.keep(self._place, begun)
        texts = {f"{self.key}-{field}": there.text for field, there in draft.fields.items()}
        short = texts.pop(f"{self.key}-{SHORT_FIELDS}", "")
        session.keep(self._short, short)
        session.type_where_empty(
            {f"{self.key}-{name}": value for name, value in form_values.from_text(short).items()}
        )
        for name, typed in texts.items():
            session.keep(name, typed)
        session.keep(self._drawn, set(texts))
        return begun

    @property
    def _place(self) -> str:
        return f"draft-of-{self.key}-{self.case}"

    @property
    def _short(self) -> str:
        """Place of what is stored of its short fields."""
        return f"short-fields-of-{self.key}-{self.case}"

    @property
    def _drawn(self) -> str:
        """Place of the names of its fields of long text."""
        return f"fields-of-{self.key}-{self.case}"


def part_code(part: str) -> str:
    """Return the code of a part of a case, without naming it."""
    return f"part{hashlib.sha256(part.encode()).hexdigest()[:12]}"


def _not_changed_elsewhere(
    typed: dict[str, str], before: OpenedDraft, after: OpenedDraft, *, without: tuple[str, ...]
) -> dict[str, str]:
    """Return the texts that no other tab recorded or changed since the form was opened."""
    if after.generation == before.generation + 1:
        return typed
    ended = {field for field, at in after.ended.items() if before.ended.get(field) != at}
    if not ended.difference(without):  # not one field: the whole form was recorded or discarded
        return {}

    def is_as_it_was(field: str, text: str) -> bool:
        opened, stored = (
            draft.fields[field].text if field in draft.fields else "" for draft in (before, after)
        )
        return stored == opened or (stored != "" and text.startswith(stored))

    return {field: text for field, text in typed.items() if field not in ended and is_as_it_was(field, text)}


def _digest(case: str) -> str:
    """Return what distinguishes one case from another in the memory of a page, without naming it."""
    return hashlib.sha256(case.encode()).hexdigest()[:16]
