# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Text in place of numbers, booleans and lists, as environment files hold it."""

import os
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

import numpy as np
import pytest

from pipecat_sagemaker_deepgram import (
    ClientConfig,
    ConfigurationError,
    RetryPolicy,
    SageMakerBidiClient,
    Target,
)
from pipecat_sagemaker_deepgram.container import ContainerOptions, FluxOptions
from pipecat_sagemaker_deepgram.emulator import EmulatorSettings, SageMakerEmulator
from pipecat_sagemaker_deepgram.recorded import RecordedSettings
from pipecat_sagemaker_deepgram.stt.flux.parameters import FluxParameters
from pipecat_sagemaker_deepgram.stt.nova.parameters import NovaParameters
from pipecat_sagemaker_deepgram.text_values import convert_value, converts_text

type Patience = float | None | Literal["learned"]


class Absent:
    """A mark of what is not given, as Pipecat's is."""


@pytest.mark.parametrize(
    ("value", "annotation", "becomes"),
    [
        ("0.3", float, 0.3),
        (" 5 ", int | None, 5),
        ("5.0", int, 5),
        ("inf", float, float("inf")),
        ("false", bool, False),
        ("False", bool | None, False),
        ("TRUE", bool, True),
        ("1", bool, True),
        (0, bool, False),
        ("300", int | bool | None, 300),
        ("false", int | bool | None, False),
        (False, int | bool | None, False),
        (1, float, 1),
        (np.float32(0.5), float, 0.5),
        (np.int64(5), int, 5),
        ("es", list[str], ["es"]),
        ("es, en", list[str] | None, ["es", "en"]),
        ("", list[str], []),
        ("Pipecat", str | list[str] | None, "Pipecat"),
        ("Pipecat, Graz Ost", str | list[str] | None, ["Pipecat", "Graz Ost"]),
        ("a,b", str | Sequence[str] | None, ["a", "b"]),
        (("a,b",), str | Sequence[str] | None, ("a,b",)),
        ("1000,1005", Container[int], [1000, 1005]),
        (range(1000, 5000), Container[int], range(1000, 5000)),
        ("learned", Patience, "learned"),
        ("2.5", Patience, 2.5),
        (None, Patience, None),
        (None, float | Absent, None),
        ("0.3", float | Absent, 0.3),
        ("a,b", str | None, "a,b"),
        ("text", os.PathLike[str] | str | None, "text"),
        ("anything", Any, "anything"),
        ({"a": 1}, dict[str, Any], {"a": 1}),
        ("a, b", tuple[str, ...], ("a", "b")),
        ([Target(endpoint_name="spare")], Sequence[Target], [Target(endpoint_name="spare")]),
    ],
)
def test_text_becomes_what_it_stands_for(value: Any, annotation: Any, becomes: Any) -> None:
    converted = convert_value("name", value, annotation)
    assert converted == becomes
    assert type(converted) is type(becomes)


def test_an_iterator_keeps_what_was_looked_at() -> None:
    targets = [Target(endpoint_name="near"), Target(endpoint_name="far")]
    assert convert_value("targets", iter(targets), Sequence[Target]) == tuple(targets)


def test_a_mark_of_what_is_not_given_stays() -> None:
    mark = Absent()
    assert convert_value("name", mark, float | None | Absent) is mark


