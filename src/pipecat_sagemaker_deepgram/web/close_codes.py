# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The codes and reasons with which Deepgram closes streams of audio.

Source: Deepgram docs, "STT Troubleshooting WebSocket DATA and NET Errors".
"""

INTERNAL_ERROR = 1011
POLICY_VIOLATION = 1008

DATA_0000 = "The payload cannot be decoded as audio. See https://dpgr.am/data0000"
"""Reason with ``POLICY_VIOLATION``."""

NET_0000 = (
    "Deepgram did not provide a response message within the timeout window. "
    "See https://dpgr.am/net0000"
)
"""Reason with ``INTERNAL_ERROR``."""

NET_0001 = (
    "Deepgram did not receive audio data or a text message within the timeout window. "
    "See https://dpgr.am/net0001"
)
"""Reason with ``INTERNAL_ERROR``."""
