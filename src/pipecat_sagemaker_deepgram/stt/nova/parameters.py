# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The query of a Deepgram Nova stream: fixed parameters and settings. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.deepgram.query import QueryValue
from pipecat_sagemaker_deepgram.deepgram.v1.query import build_nova_query
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.stt.nova.settings import DeepgramSageMakerSTTSettings
from pipecat_sagemaker_deepgram.text_values import convert_fields


@dataclass(frozen=True, kw_only=True)
class NovaParameters:
    """The parameters that are fixed when the service is created.

    Attributes:
        encoding: Deepgram's name of the audio's encoding.
        channels: Number of interleaved channels.
        multichannel: Whether each channel is transcribed separately.
        sample_rate: Sample rate in Hz; ``None`` uses the pipeline's.
        mip_opt_out: Whether to opt out of Deepgram's model improvement program.
        tag: Labels for Deepgram's usage reports.
        extra_metadata: Pairs that Deepgram returns in ``Metadata``.
        allow_unknown: Whether to send settings whose names this package does not know.

    Raises:
        ConfigurationError: A parameter is of the wrong type.
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
                advice="Pass a dictionary from strings to strings.",
            )

    def query(self, settings: DeepgramSageMakerSTTSettings, *, sample_rate: int = 0) -> str:
        """Write the query of the next stream.

        Args:
            settings: The settings; labels in their ``extra`` override the ones here.
            sample_rate: Sample rate of the audio in Hz; 0 until the pipeline has set it.

        Raises:
            ConfigurationError: A parameter is not valid, two contradict each other, or the query
                is too long.
        """
        audio = {
            "encoding": self.encoding,
            "channels": self.channels,
            "multichannel": self.multichannel or None,
            "sample_rate": sample_rate or self.sample_rate,
        }
        parameters = self._labels() | settings.query_parameters() | audio
        return build_nova_query(parameters, allow_unknown=self.allow_unknown)

    def _labels(self) -> dict[str, QueryValue]:
        pairs = (self.extra_metadata or {}).items()
        return {
            "mip_opt_out": self.mip_opt_out,
            "tag": self.tag,
            "extra": [f"{key}:{value}" for key, value in pairs],
        }
