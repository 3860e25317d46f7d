"""Appearance of charts while the browser's scheme is another than the one that they were drawn for.

A chart is a picture with the colours of the scheme at its run. Until the page is drawn again its light and
dark are exchanged, and its hues stay: otherwise its text would be nearly black on the dark page.
"""

from __future__ import annotations


def after_change(colours: str, to: str) -> str:
    """Return the style of a page that was drawn for another scheme than ``to``, which is light or dark.

    ``colours`` are those of that scheme.
    """
    here = f":root[data-scheme={to}]"
    charts = f"{here} .stVegaLiteChart :is(canvas,svg){{filter:invert(1) hue-rotate(180deg)}}"
    return colours.replace(":root", here) + charts
