# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Settings that are sent as parameters of a query. Pure."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, fields
from typing import Any, Self

from pipecat.services.settings import ServiceSettings, STTSettings
from pipecat.utils.types import NOT_GIVEN, is_given

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.text_values import convert_fields


@dataclass
class QuerySettings(STTSettings):
    """Pipecat's settings, as a complete store or a delta, named as Deepgram's parameters.

    ``None`` leaves a parameter to the container. Parameters newer than this package go into
    ``extra``; a key of it that names a field stands for that field.
    """

    def complete(self) -> Self:
        """Make this a store: what is not given is ``None``."""
        for name in self._names():
            if not is_given(getattr(self, name)):
                setattr(self, name, None)
        return self

    def apply_update(self, delta: ServiceSettings) -> dict[str, Any]:
        """Take over what a delta gives.

        A key of its ``extra`` that names a field is taken for that field, unless the field is
        given too. The values are copied, so that what becomes of the delta changes nothing here;
        text becomes the number, boolean or list that it stands for.

        Args:
            delta: What is to be changed.

        Returns:
            What has changed, with the values before.

        Raises:
            ConfigurationError: What is given are no settings, but a dictionary perhaps; or a
                value is none that its field takes.
        """
        if not isinstance(delta, ServiceSettings):
            name = type(self).__name__
            raise ConfigurationError(
                f"settings are a {name}, not a {type(delta).__name__}",
                advice=f"Pass {name}(name=value, ...).",
            )
        given = {name: getattr(delta, name, NOT_GIVEN) for name in self._names()}
        own = {name: value for name, value in given.items() if is_given(value)}
        wanted = deepcopy(self.from_mapping(delta.extra | own))
        convert_fields(wanted)
        return super().apply_update(wanted)

    def query_parameters(self) -> dict[str, Any]:
        """The settings by Deepgram's names, model and language first, ``extra`` last."""
        own = {name: getattr(self, name) for name in self._names()}
        return {"model": self.model, "language": self.language} | own | self.extra

    def refuse_audio_parameters(self, *further: str) -> None:
        """Refuse parameters in ``extra`` that are fixed when the service is made.

        Args:
            *further: Names beside ``encoding`` and ``sample_rate``.

        Raises:
            ConfigurationError: There is one.
        """
        for name in ("encoding", "sample_rate", *further):
            if name in self.extra:
                raise ConfigurationError(
                    f"{name} cannot be set: it says what the bytes of the audio are",
                    advice=f"Pass {name}= when the service is made.",
                )

    def _names(self) -> list[str]:
        return [each.name for each in fields(self) if each.name != "extra"]


def restore(settings: ServiceSettings, previous: Mapping[str, Any]) -> None:
    """Undo updates.

    Args:
        settings: The store that was updated.
        previous: The values before, as ``apply_update`` returns them.
    """
    names = {each.name for each in fields(settings)}
    for name, value in previous.items():
        if name in names:
            setattr(settings, name, value)
        elif is_given(value):
            settings.extra[name] = value
        else:
            settings.extra.pop(name, None)


def own_delta[S: ServiceSettings](settings: S, delta: object) -> S:
    """Give a delta as one of a service's own settings; what is given stays as it is.

    Args:
        settings: The service's settings.
        delta: What is to be changed: settings of that class, or of another with the same fields.

    Raises:
        ConfigurationError: It is something else, or gives fields that the service has not.
    """
    own = type(settings)
    if not isinstance(delta, ServiceSettings):
        raise ConfigurationError(
            f"settings are a {own.__name__}, not a {type(delta).__name__}",
            advice=f"Pass {own.__name__}(name=value, ...).",
        )
    given = delta.given_fields()
    strange = given.keys() - delta.extra.keys() - {each.name for each in fields(own)}
    if strange:
        raise ConfigurationError(
            f"{own.__name__} has no {', '.join(sorted(strange))}, which "
            f"{type(delta).__name__} gives",
            advice="Pass what is newer than the class in extra.",
        )
    return own.from_mapping(given)
