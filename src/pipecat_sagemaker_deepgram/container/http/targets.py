# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The route of a request: its path and query, for an invocation those that it names."""

from http import HTTPStatus

from pipecat_sagemaker_deepgram.container.options import ContainerOptions
from pipecat_sagemaker_deepgram.container.query_checks import QueryError
from pipecat_sagemaker_deepgram.web.errors import RequestError


def query_of(target: str, options: ContainerOptions) -> str:
    """Return the raw query of a path with a query.

    Raises:
        QueryError: It contains a plus sign, and the container does not accept that.
    """
    query = target.partition("?")[2]
    if "+" in query and not options.plus_is_space:
        raise QueryError("a plus sign in the query is not percent-encoded")
    return query


def invocation_target(custom_attributes: str) -> str:
    """Return the path and query that an invocation's custom attributes name.

    ``InvokeEndpoint`` reaches every container at one path; a Deepgram container finds the real
    one in ``X-Amzn-SageMaker-Custom-Attributes`` (Deepgram docs, "Invoke SageMaker endpoint").

    Raises:
        RequestError: They do not name one.
    """
    target = custom_attributes.strip().lstrip("/")
    if not target:
        raise RequestError(
            HTTPStatus.NOT_FOUND,
            "NOT_FOUND",
            "the custom attributes name no path; send one, as in v1/listen?model=nova-3",
        )
    return f"/{target}"
