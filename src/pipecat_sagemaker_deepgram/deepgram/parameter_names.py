# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Parameters that a container does not know: it refuses the stream with a bare HTTP 424. Pure.

A name that this package does not know may be a typing error, or newer than this package. It is
refused unless the user insists, because typing errors are far more frequent and cost the call.
"""

from collections.abc import Container, Iterable, Iterator
from difflib import get_close_matches

INSIST = "allow_unknown_parameters"
"""The argument of services and recordings that allows unknown parameters to be sent."""


_HOW_TO_INSIST = (
    f"If the container knows it, pass {INSIST}=True "
    f"(--{INSIST.replace('_', '-')} on the command line)."
)


def unknown_names(
    names: Iterable[str], known: Iterable[str], *, of: str, novas: Container[str] = ()
) -> Iterator[tuple[str, str]]:
    """Say for each unknown name what is wrong and what to do about it.

    Args:
        names: Names of the parameters to send.
        known: Names that a container may know.
        of: The product whose parameters they are, such as ``Deepgram Flux``.
        novas: Names that Deepgram Nova's containers know but this product's do not.

    Yields:
        What is wrong, and the advice.
    """
    candidates = sorted(known)
    for name in names:
        if name in candidates:
            continue
        near = get_close_matches(name, candidates, n=1, cutoff=0.7)
        meant = f"Did you mean {near[0]}? " if near else ""
        if name in novas:
            yield f"{of} has no {name}, a parameter of Deepgram Nova", meant or "Leave it out."
        else:
            yield f"{name} is not a known parameter of {of}", meant + _HOW_TO_INSIST
