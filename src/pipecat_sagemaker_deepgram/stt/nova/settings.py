# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The settings of Deepgram Nova."""

from dataclasses import dataclass, field
from typing import Any

from pipecat.transcriptions.language import Language
from pipecat.utils.types import NOT_GIVEN, NotGiven

from pipecat_sagemaker_deepgram.stt.settings import QuerySettings

_LANGUAGE_CODES = {
    "cmn": "zh",
    "cmn-CN": "zh-CN",
    "fil": "tl",
    "fil-PH": "tl",
    "nb": "no",
    "nb-NO": "no",
    "yue": "zh-HK",
    "yue-CN": "zh-HK",
}


def language_code(language: Language) -> str:
    """Return Deepgram's code of a language; the tag itself if Deepgram uses no other.

    Source: Deepgram docs, "Models & Languages Overview".
    """
    return _LANGUAGE_CODES.get(language, str(language))


def _not_given() -> Any:
    return NOT_GIVEN


@dataclass
class DeepgramSageMakerSTTSettings(QuerySettings):
    """Settings of ``DeepgramSageMakerSTTService``, named as Deepgram's query parameters.

    ``None`` leaves a parameter to the container. A container refuses a parameter that it does not
    know, so only parameters with a value are sent.

    Attributes:
        model: The Deepgram model that the endpoint serves, such as ``nova-3`` or ``nova-2``.
        language: The language spoken, as a BCP-47 tag or Pipecat's ``Language``; ``multi`` for
            several languages in one call. ``None`` sends none.
        detect_entities: Name entities in finals; needs a container built with this feature.
        diarize: Distinguish speakers.
        diarize_model: Distinguish speakers by a given model, ``latest`` or ``v1``; not together
            with ``diarize``.
        dictation: Turn spoken punctuation into punctuation marks; needs ``punctuate``.
        endpointing: Milliseconds of silence that end a piece of speech, or ``False``.
        filler_words: Keep "uh" and "um"; supported by few models.
        interim_results: Send what has been heard so far, about once a second.
        keyterm: Terms to favour, up to 500 tokens in all (Nova-3).
        keywords: Words to favour, each with an optional weight (Nova-2 and older).
        language_hint: Languages to expect (Nova-3 with ``language="multi"``).
        no_delay: Do not delay finals to format them; supported by few containers.
        numerals: Write numbers as digits.
        profanity_filter: Mask profanity.
        punctuate: Add punctuation and capitals.
        redact: Kinds of information to mask.
        replace: Replacements, each ``find:replace``, or a term to remove.
        search: Terms to look for; needs a container built with this feature.
        smart_format: Format dates, times, amounts and the like; may delay finals.
        utterance_end_ms: Milliseconds between words that end an utterance, 1000 at least; needs
            ``interim_results``.
        vad_events: Report when speech starts, by ``on_speech_started``.
        version: Version of the model.
        extra: Parameters that are newer than this class, by Deepgram's names.
    """

    detect_entities: bool | None | NotGiven = field(default_factory=_not_given)
    diarize: bool | None | NotGiven = field(default_factory=_not_given)
    diarize_model: str | None | NotGiven = field(default_factory=_not_given)
    dictation: bool | None | NotGiven = field(default_factory=_not_given)
    endpointing: int | bool | None | NotGiven = field(default_factory=_not_given)
    filler_words: bool | None | NotGiven = field(default_factory=_not_given)
    interim_results: bool | None | NotGiven = field(default_factory=_not_given)
    keyterm: str | list[str] | None | NotGiven = field(default_factory=_not_given)
    keywords: str | list[str] | None | NotGiven = field(default_factory=_not_given)
    language_hint: str | list[str] | None | NotGiven = field(default_factory=_not_given)
    no_delay: bool | None | NotGiven = field(default_factory=_not_given)
    numerals: bool | None | NotGiven = field(default_factory=_not_given)
    profanity_filter: bool | None | NotGiven = field(default_factory=_not_given)
    punctuate: bool | None | NotGiven = field(default_factory=_not_given)
    redact: str | list[str] | None | NotGiven = field(default_factory=_not_given)
    replace: str | list[str] | None | NotGiven = field(default_factory=_not_given)
    search: str | list[str] | None | NotGiven = field(default_factory=_not_given)
    smart_format: bool | None | NotGiven = field(default_factory=_not_given)
    utterance_end_ms: int | None | NotGiven = field(default_factory=_not_given)
    vad_events: bool | None | NotGiven = field(default_factory=_not_given)
    version: str | None | NotGiven = field(default_factory=_not_given)

    @classmethod
    def defaults(cls) -> "DeepgramSageMakerSTTSettings":
        """Return a complete store: the values that are sent if the user sets nothing."""
        settings = cls(model="nova-3", language="en", interim_results=True, punctuate=True)
        return settings.complete()

    def query_parameters(self) -> dict[str, Any]:
        """The settings as query parameters.

        Raises:
            ConfigurationError: ``extra`` names a parameter that is fixed when the service is
                created.
        """
        self.refuse_audio_parameters("channels", "multichannel")
        return super().query_parameters()
