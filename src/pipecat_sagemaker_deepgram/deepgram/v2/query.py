# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What v2/listen takes in its query, checked before it is sent. Pure.

SageMaker answers a query that a container refuses with a bare HTTP 424, so what is certainly
wrong is said here. Ranges are the widest of all bundles (Deepgram docs, "End of turn
configuration").
"""

from collections.abc import Mapping
from typing import Any

from pipecat_sagemaker_deepgram.deepgram.query import build_query
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError

MULTILINGUAL = "flux-general-multi"
"""The model that knows more languages than English."""

LOCAL_SETTINGS = frozenset(["min_confidence", "language"])
"""Settings that no container is sent."""

LANGUAGES = frozenset(["de", "en", "es", "fr", "hi", "it", "ja", "nl", "pt", "ru"])
"""The languages it can be told to expect (Deepgram docs, "Flux language prompting")."""

SAMPLE_RATES = frozenset([8000, 16000, 24000, 44100, 48000])
"""Sample rates in Hz (Deepgram docs, "Flux quickstart")."""

SPEECH_RATE = 16_000
"""The sample rate of choice where the audio's own is none of those."""

REDACTIONS = frozenset(["numbers", "aggressive_numbers"])
"""What can be masked (Deepgram docs, "Redaction")."""

FLUX_PARAMETERS = frozenset(
    [
        *("model", "encoding", "sample_rate", "eot_threshold", "eager_eot_threshold"),
        *("eot_timeout_ms", "keyterm", "language_hint", "profanity_filter", "numerals"),
        *("redact", "mip_opt_out", "tag"),
    ]
)
"""The parameters of a stream that are known here (Deepgram's API reference, v2/listen)."""

DEFAULT_TIMEOUT_MS = 5000
"""The container's own ``eot_timeout_ms`` (Deepgram docs, "End of turn configuration")."""

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
            advice="Pass one of those, to which audio of another is to be resampled.",
        )


def flux_parameters(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What a query carries of some settings, by the query's names.

    Args:
        settings: By Deepgram's names, ``language_hints`` among them; only one model takes those.
    """
    parameters: dict[str, Any] = {}
    for name, value in settings.items():
        if name == "language_hints":
            parameters["language_hint"] = language_codes(value) if takes_hints(settings) else None
        elif name not in LOCAL_SETTINGS:
            parameters[name] = value
    return parameters


def flux_query(settings: Mapping[str, Any]) -> str:
    """Write the query of a stream with some settings.

    Args:
        settings: By Deepgram's names, ``language_hints`` among them.

    Raises:
        ConfigurationError: A value is wrong, two contradict each other, or the query is too long.
    """
    parameters = flux_parameters(settings)
    check_flux_parameters(parameters)
    return build_query(parameters)


def takes_hints(settings: Mapping[str, Any]) -> bool:
    """Whether the model can be told which languages to expect."""
    return settings.get("model") == MULTILINGUAL


def language_codes(hints: Any) -> list[str]:
    """Flux's codes of languages, each once; those it does not know are left out."""
    bases = (str(getattr(hint, "value", hint)).split("-")[0].lower() for hint in hints or ())
    return list(dict.fromkeys(code for code in bases if code in LANGUAGES))


def eot_timeout(settings: Mapping[str, Any]) -> float:
    """Seconds of silence after which a container with these settings ends a turn."""
    return float(settings.get("eot_timeout_ms") or DEFAULT_TIMEOUT_MS) / 1000
