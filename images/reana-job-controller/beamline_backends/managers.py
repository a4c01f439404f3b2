"""Our back ends as the job controller wants them: a manager of jobs and a monitor for each."""

import os
import threading
from typing import Any, Dict, Optional

from reana_job_controller.job_db import JOB_DB, store_job_logs, update_job_status
from reana_job_controller.job_manager import JobManager

from . import monitor, settings
from .condor import CondorPool
from .credentials import SshKey, Ticket, read_secret
from .job import Job
from .slurm import SlurmCluster

SLURM, HTCONDOR = "slurmcern", "htcondorcern"
"""The names that users write into reana.yaml: its schema knows no others, whichever the site."""

_systems: Dict[str, Any] = {}
_monitors: Dict[str, "Monitor"] = {}
_lock = threading.Lock()


def system(name: str) -> Any:
    """Answer the connection to a batch system, made when it is first asked for."""
    with _lock:
        if name not in _systems:
            _systems[name] = {SLURM: _slurm, HTCONDOR: _condor}[name]()
        return _systems[name]


def _settings() -> settings.Settings:
    return settings.read(os.environ["BEAMLINE_BACKENDS"])


def _slurm() -> SlurmCluster:
    values = _settings().slurm
    assert values is not None
    if values.key is not None and values.user is not None:
        return SlurmCluster(values, SshKey(read_secret(values.key)).options, values.user)
    assert values.realm is not None and values.krb5_conf is not None
    ticket = Ticket(values.realm, values.krb5_conf, os.environ)
    return SlurmCluster(values, ticket.options, ticket.user)


def _condor() -> CondorPool:
    values = _settings().htcondor
    assert values is not None
    return CondorPool(values, read_secret(values.token))


class _Manager(JobManager):
    """What both have in common. `name` is the back end's, `title` what REANA's database calls it."""

    name = ""
    title = ""

    def __init__(
        self,
        docker_img: str = "",
        cmd: str = "",
        prettified_cmd: str = "",
        env_vars: Optional[Dict[str, str]] = None,
        workflow_uuid: Optional[str] = None,
        workflow_workspace: str = "",
        job_name: str = "",
        cvmfs_mounts: str = "false",
        shared_file_system: bool = False,
        kubernetes_memory_limit: Optional[str] = None,
        **asked: Any
    ) -> None:
        """Keep what the step asks for."""
        super().__init__(
            docker_img=docker_img,
            cmd=cmd,
            prettified_cmd=prettified_cmd,
            env_vars=env_vars or {},
            workflow_uuid=workflow_uuid,
            workflow_workspace=workflow_workspace,
            job_name=job_name,
        )
        self.compute_backend = self.title
        self.cvmfs_mounts = cvmfs_mounts
        self.shared_file_system = shared_file_system
        self.memory = kubernetes_memory_limit
        self.asked = asked

    def job(self) -> Job:
        """Answer the step as a batch system takes it."""
        return Job(
            name=self.job_name or "reana",
            command=self.cmd,
            image=self.docker_img,
            workspace=self.workflow_workspace,
            env=self.env_vars or {},
            memory=self.memory,
        )

    @classmethod
    def stop(cls, backend_job_id: str) -> None:
        """End a job."""
        system(cls.name).stop(backend_job_id)

    @classmethod
    def get_logs(cls, backend_job_id: str, **kwargs: Any) -> str:
        """Answer what a job wrote."""
        return str(system(cls.name).logs(backend_job_id, kwargs["workspace"]))


class SlurmManager(_Manager):
    """Jobs of a Slurm cluster."""

    name = SLURM
    title = "Slurm"

    @JobManager.execution_hook
    def execute(self) -> str:
        """Hand in the job."""
        return str(system(self.name).submit(self.job(), self.asked.get("slurm_partition"), self.asked.get("slurm_time")))


class CondorManager(_Manager):
    """Jobs of an HTCondor pool."""

    name = HTCONDOR
    title = "HTCondor"

    @JobManager.execution_hook
    def execute(self) -> str:
        """Hand in the job."""
        return str(
            system(self.name).submit(self.job(), self.asked.get("htcondor_max_runtime"), self.asked.get("htcondor_accounting_group"))
        )


class Monitor:
    """Watches the jobs of one back end."""

    def __init__(self, name: str) -> None:
        """Begin to watch."""
        monitor.start(monitor.Watch(name, lambda: system(name), _tell), JOB_DB)


def monitor_of(name: str) -> Any:
    """Answer what the controller calls for every job; one monitor serves them all."""

    def once(**_: Any) -> Monitor:
        with _lock:
            if name not in _monitors:
                _monitors[name] = Monitor(name)
            return _monitors[name]

    return once


def _tell(job_id: str, status: str, logs: str) -> None:
    store_job_logs(job_id, logs)
    update_job_status(job_id, status)
