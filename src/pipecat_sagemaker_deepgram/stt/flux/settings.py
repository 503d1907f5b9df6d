# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What of Deepgram Flux can be set. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipecat.transcriptions.language import Language
from pipecat.utils.types import NOT_GIVEN, NotGiven

from pipecat_sagemaker_deepgram.deepgram.v2.configure import SWITCHES, THRESHOLDS
from pipecat_sagemaker_deepgram.deepgram.v2.query import MULTILINGUAL, flux_parameters
from pipecat_sagemaker_deepgram.stt.settings import QuerySettings

DEFAULT_EAGER_THRESHOLD = 0.5
"""Confidence from which an end of turn is predicted when nothing else is set."""


def _not_given() -> Any:
    return NOT_GIVEN


@dataclass
class DeepgramFluxSageMakerSTTSettings(QuerySettings):
    """Settings of ``DeepgramFluxSageMakerSTTService``, named as Pipecat names them.

    ``None`` leaves a parameter to the container.

    Attributes:
        model: ``flux-general-en`` or ``flux-general-multi``, as the endpoint serves it.
        language: Has no effect: Flux has no such parameter. Use ``language_hints``.
        eager_eot_threshold: Confidence from which an end of turn is predicted, 0.3 to 0.9;
            ``None`` predicts none.
        eot_threshold: Confidence from which a turn has ended, 0.5 to 1.0 (0.7). Bundles of
            before August 2026 take 0.9 at most.
        eot_timeout_ms: Milliseconds of silence after which a turn has ended whatever the
            confidence, 500 to 60,000 (5000). Bundles of before August 2026 take 10,000 at most.
        keyterm: Terms to favour.
        min_confidence: Mean confidence of its words from which a turn is reported. One that
            never reaches it leaves no trace; once reported, it is reported to its end.
        language_hints: Languages to expect; ``flux-general-multi`` only.
        numerals: Write numbers as digits. Not every bundle can.
        profanity_filter: Mask profanity. Not every bundle can.
        redact: ``"numbers"`` or ``"aggressive_numbers"``.
        extra: Parameters that are newer than this class, by Deepgram's names.
    """

    eager_eot_threshold: float | None | NotGiven = field(default_factory=_not_given)
    eot_threshold: float | None | NotGiven = field(default_factory=_not_given)
    eot_timeout_ms: int | None | NotGiven = field(default_factory=_not_given)
    keyterm: list[str] | NotGiven = field(default_factory=_not_given)
    min_confidence: float | None | NotGiven = field(default_factory=_not_given)
    language_hints: list[Language] | None | NotGiven = field(default_factory=_not_given)
    numerals: bool | None | NotGiven = field(default_factory=_not_given)
    profanity_filter: bool | None | NotGiven = field(default_factory=_not_given)
    redact: str | None | NotGiven = field(default_factory=_not_given)

    @classmethod
    def defaults(cls) -> "DeepgramFluxSageMakerSTTSettings":
        """A complete store: what is sent when the user sets nothing."""
        return cls(model="flux-general-en", keyterm=[]).complete()

    def values(self) -> dict[str, Any]:
        """All values by their names, those of ``extra`` last.

        Raises:
            ConfigurationError: ``extra`` names one that is fixed when the service is made.
        """
        self.refuse_audio_parameters()
        names = ("model", *THRESHOLDS, "keyterm", *SWITCHES, "redact", "language_hints")
        own = {name: getattr(self, name) for name in (*names, "min_confidence", "language")}
        return own | self.extra

    def query_parameters(self) -> dict[str, Any]:
        """The settings by Deepgram's names, as far as a container is sent them."""
        return flux_parameters(self.values())

    def warnings(self) -> Iterator[str]:
        """What is set and has no effect, a sentence each."""
        if self.language is not None:
            yield "Flux has no language parameter; language_hints does that"
        if self.language_hints and self.model != MULTILINGUAL:
            yield f"language_hints are for {MULTILINGUAL} only; not sent"
