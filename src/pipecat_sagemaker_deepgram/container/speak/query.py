# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The queries of v1/speak and v2/speak, on a stream and with a POST.

v1/speak ignores parameters that it does not know, as Deepgram's container on SageMaker does;
v2/speak refuses them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from loguru import logger

from pipecat_sagemaker_deepgram.container.query_checks import (
    Check,
    QueryError,
    boolean,
    check_query,
    choice,
    integer,
    number,
    one,
    several,
)
from pipecat_sagemaker_deepgram.container.speak.encoding import RAW, SpeechFormat

_AURA = re.compile(r"aura(-2)?-[a-z]+-en")
_FLUX = re.compile(r"flux-(?!general-)[a-z]+-en")
_DEFAULT_AURA = "aura-asteria-en"
_RATES = {
    "linear16": (8000, 16000, 24000, 32000, 48000),
    "mulaw": (8000, 16000),
    "alaw": (8000, 16000),
    "mp3": (22050,),
    "opus": (48000,),
    "flac": (8000, 16000, 22050, 32000, 48000),
    "aac": (22050,),
}
_FLUX_RATES = _RATES | {"linear16": (8000, 16000, 24000, 32000, 44100, 48000)}
_DEFAULT_RATES = {"linear16": 24000, "mulaw": 8000, "alaw": 8000, "flac": 48000}
_BIT_RATES = {"mp3": (32000, 48000), "opus": (4000, 650000), "aac": (4000, 192000)}
_DEFAULT_BIT_RATES = {"mp3": 48000, "opus": 12000, "aac": 48000}
_CONTAINERS = {"mp3": "none", "opus": "ogg", "flac": "none", "aac": "none"}

MIN_SPEED, MAX_SPEED = 0.7, 1.5
MIN_FLUX_SPEED, MAX_FLUX_SPEED = 0.85, 1.15
"""The range of Deepgram's bundle for SageMaker; its public API accepts 0.5 to 1.5."""

SPEED_STEP = 0.05
FLUX_SPEED_RANGE = f"'speed' must be between {MIN_FLUX_SPEED} and {MAX_FLUX_SPEED}."
FLUX_SPEED_STEPS = f"'speed' must be a multiple of {SPEED_STEP}."


@dataclass(frozen=True)
class SpeakQuery:
    """A checked query.

    Attributes:
        model: The requested voice.
        format: The format of the speech sent.
        speed: Speed of speech, as a multiple of the usual one.
    """

    model: str
    format: SpeechFormat
    speed: float = 1.0


def parse_speak_query(query: str) -> SpeakQuery:
    """Check the query of a stream to v1/speak.

    Raises:
        QueryError: A value is not supported.
    """
    values = check_query(_known_only(query, _AURA_STREAM), _AURA_STREAM)
    encoding = values.get("encoding", "linear16")
    rate = _sample_rate(values, encoding, _RATES)
    return SpeakQuery(
        values.get("model", _DEFAULT_AURA), SpeechFormat(encoding, rate), values.get("speed", 1.0)
    )


def parse_flux_speak_query(query: str) -> SpeakQuery:
    """Check the query of a stream to v2/speak.

    Raises:
        QueryError: A parameter is unknown, or a value is not supported.
    """
    values = check_query(query, _FLUX_STREAM)
    encoding = values.get("encoding", "linear16")
    rate = _sample_rate(values, encoding, _FLUX_RATES)
    return SpeakQuery(
        _require_model(values), SpeechFormat(encoding, rate), values.get("speed", 1.0)
    )


def parse_speak_post(query: str) -> SpeakQuery:
    """Check the query of a POST to v1/speak.

    Raises:
        QueryError: A value is not supported.
    """
    values = check_query(_known_only(query, _AURA_POST), _AURA_POST)
    return SpeakQuery(
        values.get("model", _DEFAULT_AURA),
        _file_format(values, _RATES),
        values.get("speed", 1.0),
    )


def parse_flux_speak_post(query: str) -> SpeakQuery:
    """Check the query of a POST to v2/speak.

    Raises:
        QueryError: A parameter is unknown, or a value is not supported.
    """
    values = check_query(query, _FLUX_POST)
    return SpeakQuery(
        _require_model(values), _file_format(values, _FLUX_RATES), values.get("speed", 1.0)
    )


def _known_only(query: str, checks: dict[str, Check]) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    if unknown := sorted({name for name, _ in pairs if name not in checks}):
        logger.warning("v1/speak ignores query parameter(s): {}", ", ".join(unknown))
    return urlencode([pair for pair in pairs if pair[0] in checks])


def _require_model(values: dict) -> str:
    if "model" not in values:
        raise QueryError("Failed to deserialize query parameters: missing field `model`")
    return values["model"]


