# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The query of v2/listen: the parameters of a bundle, and how invalid ones are refused.

Only ``tag`` and ``mip_opt_out`` have no effect: they concern the bill and the use of the data.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipecat_sagemaker_deepgram.audio.pcm import SAMPLE_BYTES, AudioFormat
from pipecat_sagemaker_deepgram.container.query_checks import (
    Check,
    QueryError,
    boolean,
    check_query,
    choice,
    integer,
    keyterms,
    number,
    one,
    refused,
    several,
)
from pipecat_sagemaker_deepgram.container.text.features import Features
from pipecat_sagemaker_deepgram.container.v2.bundle import FluxBundle
from pipecat_sagemaker_deepgram.container.v2.turns import Thresholds

ENGLISH = "flux-general-en"
MULTILINGUAL = "flux-general-multi"
LANGUAGES = ("en", "es", "fr", "de", "hi", "ru", "pt", "ja", "it", "nl")
SAMPLE_RATES = (8000, 16000, 24000, 44100, 48000)
MIN_END, MIN_EAGER, MAX_EAGER, MIN_TIMEOUT_MS = 0.5, 0.3, 0.9, 500
NO_HINTS = f"language_hint is not supported for model {ENGLISH}"
EAGER_ABOVE_END = "eager_eot_threshold must be less than or equal to eot_threshold"


@dataclass(frozen=True)
class FluxQuery:
    """A checked query.

    Attributes:
        model: ``flux-general-en`` or ``flux-general-multi``.
        audio: The format of the audio.
        thresholds: When a turn ends.
        keyterms: Terms to favour.
        language_hints: Languages to expect.
        numerals: Whether numbers are written in digits.
        profanity_filter: Whether swear words are masked.
        redact: Which numbers are masked; None for none.
    """

    model: str
    audio: AudioFormat
    thresholds: Thresholds = field(default_factory=Thresholds)
    keyterms: tuple[str, ...] = ()
    language_hints: tuple[str, ...] = ()
    numerals: bool = False
    profanity_filter: bool = False
    redact: str | None = None

    @property
    def features(self) -> Features:
        """The text features; filler words stay in a turn."""
        return Features(
            filler_words=True,
            keyterms=self.keyterms,
            numerals=self.numerals,
            profanity_filter=self.profanity_filter,
            redacts_numbers=self.redact == "numbers",
            redacts_all_numbers=self.redact == "aggressive_numbers",
        )

    @property
    def is_multilingual(self) -> bool:
        """Whether the model supports languages other than English."""
        return self.model == MULTILINGUAL


def parse_flux_query(query: str, bundle: FluxBundle) -> FluxQuery:
    """Check a raw query string.

    Raises:
        QueryError: The bundle does not know a parameter, or one is repeated where it may not be,
            has an invalid value, or contradicts another.
    """
    values = check_query(query, _checks(bundle))
    if "model" not in values:
        raise QueryError("Failed to deserialize query parameters: missing field `model`")
    if "language_hint" in values and values["model"] == ENGLISH:
        raise QueryError(NO_HINTS, code="INVALID_PARAMETER")
    return FluxQuery(
        model=values["model"],
        audio=_audio_format(values),
        thresholds=_thresholds(values),
        keyterms=tuple(values.get("keyterm", ())),
        language_hints=tuple(values.get("language_hint", ())),
        numerals=values.get("numerals", False),
        profanity_filter=values.get("profanity_filter", False),
        redact=values.get("redact"),
    )


def base_language(tag: str) -> str | None:
    """The language of a hint, without its region; None for an unknown one."""
    base = tag.split("-")[0].lower()
    return base if base in LANGUAGES else None


def _audio_format(values: dict) -> AudioFormat:
    encoding, rate = values.get("encoding"), values.get("sample_rate")
    if encoding is None and rate is not None:
        raise QueryError("sample_rate is read only where encoding is given", code="Bad Request")
    if encoding in _NEED_RATE and rate is None:
        raise QueryError(f"encoding={encoding} requires sample_rate", code="Bad Request")
    return AudioFormat(encoding, int(rate or 0))


def _thresholds(values: dict) -> Thresholds:
    thresholds = Thresholds(
        end=values.get("eot_threshold", 0.7),
        eager=values.get("eager_eot_threshold"),
        timeout=values.get("eot_timeout_ms", 5000) / 1000,
    )
    if thresholds.eager is not None and thresholds.eager > thresholds.end:
        raise QueryError(EAGER_ABOVE_END, code="INVALID_PARAMETER")
    return thresholds


def _model(name: str, texts: Sequence[str]) -> str:
    text = one(name, texts)
    if text not in (ENGLISH, MULTILINGUAL):
        raise QueryError(
            "Bad Request: No such model/version combination found.", code="Bad Request"
        )
    return text


def _hints(name: str, texts: Sequence[str]) -> list[str]:
    found = [base_language(text) for text in texts]
    if None in found:
        raise refused(name, texts[found.index(None)], "one of " + ", ".join(LANGUAGES))
    return [language for language in found if language is not None]


_NEED_RATE = (*SAMPLE_BYTES, "opus")
_CHECKS: dict[str, Check] = {
    "model": _model,
    "encoding": choice(*_NEED_RATE, "ogg-opus"),
    "sample_rate": choice(*map(str, SAMPLE_RATES)),
    "eager_eot_threshold": number(MIN_EAGER, MAX_EAGER),
    "keyterm": keyterms,
    "language_hint": _hints,
    "redact": choice("numbers", "aggressive_numbers"),
    "mip_opt_out": boolean,
    "tag": several(128),
}


def _checks(bundle: FluxBundle) -> dict[str, Check]:
    return (
        _CHECKS
        | {
            "eot_threshold": number(MIN_END, bundle.max_end),
            "eot_timeout_ms": integer(MIN_TIMEOUT_MS, bundle.max_timeout_ms),
        }
        | dict.fromkeys(bundle.parameters, boolean)
    )
