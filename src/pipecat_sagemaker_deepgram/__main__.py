# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``python -m pipecat_sagemaker_deepgram``."""

from pipecat_sagemaker_deepgram.cli import main

raise SystemExit(main())
