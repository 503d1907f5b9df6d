# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The clock of all that waits; what decides is given its time."""

import asyncio


def loop_time() -> float:
    """The event loop's time."""
    return asyncio.get_running_loop().time()
