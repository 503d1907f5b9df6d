# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What v2/listen takes in its query, checked before it is sent. Pure.

SageMaker answers a query that a container refuses with a bare HTTP 424, so what is certainly
wrong is said here. Ranges are the widest of all bundles (Deepgram docs, "End of turn
configuration").
"""

from collections.abc import Mapping
from typing import Any

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError

MULTILINGUAL = "flux-general-multi"
"""The model that knows more languages than English."""

LANGUAGES = frozenset(["de", "en", "es", "fr", "hi", "it", "ja", "nl", "pt", "ru"])
"""The languages it can be told to expect (Deepgram docs, "Flux language prompting")."""

SAMPLE_RATES = frozenset([8000, 16000, 24000, 44100, 48000])
"""Sample rates in Hz (Deepgram docs, "Flux quickstart")."""

REDACTIONS = frozenset(["numbers", "aggressive_numbers"])
"""What can be masked (Deepgram docs, "Redaction")."""

_RANGES: dict[str, tuple[float, float]] = {
    "eager_eot_threshold": (0.3, 0.9),
    "eot_threshold": (0.5, 1.0),
    "eot_timeout_ms": (500, 60_000),
}


def check_flux_parameters(parameters: Mapping[str, Any]) -> None:
    """Refuse what no container takes.

    Args:
        parameters: By Deepgram's names; ``None`` is not sent.

    Raises:
        ConfigurationError: A value is wrong; the message names it and what is right.
    """
    for name, (least, most) in _RANGES.items():
        value = parameters.get(name)
        if value is not None and not least <= value <= most:
            raise ConfigurationError(f"{name} is {value}; it lies between {least} and {most}")
    eager, end = parameters.get("eager_eot_threshold"), parameters.get("eot_threshold")
    if eager is not None and end is not None and eager > end:
        raise ConfigurationError(
            f"eager_eot_threshold is {eager}, more than eot_threshold {end}: a prediction would "
            "come after the end"
        )
    redact = parameters.get("redact")
    if redact is not None and redact not in REDACTIONS:
        raise ConfigurationError(f"redact is {redact!r}; Flux masks {' or '.join(REDACTIONS)}")
    sample_rate = parameters.get("sample_rate")
    if sample_rate and sample_rate not in SAMPLE_RATES:
        raise ConfigurationError(
            f"sample_rate is {sample_rate}; Flux takes {sorted(SAMPLE_RATES)}",
            advice="Set audio_in_sample_rate of the pipeline, or sample_rate of the service.",
        )
