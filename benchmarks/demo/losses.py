# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The words of a recording that faults lose, compared with a run without faults. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from benchmarks.table import render

FAULTS = (
    "drop@bytes=320000,streams=1",
    "reset@bytes=256000,streams=2",
    "late=3@connect,streams=3",
    "silence@seconds=5,streams=3",
)
"""A cut after 10 s of speech, a second one 8 s on, then 3 s in which the endpoint accepts none,
and a stall of the next stream that it accepts."""

IN_WORDS = "two cuts, an outage of 3 s and a stall"


@dataclass(frozen=True)
class Loss:
    """The fate of the words.

    Attributes:
        said: Number of words said.
        lost: Number of words that were not heard.
        repeated: Number of words heard where none was said.
    """

    said: int
    lost: int
    repeated: int


def compare(said: Sequence[str], heard: Sequence[str]) -> Loss:
    """Count words; one that was heard as another is neither lost nor repeated.

    Args:
        said: The words as they are heard when nothing breaks.
        heard: The words as they were heard.
    """
    lost = repeated = 0
    for kind, a, b, c, d in SequenceMatcher(None, said, heard, autojunk=False).get_opcodes():
        if kind != "equal":
            lost += max(0, (b - a) - (d - c))
            repeated += max(0, (d - c) - (b - a))
    return Loss(len(said), lost, repeated)


def losses_table(losses: Sequence[tuple[str, Loss | None]]) -> str:
    """One line for each service.

    Args:
        losses: The services, and what they lost; ``None`` where one did not end.
    """
    rows = [
        [name, "did not end", ""]
        if loss is None
        else [name, f"{loss.lost} of {loss.said}", str(loss.repeated)]
        for name, loss in losses
    ]
    return render(["", "words lost", "words repeated"], rows)
