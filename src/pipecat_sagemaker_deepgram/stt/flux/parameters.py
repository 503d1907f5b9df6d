# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a Deepgram Flux service sends every container, beside its settings. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipecat_sagemaker_deepgram.deepgram.v2.query import flux_query
from pipecat_sagemaker_deepgram.text_values import convert_fields


@dataclass(frozen=True, kw_only=True)
class FluxParameters:
    """What is fixed when the service is made.

    Attributes:
        encoding: Encoding of the audio that is sent.
        sample_rate: Hz; ``None`` is the pipeline's.
        mip_opt_out: Whether to opt out of Deepgram's model improvement program.
        tag: Labels for Deepgram's usage reports.
        allow_unknown: Whether settings are sent whose names are not known here.
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
            settings: The values of the settings, by their names; labels among them go before the
                ones here.
            sample_rate: Hz of the audio; 0 until the pipeline has set it.

        Raises:
            ConfigurationError: A parameter cannot be, two contradict each other, or the query
                is too long.
        """
        audio = {"encoding": self.encoding, "sample_rate": sample_rate or self.sample_rate}
        labels = {
            name: settings[name] if name in settings else getattr(self, name)
            for name in ("mip_opt_out", "tag")
        }
        return flux_query({**settings, **audio, **labels}, allow_unknown=self.allow_unknown)
