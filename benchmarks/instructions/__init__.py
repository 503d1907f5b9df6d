# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How many machine instructions a frame and a final take: a figure without noise.

Usage: .venv/bin/python -m benchmarks.instructions [--against COMMIT] [--times N]

Needs ``valgrind`` (a Debian package). One stream runs in a process without network, on a clock of
its own; each workload is counted with few and with many repetitions, and the cost of the additional
ones is reported. ``--against`` counts another commit of this repository too, in the same
environment.
"""
