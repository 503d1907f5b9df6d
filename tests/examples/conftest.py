# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Pipecat is imported once, without what it says of itself."""

import warnings

with warnings.catch_warnings():
    # Pipecat 1.14 subclasses what it deprecates.
    warnings.simplefilter("ignore", DeprecationWarning)
    import pipecat.services.tts_service  # noqa: F401
