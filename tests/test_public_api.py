# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The names that the package gives, and what using them costs."""

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


def test_importing_the_package_imports_neither_pipecat_nor_the_sdk() -> None:
    code = (
        "import sys, pipecat_sagemaker_deepgram\n"
        "heavy = {'pipecat', 'botocore', 'aws_sdk_sagemaker_runtime_http2', 'h2', 'numpy'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert printed.strip() == "[]"
