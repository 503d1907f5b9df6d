# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What one module of the gateway writes to the log."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from loguru import logger


@contextmanager
def lines_logged_by(module: ModuleType) -> Iterator[list[str]]:
    """Collect a module's messages, each on a line."""
    lines: list[str] = []
    sink = logger.add(lines.append, format="{message}", filter=module.__name__)
    try:
        yield lines
    finally:
        logger.remove(sink)
