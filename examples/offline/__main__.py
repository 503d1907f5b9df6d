# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Start the endpoint, the recogniser and the bot, and print the address of its page."""

import argparse
import asyncio
import os
import socket
import sys

from loguru import logger

_HOST = "127.0.0.1"
_LOG_LEVELS: dict[str | None, str | int | bool] = {
    "": "WARNING",
    "pipecat.transports.smallwebrtc": "ERROR",  # it warns about every call without a camera
}


def main() -> None:
    """Run until Ctrl-C."""
    options = _parse_arguments()
    logger.remove()
    logger.add(sys.stderr, filter={"": "DEBUG"} if options.verbose else _LOG_LEVELS)
    with _listen(options.port) as listener:
        from .server import serve  # after the log is set up: Pipecat writes to it when imported

        asyncio.run(serve(options.model, listener=listener))


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bot", description=__doc__)
    parser.add_argument("--model", choices=("flux", "nova"), default="flux")
    parser.add_argument(
        "--port", type=_port, default=7860, help="port of the page; 0 for a free one (7860)"
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="show the log")
    return parser.parse_args()


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port: a number from 0 to 65535")
    return int(text)


def _listen(port: int) -> socket.socket:
    """Bind the port before anything slow starts, and exit with a message if it is in use."""
    try:
        return socket.create_server((_HOST, port))
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        sys.exit(
            f"error: port {port} cannot be used: {reason}. "
            "Choose another: make bot BOT_ARGS='--port N', 0 for a free one."
        )


if __name__ == "__main__":
    main()
