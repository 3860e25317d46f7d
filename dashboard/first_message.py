"""Removal of the script's place on this machine from Streamlit's first message to a browser.

A browser need not know it.

A name is enough; pages are distinguished by their addresses.
"""

from __future__ import annotations

from pathlib import Path

from starlette.types import Message
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

_HERE = str(Path(__file__).parent).encode()
_NAME = "main.py"


def without_place(message: Message) -> Message:
    """Return the same message of a websocket without the place of our own files."""
    raw = message.get("bytes")
    if raw is None or _HERE not in raw:
        return message
    value = ForwardMsg.FromString(raw)
    if value.WhichOneof("type") != "new_session":
        return message
    value.new_session.main_script_path = _NAME
    return {**message, "bytes": value.SerializeToString()}
