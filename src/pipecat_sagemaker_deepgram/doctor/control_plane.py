# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Asking AWS about the account, through botocore; each call has a deadline."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import botocore.session
from botocore import UNSIGNED
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies

from pipecat_sagemaker_deepgram.deploy.images import ImageReference, image_reference
from pipecat_sagemaker_deepgram.doctor.account_facts import (
    ClockReading,
    Container,
    EndpointFacts,
    Identity,
    Simulation,
    Variant,
)
from pipecat_sagemaker_deepgram.doctor.endpoint import INVOKE_ACTION, STREAMING_LABEL
from pipecat_sagemaker_deepgram.doctor.failures import (
    CheckFailure,
    Failure,
)
from pipecat_sagemaker_deepgram.doctor.images import MANIFEST_TYPES, config_digest, labels_of
from pipecat_sagemaker_deepgram.doctor.threads import in_thread
from pipecat_sagemaker_deepgram.transport import Credentials

_STEP_TIMEOUT = 3.0
_FALLBACK_REGION = "us-east-1"
_ASSUMED_ROLE = re.compile(r"arn:(?P<partition>[^:]+):sts::(?P<account>\d+):assumed-role/([^/]+)/")


@dataclass(frozen=True)
class _Called:
    result: dict[str, Any] | Failure
    headers: Mapping[str, str]
    ended: datetime


class AccountCalls:
    """The calls that the doctor makes; each returns a fact and never raises a botocore error.

    Args:
        credentials: They sign the calls; ``None`` leaves the calls unsigned.
        region: The region to call; empty for STS only.
        ca_bundle: PEM file of trusted certificates; ``None`` trusts what botocore trusts.
        timeout: Timeout of one call, in seconds.
    """

    def __init__(
        self,
        credentials: Credentials | None,
        *,
        region: str,
        ca_bundle: Path | None,
        timeout: float,
    ) -> None:
        self._credentials = credentials
        self._region = region or _FALLBACK_REGION
        self._ca_bundle = ca_bundle
        self._timeout = timeout

    async def identity(self) -> tuple[Identity | Failure, ClockReading | Failure]:
        """Ask STS whose credentials these are, and read its clock (also without credentials)."""
        called = await self._call("sts", "get_caller_identity")
        clock = _clock(called)
        if isinstance(called.result, Failure):
            return called.result, clock
        return Identity(arn=called.result["Arn"], account=called.result["Account"]), clock

    async def endpoint(self, name: str) -> EndpointFacts | Failure:
        """Ask SageMaker about an endpoint.

        Args:
            name: The endpoint's name.
        """
        called = await self._call("sagemaker", "describe_endpoint", EndpointName=name)
        if isinstance(called.result, Failure):
            return called.result
        return _endpoint(called.result)

    async def endpoint_names(self) -> tuple[str, ...] | Failure:
        """Ask SageMaker for the names of the existing endpoints, at most a hundred."""
        called = await self._call("sagemaker", "list_endpoints", MaxResults=100)
        if isinstance(called.result, Failure):
            return called.result
        return tuple(sorted(each["EndpointName"] for each in called.result["Endpoints"]))

    async def container(self, config_name: str) -> Container | Failure:
        """Ask SageMaker what an endpoint runs, and ECR for the image's label.

        Args:
            config_name: The endpoint's configuration.
        """
        config = await self._call(
            "sagemaker", "describe_endpoint_config", EndpointConfigName=config_name
        )
        if isinstance(config.result, Failure):
            return config.result
        names = [each.get("ModelName") for each in config.result["ProductionVariants"]]
        if not names or names[0] is None:
            return Failure(
                kind=CheckFailure.NOT_POSSIBLE, message="its variants do not name a model"
            )
        model = await self._call("sagemaker", "describe_model", ModelName=names[0])
        if isinstance(model.result, Failure):
            return model.result
        container = model.result.get("PrimaryContainer") or {}
        if package := container.get("ModelPackageName"):
            return Container(package=package)
        return await self._labelled(container.get("Image", ""))

    async def _labelled(self, image: str) -> Container:
        reference = image_reference(image)
        if reference is None:
            return Container(image=image, why="it is not in ECR")
        labels = await self._labels(reference)
        if isinstance(labels, Failure):
            return Container(image=image, why=labels.message)
        return Container(image=image, label=labels.get(STREAMING_LABEL, ""))

    async def _labels(self, image: ImageReference) -> Mapping[str, str] | Failure:
        digest = await self._config_digest(image)
        if isinstance(digest, Failure):
            return digest
        layer = await self._call_registry(image, "get_download_url_for_layer", layerDigest=digest)
        if isinstance(layer.result, Failure):
            return layer.result
        return await self._download_labels(layer.result["downloadUrl"])

    async def _config_digest(self, image: ImageReference) -> str | Failure:
        wanted = {"imageIds": [image.identifier], "acceptedMediaTypes": list(MANIFEST_TYPES)}
        found = await self._call_registry(image, "batch_get_image", **wanted)
        if isinstance(found.result, Failure):
            return found.result
        manifests = [each["imageManifest"] for each in found.result["images"]]
        digest = config_digest(manifests[0]) if manifests else None
        missing = Failure(kind=CheckFailure.NOT_POSSIBLE, message="the image does not exist in ECR")
        return missing if digest is None else digest

    async def _call_registry(
        self, image: ImageReference, operation: str, **parameters: Any
    ) -> _Called:
        parameters |= image.place
        return await self._call("ecr", operation, region=image.region, **parameters)

    async def _download_labels(self, url: str) -> Mapping[str, str] | Failure:
        try:
            return labels_of(await in_thread(lambda: self._download(url), timeout=self._timeout))
        except (BotoCoreError, TimeoutError) as error:
            text = str(error).partition("?")[0] or "no response in time"
            return Failure(kind=CheckFailure.UNREACHABLE, message=text)

    def _download(self, url: str) -> bytes:
        trusted: Any = str(self._ca_bundle) if self._ca_bundle else True
        session = URLLib3Session(
            verify=trusted, proxies=get_environ_proxies(url), timeout=_STEP_TIMEOUT
        )
        try:
            return session.send(AWSRequest("GET", url).prepare()).content
        finally:
            session.close()

    async def simulation(self, identity: Identity, endpoint_name: str) -> Simulation | Failure:
        """Ask IAM whether a principal may open a stream.

        Args:
            identity: The principal.
            endpoint_name: The endpoint.
        """
        principal = policy_source(identity.arn)
        if principal is None:
            return Failure(
                kind=CheckFailure.NOT_POSSIBLE,
                message=f"IAM cannot simulate policies for {identity.arn}",
            )
        partition = identity.arn.split(":")[1]
        called = await self._call(
            "iam",
            "simulate_principal_policy",
            PolicySourceArn=principal,
            ActionNames=[INVOKE_ACTION],
            ResourceArns=[
                f"arn:{partition}:sagemaker:{self._region}:{identity.account}"
                f":endpoint/{endpoint_name.lower()}"
            ],
        )
        if isinstance(called.result, Failure):
            return called.result
        return Simulation(decision=called.result["EvaluationResults"][0]["EvalDecision"])

    async def knows_region(self) -> bool:
        """Whether botocore knows SageMaker in the region."""
        session = botocore.session.Session()
        return await in_thread(lambda: _is_known(session, self._region), timeout=self._timeout)

    async def _call(
        self, service: str, operation: str, *, region: str = "", **parameters: Any
    ) -> _Called:
        def call() -> _Called:
            return self._call_now(service, operation, region or self._region, parameters)

        try:
            return await in_thread(call, timeout=self._timeout)
        except TimeoutError:
            message = f"{service} did not respond within {self._timeout:g} s"
            return _called(Failure(kind=CheckFailure.TIMEOUT, message=message))

    def _call_now(
        self, service: str, operation: str, region: str, parameters: Mapping[str, Any]
    ) -> _Called:
        try:
            client = self._client(service, region)
            try:
                function: Callable[..., dict[str, Any]] = getattr(client, operation)
                return _answered(function(**parameters))
            finally:
                client.close()
        except ClientError as error:
            return _refused(error)
        except (BotoCoreError, ValueError, OSError) as error:
            text = str(error).rstrip(".")
            return _called(Failure(kind=CheckFailure.UNREACHABLE, message=text))

    def _client(self, service: str, region: str) -> Any:
        keys = self._credentials
        return botocore.session.Session().create_client(
            service,
            region_name=region,
            verify=str(self._ca_bundle) if self._ca_bundle else None,
            aws_access_key_id=keys.access_key_id if keys else None,
            aws_secret_access_key=keys.secret_access_key if keys else None,
            aws_session_token=keys.session_token if keys else None,
            config=Config(
                connect_timeout=_STEP_TIMEOUT,
                read_timeout=_STEP_TIMEOUT,
                retries={"total_max_attempts": 1},
                signature_version=None if keys else UNSIGNED,
            ),
        )


