# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Where a request is meant to go: its path and its query, also of an invocation."""

from http import HTTPStatus

from pipecat_sagemaker_deepgram.container.options import ContainerOptions
from pipecat_sagemaker_deepgram.container.query_checks import QueryError
from pipecat_sagemaker_deepgram.web.errors import RequestError


def query_of(target: str, options: ContainerOptions) -> str:
    """The raw query of a path with a query.

    Raises:
        QueryError: It has a plus sign, and the container is to refuse that.
    """
    query = target.partition("?")[2]
    if "+" in query and not options.plus_is_space:
        raise QueryError("a plus sign in the query is not percent-encoded")
    return query


def invocation_target(custom_attributes: str) -> str:
    """The path, with its query, that the custom attributes of an invocation name.

    ``InvokeEndpoint`` reaches every container at one path; a Deepgram container finds the real
    one in ``X-Amzn-SageMaker-Custom-Attributes`` (Deepgram docs, "Invoke SageMaker endpoint").

    Raises:
        RequestError: They name none.
    """
    target = custom_attributes.strip().lstrip("/")
    if not target:
        raise RequestError(
            HTTPStatus.NOT_FOUND,
            "NOT_FOUND",
            "the custom attributes name no path; send one, as in v1/listen?model=nova-3",
        )
    return f"/{target}"
