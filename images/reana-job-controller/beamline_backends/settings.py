"""What Beamline renders of the back ends: the JSON of the variable BEAMLINE_BACKENDS."""

import json
import os
from dataclasses import dataclass
from typing import Any, Dict, List, Optional

WORKSPACES = os.environ.get("SHARED_VOLUME_PATH", "/var/reana")
"""Where REANA's programs mount the files of all workflows."""


@dataclass(frozen=True)
class SecretKey:
    """One value of a Secret in REANA's namespace."""

    name: str
    key: str


@dataclass(frozen=True)
class Defaults:
    """What a job takes whose step asks for nothing."""

    cores: int
    memory_mib: int
    minutes: int


@dataclass(frozen=True)
class Slurm:
    """A cluster, and how its submit host lets us in: `key` for an account of the site, `realm` for the users' own."""

    host: str
    port: int
    host_keys: List[str]
    partition: str
    path: str
    containers: str
    defaults: Defaults
    user: Optional[str] = None
    key: Optional[SecretKey] = None
    realm: Optional[str] = None
    krb5_conf: Optional[str] = None


@dataclass(frozen=True)
class Condor:
    """A pool, its schedd that takes the jobs, and the token that lets us submit."""

    collector: str
    schedd: str
    token: SecretKey
    containers: str
    defaults: Defaults


@dataclass(frozen=True)
class Settings:
    """The back ends there are."""

    slurm: Optional[Slurm]
    htcondor: Optional[Condor]


def read(text: str) -> Settings:
    """Read the JSON. A field that is missing, or that nobody knows, is an error of the deployment and ends the program."""
    values: Dict[str, Any] = json.loads(text)
    unknown = set(values) - {"slurm", "htcondor"}
    if unknown:
        raise ValueError("BEAMLINE_BACKENDS has back ends that this image does not know: " + ", ".join(sorted(unknown)))
    return Settings(
        slurm=_made(Slurm, values.get("slurm")),
        htcondor=_made(Condor, values.get("htcondor")),
    )


def _made(kind: Any, values: Optional[Dict[str, Any]]) -> Any:
    if values is None:
        return None
    fields = dict(values, defaults=Defaults(**values["defaults"]))
    for secret in ("key", "token"):
        if fields.get(secret) is not None:
            fields[secret] = SecretKey(**fields[secret])
    return kind(**fields)
