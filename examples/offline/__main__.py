# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Start the endpoint, the recogniser and the bot, and say where its page is."""

import argparse
import asyncio
import sys

from loguru import logger

_LOG_LEVELS: dict[str | None, str | int | bool] = {
    "": "WARNING",
    "pipecat.transports.smallwebrtc": "ERROR",  # warns of every call without a camera
}


def main() -> None:
    """Run until Ctrl-C."""
    options = _parse_arguments()
    logger.remove()
    logger.add(sys.stderr, filter={"": "DEBUG"} if options.verbose else _LOG_LEVELS)
    from .server import serve  # after the log is set up: Pipecat writes to it when imported

    asyncio.run(serve(options.model, port=options.port))


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bot", description=__doc__)
    parser.add_argument("--model", choices=("flux", "nova"), default="flux")
    parser.add_argument("--port", type=int, default=7860, help="port of the page; 0 for a free one")
    parser.add_argument("-v", "--verbose", action="store_true", help="show the log")
    return parser.parse_args()


if __name__ == "__main__":
    main()
