# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What was recorded, drawn by Altair as SVG: benchmarks, and the timelines of soaks.

    python -m benchmarks.pictures RECORD PICTURE.svg

draws anew what ``python -m benchmarks --json`` or a soak's ``--json`` has recorded, without
running it again. The same record gives the same picture, byte for byte.
"""
