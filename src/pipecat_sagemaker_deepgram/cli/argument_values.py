# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Values of options that are whole numbers."""

import argparse
from collections.abc import Callable


def whole_number(least: int, most: float, wanted: str) -> Callable[[str], int]:
    """Make a parser of whole numbers for ``argparse``.

    Args:
        least: The smallest number that is accepted.
        most: The largest number that is accepted.
        wanted: What is expected, for the error message: ``"x" is not`` followed by it.
    """

    def read(text: str) -> int:
        number = int(text) if text.isascii() and text.isdigit() else -1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not {wanted}")
        return number

    return read


def count_to(most: int) -> Callable[[str], int]:
    """Make a parser of counts, from 1 up."""
    return whole_number(1, most, f"a number from 1 to {most}")


count = count_to(10_000)
"""Parses a number of streams, jobs or requests."""

port = whole_number(0, 65535, "a port; give a number from 0 to 65535")
"""Parses a port; 0 stands for a free one."""
