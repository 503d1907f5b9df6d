# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Calling AWS; errors of boto3 become errors of this package."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from pipecat_sagemaker_deepgram.deploy.failures import DeploymentError, is_missing, refusal

type Clients = Callable[[str], Any]
"""Returns the boto3 client of a service by its name."""


class Calls:
    """Calls AWS services, with one cached client for each.

    Args:
        clients: Makes the clients.
    """

    def __init__(self, clients: Clients) -> None:
        self._make = clients
        self._made: dict[str, Any] = {}

    def __call__(self, service: str, operation: str, **request: Any) -> dict[str, Any]:
        """Call an operation.

        Args:
            service: The service, for example ``sagemaker``.
            operation: The operation as boto3 calls it, for example ``create_model``.
            request: Its parameters.

        Raises:
            DeploymentError: The call was refused, or could not be sent.
        """
        try:
            return getattr(self._client(service), operation)(**request)
        except ClientError as error:
            said = error.response.get("Error", {})
            raise refusal(
                error.operation_name, said.get("Code", ""), said.get("Message", "")
            ) from error
        except BotoCoreError as error:
            raise DeploymentError(
                f"{operation} could not be sent: {str(error).rstrip('.')}"
            ) from error

    def find(self, service: str, operation: str, **request: Any) -> dict[str, Any] | None:
        """Call an operation on something that may not exist.

        Args:
            service: The service.
            operation: The operation.
            request: Its parameters.

        Returns:
            The response; ``None`` if it does not exist.

        Raises:
            DeploymentError: The call was refused for another reason, or could not be sent.
        """
        try:
            return self(service, operation, **request)
        except DeploymentError as error:
            if error.code and is_missing(error.code, error.message):
                return None
            raise

    def _client(self, service: str) -> Any:
        if service not in self._made:
            self._made[service] = self._make(service)
        return self._made[service]
