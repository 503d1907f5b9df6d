# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What can be wrong with audio."""


class AudioError(Exception):
    """Bytes are no audio that can be read; the message says what is wrong with them."""
