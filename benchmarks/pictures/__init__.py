# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Draws records as SVG with Altair: benchmarks, and the timelines of soaks.

    python -m benchmarks.pictures RECORD PICTURE.svg

draws the record of ``python -m benchmarks --json`` or of a soak's ``--json``, without running it
again. The same record gives the same picture, byte for byte.
"""
