# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Reading the parts of a container's messages that the doctor needs. Pure.

Fields are those of Deepgram's message schemas for ``v1/listen`` and ``v2/listen``.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

type ReplyKind = Literal[
    "connected", "metadata", "words", "configured", "warning", "error", "other"
]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """The parts of a message that the doctor needs.

    Attributes:
        kind: The kind of message.
        text: The transcript.
        is_final: Whether the transcript is final.
        covers_to: The position up to which the audio was processed, in seconds.
        words_end: Where the last word ends, in seconds.
        model: The model it names; may be empty.
        error: Code and description of an error.
    """

    kind: ReplyKind
    text: str = ""
    is_final: bool = False
    covers_to: float = 0.0
    words_end: float = 0.0
    model: str = ""
    error: str = ""


def read_reply(data: str | bytes) -> Reply:
    """Read a message; never raises.

    Args:
        data: The message.
    """
    try:
        body = json.loads(data)
        return _read(body)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return Reply(kind="other")


def _read(body: Mapping[str, Any]) -> Reply:
    match body.get("type"):
        case "Results":
            return _results(body)
        case "TurnInfo":
            return _turn(body)
        case "Connected":
            return Reply(kind="connected")
        case "Metadata" if "request_id" in body:
            return Reply(kind="metadata", model=_model(body.get("model_info")))
        case "ConfigureSuccess" | "ConfigureFailure":
            return Reply(kind="configured")
        case "Warning":
            return Reply(kind="warning")
        case "Error":
            return Reply(kind="error", error=_error(body))
        case None if "error" in body:
            return Reply(kind="error", error=str(body["error"]))
    return Reply(kind="other")


def _results(body: Mapping[str, Any]) -> Reply:
    best = body["channel"]["alternatives"][0]
    covers_to = float(body["start"]) + float(body["duration"])
    return Reply(
        kind="words",
        text=_one_line(best.get("transcript")),
        is_final=bool(body.get("is_final")),
        covers_to=covers_to,
        words_end=_last_end(best.get("words"), covers_to),
        model=_model((body.get("metadata") or {}).get("model_info")),
    )


def _turn(body: Mapping[str, Any]) -> Reply:
    covers_to = float(body["audio_window_end"])
    return Reply(
        kind="words",
        text=_one_line(body.get("transcript")),
        is_final=body.get("event") == "EndOfTurn",
        covers_to=covers_to,
        words_end=_last_end(body.get("words"), covers_to),
    )


def _last_end(words: Any, otherwise: float) -> float:
    return float(words[-1].get("end") or otherwise) if words else otherwise


def _model(info: Any) -> str:
    """The model's name, from the ``model_info`` of a result or of ``Metadata``, keyed by id."""
    if not isinstance(info, dict):
        return ""
    if "name" in info:
        return str(info["name"])
    return next((_model(each) for each in info.values()), "")


def _error(body: Mapping[str, Any]) -> str:
    parts = (body.get("code") or body.get("variant"), body.get("description"))
    return ": ".join(_one_line(part) for part in parts if part)


def _one_line(text: Any) -> str:
    return " ".join(str(text or "").split())
