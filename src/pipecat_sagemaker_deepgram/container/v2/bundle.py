# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The features of a Deepgram Flux container, by the date of its bundle.

Bundles differ in their query parameters, their control messages and the fields they send; a
message or parameter that a bundle does not know ends the connection.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.text_values import convert_fields


@dataclass(frozen=True, kw_only=True)
class FluxBundle:
    """One release.

    Attributes:
        name: Its name in this package.
        controls: The text messages it understands.
        parameters: The optional query parameters it knows in addition to those of every bundle.
        max_end: Highest ``eot_threshold``.
        max_timeout_ms: Highest ``eot_timeout_ms``.
        closestream_finalizes: Whether ``CloseStream`` ends an open turn.
        sends_details: Whether messages carry ``trigger``, times of words and, from the
            multilingual model, ``languages``.
        bad_threshold_code: The ``code`` of its error for invalid thresholds.
    """

    name: str
    controls: tuple[str, ...] = ("CloseStream", "Configure")
    parameters: frozenset[str] = frozenset()
    max_end: float = 0.9
    max_timeout_ms: int = 10000
    closestream_finalizes: bool = True
    sends_details: bool = False
    bad_threshold_code: str = "UNPARSABLE_CLIENT_MESSAGE"


CURRENT = FluxBundle(
    name="current",
    controls=("CloseStream", "Configure", "ForceEndTurn"),
    parameters=frozenset({"profanity_filter", "numerals"}),
    max_end=1.0,
    max_timeout_ms=60000,
    closestream_finalizes=False,
    sends_details=True,
    bad_threshold_code="INVALID_THRESHOLD",
)

BUNDLES: Mapping[str, FluxBundle] = {
    bundle.name: bundle
    for bundle in (
        FluxBundle(name="2026-03", controls=("CloseStream",)),
        FluxBundle(name="2026-04"),
        FluxBundle(name="2026-06", parameters=frozenset({"profanity_filter"})),
        CURRENT,
    )
}
"""Bundles by name: dates of Deepgram's SageMaker listings; ``current`` is the public API."""


@dataclass(frozen=True, kw_only=True)
class FluxOptions:
    """How a container serves v2/listen.

    Attributes:
        bundle: The bundle to emulate: a name in ``BUNDLES``.
        closestream_finalizes: Whether ``CloseStream`` ends an open turn with ``EndOfTurn``,
            as older bundles do, or only updates it before closing; None for the behaviour of
            the bundle.
        idle_timeout: Seconds without audio before a connection is closed.

    Raises:
        ValueError: The bundle is unknown.
    """

    bundle: str = "current"
    closestream_finalizes: bool | None = None
    idle_timeout: float = 30.0

    def __post_init__(self) -> None:
        convert_fields(self)
        if self.bundle not in BUNDLES:
            raise ValueError(f"unknown bundle {self.bundle!r}: choose one of {list(BUNDLES)}")

    @property
    def release(self) -> FluxBundle:
        """The bundle itself."""
        return BUNDLES[self.bundle]

    @property
    def finalizes(self) -> bool:
        """Whether ``CloseStream`` ends an open turn."""
        if self.closestream_finalizes is None:
            return self.release.closestream_finalizes
        return self.closestream_finalizes
