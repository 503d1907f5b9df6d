# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The query of a Deepgram Nova stream: what is fixed with the service, and its settings. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.deepgram.v1.query import build_nova_query
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.stt.nova.settings import DeepgramSageMakerSTTSettings
from pipecat_sagemaker_deepgram.text_values import convert_fields


@dataclass(frozen=True, kw_only=True)
class NovaParameters:
    """What is fixed when the service is made.

    Parameters:
        encoding: Encoding of the audio, as Deepgram names it.
        channels: Channels of the audio, interleaved.
        multichannel: Whether each is transcribed by itself.
        sample_rate: Hz; ``None`` is the pipeline's.
        mip_opt_out: Whether to opt out of Deepgram's model improvement program.
        tag: Labels for Deepgram's usage reports.
        extra_metadata: Pairs that ``Metadata`` gives back.
        allow_unknown: Whether settings are sent whose names are not known here.

    Raises:
        ConfigurationError: A parameter is of another type.
    """

    encoding: str = "linear16"
    channels: int = 1
    multichannel: bool = False
    sample_rate: int | None = None
    mip_opt_out: bool | None = None
    tag: str | Sequence[str] | None = None
    extra_metadata: Mapping[str, str] | None = None
    allow_unknown: bool = False

    def __post_init__(self) -> None:
        convert_fields(self)
        if not isinstance(self.extra_metadata, Mapping | None):
            raise ConfigurationError(
                f"extra_metadata is of type {type(self.extra_metadata).__name__}",
                advice="It takes a dictionary of texts.",
            )

    def query(self, settings: DeepgramSageMakerSTTSettings, *, sample_rate: int = 0) -> str:
        """Write the query of the next stream.

        Args:
            settings: The settings; labels in their ``extra`` go before the ones here.
            sample_rate: Hz of the audio; 0 until the pipeline has set it.

        Raises:
            ConfigurationError: A parameter cannot be, two contradict each other, or the query
                is too long.
        """
        pairs = (self.extra_metadata or {}).items()
        labels = {
            "mip_opt_out": self.mip_opt_out,
            "tag": self.tag,
            "extra": [f"{key}:{value}" for key, value in pairs],
        }
        audio = {
            "encoding": self.encoding,
            "channels": self.channels,
            "multichannel": self.multichannel or None,
            "sample_rate": sample_rate or self.sample_rate,
        }
        parameters = labels | settings.query_parameters() | audio
        return build_nova_query(parameters, allow_unknown=self.allow_unknown)