def policy_source(arn: str) -> str | None:
    """The principal whose policies IAM can simulate.

    Args:
        arn: The ARN of the caller, from STS.

    Returns:
        The user, or the role of an assumed role; ``None`` for others, such as an account's root.
    """
    if (role := _ASSUMED_ROLE.match(arn)) is not None:
        return f"arn:{role['partition']}:iam::{role['account']}:role/{role[3]}"
    return arn if ":user/" in arn else None


def _is_known(session: botocore.session.Session, region: str) -> bool:
    partitions = session.get_available_partitions()
    return any(
        region in session.get_available_regions("sagemaker", partition_name=each)
        for each in partitions
    )


def _answered(answer: dict[str, Any]) -> _Called:
    return _called(answer, answer.get("ResponseMetadata", {}).get("HTTPHeaders"))


def _refused(error: ClientError) -> _Called:
    said: Mapping[str, Any] = error.response.get("Error", {})
    metadata: Mapping[str, Any] = error.response.get("ResponseMetadata", {})
    failure = Failure(
        kind=CheckFailure.ANSWER,
        message=str(said.get("Message") or said.get("Code") or error),
        status=metadata.get("HTTPStatusCode"),
        code=str(said.get("Code", "")),
    )
    return _called(failure, metadata.get("HTTPHeaders"))


def _called(result: dict[str, Any] | Failure, headers: Mapping[str, str] | None = None) -> _Called:
    return _Called(result, headers or {}, datetime.now(UTC))


def _clock(called: _Called) -> ClockReading | Failure:
    try:
        there = parsedate_to_datetime(called.headers["date"])
    except (KeyError, ValueError):
        if isinstance(called.result, Failure):
            return called.result
        return Failure(kind=CheckFailure.NOT_POSSIBLE, message="STS did not report its time")
    # HTTP dates are truncated to whole seconds.
    return ClockReading(offset=(called.ended - there).total_seconds() - 0.5)


def _endpoint(answer: Mapping[str, Any]) -> EndpointFacts:
    return EndpointFacts(
        arn=answer["EndpointArn"],
        status=answer["EndpointStatus"],
        failure_reason=answer.get("FailureReason", ""),
        config_name=answer.get("EndpointConfigName", ""),
        variants=tuple(
            Variant(name=each["VariantName"], instances=each.get("CurrentInstanceCount"))
            for each in answer.get("ProductionVariants", ())
        ),
    )
