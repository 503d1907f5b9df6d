# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Refuses arguments that Pipecat's base classes would take for something else. Pure."""

import inspect
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from pipecat_sagemaker_deepgram.client.config import refuse_below_0
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError

_TIMES = ("ttfs_p99_latency", "stt_ttfb_timeout")
"""Arguments in seconds that are passed to Pipecat, which does not check them."""

_NAMED = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def refuse_unknown_arguments(cls: type, given: Iterable[str], *, also: Iterable[str] = ()) -> None:
    """Refuse arguments that neither a class nor one of its bases takes.

    Args:
        cls: The class of the object that is being created.
        given: Names of the arguments that its constructor did not take itself.
        also: Further known names, which no signature contains.

    Raises:
        ConfigurationError: A name is unknown; the message suggests the most similar known one.
    """
    known = _known_arguments(cls).union(also)
    for name in given:
        if name not in known:
            near = get_close_matches(name, sorted(known), n=1)
            advice = f"Did you mean {near[0]}?" if near else "See the class's documentation."
            raise ConfigurationError(f"{cls.__name__} takes no {name}", advice=advice)


def refuse_negative_times(given: Mapping[str, object]) -> None:
    """Refuse times below 0 among the arguments for Pipecat's base class.

    Args:
        given: Arguments by their names.

    Raises:
        ConfigurationError: A time is below 0; the message names it.
    """
    refuse_below_0({name: given.get(name) for name in _TIMES})


def _known_arguments(cls: type) -> set[str]:
    return {
        parameter.name
        for each in cls.__mro__
        if "__init__" in vars(each)
        for parameter in inspect.signature(each.__init__).parameters.values()
        if parameter.kind in _NAMED and parameter.name != "self"
    }
