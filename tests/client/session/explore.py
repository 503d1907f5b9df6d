# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``make explore``: every state of a small world, for Nova and for Flux.

Each protocol has a process of its own: on two cores it takes about two minutes. Other bounds can be
given.
"""

import argparse
import gc
import subprocess
import sys
import time
from collections.abc import Sequence

from .explorer import explore
from .world import World
from .world_bounds import Bounds, new_session
from .world_peers import PROTOCOLS


def main(arguments: Sequence[str] | None = None) -> int:
    """Explore the world that was asked for, or that of each protocol; 1 when a state is wrong."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    chosen = vars(_parser().parse_args(given))
    if chosen["protocol"] is None:
        return _explore_each(given)
    return _explore(Bounds(**chosen))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make explore", description=__doc__)
    parser.add_argument("--protocol", choices=sorted(PROTOCOLS), help="default: each")
    for name, least in (("pieces", 3), ("faults", 2), ("finalizes", 1), ("changes", 1)):
        parser.add_argument(f"--{name}", type=int, default=least, help=f"default: {least}")
    parser.add_argument("--mutes", type=int, default=1, help="default: 1")
    parser.add_argument("--targets", type=int, default=1, choices=(1, 2), help="default: 1")
    parser.add_argument("--probes", action="store_true", help="go on after giving up")
    return parser


def _explore(bounds: Bounds) -> int:
    gc.disable()  # No state makes cycles, and looking for some among all of them takes a tenth.
    began = time.process_time()
    explored = explore(World(bounds, new_session(bounds)), most=20_000_000)
    print(f"{bounds}: {time.process_time() - began:.0f} s of one core\n{explored}", flush=True)
    return int(bool(explored.fault))


def _explore_each(arguments: Sequence[str]) -> int:
    command = [sys.executable, "-m", "tests.client.session.explore", *arguments, "--protocol"]
    running = [subprocess.Popen([*command, protocol]) for protocol in sorted(PROTOCOLS)]
    return max(process.wait() for process in running)


if __name__ == "__main__":
    sys.exit(main())
