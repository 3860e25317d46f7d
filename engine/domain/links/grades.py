"""The 3x5x2 grade of a source and its information, as agencies write it. Knows no link and no remark."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import StringConstraints

GRADE = re.compile(r"^([123])\s*([A-E])\s*([PC])?$", re.IGNORECASE)
"""A 3x5x2 grade: the source (1 reliable, 2 untested, 3 not reliable), the information (A to E), handling."""
Grade = Annotated[str, StringConstraints(pattern=GRADE.pattern)]


def grade_in_words(grade: str | None) -> str:
    """Return the grade as it is shown; without one that it is not graded."""
    return f"grade {grade}" if grade else "not graded"
