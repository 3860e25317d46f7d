"""Changes to the first messages of a browser's connection, both ways.

Streamlit's own gives the place of its script on this machine, which a browser need not know: a name is
enough, as pages are distinguished by their addresses. The browser's own may ask for a part of a page that
this server has not drawn.
"""

from __future__ import annotations

from pathlib import Path

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # its types are a package apart
from starlette.types import Message, Receive
from streamlit.proto.BackMsg_pb2 import BackMsg
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


def whole_first(receive: Receive) -> Receive:
    """Have the whole page drawn for the first request of a connection, also where it asks for a part of one.

    A restarted server knows no part that another drew. Streamlit ignores such a request silently, and so
    every click in that part until the page is loaded again.
    """
    has_asked = False

    async def receive_next() -> Message:
        nonlocal has_asked
        message = await receive()
        if has_asked or not message.get("bytes"):
            return message
        asked = BackMsg()
        try:
            asked.ParseFromString(message["bytes"])
        except DecodeError:
            return message  # Streamlit closes the connection
        if asked.WhichOneof("type") != "rerun_script":
            return message
        has_asked = True
        if not asked.rerun_script.fragment_id:
            return message
        asked.rerun_script.fragment_id, asked.rerun_script.is_auto_rerun = "", False
        return {**message, "bytes": asked.SerializeToString()}

    return receive_next
