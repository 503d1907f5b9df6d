# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The query of v2/listen, which is checked before it is sent. Pure.

SageMaker answers a query that a container refuses with a bare HTTP 424, so values that are
certainly wrong are refused here. Ranges are the widest of all bundles (Deepgram docs, "End of turn
configuration").
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pipecat_sagemaker_deepgram.deepgram.parameter_names import unknown_names
from pipecat_sagemaker_deepgram.deepgram.query import build_query
from pipecat_sagemaker_deepgram.deepgram.v1.query import PARAMETERS as NOVA_PARAMETERS
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError

MULTILINGUAL = "flux-general-multi"
"""The model that understands other languages besides English."""

LOCAL_SETTINGS = frozenset(["min_confidence", "language"])
"""Settings that are not sent to a container."""

LANGUAGES = frozenset(["de", "en", "es", "fr", "hi", "it", "ja", "nl", "pt", "ru"])
"""The languages that it accepts as hints (Deepgram docs, "Flux language prompting")."""

SAMPLE_RATES = frozenset([8000, 16000, 24000, 44100, 48000])
"""Sample rates in Hz (Deepgram docs, "Flux quickstart")."""

SPEECH_RATE = 16_000
"""The sample rate to use if the audio's own rate is not one of those."""

REDACTIONS = frozenset(["numbers", "aggressive_numbers"])
"""The kinds of information that can be masked (Deepgram docs, "Redaction")."""

FLUX_PARAMETERS = frozenset(
    [
        *("model", "encoding", "sample_rate", "eot_threshold", "eager_eot_threshold"),
        *("eot_timeout_ms", "keyterm", "language_hint", "profanity_filter", "numerals"),
        *("redact", "mip_opt_out", "tag"),
    ]
)
"""The known parameters of a stream (Deepgram's API reference, v2/listen)."""

DEFAULT_TIMEOUT_MS = 5000
"""The container's own ``eot_timeout_ms`` (Deepgram docs, "End of turn configuration")."""

PARAMETERS = frozenset(
    [
        *("model", "encoding", "sample_rate", "mip_opt_out", "tag"),
        *("eot_threshold", "eager_eot_threshold", "eot_timeout_ms"),
        *("keyterm", "language_hint", "numerals", "profanity_filter", "redact"),
    ]
)
"""Parameters of v2/listen; it answers any other with HTTP 400 (Deepgram's API reference)."""

_RANGES: dict[str, tuple[float, float]] = {
    "eager_eot_threshold": (0.3, 0.9),
    "eot_threshold": (0.5, 1.0),
    "eot_timeout_ms": (500, 60_000),
    "min_confidence": (0, 1),
}


def check_flux_parameters(parameters: Mapping[str, Any]) -> None:
    """Refuse values that no container accepts.

    Args:
        parameters: Values by Deepgram's names; ``None`` is not sent.

    Raises:
        ConfigurationError: A value is wrong; the message names it and the valid ones.
    """
    _check_ranges(parameters)
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
            advice="Pass one of those rates, and resample the audio to it.",
        )


def _check_ranges(parameters: Mapping[str, Any]) -> None:
    for name, (least, most) in _RANGES.items():
        value = parameters.get(name)
        if value is not None and not least <= value <= most:
            raise ConfigurationError(f"{name} is {value}; it must be between {least} and {most}")


def flux_parameters(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the query parameters for some settings.

    Args:
        settings: Settings by Deepgram's names, including ``language_hints``, which only one model
            accepts.
    """
    parameters: dict[str, Any] = {}
    for name, value in settings.items():
        if name == "language_hints":
            parameters["language_hint"] = language_codes(value) if takes_hints(settings) else None
        elif name not in LOCAL_SETTINGS:
            parameters[name] = value
    return parameters


def flux_query(settings: Mapping[str, Any], *, allow_unknown: bool = False) -> str:
    """Write the query of a stream with some settings.

    Args:
        settings: Settings by Deepgram's names, including ``language_hints``.
        allow_unknown: Whether to send unknown parameters unchanged.

    Raises:
        ConfigurationError: A value is wrong, a name is not known, two values contradict each
            other, or the query is too long; the message says which and what to do.
    """
    parameters = flux_parameters(settings)
    check_flux_parameters(settings)
    for what, advice in _faults(settings, parameters, allow_unknown=allow_unknown):
        raise ConfigurationError(what, advice=advice)
    return build_query(parameters)


def _faults(
    settings: Mapping[str, Any], parameters: Mapping[str, Any], *, allow_unknown: bool
) -> Iterator[tuple[str, str]]:
    model = settings.get("model")
    if model is not None and not str(model).startswith("flux"):
        yield (
            f"model {model} is served on v1/listen, not on v2/listen",
            f"Use DeepgramSageMakerSTTService, or a model such as {MULTILINGUAL}.",
        )
    yield from _hint_faults(settings)
    given = [name for name, value in parameters.items() if value is not None]
    if not allow_unknown:
        yield from unknown_names(given, PARAMETERS, of="Deepgram Flux", novas=NOVA_PARAMETERS)


def _hint_faults(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    strange = [hint for hint in _hints(settings) if not language_codes([hint])]
    if strange and takes_hints(settings):
        yield (
            f"language_hints contains {', '.join(strange)}, which Flux does not know",
            f"It knows {', '.join(sorted(LANGUAGES))}.",
        )


def _hints(settings: Mapping[str, Any]) -> list[str]:
    return [str(getattr(hint, "value", hint)) for hint in settings.get("language_hints") or ()]


def takes_hints(settings: Mapping[str, Any]) -> bool:
    """Whether the model accepts language hints."""
    return settings.get("model") == MULTILINGUAL


def language_codes(hints: Any) -> list[str]:
    """Flux's codes of languages, each once, without those that Flux does not know."""
    bases = (hint.split("-")[0].lower() for hint in _hints({"language_hints": hints}))
    return list(dict.fromkeys(code for code in bases if code in LANGUAGES))


def eot_timeout(settings: Mapping[str, Any]) -> float:
    """Seconds of silence after which a container with these settings ends a turn."""
    return float(settings.get("eot_timeout_ms") or DEFAULT_TIMEOUT_MS) / 1000
