# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``serve`` and ``worker``: run the gateway; ``keys``: manage who may use it."""

import asyncio
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from loguru import logger
from prometheus_client import start_http_server

from pipecat_sagemaker_deepgram.cli.event_loop import frozen_heap, run
from pipecat_sagemaker_deepgram.cli.exceptions import AddressError, CommandError
from pipecat_sagemaker_deepgram.cli.exit_code import ExitCode
from pipecat_sagemaker_deepgram.cli.interrupts import Interrupts
from pipecat_sagemaker_deepgram.cli.jobs import job_options
from pipecat_sagemaker_deepgram.cli.keys_arguments import KeysOptions
from pipecat_sagemaker_deepgram.cli.place import local_place
from pipecat_sagemaker_deepgram.cli.serve_arguments import ServeOptions
from pipecat_sagemaker_deepgram.cli.worker_arguments import WorkerOptions
from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.client.options import ConnectionOptions
from pipecat_sagemaker_deepgram.gateway import (
    AccessOptions,
    Endpoint,
    Gateway,
    GatewayOptions,
    JobWorker,
)
from pipecat_sagemaker_deepgram.gateway.access.keys import KeyFile
from pipecat_sagemaker_deepgram.gateway.endpoint_file import read_endpoint_file
from pipecat_sagemaker_deepgram.gateway.tracing import SERVICE, exporting_provider

_LOCAL_ENDPOINT = "deepgram"
_OTHER_PORT = "Choose another --port or --metrics-port."


def run_serve(options: ServeOptions) -> ExitCode:
    """Run the command until SIGTERM or Ctrl-C; a second one ends it at once.

    Args:
        options: The options of the command.

    Raises:
        SageMakerDeepgramError: The command failed; the message explains why.
        ImportError: A package of an optional extra is not installed.
    """
    _configure_log(options)
    run(serve(options))
    return ExitCode.DONE


async def serve(options: ServeOptions, *, recognizer: Any = None) -> None:
    """Serve until a signal arrives, then let running streams finish.

    Args:
        options: What to serve, and where.
        recognizer: The recogniser of an endpoint on this machine; Moonshine by default.

    Raises:
        SageMakerDeepgramError: The command failed; the message explains why.
    """
    stop = asyncio.Event()
    with Interrupts(stop.set):
        place = _place(options, recognizer)
        async with place as (endpoints, connection), _tracer(options) as tracer:
            gateway = Gateway(
                GatewayOptions(
                    endpoints=endpoints,
                    connection=connection,
                    access=_access(options),
                    drain_timeout=options.drain_timeout,
                    metrics_port=options.metrics_port,
                    tracer=tracer,
                    jobs=None if options.jobs is None else job_options(options.jobs),
                ),
                host=options.host,
                port=options.port,
                tls=_tls(options),
                allows_anonymous=options.allows_anonymous,
            )
            async with _listening(gateway, options):
                print(f"gateway is listening at {gateway.url}", flush=True)
                with frozen_heap():
                    await stop.wait()
                print("stopping as soon as running streams have ended", file=sys.stderr)
                await gateway.drain()


def run_worker(options: WorkerOptions) -> ExitCode:
    """Run the command until SIGTERM or Ctrl-C; a second one ends it at once.

    Args:
        options: The options of the command.

    Raises:
        SageMakerDeepgramError: The command failed; the message explains why.
        ImportError: A package of an optional extra is not installed.
    """
    _configure_log(options)
    run(work(options))
    return ExitCode.DONE


async def work(options: WorkerOptions, *, recognizer: Any = None) -> None:
    """Run jobs until a signal arrives, then finish those that are running.

    Args:
        options: Which jobs, and how many at a time.
        recognizer: The recogniser of an endpoint on this machine; Moonshine by default.

    Raises:
        SageMakerDeepgramError: The command failed; the message explains why.
    """
    stop = asyncio.Event()
    with Interrupts(stop.set):
        place = _place(options, recognizer)
        async with place as (endpoints, connection), _tracer(options) as tracer:
            gateway_options = GatewayOptions(
                endpoints=endpoints,
                connection=connection,
                drain_timeout=options.drain_timeout,
                tracer=tracer,
                jobs=job_options(options.jobs),
            )
            async with JobWorker(gateway_options) as worker, _metrics(worker, options):
                print(f"worker runs {options.jobs.concurrency} jobs at a time", flush=True)
                await stop.wait()
                print("stopping as soon as running jobs have ended", file=sys.stderr)
                await worker.drain()


