# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A queue of recordings: stored in a database, transcribed by workers, with callbacks."""
