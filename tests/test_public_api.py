# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The names that the package gives, and what using them costs."""

import os
import subprocess
import sys
import types
import typing
from collections.abc import Iterator
from typing import Any

import pytest

import pipecat_sagemaker_deepgram as package
from pipecat_sagemaker_deepgram import client, exceptions

from .public_packages import public_packages

ONLY_FOR_TYPES = {"Tracer": object}
"""Names of other packages that are imported for annotations alone."""


@pytest.mark.parametrize("name", package.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(package, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        package.no_such_name  # type: ignore[attr-defined]  # noqa: B018


def test_every_error_and_every_name_of_the_client_is_public() -> None:
    errors = {
        name
        for name, value in vars(exceptions).items()
        if isinstance(value, type) and issubclass(value, Exception)
    }
    assert errors | set(client.__all__) <= set(package.__all__)


def _types_in(annotation: Any) -> Iterator[type]:
    """The classes that an annotation names, aliases resolved."""
    if isinstance(annotation, typing.TypeAliasType):
        yield from _types_in(annotation.__value__)
    elif isinstance(annotation, type) and not typing.get_args(annotation):
        yield annotation
    elif isinstance(annotation, list):
        for each in annotation:
            yield from _types_in(each)
    for each in typing.get_args(annotation):
        yield from _types_in(each)


def _signatures_of(value: object) -> Iterator[Any]:
    """What has the annotations of a public name: itself, its constructor, its public methods."""
    yield value
    if isinstance(value, type):
        for name, each in vars(value).items():
            if name == "__init__" or not name.startswith("_"):
                yield each.fget if isinstance(each, property) else each


def _named_types(value: object) -> set[str]:
    """The names of this package's types in the annotations of a public name."""
    hints = [
        hint
        for each in _signatures_of(value)
        if isinstance(each, type | types.FunctionType)
        for name, hint in typing.get_type_hints(each, localns=ONLY_FOR_TYPES).items()
        if not name.startswith("_")
    ]
    found = {each for hint in hints for each in _types_in(hint)}
    return {each.__name__ for each in found if each.__module__.startswith(package.__name__)}


@pytest.mark.parametrize("name", [n for n in package.__all__ if n != "__version__"])
def test_no_public_signature_names_a_type_that_is_not_exported(name: str) -> None:
    assert _named_types(getattr(package, name)) <= set(package.__all__)


def test_no_signature_of_an_extra_names_a_type_that_is_exported_nowhere() -> None:
    packages = public_packages()
    exported = {name for each in packages for name in each.__all__}
    assert len(packages) > 10
    for each in packages:
        for name in each.__all__:
            assert _named_types(getattr(each, name)) <= exported, f"{each.__name__}.{name}"


SDK = ("aws_sdk_sagemaker_runtime_http2", "smithy_core", "aiohttp", "awscrt")
HEAVY = (*SDK, "h2", "hpack", "botocore", "cryptography", "OpenSSL")


def modules_after(code: str, **environment: str) -> set[str]:
    """Modules that a process of its own has imported when it has run ``code``."""
    script = f"{code}\nimport sys\nprint(*sys.modules)"
    printed = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | environment,
    ).stdout
    return set(printed.split())


def test_importing_the_package_imports_neither_pipecat_nor_the_sdk() -> None:
    assert not modules_after(f"import {package.__name__}") & {*HEAVY, "pipecat", "numpy"}


@pytest.mark.parametrize("name", ["DeepgramSageMakerSTTService", "DeepgramFluxSageMakerSTTService"])
def test_making_a_service_imports_nothing_that_only_a_stream_needs(name: str) -> None:
    make = f"from {package.__name__} import {name} as Service; Service(endpoint_name='e')"
    assert not modules_after(make, AWS_REGION="us-east-1") & set(HEAVY)


def test_a_service_does_not_import_the_other_one() -> None:
    rooms = f"{package.__name__}.stt"
    imported = modules_after(f"from {rooms} import DeepgramSageMakerSTTService")
    assert f"{rooms}.nova.service" in imported
    assert f"{rooms}.flux.service" not in imported


def test_keys_of_the_environment_are_found_without_botocore() -> None:
    code = (
        "import asyncio\n"
        f"from {package.__name__}.transport import as_resolver\n"
        "asyncio.run(as_resolver().resolve())"
    )
    keys = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "secret"}
    assert "botocore" not in modules_after(code, **keys)
