# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The settings of Deepgram Flux. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipecat.transcriptions.language import Language
from pipecat.utils.types import NOT_GIVEN, NotGiven

from pipecat_sagemaker_deepgram.deepgram.v2.configure import SWITCHES, THRESHOLDS
from pipecat_sagemaker_deepgram.deepgram.v2.query import MULTILINGUAL, flux_parameters
from pipecat_sagemaker_deepgram.stt.settings import QuerySettings

DEFAULT_EAGER_THRESHOLD = 0.5
"""Confidence from which an end of turn is predicted if no other value is set."""


def _not_given() -> Any:
    return NOT_GIVEN


@dataclass
class DeepgramFluxSageMakerSTTSettings(QuerySettings):
    """Settings of ``DeepgramFluxSageMakerSTTService``, named as Pipecat names them.

    ``None`` leaves a parameter to the container.

    Attributes:
        model: The model that the endpoint serves, ``flux-general-en`` or ``flux-general-multi``.
        language: Has no effect, because Flux has no such parameter. Use ``language_hints``.
        eager_eot_threshold: Confidence from which an end of turn is predicted, 0.3 to 0.9;
            ``None`` predicts none.
        eot_threshold: Confidence from which a turn has ended, 0.5 to 1.0 (0.7). Bundles from
            before August 2026 accept at most 0.9.
        eot_timeout_ms: Milliseconds of silence after which a turn has ended whatever the
            confidence, 500 to 60,000 (5000). Bundles from before August 2026 accept at most 10,000.
        keyterm: Terms to favour.
        min_confidence: Mean confidence of a turn's words from which the turn is reported. A turn
            that never reaches it is not reported at all; one that does is reported to its end.
        language_hints: Languages to expect; ``flux-general-multi`` only.
        numerals: Write numbers as digits. Not every bundle supports this.
        profanity_filter: Mask profanity. Not every bundle supports this.
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
        """Return a complete store: the values that are sent if the user sets nothing."""
        return cls(model="flux-general-en", keyterm=[]).complete()

    def values(self) -> dict[str, Any]:
        """All values by their names, those of ``extra`` last.

        Raises:
            ConfigurationError: ``extra`` names a parameter that is fixed when the service is
                created.
        """
        self.refuse_audio_parameters()
        names = ("model", *THRESHOLDS, "keyterm", *SWITCHES, "redact", "language_hints")
        own = {name: getattr(self, name) for name in (*names, "min_confidence", "language")}
        return own | self.extra

    def query_parameters(self) -> dict[str, Any]:
        """Return the settings that are sent to a container, by Deepgram's names."""
        return flux_parameters(self.values())

    def warnings(self) -> Iterator[str]:
        """Yield a sentence for each setting that has no effect."""
        if self.language is not None:
            yield "Flux has no language parameter; use language_hints instead"
        if self.language_hints and self.model != MULTILINGUAL:
            yield f"language_hints is not sent: only {MULTILINGUAL} accepts it"
