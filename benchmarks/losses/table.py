# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The table of losses. Pure."""

from collections.abc import Mapping, Sequence

from benchmarks.losses.cases import FAULTS, WORDS, Heard
from benchmarks.table import render

Results = Mapping[tuple[str, str], Heard | None]
"""By fault and service; None where a service did not end its process by itself."""


def losses_table(results: Results, services: Sequence[str]) -> str:
    """One line for each fault, one column for each service."""
    rows = [
        [fault.name, *(_cell(results[fault.name, service]) for service in services)]
        for fault in FAULTS
        if (fault.name, services[0]) in results
    ]
    return render([f"words lost of {WORDS}", *services], rows)


def _cell(heard: Heard | None) -> str:
    if heard is None:
        return "hung"
    told = [str(heard.lost)]
    if heard.repeated:
        told.append(f"{heard.repeated} repeated")
    if heard.is_held_up:
        told.append("held up")
    return ", ".join(told)
