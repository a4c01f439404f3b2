"""Asks batch systems how jobs stand, and tells REANA."""

import logging
import threading
import time
from typing import Any, Callable, Dict

from .job import Outcome, Unreachable

POLL_SECONDS = 15
UNKNOWN_LIMIT = 4
"""Times in a row that a batch system may not know a job: it may not have written down yet what it just took."""


class Watch:
    """One round over the jobs of a back end at a time; `tell` is given what ended."""

    def __init__(self, backend: str, system: Callable[[], Any], tell: Callable[[str, str, str], None]) -> None:
        """Keep where to ask and whom to tell."""
        self.backend = backend
        self.system = system
        self.tell = tell
        self.unknown: Dict[str, int] = {}

    def round(self, jobs: Dict[str, Any]) -> None:
        """Ask for every job that has not ended. A batch system that does not answer costs a round, and no job."""
        for job_id, job in list(jobs.items()):
            if job["compute_backend"] != self.backend or job["deleted"] or job["status"] in ("finished", "failed", "stopped"):
                continue
            try:
                self._ask(job_id, job)
            except Unreachable as error:
                logging.warning("asking again later: %s", error)
            except Exception:
                logging.exception("asking again later for job %s", job_id)

    def _ask(self, job_id: str, job: Dict[str, Any]) -> None:
        number, workspace = job["backend_job_id"], job["obj"].workflow_workspace
        system = self.system()
        outcome: Outcome = system.outcome(number, workspace)
        if outcome.status == "unknown":
            self.unknown[job_id] = self.unknown.get(job_id, 0) + 1
            if self.unknown[job_id] < UNKNOWN_LIMIT:
                return
            outcome = Outcome("failed", "job %s is not known any more" % number)
        else:
            self.unknown.pop(job_id, None)
        if outcome.status not in ("finished", "failed"):
            return
        # Files before the status: the next step begins as soon as REANA knows that this one has ended.
        system.collect(number, workspace)
        logs = system.logs(number, workspace)
        if outcome.reason:
            logs = "%s\n[%s] %s\n" % (logs, self.backend, outcome.reason)
        job["deleted"] = True
        self.tell(job_id, outcome.status, logs)


def start(watch: Watch, jobs: Dict[str, Any]) -> None:
    """Watch for as long as the program runs."""

    def forever() -> None:
        while True:
            watch.round(jobs)
            time.sleep(POLL_SECONDS)

    threading.Thread(name="watch-" + watch.backend, target=forever, daemon=True).start()
