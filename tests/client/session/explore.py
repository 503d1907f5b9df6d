# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``make explore``: every state of a world too large for each change, or of one with other bounds.

The world of one piece, one fault and one of everything else has 34,198 states. Each further piece
or fault makes five to eight times as many, which are all kept in memory.
"""

import argparse
import sys
import time
from collections.abc import Sequence

from .explorer import explore
from .world import World
from .world_bounds import Bounds, new_session
from .world_peers import PROTOCOLS


def main(arguments: Sequence[str] | None = None) -> int:
    """Explore the world that was asked for; 1 when a state of it is wrong."""
    parser = argparse.ArgumentParser(prog="make explore", description=__doc__)
    parser.add_argument("--protocol", choices=sorted(PROTOCOLS), default="nova")
    for name, least in (("pieces", 2), ("faults", 1), ("finalizes", 1), ("changes", 1)):
        parser.add_argument(f"--{name}", type=int, default=least, help=f"default: {least}")
    parser.add_argument("--mutes", type=int, default=1, help="default: 1")
    parser.add_argument("--targets", type=int, default=1, choices=(1, 2), help="default: 1")
    parser.add_argument("--probes", action="store_true", help="go on after giving up")
    bounds = Bounds(**vars(parser.parse_args(arguments)))
    began = time.process_time()
    explored = explore(World(bounds, new_session(bounds)), most=20_000_000)
    print(f"{bounds}\n{explored}\n{time.process_time() - began:.0f} s of one core")
    return int(bool(explored.fault))


if __name__ == "__main__":
    sys.exit(main())
