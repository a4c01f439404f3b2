"""A Slurm cluster by way of SSH. Its nodes see the workspaces under a path of their own."""

import os
import re
import shlex
import subprocess
import tempfile
from typing import Callable, List, Optional, Sequence

from .job import Job, Outcome, Unreachable, read_if_there
from .settings import WORKSPACES, Slurm

STATES = {
    "finished": {"COMPLETED"},
    "waiting": {"PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "SPECIAL_EXIT"},
    "running": {"RUNNING", "COMPLETING", "STAGE_OUT", "SIGNALING", "RESIZING", "SUSPENDED", "STOPPED"},
}
"""Every other state is a failure (https://slurm.schedmd.com/squeue.html, job state codes)."""

NAME = re.compile(r"^[A-Za-z0-9_][A-Za-z0-9_.,-]*$")
TIME = re.compile(r"^\d+(-\d+)?(:\d+){0,2}$")
SSH_FAILED = 255


class SlurmCluster:
    """Submits, asks, stops. `identity` answers the options by which ssh is let in, afresh at every call."""

    def __init__(self, settings: Slurm, identity: Callable[[], List[str]], user: str) -> None:
        """Keep the keys that the submit host may have: no other host is spoken to."""
        self.settings = settings
        self.identity = identity
        self.user = user
        self.folder = tempfile.mkdtemp(prefix="ssh-")
        self.known = os.path.join(self.folder, "known_hosts")
        place = settings.host if settings.port == 22 else "[%s]:%d" % (settings.host, settings.port)
        with open(self.known, "w") as file:
            file.writelines("%s %s\n" % (place, key) for key in settings.host_keys)

    def submit(self, job: Job, partition: Optional[str] = None, time: Optional[str] = None) -> str:
        """Hand in a job and answer its number."""
        settings = self.settings
        partition = partition or settings.partition
        time = time or str(settings.defaults.minutes)
        if not NAME.match(partition):
            raise ValueError("slurm_partition must be the name of a partition, got '%s'" % partition)
        if not TIME.match(time):
            raise ValueError("slurm_time must be as sbatch takes it, such as '60' or '1-12:00:00', got '%s'" % time)
        there = self._there(job.workspace)
        answer = self._run(
            [
                "sbatch",
                "--parsable",
                "--job-name=" + re.sub(r"[^A-Za-z0-9_.-]", "-", job.name),
                "--partition=" + partition,
                "--time=" + time,
                "--cpus-per-task=%d" % settings.defaults.cores,
                "--mem=%dM" % job.memory_mib(settings.defaults),
                "--chdir=" + there,
                "--output=%s/reana_job.%%j.out" % there,
                "--error=%s/reana_job.%%j.err" % there,
                "--no-requeue",
            ],
            self._script(job),
        )
        number = answer.strip().split(";")[0]
        if not number.isdigit():
            raise RuntimeError("sbatch answered no number of a job: " + answer)
        return number

    def outcome(self, number: str, workspace: str) -> Outcome:
        """How a job stands. Slurm forgets what ended a while ago; the exit code that the job itself left stays."""
        try:
            text = self._run(["scontrol", "show", "job", number, "--oneliner"])
        except RuntimeError as error:
            if "Invalid job id" not in str(error):
                raise
            return self._left(number, workspace)
        state = re.search(r"\bJobState=(\w+)", text)
        if state is None:
            return self._left(number, workspace)
        for status, states in STATES.items():
            if state.group(1) in states:
                return Outcome(status)
        code = re.search(r"\bExitCode=(\S+)", text)
        return Outcome("failed", "%s, exit code %s" % (state.group(1), code.group(1) if code else "unknown"))

    def collect(self, number: str, workspace: str) -> None:
        """Do nothing: files are where they belong, as the workspace is shared."""

    def stop(self, number: str) -> None:
        """End a job; one that has ended is none of Slurm's any more."""
        try:
            self._run(["scancel", number])
        except RuntimeError as error:
            if "Invalid job id" not in str(error):
                raise

    def logs(self, number: str, workspace: str) -> str:
        """What the job wrote, errors first, as REANA shows it."""
        return "".join(read_if_there(self._file(number, workspace, end)) for end in ("err", "out"))

    def _left(self, number: str, workspace: str) -> Outcome:
        code = read_if_there(self._file(number, workspace, "exit")).strip()
        if code == "":
            return Outcome("unknown")
        return Outcome("finished") if code == "0" else Outcome("failed", "exit code " + code)

    def _file(self, number: str, workspace: str, end: str) -> str:
        return os.path.join(workspace, "reana_job.%s.%s" % (number, end))

    def _there(self, workspace: str) -> str:
        if os.path.commonpath([workspace, WORKSPACES]) != WORKSPACES:
            raise ValueError("workspace '%s' is not below %s, which is all that the nodes see" % (workspace, WORKSPACES))
        return os.path.join(self.settings.path, os.path.relpath(workspace, WORKSPACES))

    def _script(self, job: Job) -> str:
        workspace = shlex.quote(job.workspace)
        kind = self.settings.containers
        if kind == "none":
            body = [job.moved(), 'bash -c "$beamline_command"']
        else:
            image = job.image if job.image.startswith("/") or "://" in job.image else "docker://" + job.image
            body = [
                '%s exec --bind "$PWD":%s --pwd %s %s bash -c "$beamline_command"' % (kind, workspace, workspace, shlex.quote(image))
            ]
        end = ["code=$?", 'echo "$code" > "reana_job.$SLURM_JOB_ID.exit"', 'exit "$code"', ""]
        return "\n".join(["#!/bin/bash", job.prologue(), *body, *end])

    def _run(self, words: Sequence[str], text: str = "") -> str:
        command = [
            "ssh",
            *("-F", "none", "-p", str(self.settings.port), "-l", self.user),
            *("-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", "UserKnownHostsFile=" + self.known),
            *("-o", "GlobalKnownHostsFile=none", "-o", "ConnectTimeout=30", "-o", "ServerAliveInterval=15"),
            *self.identity(),
            *("--", self.settings.host, " ".join(shlex.quote(word) for word in words)),
        ]
        try:
            done = subprocess.run(command, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=120)
        except subprocess.TimeoutExpired as error:
            raise Unreachable("%s did not answer within two minutes" % self.settings.host) from error
        if done.returncode == SSH_FAILED or "Unable to contact slurm controller" in done.stderr:
            raise Unreachable("%s: %s" % (self.settings.host, done.stderr.strip()))
        if done.returncode != 0:
            raise RuntimeError("%s on %s: %s" % (words[0], self.settings.host, done.stderr.strip()))
        return done.stdout
