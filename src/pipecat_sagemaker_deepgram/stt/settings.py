# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Settings that are sent as query parameters. Pure."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, fields
from typing import Any, Self

from pipecat.services.settings import ServiceSettings, STTSettings
from pipecat.utils.types import NOT_GIVEN, is_given

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.text_values import convert_fields, convert_value


@dataclass
class QuerySettings(STTSettings):
    """Pipecat's settings, as a complete store or a delta, named as Deepgram's parameters.

    ``None`` leaves a parameter to the container. Parameters newer than this package go into
    ``extra``; if a key of ``extra`` names a field, its value is used for that field.
    """

    def complete(self) -> Self:
        """Make this a complete store: fields that are not given become ``None``."""
        for name in self._names():
            if not is_given(getattr(self, name)):
                setattr(self, name, None)
        return self

    def apply_update(self, delta: ServiceSettings) -> dict[str, Any]:
        """Apply the values that a delta gives.

        If a key of its ``extra`` names a field, the value is used for that field, unless the field
        is given too. Values are copied, so that later changes to the delta have no effect here.
        Text is converted to the number, boolean or list that it stands for.

        Args:
            delta: The changes.

        Returns:
            The names of the changed settings, with their previous values.

        Raises:
            ConfigurationError: The delta is not a settings object (but a dictionary, for example),
                or a value does not suit its field.
        """
        delta = _as_settings(delta, type(self))
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
        """Refuse parameters in ``extra`` that are fixed when the service is created.

        Args:
            *further: Names in addition to ``encoding`` and ``sample_rate``.

        Raises:
            ConfigurationError: ``extra`` contains such a parameter.
        """
        for name in ("encoding", "sample_rate", *further):
            if name in self.extra:
                raise ConfigurationError(
                    f"{name} is not a setting, because it describes the format of the audio",
                    advice=f"Pass {name}= when you create the service.",
                )

    def _names(self) -> list[str]:
        return [each.name for each in fields(self) if each.name != "extra"]


def restore(settings: ServiceSettings, previous: Mapping[str, Any]) -> None:
    """Undo updates.

    Args:
        settings: The store that was updated.
        previous: The previous values, as returned by ``apply_update``.
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
    """Convert a delta to a service's own class of settings; the given one is not changed.

    Args:
        settings: The service's settings.
        delta: The changes: settings of that class, or of another one with the same fields.

    Raises:
        ConfigurationError: The delta is something else, or gives fields that the service's class
            does not have.
    """
    own = type(settings)
    changes = _as_settings(delta, own)
    given = changes.given_fields()
    strange = given.keys() - changes.extra.keys() - {each.name for each in fields(own)}
    if strange:
        raise ConfigurationError(
            f"{type(delta).__name__} sets {', '.join(sorted(strange))}, which {own.__name__} "
            "does not have",
            advice="Pass parameters that are newer than the class in extra.",
        )
    return own.from_mapping(given)


def _as_settings(given: object, wanted: type[ServiceSettings]) -> ServiceSettings:
    if isinstance(given, ServiceSettings):
        convert_value("extra", given.extra, dict[str, Any])
        return given
    raise ConfigurationError(
        f"settings must be a {wanted.__name__}, not a {type(given).__name__}",
        advice=f"Pass {wanted.__name__}(name=value, ...).",
    )
