# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``InvokeEndpoint``: one request, one response, by botocore in threads of its own.

This is not the service of the streams: it is on another port (443) and has errors of its own, which
are mapped in the same way. Nothing is retried here.
"""

import asyncio
import json
import threading
from dataclasses import dataclass
from typing import Any

import botocore.exceptions

from pipecat_sagemaker_deepgram.exceptions import (
    CertificateError,
    ConfigurationError,
    ConnectError,
    ConnectTimeoutError,
    ProxyError,
    SageMakerDeepgramError,
    StreamLostError,
)
from pipecat_sagemaker_deepgram.transport.credentials import Credentials
from pipecat_sagemaker_deepgram.transport.daemon_thread import in_daemon_thread
from pipecat_sagemaker_deepgram.transport.refusals import refusal

OPERATION = "InvokeEndpoint"

MAX_BODY_BYTES = 25 * 1024 * 1024
"""Most bytes of a request body (AWS Developer Guide, "Real-time inference"; Deepgram docs)."""

ANSWERED_WITHIN = 60.0
"""Seconds within which a container must answer (AWS Developer Guide, "Use your own inference code
with hosting services")."""

_READ_TIMEOUT = ANSWERED_WITHIN + 10.0


@dataclass(frozen=True, kw_only=True)
class EndpointRequest:
    """What one call asks for.

    Attributes:
        body: The whole body.
        content_type: Its media type.
        custom_attributes: For Deepgram the path and query, for example
            ``v1/listen?model=nova-3``.
        accept: The wanted media type of the response; JSON by default.
    """

    body: bytes
    content_type: str
    custom_attributes: str
    accept: str = "application/json"


@dataclass(frozen=True, kw_only=True)
class EndpointAnswer:
    """The response to one call.

    Attributes:
        body: The container's response.
        request_id: SageMaker's name of the call; empty if it gives none.
        production_variant: The variant that answered; empty if it is not named.
        content_type: The response's media type; empty (the default) if it is not named.
    """

    body: bytes
    request_id: str
    production_variant: str
    content_type: str = ""


class EndpointInvoker:
    """Calls one endpoint.

    Args:
        endpoint_name: Name of the SageMaker endpoint.
        region: AWS region.
        target_variant: Production variant to invoke; ``None`` (the default) lets SageMaker
            choose.
        endpoint_url: Base URL; ``None`` (the default) takes it from
            ``AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME``, ``AWS_ENDPOINT_URL`` or the profile, else the
            region's own.
        use_fips: Whether to use the FIPS host; ``None`` (the default) follows the environment and
            the profile.
        use_dualstack: Whether to use the host with IPv6 and IPv4 addresses; ``None`` (the
            default) likewise.
        ca_bundle: PEM file of trusted certificates; ``None`` (the default) takes botocore's own.
        profile: Profile of AWS's configuration files; ``None`` (the default) follows the
            environment.
        proxy: URL of an HTTP proxy; ``None`` (the default) follows the environment, ``""``
            connects directly.
        connect_timeout: Seconds that name resolution and TCP may take; 30 by default.
        concurrency: Most calls at a time; 10 by default.
    """

    def __init__(
        self,
        endpoint_name: str,
        region: str,
        *,
        target_variant: str | None = None,
        endpoint_url: str | None = None,
        use_fips: bool | None = None,
        use_dualstack: bool | None = None,
        ca_bundle: str | None = None,
        profile: str | None = None,
        proxy: str | None = None,
        connect_timeout: float = 30.0,
        concurrency: int = 10,
    ) -> None:
        self._endpoint_name = endpoint_name
        self._region = region
        self._target_variant = target_variant
        self._endpoint_url = endpoint_url
        self._ca_bundle = ca_bundle
        self._profile = profile
        self._config = {
            "connect_timeout": connect_timeout,
            "read_timeout": _READ_TIMEOUT,
            "retries": {"total_max_attempts": 1},
            "max_pool_connections": concurrency,
            "proxies": None if proxy is None else ({"https": proxy} if proxy else {}),
            "use_fips_endpoint": use_fips,
            "use_dualstack_endpoint": use_dualstack,
        }
        self._clients: dict[tuple[str, str | None], Any] = {}
        self._lock = threading.Lock()

    async def invoke(self, request: EndpointRequest, credentials: Credentials) -> EndpointAnswer:
        """Make one call.

        Args:
            request: What to send.
            credentials: What to sign it with.

        Raises:
            RejectedError: The endpoint answered with an error status.
            ConnectError: The endpoint could not be reached.
            StreamLostError: The connection broke before the response had arrived.
            ConfigurationError: A parameter is not valid.
        """
        calling = in_daemon_thread(
            lambda: self._call(self._client(credentials), request), name="invoke-endpoint"
        )
        return await asyncio.wrap_future(calling)

    def close(self) -> None:
        """Close idle connections."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def _client(self, credentials: Credentials) -> Any:
        """Return a client with these credentials; importing all of botocore takes half a second."""
        key = (credentials.access_key_id, credentials.session_token)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._new_client(credentials)
            return self._clients[key]

    def _new_client(self, credentials: Credentials) -> Any:
        from botocore.config import Config
        from botocore.session import Session

        try:
            return Session(profile=self._profile).create_client(
                "sagemaker-runtime",
                region_name=self._region,
                endpoint_url=self._endpoint_url,
                verify=self._ca_bundle,
                aws_access_key_id=credentials.access_key_id,
                aws_secret_access_key=credentials.secret_access_key,
                aws_session_token=credentials.session_token,
                config=Config(**self._config),
            )
        except (botocore.exceptions.BotoCoreError, ValueError) as error:
            raise ConfigurationError(f"AWS configuration: {_text(error)}") from error

    def _call(self, client: Any, request: EndpointRequest) -> EndpointAnswer:
        variant = {"TargetVariant": self._target_variant} if self._target_variant else {}
        try:
            answer = client.invoke_endpoint(
                EndpointName=self._endpoint_name,
                ContentType=request.content_type,
                Accept=request.accept,
                CustomAttributes=request.custom_attributes,
                Body=request.body,
                **variant,
            )
            body = answer["Body"].read()
        except botocore.exceptions.ClientError as error:
            raise self._refused(error.response) from error
        except botocore.exceptions.ParamValidationError as error:
            raise ConfigurationError(_text(error)) from error
        except (botocore.exceptions.BotoCoreError, OSError) as error:
            raise _unreachable(error) from error
        return EndpointAnswer(
            body=body,
            request_id=str(answer["ResponseMetadata"].get("RequestId", "")),
            production_variant=str(answer.get("InvokedProductionVariant", "")),
            content_type=str(answer.get("ContentType", "")),
        )

    def _refused(self, response: Any) -> SageMakerDeepgramError:
        """Map an error response, put back into the form that it had before botocore parsed it."""
        metadata, error = response.get("ResponseMetadata", {}), response.get("Error", {})
        fields = {"Message": error.get("Message", ""), "code": error.get("Code", "")}
        if "OriginalStatusCode" in response:
            fields["OriginalStatusCode"] = response["OriginalStatusCode"]
        refused = refusal(
            status=int(metadata.get("HTTPStatusCode", 500)),
            headers={name.lower(): text for name, text in metadata.get("HTTPHeaders", {}).items()},
            body=json.dumps(fields).encode(),
            endpoint_name=self._endpoint_name,
            operation=OPERATION,
        )
        refused.details = str(response.get("OriginalMessage") or "")
        return refused


def _unreachable(error: Exception) -> SageMakerDeepgramError:
    what = _text(error)
    match error:
        case botocore.exceptions.SSLError():
            return CertificateError(what, advice="Set AWS_CA_BUNDLE to its authority's PEM file.")
        case botocore.exceptions.ProxyConnectionError():
            return ProxyError(what)
        case botocore.exceptions.ConnectTimeoutError() | botocore.exceptions.ReadTimeoutError():
            return ConnectTimeoutError(what)
        case botocore.exceptions.EndpointConnectionError():
            return ConnectError(what)
    return StreamLostError(what)


def _text(error: Exception) -> str:
    return str(error).rstrip(".")
