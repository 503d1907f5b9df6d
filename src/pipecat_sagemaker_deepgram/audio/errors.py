# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What can be wrong with audio."""


class AudioError(Exception):
    """Audio cannot be decoded; the message says why."""
