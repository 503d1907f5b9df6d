# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The clock for code that waits; code that decides gets the time as an argument."""

import asyncio


def loop_time() -> float:
    """Return the event loop's time, in seconds."""
    return asyncio.get_running_loop().time()
