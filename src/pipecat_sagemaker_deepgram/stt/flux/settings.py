# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What of Deepgram Flux can be set."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pipecat.transcriptions.language import Language
from pipecat.utils.types import NOT_GIVEN, NotGiven

from pipecat_sagemaker_deepgram.deepgram.controls import configure
from pipecat_sagemaker_deepgram.deepgram.v2.query import LANGUAGES, MULTILINGUAL
from pipecat_sagemaker_deepgram.stt.settings import QuerySettings

LOCAL_FIELDS = frozenset(["min_confidence", "language"])
"""Settings that no container is told."""

THRESHOLDS = ("eot_threshold", "eager_eot_threshold", "eot_timeout_ms")
SWITCHES = ("numerals", "profanity_filter")

HINTS = "language_hints"

CONFIGURE_FIELDS = frozenset([*THRESHOLDS, *SWITCHES, "keyterm", HINTS])
"""Settings that a container of a recent bundle takes while it runs."""

DEFAULT_EAGER_THRESHOLD = 0.5
"""Confidence from which an end of turn is predicted when nothing else is set."""

DEFAULT_TIMEOUT_MS = 5000
"""The container's own ``eot_timeout_ms`` (Deepgram docs, "End of turn configuration")."""


def _not_given() -> Any:
    return NOT_GIVEN


@dataclass
class DeepgramFluxSageMakerSTTSettings(QuerySettings):
    """Settings of ``DeepgramFluxSageMakerSTTService``, named as Pipecat names them.

    ``model`` comes from Pipecat's ``STTSettings``; ``language`` too, but Flux has no such
    parameter: use ``language_hints``. ``None`` leaves a parameter to the container. Parameters
    newer than this class go into ``extra``.

    Parameters:
        eager_eot_threshold: Confidence from which an end of turn is predicted, 0.3 to 0.9;
            ``None`` predicts none.
        eot_threshold: Confidence from which a turn has ended, 0.5 to 1.0 (0.7). Bundles of
            before August 2026 take 0.9 at most.
        eot_timeout_ms: Milliseconds of silence after which a turn has ended whatever the
            confidence, 500 to 60,000 (5000). Bundles of before August 2026 take 10,000 at most.
        keyterm: Terms to favour.
        min_confidence: Mean confidence of its words from which a turn is told of. One that
            never reaches it leaves no trace; once told of, it is told to its end.
        language_hints: Languages to expect; ``flux-general-multi`` only.
        numerals: Write numbers as digits. Not every bundle can.
        profanity_filter: Mask profanity. Not every bundle can.
        redact: ``"numbers"`` or ``"aggressive_numbers"``.
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

    @property
    def eot_timeout(self) -> float:
        """Seconds of silence after which the container ends a turn."""
        milliseconds: Any = self.eot_timeout_ms
        return (milliseconds or DEFAULT_TIMEOUT_MS) / 1000

    @property
    def takes_hints(self) -> bool:
        """Whether the model is told of languages."""
        return self.model == MULTILINGUAL

    def query_parameters(self) -> dict[str, Any]:
        """The settings by Deepgram's names, as far as a container is told them."""
        hints = language_codes(self.language_hints) if self.takes_hints else None
        names = ("model", *THRESHOLDS, "keyterm", *SWITCHES, "redact")
        own = {name: getattr(self, name) for name in names}
        return own | {"language_hint": hints} | self.extra

    def configurable(self, names: Iterable[str]) -> frozenset[str]:
        """The settings whose values a ``Configure`` can tell.

        It cannot take a threshold back: the container keeps what it has over a ``null``.
        """
        unset = {name for name in THRESHOLDS if getattr(self, name) is None}
        untold = unset if self.takes_hints else unset | {HINTS}
        return CONFIGURE_FIELDS.intersection(names) - untold

    def configure_text(self, names: Iterable[str]) -> str:
        """A ``Configure`` with the values of some settings, as far as it can tell them."""
        wanted = self.configurable(names)
        keyterm: Any = self.keyterm
        terms = [keyterm] if isinstance(keyterm, str) else list(keyterm or ())
        return configure(
            thresholds={name: getattr(self, name) for name in THRESHOLDS if name in wanted},
            keyterms=terms if "keyterm" in wanted else None,
            language_hints=language_codes(self.language_hints) if HINTS in wanted else None,
            switches={name: bool(getattr(self, name)) for name in SWITCHES if name in wanted},
        )


def language_codes(hints: Any) -> list[str]:
    """Flux's codes of languages, each once; those it does not know are left out."""
    bases = (str(getattr(hint, "value", hint)).split("-")[0].lower() for hint in hints or ())
    return list(dict.fromkeys(code for code in bases if code in LANGUAGES))
