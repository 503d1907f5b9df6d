# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The fixtures and marks of the pytest plugin."""

from collections.abc import Iterator

import pytest

from pipecat_sagemaker_deepgram.testing.endpoint import (
    EndpointOptions,
    LocalEndpoint,
    local_endpoint,
    real_container,
)

_MARK = "sagemaker_endpoint"
_REAL = "real_recognizer"


def pytest_configure(config: pytest.Config) -> None:
    """Register the marks.

    Args:
        config: pytest's configuration.
    """
    config.addinivalue_line(
        "markers", f"{_MARK}(**options): configure the endpoint, as EndpointOptions describes"
    )
    config.addinivalue_line("markers", f"{_REAL}: put a real speech recogniser behind the endpoint")


@pytest.fixture(scope="session")
def real_container_url() -> Iterator[str]:
    """A container with a real recogniser, whose model is loaded once for all tests."""
    with real_container() as url:
        yield url


@pytest.fixture
def sagemaker_endpoint(request: pytest.FixtureRequest) -> Iterator[LocalEndpoint]:
    """A SageMaker endpoint for one test, with a scripted recogniser or a real one."""
    options, url = options_of(request.node), None
    if request.node.get_closest_marker(_REAL) is not None:
        url = request.getfixturevalue("real_container_url")
    with local_endpoint(options, container_url=url) as endpoint:
        yield endpoint


@pytest.fixture
def sagemaker_environment(
    sagemaker_endpoint: LocalEndpoint, monkeypatch: pytest.MonkeyPatch
) -> LocalEndpoint:
    """That endpoint, with the environment variables that direct clients and bots to it."""
    for name, value in sagemaker_endpoint.environment.items():
        monkeypatch.setenv(name, value)
    return sagemaker_endpoint


def options_of(test: pytest.Item) -> EndpointOptions:
    """Read a test's marks.

    Args:
        test: The test.

    Raises:
        UsageError: A mark is not valid, or the marks contradict each other.
    """
    mark = test.get_closest_marker(_MARK)
    try:
        options = EndpointOptions(*mark.args, **mark.kwargs) if mark else EndpointOptions()
    except TypeError as error:
        raise pytest.UsageError(f"the mark {_MARK} cannot be read: {error}") from error
    is_scripted = options.behavior is not None or options.flux is not None
    if is_scripted and test.get_closest_marker(_REAL) is not None:
        raise pytest.UsageError(f"the mark {_REAL} cannot be combined with behavior or flux")
    return options