@asynccontextmanager
async def _tracer(options: ServeOptions | WorkerOptions) -> AsyncIterator[Any]:
    """Provide the tracer, if tracing is on; the last spans are sent at the end."""
    if options.traces is None:
        yield None
        return
    provider = exporting_provider(options.traces)
    try:
        yield provider.get_tracer(SERVICE)
    finally:
        await asyncio.to_thread(provider.shutdown)


@asynccontextmanager
async def _metrics(worker: JobWorker, options: WorkerOptions) -> AsyncIterator[None]:
    """Serve a worker's ``/metrics``, if that is on."""
    if options.metrics_port is None:
        yield
        return
    try:
        server, thread = start_http_server(options.metrics_port, registry=worker.metrics.registry)
    except OSError as error:
        place = f"0.0.0.0:{options.metrics_port}"
        raise AddressError(place, error, advice=_OTHER_PORT) from error
    try:
        yield
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()
        thread.join()


def run_keys(options: KeysOptions) -> ExitCode:
    """Create, list or revoke keys.

    Args:
        options: The options of the command.

    Raises:
        ConfigurationError: The file cannot be read, or has no such key.
    """
    file = KeyFile(options.key_file)
    match options.action:
        case "add":
            stored, key = file.add(options.subject)
            print(key)
            print(f"key {stored.id} for {stored.name} (it is shown only once)", file=sys.stderr)
        case "revoke":
            revoked = file.revoke(options.subject)
            print(f"revoked {revoked.id} ({revoked.name})")
        case _:
            for each in file.keys:
                state = f"revoked {each.revoked}" if each.revoked else "valid"
                print(f"{each.id}\t{each.name}\t{each.created}\t{state}")
    return ExitCode.DONE


@asynccontextmanager
async def _place(
    options: ServeOptions | WorkerOptions, recognizer: Any
) -> AsyncIterator[tuple[tuple[Endpoint, ...], ConnectionOptions]]:
    """Provide the endpoints that are named, or one on this machine."""
    connection: ConnectionOptions = {}
    if options.profile is not None:
        connection["profile"] = options.profile
    if options.ca_bundle is not None:
        connection["ca_bundle"] = options.ca_bundle
    if options.endpoint_url is not None:
        connection["endpoint_url"] = options.endpoint_url
    if options.endpoint_file is not None:
        yield read_endpoint_file(options.endpoint_file), connection
    elif options.endpoints:
        yield tuple(_endpoint(each.name, each.region) for each in options.endpoints), connection
    else:
        async with local_place(_LOCAL_ENDPOINT, options.faults, recognizer=recognizer) as place:
            yield (_endpoint(place.name, place.region),), place.options


@asynccontextmanager
async def _listening(gateway: Gateway, options: ServeOptions) -> AsyncIterator[None]:
    try:
        await gateway.__aenter__()
    except OSError as error:
        places = f"{options.host}:{options.port}"
        if options.metrics_port is not None:
            places += f" or 0.0.0.0:{options.metrics_port}"
        raise AddressError(places, error, advice=_OTHER_PORT) from error
    try:
        yield
    finally:
        await gateway.__aexit__()


def _endpoint(name: str, region: str | None) -> Endpoint:
    return Endpoint(target=Target(endpoint_name=name, region=region))


def _access(options: ServeOptions) -> AccessOptions:
    return AccessOptions(
        key_file=options.key_file,
        origins=options.origins,
        requests_per_minute=options.requests_per_minute,
        requests_per_minute_in_all=options.requests_per_minute_in_all,
        streams=options.streams,
        streams_in_all=options.streams_in_all,
        storage=options.limit_storage,
        proxy=options.proxy,
    )


def _tls(options: ServeOptions) -> ssl.SSLContext | None:
    if options.certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(options.certificate, options.private_key)
    except ssl.SSLError as error:
        key = options.private_key or options.certificate
        raise CommandError(
            f"{options.certificate} and its key in {key} cannot be used: {error.reason or error}",
            advice="Give a certificate and its private key, both in PEM.",
        ) from error
    except OSError as error:
        files = " or ".join(
            str(each) for each in (options.certificate, options.private_key) if each
        )
        raise CommandError(f"{files} cannot be read: {error.strerror or error}") from error
    return context


def _configure_log(options: ServeOptions | WorkerOptions) -> None:
    """Log a gateway's activity to stderr; transcripts appear at TRACE only."""
    logger.remove()
    level = "DEBUG" if options.verbose else "INFO"
    logger.add(sys.stderr, level=level, serialize=options.log_json)
