# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Messages to a v1/listen container, as JSON text. Pure."""

FINALIZE = '{"type":"Finalize"}'
"""Asks for the transcript of all audio sent so far (Deepgram docs, "Finalize")."""

KEEP_ALIVE = '{"type":"KeepAlive"}'
"""Keeps a stream without audio open (Deepgram docs, "Audio Keep Alive")."""

CLOSE_STREAM = '{"type":"CloseStream"}'
"""Asks for all that is left, then the stream's end (Deepgram docs, "Close Stream")."""
