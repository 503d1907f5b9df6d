# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Gathering all facts; each waits only for the facts that it depends on."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

from pipecat_sagemaker_deepgram.doctor.account_facts import (
    EndpointFacts,
    Identity,
    Keys,
    Place,
    Region,
)
from pipecat_sagemaker_deepgram.doctor.candidates import candidates, untried
from pipecat_sagemaker_deepgram.doctor.control_plane import AccountCalls
from pipecat_sagemaker_deepgram.doctor.diagnosis import obstacle
from pipecat_sagemaker_deepgram.doctor.facts import (
    Attempt,
    Facts,
    Said,
)
from pipecat_sagemaker_deepgram.doctor.failures import (
    CheckFailure,
    Failure,
    Skipped,
    failure_of,
)
from pipecat_sagemaker_deepgram.doctor.findings import Check
from pipecat_sagemaker_deepgram.doctor.route import Route
from pipecat_sagemaker_deepgram.doctor.streams import Streams
from pipecat_sagemaker_deepgram.doctor.wanted import Wanted, region_of, url_of
from pipecat_sagemaker_deepgram.exceptions import CredentialsError
from pipecat_sagemaker_deepgram.transport import (
    Credentials,
    RefreshingResolver,
    StreamOpener,
    TransportConfig,
    as_resolver,
    ca_bundle_from,
    client_context,
    load_shared_config,
)
from pipecat_sagemaker_deepgram.transport.endpoint import parse_url
from pipecat_sagemaker_deepgram.transport.proxy import proxy_for

_STREAMS_NEED = (Check.REGION, Check.TLS, Check.CREDENTIALS, Check.CLOCK, Check.ENDPOINT)


async def gather(wanted: Wanted, notify: Callable[[Facts], None] = lambda facts: None) -> Facts:
    """Gather all facts, within ``wanted.limits.total`` seconds.

    Args:
        wanted: What to examine.
        notify: Called with the facts so far, whenever there are new ones.

    Returns:
        The facts, none of which is ``None``.

    Raises:
        ConfigurationError: A name, a URL or a file is invalid.
    """
    gathering = _Gathering(wanted, notify)
    try:
        async with asyncio.timeout(wanted.limits.total):
            await gathering.run()
    except TimeoutError:
        gathering.give_up()
    return gathering.facts


