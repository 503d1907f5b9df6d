# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Messages to a container, as JSON text. Pure."""

import json
from collections.abc import Mapping, Sequence

FINALIZE = '{"type":"Finalize"}'
"""Asks for the transcript of all audio sent so far (Deepgram docs, "Finalize")."""

KEEP_ALIVE = '{"type":"KeepAlive"}'
"""Keeps a stream without audio open (Deepgram docs, "Audio Keep Alive")."""

CLOSE_STREAM = '{"type":"CloseStream"}'
"""Asks for all remaining answers, then the stream's end (Deepgram docs, "Close Stream")."""

FORCE_END_TURN = '{"type":"ForceEndTurn"}'
"""Ends the open turn of v2/listen (Deepgram docs, "Force End Turn"). Containers from before August
2026 close the stream when they receive it."""


def configure(
    *,
    thresholds: Mapping[str, float | int] | None = None,
    keyterms: Sequence[str] | None = None,
    language_hints: Sequence[str] | None = None,
    switches: Mapping[str, bool] | None = None,
) -> str:
    """Change settings of a v2/listen stream while it runs (Deepgram docs, "Configure").

    Settings that are not given do not change.

    Args:
        thresholds: New values of ``eot_threshold``, ``eager_eot_threshold`` or ``eot_timeout_ms``.
            A threshold cannot be reset to the container's default, which takes ``null`` to mean
            "keep".
        keyterms: All terms to favour from now on; an empty list clears them.
        language_hints: All languages to expect from now on; an empty list clears them.
        switches: ``numerals`` and ``profanity_filter``, on or off.
    """
    parts = {
        "thresholds": dict(thresholds) if thresholds else None,
        "keyterms": None if keyterms is None else list(keyterms),
        "language_hints": None if language_hints is None else list(language_hints),
        **(switches or {}),
    }
    given = {name: value for name, value in parts.items() if value is not None}
    return json.dumps({"type": "Configure", **given}, separators=(",", ":"))
