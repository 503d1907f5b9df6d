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
"""Asks for all that is left, then the stream's end (Deepgram docs, "Close Stream")."""

FORCE_END_TURN = '{"type":"ForceEndTurn"}'
"""Ends the open turn of v2/listen (Deepgram docs, "Force End Turn"). Containers of before August
2026 close the stream over it."""


def configure(
    *,
    thresholds: Mapping[str, float | int] | None = None,
    keyterms: Sequence[str] | None = None,
    language_hints: Sequence[str] | None = None,
    switches: Mapping[str, bool] | None = None,
) -> str:
    """Change settings of a v2/listen stream while it runs (Deepgram docs, "Configure").

    What is not given stays as it is.

    Args:
        thresholds: Of ``eot_threshold``, ``eager_eot_threshold``, ``eot_timeout_ms`` those that
            change. None can go back to the container's own: it takes ``null`` for "keep".
        keyterms: All terms to favour from here on; none clears them.
        language_hints: All languages to expect from here on; none clears them.
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
