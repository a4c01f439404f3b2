"""Calls our back ends for a test: one JSON of `{settings, credential, call, args}` on standard input, one JSON back."""

import json
import os
import sys

sys.path.insert(0, os.environ["IMAGE"])

from beamline_backends import settings  # noqa: E402
from beamline_backends.condor import CondorPool  # noqa: E402
from beamline_backends.credentials import SshKey  # noqa: E402
from beamline_backends.job import Job, Unreachable  # noqa: E402
from beamline_backends.monitor import Watch  # noqa: E402
from beamline_backends.slurm import SlurmCluster  # noqa: E402


class Submitted:
    """What the job controller keeps of a job."""

    def __init__(self, workspace):
        self.workflow_workspace = workspace


def watch(system, number, workspace):
    """One round of the monitor, and what it tells."""
    told = []
    jobs = {"1": {"compute_backend": "here", "deleted": False, "status": "running", "backend_job_id": number}}
    jobs["1"]["obj"] = Submitted(workspace)
    Watch("here", lambda: system, lambda *what: told.append(what)).round(jobs)
    return {"told": told, "deleted": jobs["1"]["deleted"]}


class Interrupted:
    """A schedd whose connection breaks the first time that files are sent to it. Everything else is the real one's."""

    def __init__(self, pool):
        self.pool, self.real, self.broken = pool, pool._schedd, False

    def __call__(self):
        self.schedd = self.real()
        return self

    def spool(self, ads):
        if not self.broken:
            self.broken = True
            raise self.pool.htcondor.HTCondorIOError("the connection broke")
        return self.schedd.spool(ads)

    def __getattr__(self, name):
        return getattr(self.schedd, name)


def answer(request):
    """Make the system and call it."""
    read = settings.read(json.dumps(request["settings"]))
    credential, call, args = request["credential"], request["call"], request["args"]
    if read.slurm is not None:
        system = SlurmCluster(read.slurm, SshKey(credential).options, read.slurm.user)
    else:
        system = CondorPool(read.htcondor, credential)
    if call == "submit":
        return system.submit(Job(**args[0]), *args[1:])
    if call == "submit after an interruption":
        system._schedd = Interrupted(system)
        number = system.submit(Job(**args[0]))
        return {"number": number, "before": system.outcome(str(int(number) - 1), "").reason}
    if call == "watch":
        return watch(system, *args)
    if call == "outcome":
        outcome = system.outcome(*args)
        return {"status": outcome.status, "reason": outcome.reason}
    return getattr(system, call)(*args)


try:
    print(json.dumps({"answer": answer(json.load(sys.stdin))}))
except (ValueError, RuntimeError, Unreachable) as error:
    print(json.dumps({"error": "%s: %s" % (type(error).__name__, error)}))
