# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The query parameters of a Deepgram Flux service that are not settings. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipecat_sagemaker_deepgram.deepgram.v2.query import flux_query
from pipecat_sagemaker_deepgram.text_values import convert_fields


@dataclass(frozen=True, kw_only=True)
class FluxParameters:
    """The parameters that are fixed when the service is created.

    Attributes:
        encoding: Encoding of the audio that is sent.
        sample_rate: Sample rate in Hz; ``None`` uses the pipeline's.
        mip_opt_out: Whether to opt out of Deepgram's model improvement program.
        tag: Labels for Deepgram's usage reports.
        allow_unknown: Whether to send settings whose names this package does not know.
    """

    encoding: str = "linear16"
    sample_rate: int | None = None
    mip_opt_out: bool | None = None
    tag: str | Sequence[str] | None = None
    allow_unknown: bool = False

    def __post_init__(self) -> None:
        convert_fields(self)

    def query(self, settings: Mapping[str, Any], *, sample_rate: int = 0) -> str:
        """Write the query of the next stream.

        Args:
            settings: The values of the settings, by their names; labels among them override the
                ones here.
            sample_rate: Sample rate of the audio in Hz; 0 until the pipeline has set it.

        Raises:
            ConfigurationError: A parameter is not valid, two contradict each other, or the query
                is too long.
        """
        audio = {"encoding": self.encoding, "sample_rate": sample_rate or self.sample_rate}
        labels = {
            name: settings[name] if name in settings else getattr(self, name)
            for name in ("mip_opt_out", "tag")
        }
        return flux_query({**settings, **audio, **labels}, allow_unknown=self.allow_unknown)
