# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Fixtures of the command line's tests, where a command transcribes recordings."""

from tests.cli.conftest import endpoint, shared_endpoint, usual_log

__all__ = ["endpoint", "shared_endpoint", "usual_log"]
