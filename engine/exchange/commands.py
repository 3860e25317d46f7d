"""A command of the operator's that is given a line. It gets nothing else, and its output is not read."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

_MOST_SECONDS = 60


def give_line(command: Sequence[str], line: str) -> None:
    """Run a command with this line as its input. Raises OSError where it fails or takes too long."""
    try:
        subprocess.run(
            list(command),
            input=f"{line}\n".encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_MOST_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError("the command took too long") from None
    except subprocess.CalledProcessError as error:
        raise ChildProcessError(f"the command ended with {error.returncode}") from None