class _Gathering:
    """One run of the doctor."""

    def __init__(self, wanted: Wanted, notify: Callable[[Facts], None]) -> None:
        self._wanted = wanted
        self._notify = notify
        self._limits = wanted.limits
        shared = load_shared_config(os.environ, profile=wanted.profile, session=wanted.credentials)
        self._ca_bundle = ca_bundle_from(wanted.ca_bundle, os.environ, shared)
        self._context = client_context(self._ca_bundle)
        region = region_of(wanted, shared)
        self._region = region.name if isinstance(region, Region) else ""
        self._url = url_of(wanted, self._region, shared)
        self._address = parse_url(self._url, "endpoint_url") if self._url else None
        self._proxy = proxy_for(self._address, os.environ) if self._address else None
        self._resolver: RefreshingResolver = as_resolver(
            wanted.credentials, profile=wanted.profile, timeout=self._limits.credentials
        )
        self._credentials: Credentials | None = None
        self.facts = Facts(
            endpoint_name=wanted.endpoint_name,
            now=datetime.now(UTC),
            region=region,
            place=self._place(),
        )

    def _place(self) -> Place | Failure:
        if self._address is None:
            return Failure(kind=CheckFailure.SETTING, message="the host name depends on the region")
        return Place(
            host=self._address.host,
            port=self._address.port,
            proxy=str(self._proxy.address) if self._proxy else "",
        )

    def _note(self, **facts: Any) -> None:
        self.facts = replace(self.facts, **facts)
        self._notify(self.facts)

    def give_up(self) -> None:
        """Mark missing facts as skipped."""
        missing = [each.name for each in fields(Facts) if getattr(self.facts, each.name) is None]
        self._note(**dict.fromkeys(missing, Skipped()))

    async def run(self) -> None:
        """Gather everything."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._ask_account())
            group.create_task(self._try_route())
        await self._try_streams()

    # The account

    async def _ask_account(self) -> None:
        await self._resolve_credentials()
        plane = AccountCalls(
            self._credentials,
            region=self._region,
            ca_bundle=self._ca_bundle,
            timeout=self._limits.call,
        )
        if self._region:
            await self._check_region(plane)
        identity, clock = await plane.identity()
        if self._credentials is None:
            identity = Skipped(Check.CREDENTIALS)
        self._note(identity=identity, clock=clock)
        if (needs := obstacle(self.facts, (Check.CREDENTIALS, Check.CLOCK, Check.REGION))) is None:
            await self._ask_about_endpoint(plane)
        else:
            skip = Skipped(needs)
            self._note(endpoint=skip, container=skip, neighbours=skip, simulation=skip)

    async def _resolve_credentials(self) -> None:
        try:
            self._credentials = await self._resolver.resolve()
            self._note(keys=_keys(self._credentials))
        except CredentialsError as error:
            self._note(keys=failure_of(error))

    async def _check_region(self, plane: AccountCalls) -> None:
        assert isinstance(self.facts.region, Region)
        try:
            is_known = await plane.knows_region()
        except TimeoutError:
            return
        self._note(region=replace(self.facts.region, is_known=is_known))

    async def _ask_about_endpoint(self, plane: AccountCalls) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._simulate(plane))
            endpoint = await plane.endpoint(self._wanted.endpoint_name)
            self._note(endpoint=endpoint)
            if isinstance(endpoint, EndpointFacts):
                container = await plane.container(endpoint.config_name)
                self._note(container=container, neighbours=())
            else:
                self._note(container=Skipped(Check.ENDPOINT))
                self._note(neighbours=await plane.endpoint_names())

    async def _simulate(self, plane: AccountCalls) -> None:
        identity = self.facts.identity
        if isinstance(identity, Identity):
            name = self._wanted.endpoint_name
            self._note(simulation=await plane.simulation(identity, name))
        else:
            self._note(simulation=identity)

    # The network path

    async def _try_route(self) -> None:
        limits = self._limits
        if self._address is None:
            needs = Skipped(Check.REGION)
            self._note(names=needs, tcp=needs, tls=needs)
            return
        route = Route(self._address, proxy=self._proxy, context=self._context)
        self._note(names=await route.resolve(timeout=limits.name))
        if obstacle(self.facts, (Check.NAME,)):
            self._note(tcp=Skipped(Check.NAME), tls=Skipped(Check.NAME))
            return
        self._note(tcp=await route.connect(timeout=limits.connect))
        if obstacle(self.facts, (Check.PORT,)):
            self._note(tls=Skipped(Check.PORT))
            return
        self._note(tls=await route.secure(timeout=limits.connect))

    # Streams

    async def _try_streams(self) -> None:
        needs = obstacle(self.facts, _STREAMS_NEED)
        if needs is not None or self._credentials is None:
            skip = Skipped(Check.PATH)
            attempts = Skipped(needs or Check.CREDENTIALS)
            self._note(attempts=attempts, capabilities=skip, speech=skip)
            return
        streams = self._new_streams(self._credentials)
        attempts = await self._attempt_all(streams)
        self._note(attempts=attempts)
        best = attempts[-1]
        if not isinstance(best.said, Said) or obstacle(self.facts, (Check.PATH,)):
            self._note(capabilities=Skipped(Check.PATH), speech=Skipped(Check.PATH))
            return
        await self._examine(streams, best)

    async def _attempt_all(self, streams: Streams) -> tuple[Attempt, ...]:
        tried: list[Attempt] = []
        all_of_them = candidates(self._wanted.model, self._wanted.language)
        while (candidate := untried(all_of_them, len(tried))) is not None:
            tried.append(await streams.attempt(candidate))
            if not _is_model_refusal(tried[-1]):
                break
        return tuple(tried)

    async def _examine(self, streams: Streams, best: Attempt) -> None:
        if best.candidate.is_flux:
            self._note(capabilities=await streams.capabilities(best.candidate))
        else:
            self._note(capabilities={})
        if obstacle(self.facts, (Check.MODEL,)):
            self._note(speech=Skipped(Check.MODEL))
        elif isinstance(self._wanted.audio, Failure):
            self._note(speech=self._wanted.audio)
        else:
            self._note(speech=await streams.listen(best.candidate, self._wanted.audio))

    def _new_streams(self, credentials: Credentials) -> Streams:
        config = TransportConfig(
            connection_timeout=self._limits.connect, subscription_timeout=self._limits.answer
        )
        opener = StreamOpener(self._context, config)
        return Streams(
            opener,
            credentials,
            endpoint_name=self._wanted.endpoint_name,
            region=self._region,
            url=self._url,
            target_variant=self._wanted.target_variant,
            limits=self._limits,
        )


def _keys(credentials: Credentials) -> Keys:
    key = credentials.access_key_id
    return Keys(
        source=credentials.source,
        key_hint=f"{key[:4]}...{key[-4:]}" if len(key) >= 16 else f"{key[:2]}...",
        expires_at=credentials.expires_at,
    )


def _is_model_refusal(attempt: Attempt) -> bool:
    return isinstance(attempt.opened, Failure) and attempt.opened.status == 424
