# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What SageMaker takes is taken; what it refuses is refused before anything is sent."""

import pytest

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.transport.request import StreamRequest

from .conftest import request_to


def request(**fields: str) -> StreamRequest:
    return request_to("https://host:8443", **fields)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("endpoint_name", "a"),
        ("endpoint_name", "a" * 63),
        ("endpoint_name", "my--endpoint-1"),
        ("target_variant", "AllTraffic"),
        ("invocation_path", ""),
        ("invocation_path", "v1/listen"),
        ("invocation_path", "v2.1/listen_x/y-z"),
        ("invocation_path", "a" * 100),
        ("query_string", ""),
        ("query_string", "model=nova-3"),
        ("query_string", "a=1&a=2&keyterm=caf%C3%A9%20au%20lait"),
        ("query_string", "replace=a%3Ab&x=~._-"),
        ("query_string", "a=" + "b" * 2046),
    ],
)
def test_what_the_service_model_allows_is_taken(field: str, value: str) -> None:
    assert getattr(request(**{field: value}), field) == value


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("endpoint_name", "", "endpoint_name"),
        ("endpoint_name", "a" * 64, "endpoint_name is 64 characters long"),
        ("endpoint_name", "-a", "endpoint_name"),
        ("endpoint_name", "a-", "endpoint_name"),
        ("endpoint_name", "my_endpoint", "endpoint_name"),
        ("endpoint_name", "a\n", "endpoint_name"),
        ("endpoint_name", "é", "endpoint_name"),
        ("target_variant", "", "target_variant"),
        ("target_variant", "a" * 64, "target_variant is 64"),
        ("invocation_path", "/v1/listen", "model_invocation_path"),
        ("invocation_path", "v1/listen/", "model_invocation_path"),
        ("invocation_path", "v1//listen", "model_invocation_path"),
        ("invocation_path", "v1/li%20sten", "model_invocation_path"),
        ("invocation_path", "v1?x=y", "model_invocation_path"),
        ("invocation_path", "a" * 101, "model_invocation_path is 101"),
        ("query_string", "?a=b", "model_query_string"),
        ("query_string", "a=b+c", "model_query_string"),
        ("query_string", "a=", "model_query_string"),
        ("query_string", "a", "model_query_string"),
        ("query_string", "a=b&", "model_query_string"),
        ("query_string", "a=b&&c=d", "model_query_string"),
        ("query_string", "a.b=c", "model_query_string"),
        ("query_string", "a=b:c", "model_query_string"),
        ("query_string", "a=%2", "model_query_string"),
        ("query_string", "a=é", "model_query_string"),
        ("query_string", "a=b\r\nx: y", "model_query_string"),
        ("query_string", "a=" + "b" * 2047, "model_query_string is 2049"),
    ],
)
def test_what_it_refuses_is_refused_by_name(field: str, value: str, named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        request(**{field: value})


def test_a_long_hostile_value_is_refused_at_once() -> None:
    """Neither pattern may take time that grows faster than the value."""
    with pytest.raises(ConfigurationError):
        request(query_string="a=" + "%2" * 1000)
    with pytest.raises(ConfigurationError):
        request(endpoint_name="a" + "-" * 61 + "_")


def test_the_identity_names_the_stream() -> None:
    identity = request().identity(request_id="r-1", production_variant="blue")
    assert str(identity) == (
        "endpoint deepgram, region us-east-1, url https://host:8443, request id r-1, variant blue"
    )
