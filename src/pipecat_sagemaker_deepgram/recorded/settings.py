# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The parameters of a model, as the query of a stream or of a request. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipecat_sagemaker_deepgram.deepgram.query import QueryValue, build_query
from pipecat_sagemaker_deepgram.deepgram.v1.query import build_nova_query
from pipecat_sagemaker_deepgram.deepgram.v2.query import MULTILINGUAL, flux_query
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.text_values import convert_fields

SPEECH_RATE = 16_000
"""Maximum sample rate that is sent, in Hz: speech models use no more."""

LOWEST_RATE = 8_000

_RATES_OF_FLUX = (8_000, 16_000)
_LONGEST_ATTRIBUTES = 1024
"""Characters of ``CustomAttributes`` (service model of SageMaker Runtime)."""

_OF_AUDIO = ("encoding", "sample_rate", "channels", "multichannel")
_PATH = "v1/listen"


@dataclass(frozen=True, kw_only=True)
class RecordedSettings:
    """Settings of a transcription.

    Attributes:
        model: Deepgram's model, as the endpoint serves it. A name that begins with ``flux`` means
            Deepgram Flux, which accepts streams only.
        language: The language spoken, as a BCP-47 tag or ``multi``; ``None`` leaves it to the
            container. Flux detects it; for its multilingual model, this is a hint.
        keyterms: Terms to boost.
        parameters: Further query parameters, by Deepgram's names, such as ``diarize``; ``None``
            as a value leaves out a parameter that would be sent otherwise.
        allow_unknown_parameters: Whether parameters that this version does not know are sent.

    Raises:
        ConfigurationError: A value is of the wrong type, or a parameter describes the audio, which
            is read from the recording.
    """

    model: str = "nova-3"
    language: str | None = "en"
    keyterms: tuple[str, ...] = ()
    parameters: Mapping[str, QueryValue] = field(default_factory=dict[str, QueryValue])
    allow_unknown_parameters: bool = False

    def __post_init__(self) -> None:
        convert_fields(self)
        for name in _OF_AUDIO:
            if name in self.parameters:
                raise ConfigurationError(
                    f"{name} cannot be set: it is read from the recording",
                    advice="Leave it out; files without a header have options of their own.",
                )

    @property
    def is_flux(self) -> bool:
        """Whether it is Deepgram Flux."""
        return self.model.startswith("flux")

    @property
    def has_interims(self) -> bool:
        """Whether a stream sends interim results about once a second."""
        return str(self.parameters.get("interim_results", True)).lower() == "true"

    def rate_for(self, sample_rate: int) -> int:
        """Sample rate at which a recording is sent, in Hz.

        Args:
            sample_rate: Its own sample rate, in Hz.
        """
        rate = max(LOWEST_RATE, min(sample_rate, SPEECH_RATE))
        return SPEECH_RATE if self.is_flux and rate not in _RATES_OF_FLUX else rate

    def stream_query(self, sample_rate: int) -> str:
        """The query of a stream of mono linear16.

        Args:
            sample_rate: Its sample rate, in Hz.

        Raises:
            ConfigurationError: A parameter is invalid.
        """
        audio: dict[str, QueryValue] = {"encoding": "linear16", "sample_rate": sample_rate}
        allow_unknown = self.allow_unknown_parameters
        if self.is_flux:
            return flux_query(self.flux_settings() | audio, allow_unknown=allow_unknown)
        own: dict[str, QueryValue] = {"interim_results": True, "channels": 1}
        parameters = {**self._common(), **own, **self.parameters, **audio}
        return build_nova_query(parameters, allow_unknown=allow_unknown)

    def flux_settings(self) -> dict[str, QueryValue]:
        """The settings of Deepgram Flux, by their names."""
        hint = self.language if self.model == MULTILINGUAL and self.language != "multi" else None
        return {
            "model": self.model,
            "keyterm": list(self.keyterms) or None,
            "language_hints": None if hint is None else [hint],
            **self.parameters,
        }

    def request_attributes(self) -> str:
        """The path and query of a request with a whole recording.

        Raises:
            ConfigurationError: A parameter is invalid, or they are too long for a request, which
                accepts half as much as a stream.
        """
        query = build_query({**self._common(), "utterances": True, **self.parameters})
        attributes = f"{_PATH}?{query}"
        if len(attributes) > _LONGEST_ATTRIBUTES:
            raise ConfigurationError(
                f"the path and query are {len(attributes)} characters long, but InvokeEndpoint "
                f"accepts {_LONGEST_ATTRIBUTES}",
                advice="Give fewer key terms, or use --mode stream.",
            )
        return attributes

    def _common(self) -> dict[str, QueryValue]:
        return {
            "model": self.model,
            "language": self.language,
            "punctuate": True,
            "keyterm": list(self.keyterms) or None,
        }
