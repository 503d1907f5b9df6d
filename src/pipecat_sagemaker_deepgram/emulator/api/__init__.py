# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""All requests except streams: AWS's control plane, ``InvokeEndpoint``, the emulator's control."""
