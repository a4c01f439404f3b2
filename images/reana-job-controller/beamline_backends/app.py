"""The job controller with our back ends in it: `FLASK_APP=beamline_backends.app`."""

import os

from reana_job_controller import config

from . import settings
from .managers import HTCONDOR, SLURM, CondorManager, SlurmManager, monitor_of


def register(text: str) -> None:
    """Put our back ends in the places of CERN's, before the application takes its configuration."""
    read = settings.read(text)
    for name, there, manager in ((SLURM, read.slurm, SlurmManager), (HTCONDOR, read.htcondor, CondorManager)):
        if there is not None:
            config.COMPUTE_BACKENDS[name] = lambda manager=manager: manager
            config.JOB_MONITORS[name] = lambda name=name: monitor_of(name)


register(os.environ.get("BEAMLINE_BACKENDS", "{}"))

from reana_job_controller.app import app  # noqa: E402,F401
