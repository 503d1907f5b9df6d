# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What is done with words after they were recognised: Deepgram's features, each in a file."""
