# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Runs the cases, round after round, and collects their results."""

import os
import platform
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks import environments
from benchmarks.cases import Case, Options, cases_of
from benchmarks.figures import Figures, Recovery, distribution, figures_of, recovery_of
from benchmarks.outcome import ImportRow, Outcome, RecoveryRow, Row, SignatureRow, StartRow
from benchmarks.processes import FailedProcessError, run_client, running_server


class CaseLog:
    """The results of one case so far.

    Args:
        case: The case.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self.figures: list[Figures] = []
        self.latencies: list[float] = []
        self.recoveries: list[Recovery] = []
        self.starts: list[float] = []
        self.imports: list[float] = []
        self.verified = 0
        self.wrong = 0
        self.failures: set[str] = set()

    def run(self) -> None:
        """Run the case once more; a process that fails is a failure of its client."""
        case = self.case
        try:
            with running_server(case.behaviour) as server:
                began = time.monotonic()
                result = run_client(
                    case.module,
                    case.spec,
                    server.access,
                    python=case.client.environment.python,
                    timeout=case.timeout,
                )
        except FailedProcessError as error:
            self.failures.add(str(error))
            return
        if case.section == "imports":
            self.imports.append(result["service"] / result["base"])
        elif case.is_start:
            self.starts.append(result["up_at"] - began)
        else:
            self._take(result, server.seen)

    def _take(self, result: dict[str, Any], seen: dict[str, Any]) -> None:
        if self.case.is_recovery:
            self.recoveries.append(recovery_of(result["sessions"], seen["cuts"]))
            self.failures.update(each["failure"] for each in result["sessions"] if each["failure"])
            return
        self.figures.append(figures_of(result, seen, streams=self.case.spec.streams))
        self.latencies += [latency * 1e3 for latency in result["latencies"]]
        self.failures.update(result["open_errors"], result["failures"])
        self.verified += seen["verified"]
        self.wrong += len(seen["unverified"])

    def tell(self, outcome: Outcome) -> None:
        """Add the case's row."""
        case, failures = self.case, tuple(sorted(self.failures))
        name = case.client.name
        if case.is_recovery:
            outcome.recoveries.append(
                RecoveryRow(client=name, runs=tuple(self.recoveries), failures=failures)
            )
        elif case.section == "imports":
            outcome.imports.append(
                ImportRow(service=name, ratios=tuple(self.imports), failures=failures)
            )
        elif case.is_start:
            outcome.starts.append(
                StartRow(client=name, seconds=tuple(self.starts), failures=failures)
            )
        elif case.section == "signatures":
            outcome.signatures.append(
                SignatureRow(client=name, verified=self.verified, wrong=self.wrong)
            )
        else:
            outcome.rows.append(
                Row(
                    section=case.section,
                    client=name,
                    streams=case.spec.streams,
                    runs=tuple(self.figures),
                    latencies=distribution(self.latencies),
                    failures=failures,
                )
            )


def measure(options: Options, *, say: Callable[[str], None]) -> Outcome:
    """Run every section's cases in turn, as many rounds as asked for."""
    outcome = Outcome()
    for section in options.sections:
        logs = [CaseLog(case) for case in cases_of(section, options)]
        for turn in range(options.repeat):
            for log in logs:
                if turn and log.case.once:
                    continue
                client, streams = log.case.client.name, log.case.spec.streams
                say(f"{section} {turn + 1}/{options.repeat}: {client}, {streams} streams")
                log.run()
        for log in logs:
            log.tell(outcome)
    return outcome


def surroundings() -> dict[str, Any]:
    """The versions and the machine that the numbers belong to."""
    return {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "python": sys.version.split()[0],
        "machine": platform.machine(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        "load_before": os.getloadavg()[0],
        "versions": {each.name: each.versions() for each in environments.ALL},
    }
