# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What importing a service class takes beyond Pipecat's own base class of it.

Usage: python -m benchmarks.load.imports SPEC ACCESS, both JSON; the spec's options name the class.
"""

import importlib
import json
import sys
import time


def main() -> None:
    """Import one after the other and print the CPU seconds of each."""
    spec = json.loads(sys.argv[1])
    before = time.process_time()
    importlib.import_module("pipecat.services.stt_service")
    between = time.process_time()
    package = importlib.import_module("pipecat_sagemaker_deepgram")
    getattr(package, spec["options"]["service"])
    after = time.process_time()
    print(json.dumps({"base": between - before, "service": after - between}))


if __name__ == "__main__":
    main()
