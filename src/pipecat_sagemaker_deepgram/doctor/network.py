# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Checks of the network path: host name, port, TLS. Pure."""

from pipecat_sagemaker_deepgram.doctor.account_facts import Place
from pipecat_sagemaker_deepgram.doctor.facts import (
    Facts,
    Names,
    Secured,
    TcpConnected,
)
from pipecat_sagemaker_deepgram.doctor.failures import (
    CheckFailure,
    Failure,
    Skipped,
)
from pipecat_sagemaker_deepgram.doctor.findings import (
    Check,
    Finding,
    Problem,
    ok,
    skipped,
    wrong,
)

_OPEN_THE_PORT = (
    "Allow outgoing TCP to it in the security group, network ACL, firewall or proxy; for a VPC "
    "endpoint, also in its own security group. SageMaker serves streams on port 8443 only, not on "
    "443."
)


def judge_name(facts: Facts) -> Finding | None:
    """Check that the host name resolves.

    Args:
        facts: The facts gathered so far.

    Returns:
        The finding; ``None`` while a fact it needs is missing.
    """
    check, hop = Check.NAME, _hop(facts)
    match facts.names:
        case None:
            return None
        case Skipped(needs=needs):
            return skipped(check, needs)
        case Names(addresses=addresses):
            return ok(check, _meant_by(hop.rpartition(":")[0], addresses))
        case Failure(kind=CheckFailure.TIMEOUT, message=message):
            advice = "Check that this machine's name servers are reachable."
            return wrong(check, Problem.NAME_SERVER_SILENT, message, advice)
    advice = "Check the region, the endpoint URL and this machine's DNS."
    return wrong(check, Problem.NAME_NOT_RESOLVED, facts.names.message, advice)


def judge_port(facts: Facts) -> Finding | None:
    """Check that the port accepts connections.

    Args:
        facts: The facts gathered so far.

    Returns:
        The finding; ``None`` while a fact it needs is missing.
    """
    check, hop = Check.PORT, _hop(facts)
    match facts.tcp:
        case None:
            return None
        case Skipped(needs=needs):
            return skipped(check, needs)
        case TcpConnected(peer=peer, seconds=seconds):
            return ok(check, f"{peer} accepts connections ({_milliseconds(seconds)})")
        case Failure(kind=CheckFailure.REFUSED):
            text = f"{hop} refuses the connection: no server is there, or a firewall rejects it"
            return wrong(check, Problem.PORT_REFUSED, text, _OPEN_THE_PORT)
        case Failure(kind=CheckFailure.TIMEOUT, message=message):
            text = f"{hop} is blocked: {message}, possibly because a firewall drops the packets"
            return wrong(check, Problem.PORT_BLOCKED, text, _OPEN_THE_PORT)
    text = f"{hop} cannot be reached: {facts.tcp.message}"
    return wrong(check, Problem.PORT_UNREACHABLE, text, "Check the route from this machine.")


def judge_tls(facts: Facts) -> Finding | None:
    """Check that the certificate is trusted and that HTTP/2 is negotiated.

    Args:
        facts: The facts gathered so far.

    Returns:
        The finding; ``None`` while a fact it needs is missing.
    """
    check = Check.TLS
    match facts.tls:
        case None:
            return None
        case Skipped(needs=needs):
            return skipped(check, needs)
        case Secured(version=version, issuer=issuer, seconds=seconds):
            by = f", certificate by {issuer}" if issuer else ""
            return ok(check, f"{version} and HTTP/2{by} ({_milliseconds(seconds)})")
    failure = facts.tls
    problem, advice = _TLS_PROBLEMS.get(failure.kind, (Problem.TLS_BROKEN, _IN_BETWEEN))
    return wrong(check, problem, failure.message, advice)


_IN_BETWEEN = (
    "Check that the port is SageMaker's (8443), and whether there is a firewall or proxy in "
    "between."
)
_TLS_PROBLEMS = {
    CheckFailure.CERTIFICATE: (
        Problem.CERTIFICATE_UNTRUSTED,
        "If a proxy inspects TLS, give its certificate authority's PEM file with --ca-bundle or "
        "AWS_CA_BUNDLE; otherwise check the host name in the endpoint URL.",
    ),
    CheckFailure.TIMEOUT: (
        Problem.TLS_STALLED,
        "The port is open, but the TLS handshake is not answered: a firewall may inspect or hold "
        "it. Make it pass outgoing TLS to this port unchanged.",
    ),
    CheckFailure.NO_HTTP2: (
        Problem.NO_HTTP2,
        "Streams need HTTP/2: check that the endpoint URL is SageMaker Runtime's on port 8443, "
        "and that no TLS-inspecting proxy removes HTTP/2.",
    ),
    CheckFailure.PROXY: (
        Problem.PROXY_REFUSED,
        "Allow tunnels to port 8443 in the proxy, or add the host to NO_PROXY.",
    ),
}


def _meant_by(host: str, addresses: tuple[str, ...]) -> str:
    return f"{host} is an IP address" if host in addresses else f"{host} is {', '.join(addresses)}"


def _hop(facts: Facts) -> str:
    place = facts.place
    if not isinstance(place, Place):
        return "the endpoint"
    return f"proxy {place.proxy}" if place.proxy else f"{place.host}:{place.port}"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