def _sample_rate(values: dict, encoding: str, rates: dict[str, tuple[int, ...]]) -> int:
    rate = values.get("sample_rate", _DEFAULT_RATES.get(encoding, rates[encoding][0]))
    if rate not in rates[encoding]:
        allowed = ", ".join(map(str, rates[encoding]))
        raise QueryError(
            f"Unsupported audio format: `sample_rate` must be {allowed} when `encoding={encoding}`",
            code="UNSUPPORTED_AUDIO_FORMAT",
        )
    return rate


def _file_format(values: dict, rates: dict[str, tuple[int, ...]]) -> SpeechFormat:
    encoding = values.get("encoding", "mp3")
    usual = _CONTAINERS.get(encoding)
    container = values.get("container", usual or "wav")
    allowed = (usual,) if usual else ("wav", "none")
    if container not in allowed:
        raise QueryError(
            f"Unsupported audio format: `container` must be {' or '.join(allowed)} when "
            f"`encoding={encoding}`",
            code="UNSUPPORTED_AUDIO_FORMAT",
        )
    return SpeechFormat(
        encoding,
        _sample_rate(values, encoding, rates),
        is_file=usual is not None or container == "wav",
        bit_rate=_bit_rate(values, encoding),
    )


def _bit_rate(values: dict, encoding: str) -> int | None:
    rate = values.get("bit_rate", _DEFAULT_BIT_RATES.get(encoding))
    least, most = _BIT_RATES.get(encoding, (0, 0))
    is_allowed = rate in (least, most) if encoding == "mp3" else least <= (rate or 0) <= most
    if "bit_rate" in values and not is_allowed:
        raise QueryError(
            f"Unsupported audio format: `bit_rate={rate}` does not go with `encoding={encoding}`",
            code="UNSUPPORTED_AUDIO_FORMAT",
        )
    return rate


def _voice(pattern: re.Pattern[str]) -> Check:
    def check(name: str, texts: Sequence[str]) -> str:
        text = one(name, texts)
        if not pattern.fullmatch(text):
            raise QueryError(
                "Bad Request: No such model/version combination found.", code="Bad Request"
            )
        return text

    return check


def check_flux_speed(value: float) -> tuple[str, str] | None:
    """Return why v2/speak refuses a speed, as a code and a sentence; None if it accepts it."""
    if not MIN_FLUX_SPEED <= value <= MAX_FLUX_SPEED:
        return "SPEED_OUT_OF_RANGE", FLUX_SPEED_RANGE
    steps = value / SPEED_STEP
    return (
        None if abs(steps - round(steps)) < 1e-6 else ("SPEED_INCREMENT_INVALID", FLUX_SPEED_STEPS)
    )


def _flux_speed(name: str, texts: Sequence[str]) -> float:
    value = number(0.0, 100.0)(name, texts)
    if (problem := check_flux_speed(value)) is not None:
        raise QueryError(problem[1], code=problem[0])
    return value


def _expressivity(name: str, texts: Sequence[str]) -> float:
    text = one(name, texts)
    if not re.fullmatch(r"-?[0-9](\.[0-9]+)?", text) or not -2 <= float(text) <= 2:
        raise QueryError(
            "'expressivity' must be between -2 and 2.", code="EXPRESSIVITY_OUT_OF_RANGE"
        )
    if float(text):
        raise QueryError(
            "expressivity is not available: the voice of this container speaks in one way",
            code="Bad Request",
        )
    return 0.0


def _no_callback(name: str, texts: Sequence[str]) -> None:
    raise QueryError(f"{name} cannot be used: the container has no network access")


_AURA_STREAM: dict[str, Check] = {
    "model": _voice(_AURA),
    "encoding": choice(*RAW),
    "sample_rate": integer(1, 200000),
    "container": choice("none"),
    "speed": number(MIN_SPEED, MAX_SPEED),
    "mip_opt_out": boolean,
    "callback": _no_callback,
    "callback_method": _no_callback,
}
_AURA_POST: dict[str, Check] = _AURA_STREAM | {
    "encoding": choice(*_RATES),
    "container": choice("wav", "ogg", "none"),
    "bit_rate": integer(1, 1000000),
    "tag": several(128),
}
_FLUX_STREAM: dict[str, Check] = {
    "model": _voice(_FLUX),
    "encoding": choice(*RAW),
    "sample_rate": integer(1, 200000),
    "speed": _flux_speed,
    "expressivity": _expressivity,
    "mip_opt_out": boolean,
    "tag": several(128),
}
_FLUX_POST: dict[str, Check] = _FLUX_STREAM | {
    "encoding": choice(*_RATES),
    "container": choice("wav", "ogg", "none"),
    "bit_rate": integer(1, 1000000),
    "callback": _no_callback,
    "callback_method": _no_callback,
}
