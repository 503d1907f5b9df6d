# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The optional extra that a missing module belongs to. Pure.

Several extras bring the same packages, so the command decides which of them is named: one that
lacks ``aiohttp`` for the gateway has no use for a speech recogniser.
"""

from pipecat_sagemaker_deepgram.cli.exceptions import MissingExtraError

_EXTRA_OF = {
    "boto3": ("boto3", "deploy"),
    "rich": ("rich", "cli"),
    "sounddevice": ("sounddevice", "mic"),
    "pysubs2": ("pysubs2", "recorded"),
    "aiohttp": ("aiohttp", "local"),
    "av": ("av", "recorded"),
    "better_profanity": ("better-profanity", "local"),
    "jellyfish": ("jellyfish", "local"),
    "moonshine_voice": ("moonshine-voice", "local"),
    "prometheus_client": ("prometheus-client", "local"),
    "text_to_num": ("text2num", "local"),
    "h11": ("h11", "local"),
    "jinja2": ("jinja2", "report"),
    "trustme": ("trustme", "local"),
    "websockets": ("websockets", "local"),
    "jwt": ("pyjwt", "gateway"),
    "limits": ("limits", "gateway"),
    "alembic": ("alembic", "gateway"),
    "sqlalchemy": ("sqlalchemy", "gateway"),
    "psycopg": ("psycopg", "postgresql"),
    "redis": ("redis", "redis"),
    "opentelemetry": ("opentelemetry-sdk", "tracing"),
}


_SHOWING = ("av", "jinja2", "pysubs2", "rich")
_OF_COMMAND = {
    "transcribe": ("cli", _SHOWING),
    "listen": ("mic", _SHOWING),
    "demo": ("local", _SHOWING),
    "report": ("report", _SHOWING),
    "serve": ("gateway", ("aiohttp", "av", "prometheus_client", "pysubs2")),
}
"""The extra that a command needs in any case, and what it shares with other extras."""


def missing_extra(error: ImportError, *, command: str = "") -> MissingExtraError | None:
    """Find the extra to install.

    Args:
        error: The error that importing a module raised.
        command: The module of this folder that runs the command.

    Returns:
        The error to show; ``None`` if the module belongs to no extra.
    """
    module = (error.name or "").partition(".")[0]
    if module not in _EXTRA_OF:
        return None
    package, extra = _EXTRA_OF[module]
    whole, shared = _OF_COMMAND.get(command, (extra, ()))
    if module in shared:
        extra = whole
    return MissingExtraError(package, extra=extra)
