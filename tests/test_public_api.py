# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The names that the package gives, and what using them costs."""

import os
import subprocess
import sys

import pytest

import pipecat_sagemaker_deepgram as package
from pipecat_sagemaker_deepgram import client, exceptions


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
