# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Parameters that a container does not know: each ends a stream in HTTP 424, reason unsaid. Pure.

A name that is not known here may be a slip, or newer than this package. It is refused, because a
slip costs the call and is far more frequent, and sent where the user insists.
"""

from collections.abc import Container, Iterable, Iterator
from difflib import get_close_matches

INSIST = "allow_unknown_parameters"
"""The argument of services and recordings that has unknown parameters sent all the same."""


def unknown_names(
    names: Iterable[str], known: Iterable[str], *, of: str, novas: Container[str] = ()
) -> Iterator[tuple[str, str]]:
    """Say of each name that is not known what is wrong, and what to do about it.

    Args:
        names: Names that are to be sent.
        known: Names that a container may know.
        of: Whose names they are, as ``Deepgram Flux``.
        novas: Names that a container of Deepgram Nova knows, and this one does not.

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
            yield f"{of} has no {name}, which is Deepgram Nova's", meant or "Leave it out."
        else:
            yield (
                f"{name} is not a parameter of {of} that is known here",
                f"{meant}If the container knows it, pass {INSIST}=True "
                f"(--{INSIST.replace('_', '-')} on the command line).",
            )
