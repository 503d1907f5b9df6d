# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What can be changed on an open connection of v2/listen, and whether a change is possible."""

from dataclasses import dataclass, replace
from typing import Any

from pipecat_sagemaker_deepgram.container.query_checks import (
    KEYTERM_LIMIT_EXCEEDED,
    are_too_many_keyterms,
)
from pipecat_sagemaker_deepgram.container.v2.bundle import FluxBundle
from pipecat_sagemaker_deepgram.container.v2.messages import Configure
from pipecat_sagemaker_deepgram.container.v2.query import (
    EAGER_ABOVE_END,
    ENGLISH,
    LANGUAGES,
    MAX_EAGER,
    MIN_EAGER,
    MIN_END,
    MIN_TIMEOUT_MS,
    NO_HINTS,
    FluxQuery,
    base_language,
)
from pipecat_sagemaker_deepgram.container.v2.turns import Thresholds


class ConfigureError(Exception):
    """A ``Configure`` is refused; all settings stay as they are.

    Attributes:
        code: The ``code`` of ``ConfigureFailure``.
        description: Its ``description``.
    """

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


@dataclass(frozen=True)
class FluxSettings:
    """The settings of an open connection.

    Attributes:
        query: The query, with the changes made since.
        bundle: The bundle to emulate.
    """

    query: FluxQuery
    bundle: FluxBundle

    def configure(self, change: Configure) -> "FluxSettings":
        """Return the settings after a change.

        Raises:
            ConfigureError: It is not possible; no setting changes.
        """
        query = replace(
            self.query,
            thresholds=self._thresholds(change),
            keyterms=self.query.keyterms if change.keyterms is None else change.keyterms,
            language_hints=self._hints(change.language_hints),
            numerals=self.query.numerals if change.numerals is None else change.numerals,
        )
        if are_too_many_keyterms(query.keyterms):
            raise ConfigureError("KEYTERM_LIMIT_EXCEEDED", KEYTERM_LIMIT_EXCEEDED)
        return replace(self, query=query)

    def echo(self) -> dict[str, Any]:
        """Write ``ConfigureSuccess``: every setting as it is, not only what was changed."""
        thresholds = self.query.thresholds
        values: dict[str, Any] = {"eot_threshold": thresholds.end}
        if thresholds.eager is not None:
            values["eager_eot_threshold"] = thresholds.eager
        values["eot_timeout_ms"] = round(thresholds.timeout * 1000)
        message: dict[str, Any] = {
            "type": "ConfigureSuccess",
            "thresholds": values,
            "keyterms": list(self.query.keyterms),
            "language_hints": list(self.query.language_hints),
        }
        if "numerals" in self.bundle.parameters:
            message["numerals"] = self.query.numerals
        return message

    def _thresholds(self, change: Configure) -> Thresholds:
        current = self.query.thresholds
        end = self._within("eot_threshold", change.eot_threshold, MIN_END, self.bundle.max_end)
        eager = self._within(
            "eager_eot_threshold", change.eager_eot_threshold, MIN_EAGER, MAX_EAGER
        )
        timeout_ms = self._within(
            "eot_timeout_ms", change.eot_timeout_ms, MIN_TIMEOUT_MS, self.bundle.max_timeout_ms
        )
        thresholds = Thresholds(
            end=current.end if end is None else end,
            eager=current.eager if eager is None else eager,
            timeout=current.timeout if timeout_ms is None else timeout_ms / 1000,
        )
        if thresholds.eager is not None and thresholds.eager > thresholds.end:
            raise ConfigureError(self.bundle.bad_threshold_code, EAGER_ABOVE_END)
        return thresholds

    def _within(self, name: str, value: float | None, least: float, most: float) -> float | None:
        if value is not None and not least <= value <= most:
            raise ConfigureError(
                self.bundle.bad_threshold_code, f"{name} must be between {least} and {most}"
            )
        return value

    def _hints(self, hints: tuple[str, ...] | None) -> tuple[str, ...]:
        if hints is None:
            return self.query.language_hints
        if hints and self.query.model == ENGLISH:
            raise ConfigureError("INVALID_PARAMETER", NO_HINTS)
        found = tuple(language for hint in hints if (language := base_language(hint)))
        if len(found) < len(hints):
            raise ConfigureError(
                "INVALID_PARAMETER", "language_hints must be among " + ", ".join(LANGUAGES)
            )
        return found
