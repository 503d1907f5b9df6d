# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What of Deepgram Nova can be set."""

from dataclasses import dataclass, field, fields
from typing import Any

from pipecat.services.settings import STTSettings
from pipecat.utils.types import NOT_GIVEN, NotGiven, is_given

_PIPECAT_FIELDS = frozenset(each.name for each in fields(STTSettings))


def _not_given() -> Any:
    return NOT_GIVEN


@dataclass
class DeepgramSageMakerSTTSettings(STTSettings):
    """Settings of ``DeepgramSageMakerSTTService``, named as Deepgram's query parameters.

    ``model`` and ``language`` come from Pipecat's ``STTSettings``. ``None`` leaves a parameter
    to the container. Parameters newer than this class go into ``extra``.

    Parameters:
        detect_entities: Name entities in finals.
        diarize: Tell speakers apart.
        dictation: Turn spoken punctuation into signs.
        endpointing: Milliseconds of silence that end a piece of speech, or ``False``.
        interim_results: Send what is heard so far, about once a second.
        keyterm: Terms to favour (Nova-3).
        keywords: Words to favour, each with an optional weight (Nova-2 and older).
        numerals: Write numbers as digits.
        profanity_filter: Mask profanity.
        punctuate: Add punctuation and capitals.
        redact: Kinds of information to mask.
        replace: Replacements, each ``find:replace``.
        search: Terms to look for.
        smart_format: Format dates, times, amounts and the like.
        utterance_end_ms: Milliseconds between words that end an utterance, 1000 at least.
        version: Version of the model.
    """

    detect_entities: bool | None | NotGiven = field(default_factory=_not_given)
    diarize: bool | None | NotGiven = field(default_factory=_not_given)
    dictation: bool | None | NotGiven = field(default_factory=_not_given)
    endpointing: int | bool | None | NotGiven = field(default_factory=_not_given)
    interim_results: bool | None | NotGiven = field(default_factory=_not_given)
    keyterm: str | list[str] | None | NotGiven = field(default_factory=_not_given)
    keywords: str | list[str] | None | NotGiven = field(default_factory=_not_given)
    numerals: bool | None | NotGiven = field(default_factory=_not_given)
    profanity_filter: bool | None | NotGiven = field(default_factory=_not_given)
    punctuate: bool | None | NotGiven = field(default_factory=_not_given)
    redact: str | list[str] | None | NotGiven = field(default_factory=_not_given)
    replace: str | list[str] | None | NotGiven = field(default_factory=_not_given)
    search: str | list[str] | None | NotGiven = field(default_factory=_not_given)
    smart_format: bool | None | NotGiven = field(default_factory=_not_given)
    utterance_end_ms: int | None | NotGiven = field(default_factory=_not_given)
    version: str | None | NotGiven = field(default_factory=_not_given)

    @classmethod
    def defaults(cls) -> "DeepgramSageMakerSTTSettings":
        """A complete store: what is sent when the user sets nothing."""
        settings = cls(model="nova-3", language="en", interim_results=True, punctuate=True)
        for each in fields(settings):
            if not is_given(getattr(settings, each.name)):
                setattr(settings, each.name, None)
        return settings

    def query_parameters(self) -> dict[str, Any]:
        """The given settings, as query parameters by Deepgram's names."""
        own = {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if each.name not in _PIPECAT_FIELDS
        }
        return {"model": self.model, "language": self.language} | own | self.extra
