"""An HTCondor pool by way of its schedd. Files go to the job and come back from it: no volume is shared."""

import contextlib
import os
import re
import subprocess
import tempfile
import time
import uuid
from typing import Any, Callable, List, Optional

from .job import Job, Outcome, Unreachable, read_if_there
from .settings import Condor

IDLE, RUNNING, REMOVED, COMPLETED, HELD, TRANSFERRING, SUSPENDED = range(1, 8)
SPOOLING = 16  # Hold reason of a job whose files are on their way to the schedd.
WAITS = (1, 3)  # Seconds between the tries to hand in a job.
WANTED = ["ClusterId", "JobStatus", "ExitCode", "ExitBySignal", "ExitSignal", "HoldReason", "HoldReasonCode", "RemoveReason"]
REFUSED = re.compile(r"Failed to commit [^.]*\. \S")  # With the schedd's reason behind it: asking again changes nothing.
KEPT = "(JobStatus == 4) && ((StageOutFinish ?: 0) == 0)"


class CondorPool:
    """Submits, asks, fetches, removes, as whoever the token is for."""

    def __init__(self, settings: Condor, token: str) -> None:
        """Lay the token and a configuration of our own: that of the machine is for others."""
        self.settings = settings
        self.folder = tempfile.mkdtemp(prefix="condor-")
        tokens = os.path.join(self.folder, "tokens")
        os.mkdir(tokens, 0o700)
        with open(os.open(os.path.join(tokens, "token"), os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(token.strip() + "\n")
        config = os.path.join(self.folder, "condor_config")
        with open(config, "w") as file:
            file.write(
                "COLLECTOR_HOST = %s\n" % settings.collector
                + "SEC_CLIENT_AUTHENTICATION = REQUIRED\n"
                + "SEC_CLIENT_AUTHENTICATION_METHODS = IDTOKENS\n"
                + "SEC_CLIENT_ENCRYPTION = REQUIRED\n"
                + "SEC_CLIENT_INTEGRITY = REQUIRED\n"
                + "SEC_TOKEN_DIRECTORY = %s\n" % tokens
                + "SEC_TOKEN_SYSTEM_DIRECTORY = %s\n" % tokens
            )
        # HTCondor reads it when it is imported.
        os.environ["CONDOR_CONFIG"] = config
        import htcondor

        self.htcondor: Any = htcondor
        htcondor.reload_config()

    def submit(self, job: Job, seconds: Optional[str] = None, group: Optional[str] = None) -> str:
        """Hand in a job with the files of its workspace, and answer its number."""
        defaults = self.settings.defaults
        seconds = seconds or str(defaults.minutes * 60)
        if not seconds.isdigit():
            raise ValueError("htcondor_max_runtime must be seconds, got '%s'; job flavours are CERN's" % seconds)
        token = uuid.uuid4().hex
        inputs = [name for name in sorted(os.listdir(job.workspace)) if not name.startswith("reana_job.")]
        wrong = [name for name in inputs if "," in name or "\n" in name]
        if wrong:
            raise ValueError("HTCondor cannot transfer %s: no ',' in names of files" % ", ".join(map(repr, wrong)))
        script = os.path.join(self.folder, token + ".sh")
        with open(script, "w") as file:
            file.write(self._script(job, token))
        os.chmod(script, 0o755)
        described = {
            "universe": "vanilla",
            "executable": script,
            "initialdir": job.workspace,
            "output": "reana_job.$(Cluster).out",
            "error": "reana_job.$(Cluster).err",
            "should_transfer_files": "YES",
            "when_to_transfer_output": "ON_EXIT",
            "transfer_input_files": ",".join(inputs),
            "transfer_output_files": results(token),
            "request_cpus": str(defaults.cores),
            "request_memory": str(job.memory_mib(defaults)),
            "allowed_job_duration": seconds,
            "leave_in_queue": KEPT,
            "batch_name": job.name,
            "My.BeamlineResults": '"%s"' % results(token),
        }
        if self.settings.containers == "universe":
            image = job.image if job.image.startswith("/") or "://" in job.image else "docker://" + job.image
            described.update(universe="container", container_image=image)
        if group:
            described["accounting_group"] = group
        try:
            return self._handed_in(self.htcondor.Submit(described), token)
        finally:
            os.remove(script)

    def outcome(self, number: str, workspace: str) -> Outcome:
        """How a job stands, from the queue or else from the history."""
        ad = self._queued(number, WANTED)
        if ad is None:
            return self._past(number)
        status = ad.get("JobStatus")
        if status == COMPLETED:
            if ad.get("ExitBySignal"):
                return Outcome("failed", "ended by signal %s" % ad.get("ExitSignal"))
            code = ad.get("ExitCode")
            return Outcome("finished") if code == 0 else Outcome("failed", "exit code %s" % code)
        if status == REMOVED:
            return removed(ad)
        if status == HELD and ad.get("HoldReasonCode") != SPOOLING:
            return Outcome("failed", "held: %s" % ad.get("HoldReason", "nobody said why"))
        return Outcome("running" if status in (RUNNING, TRANSFERRING, SUSPENDED) else "waiting")

    def collect(self, number: str, workspace: str) -> None:
        """Fetch what the job wrote, put it into the workspace, and let the schedd forget the job."""
        ad = self._queued(number, ["JobStatus", "BeamlineResults"])
        if ad is None:
            return
        if ad.get("JobStatus") == COMPLETED:
            try:
                self._schedd().retrieve("ClusterId == %d" % int(number))
            except self.htcondor.HTCondorException as error:
                raise Unreachable("files of job %s: %s" % (number, error)) from error
            archive = os.path.join(workspace, str(ad.get("BeamlineResults")))
            if os.path.exists(archive):
                # tar takes neither absolute names nor '..' out of an archive. One that is broken is of a job that failed.
                subprocess.run(["tar", "-xzf", archive, "-C", workspace, "--no-same-owner"], check=False, stdout=subprocess.DEVNULL)
                os.remove(archive)
        self.stop(number)

    def stop(self, number: str) -> None:
        """Remove a job from the queue, if it is there."""
        self._remove("ClusterId == %d" % int(number))

    def logs(self, number: str, workspace: str) -> str:
        """What the job wrote, errors first, as REANA shows it."""
        return "".join(read_if_there(os.path.join(workspace, "reana_job.%s.%s" % (number, end))) for end in ("err", "out"))

    def _script(self, job: Job, token: str) -> str:
        # A second between the mark and the command, so that whatever the command writes is newer than the mark.
        return "\n".join(
            [
                "#!/bin/bash",
                "for tool in find tar gzip; do",
                '  type "$tool" > /dev/null || { echo "HTCondor as a back end of REANA takes $tool, which is not here" >&2; exit 127; }',
                "done",
                job.prologue(),
                job.moved(),
                "touch .%s; sleep 1" % token,
                'bash -c "$beamline_command"',
                "code=$?",
                "find . -newer .%s \\( -type f -o -type l \\) ! -name '.%s*' ! -name '_condor_std*' ! -path './.*.ad'"
                " -print0 > .%s.list" % (token, token, token),
                "tar -czf %s --null -T .%s.list || { echo 'results were not packed' >&2; code=1; }" % (results(token), token),
                'exit "$code"',
                "",
            ]
        )

    def _handed_in(self, submit: Any, token: str) -> str:
        """Queue a job and send its files. One that got lost on the way would wait for its files for ever: it leaves, and a new one tries."""
        for wait in (*WAITS, None):
            schedd = self._schedd()
            try:
                number = schedd.submit(submit, spool=True).cluster()
                schedd.spool(list(submit.jobs(clusterid=number)))
                return str(number)
            except (self.htcondor.HTCondorException, SystemError) as error:
                with contextlib.suppress(Unreachable):
                    self._remove('BeamlineResults == "%s"' % results(token))
                # The library wraps what a schedd refuses at the last moment.
                said = str(error.__cause__ or error)
                if wait is None or REFUSED.match(said):
                    raise RuntimeError("the pool took no job: %s" % said) from error
                time.sleep(wait)
        raise AssertionError("the last try answers or raises")

    def _queued(self, number: str, wanted: List[str]) -> Any:
        found = self._asked(lambda schedd, constraint: schedd.query(constraint=constraint, projection=wanted, limit=1), number)
        return found[0] if found else None

    def _past(self, number: str) -> Outcome:
        found = self._asked(lambda schedd, constraint: schedd.history(constraint, WANTED, match=1), number)
        if not found:
            return Outcome("unknown")
        if found[0].get("JobStatus") == COMPLETED:
            return Outcome("failed", "job %s ended, and the schedd no longer has its files" % number)
        return removed(found[0])

    def _remove(self, which: str) -> None:
        try:
            self._schedd().act(self.htcondor.JobAction.Remove, which)
        except self.htcondor.HTCondorException as error:
            raise Unreachable("jobs of %s were not removed: %s" % (which, error)) from error

    def _asked(self, question: Callable[[Any, str], Any], number: str) -> List[Any]:
        try:
            return list(question(self._schedd(), "ClusterId == %d" % int(number)))
        except self.htcondor.HTCondorException as error:
            raise Unreachable("schedd '%s': %s" % (self.settings.schedd, error)) from error

    def _schedd(self) -> Any:
        condor = self.htcondor
        try:
            ad = condor.Collector(self.settings.collector).locate(condor.DaemonTypes.Schedd, self.settings.schedd)
        except condor.HTCondorException as error:
            raise Unreachable("collector '%s': %s" % (self.settings.collector, error)) from error
        return condor.Schedd(ad)


def results(token: str) -> str:
    """Name of the archive with what a job wrote."""
    return "reana_job.%s.tar.gz" % token


def removed(ad: Any) -> Outcome:
    """Answer that somebody ended a job."""
    return Outcome("failed", "removed: %s" % ad.get("RemoveReason", "nobody said why"))
