# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The error for audio that cannot be read."""


class AudioError(Exception):
    """Bytes are not readable audio; the message says what is wrong with them."""
