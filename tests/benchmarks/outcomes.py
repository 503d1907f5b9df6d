# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""An outcome that was not measured, for tests of what is told of one."""

from benchmarks.cases import AWS_SDK, BUILTIN, FLUX, NOVA, NULL, OURS, OURS_80_MS, PIPECAT
from benchmarks.figures import Figures, Recovery
from benchmarks.outcome import ImportRow, Outcome, RecoveryRow, Row, SignatureRow, StartRow

_FIGURES = {
    "frames": 2500,
    "real_time": 1.0,
    "p50": 1.0,
    "p95": 2.0,
    "p99": 3.0,
    "open_seconds": 0.1,
    "unopened": 0,
    "unanswered": 0,
    "threads": 8,
    "threads_added": 6,
    "memory": 0.05,
    "refused": 0,
    "peak_handshakes": 20,
}


def row(section: str, client: str, streams: int, cpu: float, **changes: float) -> Row:
    """A row of one run."""
    run = Figures(**(_FIGURES | {"cpu": cpu} | changes))
    return Row(section=section, client=client, streams=streams, runs=(run,))


def outcome() -> Outcome:
    """Rows of every section, in which every target is met."""
    return Outcome(
        rows=[
            row("clients", NULL, 10, 100),
            row("clients", OURS, 10, 200, p99=2.0),
            row("clients", OURS_80_MS, 10, 140),
            row("clients", AWS_SDK, 10, 600, p99=20.0),
            row("clients", NULL, 50, 50),
            row("clients", OURS, 50, 155),
            row("opening", OURS, 200, 0, open_seconds=1.0),
            row("opening", PIPECAT, 200, 0, open_seconds=4.0, threads_added=400),
            row("opening", OURS, 500, 0, open_seconds=2.0),
            row("services", NULL, 10, 600),
            row("services", OURS, 10, 690),
            row("services", BUILTIN, 10, 1200),
            row("uvloop", NULL, 10, 80),
            row("uvloop", OURS, 10, 128),
            row("uvloop", AWS_SDK, 10, 400),
        ],
        recoveries=[
            RecoveryRow(
                client=OURS,
                runs=(Recovery(cuts=2, gaps=(90.0, 110.0), spoken=80, lost=0, repeated=0),),
            ),
            RecoveryRow(
                client=AWS_SDK,
                runs=(Recovery(cuts=1, gaps=(), spoken=80, lost=60, repeated=0),),
            ),
        ],
        signatures=[SignatureRow(client=OURS, verified=62, wrong=0)],
        starts=[
            StartRow(client=OURS, seconds=(1.5, 1.4, 9.0)),
            StartRow(client=BUILTIN, seconds=(2.0, 2.0)),
        ],
        imports=[
            ImportRow(service=NOVA, ratios=(0.2, 0.3, 0.25)),
            ImportRow(service=FLUX, ratios=(0.35,)),
        ],
    )
