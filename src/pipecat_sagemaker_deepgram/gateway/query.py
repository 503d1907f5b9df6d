# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Checking the parameters of clients before an endpoint is called. Pure.

SageMaker withholds a container's reason for a refusal, so parameters that every container refuses
are refused here, in Deepgram's words (Deepgram docs, "Errors").
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from urllib.parse import parse_qsl

from pipecat_sagemaker_deepgram.audio.pcm import SAMPLE_BYTES
from pipecat_sagemaker_deepgram.deepgram.query import build_query
from pipecat_sagemaker_deepgram.deepgram.v1.query import NOVA_PARAMETERS, build_nova_query
from pipecat_sagemaker_deepgram.deepgram.v2.query import FLUX_PARAMETERS, check_flux_parameters
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.gateway.refusals import bad_query, no_such_model

type Parameters = Mapping[str, Sequence[str]]
"""The values of each parameter, decoded, in the order in which they were given."""

_CALLBACKS = frozenset(["callback", "callback_method"])

_FLUX_SPEECH = frozenset(
    ["model", "encoding", "sample_rate", "speed", "expressivity", "mip_opt_out", "tag"]
)
"""The parameters of a stream of v2/speak (Deepgram docs, "Flux TTS")."""

_SPEECH = ("linear16", "mulaw", "alaw")
"""Encodings of streamed speech."""

_TELEPHONE_RATES = (8000, 16000)
_AURA_RATES = (8000, 16000, 24000, 32000, 48000)
_FLUX_RATES = (8000, 16000, 24000, 32000, 44100, 48000)
"""Sample rates of linear16 in Hz (Deepgram docs, "TTS media output settings", "Flux TTS")."""

_NUMBERS = {
    "eot_threshold": float,
    "eager_eot_threshold": float,
    "eot_timeout_ms": int,
    "sample_rate": int,
}


def read_query(query: str, known: Collection[str] | None = None) -> Parameters:
    """Read a query.

    Args:
        query: The raw query, without a question mark.
        known: Permitted names; ``None`` for any.

    Raises:
        RequestError: It has another name.
    """
    parameters: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if known is not None and name not in known:
            raise bad_query(f"unsupported query parameter(s): {name}", code="unsupported_parameter")
        parameters.setdefault(name, []).append(value)
    return parameters


def read_nova_query(query: str) -> Parameters:
    """Read the query of v1/listen.

    Args:
        query: The raw query, without a question mark.

    Raises:
        RequestError: A parameter is unknown, or a value is invalid.
    """
    parameters = read_query(query, NOVA_PARAMETERS)
    if one(parameters, "model").startswith("flux"):
        raise no_such_model()
    _checked(lambda: build_nova_query(parameters))
    return parameters


def read_flux_query(query: str) -> Parameters:
    """Read the query of v2/listen.

    Args:
        query: The raw query, without a question mark.

    Raises:
        RequestError: A parameter is unknown, or a value is invalid.
    """
    parameters = read_query(query, FLUX_PARAMETERS)
    if not one(parameters, "model").startswith("flux"):
        raise no_such_model()
    typed = {name: _number(name, one(parameters, name)) for name in _NUMBERS if name in parameters}
    _checked(lambda: check_flux_parameters(typed))
    _checked(lambda: build_query(parameters))
    return parameters


def read_request_query(query: str) -> Parameters:
    """Read the query of a request with a body; the container checks the parameters.

    Args:
        query: The raw query, without a question mark.

    Raises:
        RequestError: A parameter cannot be used through SageMaker.
    """
    parameters = read_query(query)
    for name in _CALLBACKS & parameters.keys():
        raise bad_query(
            f"{name} cannot be used: the answer comes with the request", code="Bad Request"
        )
    return parameters


def read_aura_query(query: str) -> Parameters:
    """Read the query of a stream of v1/speak, whose container ignores unknown names.

    Args:
        query: The raw query, without a question mark.

    Raises:
        RequestError: A value is invalid.
    """
    parameters = read_request_query(query)
    _check_speech_rate(parameters, _AURA_RATES)
    return parameters


def read_flux_speech_query(query: str) -> Parameters:
    """Read the query of a stream of v2/speak.

    Args:
        query: The raw query, without a question mark.

    Raises:
        RequestError: A parameter is unknown, or a value is invalid.
    """
    parameters = read_query(query, _FLUX_SPEECH)
    if not one(parameters, "model").startswith("flux"):
        raise no_such_model()
    _check_speech_rate(parameters, _FLUX_RATES)
    return parameters


def speech_bytes_per_second(parameters: Parameters) -> int:
    """Bytes per second of the requested speech.

    Args:
        parameters: The query.

    Raises:
        RequestError: The format cannot be streamed.
    """
    encoding = one(parameters, "encoding", "linear16")
    if encoding not in _SPEECH:
        raise bad_query(
            f"Unsupported audio format: `encoding={encoding}` cannot be streamed",
            code="UNSUPPORTED_AUDIO_FORMAT",
        )
    usual = "24000" if encoding == "linear16" else "8000"
    rate = int(_number("sample_rate", one(parameters, "sample_rate", usual)))
    return SAMPLE_BYTES[encoding] * rate


def _check_speech_rate(parameters: Parameters, rates: Sequence[int]) -> None:
    encoding = one(parameters, "encoding", "linear16")
    allowed = rates if encoding == "linear16" else _TELEPHONE_RATES
    rate = speech_bytes_per_second(parameters) // SAMPLE_BYTES[encoding]
    if rate not in allowed:
        raise bad_query(
            f"Unsupported audio format: `sample_rate` must be {', '.join(map(str, allowed))} when "
            f"`encoding={encoding}`",
            code="UNSUPPORTED_AUDIO_FORMAT",
        )


def write_query(parameters: Parameters) -> str:
    """Encode parameters as SageMaker expects them: a space is ``%20``.

    Raises:
        RequestError: The query is too long for SageMaker.
    """
    return _checked(lambda: build_query(parameters))


def one(parameters: Parameters, name: str, otherwise: str = "") -> str:
    """The value of a parameter that is given once; ``otherwise`` if it is not given."""
    return parameters[name][0] if name in parameters else otherwise


def _number(name: str, text: str) -> float:
    try:
        return _NUMBERS[name](text)
    except ValueError:
        raise bad_query(
            f"Failed to deserialize query parameters: {name}: invalid value {text!r}"
        ) from None


def _checked[T](check: Callable[[], T]) -> T:
    try:
        return check()
    except ConfigurationError as error:
        raise bad_query(str(error)) from error
