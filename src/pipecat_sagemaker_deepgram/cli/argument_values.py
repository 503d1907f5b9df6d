# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Values of options: numbers, and addresses of other programs."""

import argparse
import math
from collections.abc import Callable, Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import urlsplit


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


def time_from(least: float, wanted: str) -> Callable[[str], float]:
    """Make a parser of finite times for ``argparse``.

    Args:
        least: The shortest time that is accepted.
        wanted: What is expected, for the error message: ``"x" is not`` followed by it.
    """

    def read(text: str) -> float:
        try:
            time = float(text)
        except ValueError:
            time = math.nan
        if not least <= time < math.inf:
            raise argparse.ArgumentTypeError(f"{text!r} is not {wanted}")
        return time

    return read


def web_url(text: str) -> str:
    """Parse the URL of a web server.

    Args:
        text: The text of the option.
    """
    if not _is_web(text):
        raise argparse.ArgumentTypeError(f"{text!r} does not have the form http://HOST:PORT")
    return text


def web_origin(text: str) -> str:
    """Parse the origin of web pages, as browsers send it, or ``*``.

    Args:
        text: The text of the option.
    """
    if text != "*" and not (_is_web(text) and text.count("/") == 2):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not an origin; give one such as https://app.example, without a path, or *"
        )
    return text


def network(text: str) -> IPv4Network | IPv6Network:
    """Parse a network.

    Args:
        text: The text of the option.
    """
    try:
        return ip_network(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}; give one such as 10.0.0.0/8") from error


def empty_values(argv: Sequence[str]) -> Iterator[str]:
    """Yield what is empty on a command line, as a variable of the shell that is not set is.

    Args:
        argv: The arguments.
    """
    for before, text in zip(("", *argv), argv, strict=False):
        option, equals, value = text.partition("=")
        if not text:
            yield f"the value of {before}" if before.startswith("-") else "an argument"
        elif option.startswith("--") and equals and not value:
            yield f"the value of {option}"


def _is_web(text: str) -> bool:
    try:
        url = urlsplit(text)
        return url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:
        return False


count = count_to(10_000)
"""Parses a number of streams, jobs or requests."""

port = whole_number(0, 65535, "a port; give a number from 0 to 65535")
"""Parses a port; 0 stands for a free one."""