@pytest.mark.parametrize(
    ("value", "annotation", "told"),
    [
        ("many", float, "name is 'many'. It takes a number."),
        ("", float | None, "name is ''. It takes a number or None."),
        ("nan", float, "name is 'nan'. It takes a number."),
        ("1.5", int, "name is '1.5'. It takes a whole number."),
        (True, int, "name is True. It takes a whole number."),
        ("yes", bool, "name is 'yes'. It takes True or False."),
        (2, bool, "name is 2. It takes True or False."),
        ([1], float, "name is [1]. It takes a number."),
        (None, float, "name is None. It takes a number."),
        (None, str, "name is None. It takes text."),
        (b"secret", str | None, "name is of type bytes. It takes text or None."),
        ("soon", Patience, "name is 'soon'. It takes a number or None or 'learned'."),
        ("spare", Sequence[Target], "name is of type str. It takes a list."),
        ("1000,x", Sequence[int], "name is 'x'. It takes a whole number."),
        (["spare"], Sequence[Target], "name contains 'spare'. It takes a list of Target."),
        (b"spare", Sequence[Target], "name is of type bytes. It takes a list."),
        ({"a": 1}, list[str], "name is of type dict. It takes a list."),
        (5, list[str] | None, "name is of type int. It takes a list or None."),
        ({"a": 1}, RetryPolicy | None, "name is of type dict. It takes RetryPolicy or None."),
        ("", RetryPolicy | None, "name is of type str. It takes RetryPolicy or None."),
        ("a", dict[str, Any], "name is of type str. It takes a dictionary."),
        ({1: 2}, dict[str, Any], "name contains the key 1. Its keys are text."),
        ("loud", Callable[[], None], "name is of type str. It takes a function."),
    ],
)
def test_what_stands_for_nothing_is_refused_by_name(value: Any, annotation: Any, told: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        convert_value("name", value, annotation)
    assert str(refused.value) == told


def test_an_object_whose_class_can_change_is_left_to_who_takes_it() -> None:
    @dataclass
    class Settings:
        model: str = ""

    other = object()
    assert convert_value("name", other, Settings | None) is other


def test_a_function_is_given_what_its_arguments_stand_for() -> None:
    @converts_text
    def give(first: int, *, second: bool = True) -> tuple[int, bool]:
        return first, second

    given: Any = ("3", "false")
    assert give(given[0], second=given[1]) == (3, False)
    assert give(3) == (3, True)


# Every number and boolean of every class whose objects are made of settings


CONFIGS = (
    ClientConfig,
    RetryPolicy,
    NovaParameters,
    FluxParameters,
    EmulatorSettings,
    ContainerOptions,
    FluxOptions,
    RecordedSettings,
)


@dataclass(frozen=True)
class Field:
    owner: Any
    name: str
    default: Any


def _numbers() -> Iterator[Any]:
    for owner in CONFIGS:
        hints = get_type_hints(owner)
        for each in fields(owner):
            hint = hints[each.name]
            kinds = (hint,) if get_origin(hint) is Container else get_args(hint) or (hint,)
            if {bool, int, float}.intersection(kinds):
                assert each.default is not MISSING
                found = Field(owner, each.name, each.default)
                yield pytest.param(found, id=f"{owner.__name__}.{each.name}")


@pytest.mark.parametrize("field", list(_numbers()))
def test_every_number_and_boolean_of_a_config_may_be_text(field: Field) -> None:
    if field.default is not None:
        made = field.owner(**{field.name: str(field.default).lower()})
        assert getattr(made, field.name) == field.default
        assert type(getattr(made, field.name)) in (type(field.default), float)
    with pytest.raises(ConfigurationError, match=f"^{field.name} is 'many'"):
        field.owner(**{field.name: "many"})


def test_a_target_without_a_name_is_refused() -> None:
    nothing: Any = None
    with pytest.raises(ConfigurationError, match="endpoint_name is None"):
        Target(endpoint_name=nothing)


def test_a_client_takes_text_for_its_switches() -> None:
    given: Any = {"use_fips": "perhaps"}
    with pytest.raises(ConfigurationError, match="use_fips is 'perhaps'"):
        SageMakerBidiClient("deepgram", "us-east-1", **given)


def test_an_emulator_takes_text_for_its_port() -> None:
    given: Any = {"port": "high"}
    with pytest.raises(ConfigurationError, match="port is 'high'"):
        SageMakerEmulator("ws://127.0.0.1:8080", **given)
