# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A context manager that does nothing, for displays that write at once."""

from typing import Self


class PlainContext:
    """A context manager with nothing to open or close."""

    def __enter__(self) -> Self:
        """Do nothing."""
        return self

    def __exit__(self, kind: object, *exc_info: object) -> None:
        """Do nothing."""
