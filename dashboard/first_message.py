"""Streamlit's first message tells a browser where the app's script lies on this machine. It need not know.

A browser needs no more than a name; pages are told apart by their addresses.
"""

from __future__ import annotations

from pathlib import Path

from starlette.types import Message
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

_HERE = str(Path(__file__).parent).encode()
_NAME = "main.py"


def without_place(message: Message) -> Message:
    """The same message of a websocket without the place of our own files."""
    raw = message.get("bytes")
    if raw is None or _HERE not in raw:
        return message
    value = ForwardMsg.FromString(raw)
    if value.WhichOneof("type") != "new_session":
        return message
    value.new_session.main_script_path = _NAME
    return {**message, "bytes": value.SerializeToString()}
