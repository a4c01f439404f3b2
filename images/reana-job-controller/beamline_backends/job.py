"""A step of a workflow as a batch system runs it, and what comes of it."""

import base64
import os
import re
import shlex
from dataclasses import dataclass, field
from typing import Dict, Optional

from .settings import Defaults

YADAGE = re.compile(r"^echo ([A-Za-z0-9+/=]+)\s*\|\s*base64 -d\s*\|\s*bash$")
MEMORY = re.compile(r"^(\d+(?:\.\d+)?)([KMGTPE]?)(i?)$")
VARIABLE = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")


class Unreachable(Exception):
    """The batch system does not answer. Asking again later is all there is to do; its jobs go on."""


@dataclass(frozen=True)
class Outcome:
    """How a job stands: `waiting`, `running`, `finished`, `failed`, or `unknown` to the batch system."""

    status: str
    reason: str = ""


@dataclass(frozen=True)
class Job:
    """What a workflow engine asks for."""

    name: str
    command: str
    image: str
    workspace: str
    env: Dict[str, str] = field(default_factory=dict)
    memory: Optional[str] = None

    def memory_mib(self, defaults: Defaults) -> int:
        """Memory as the step asks for it, in the words of Kubernetes; batch systems take MiB."""
        if not self.memory:
            return defaults.memory_mib
        match = MEMORY.match(self.memory)
        if match is None:
            raise ValueError("memory must be as Kubernetes writes it, such as '4Gi', got '%s'" % self.memory)
        number, unit, binary = match.groups()
        scale = (1024 if binary else 1000) ** (" KMGTPE".index(unit) if unit else 0)
        return max(1, -(-int(float(number) * scale) // 1024**2))

    def plain_command(self) -> str:
        """The command; Yadage hides it, and the path of the workspace with it, in base 64."""
        match = YADAGE.match(self.command.strip())
        if match is None:
            return self.command
        return base64.b64decode(match.group(1)).decode("utf-8")

    def prologue(self) -> str:
        """Shell that puts the step's variables in place, and its command in `$beamline_command`."""
        wrong = [name for name in self.env if not VARIABLE.match(name)]
        if wrong:
            raise ValueError("variables cannot be called " + ", ".join(repr(name) for name in wrong))
        exports = ["export %s=%s" % (name, shlex.quote(str(value))) for name, value in sorted(self.env.items())]
        return "\n".join(exports + ["beamline_command=%s" % shlex.quote(self.plain_command())])

    def moved(self) -> str:
        """Shell that makes command and variables speak of `$PWD` where they speak of the workspace."""
        workspace = self.workspace.rstrip("/")
        names = [name for name, value in sorted(self.env.items()) if workspace in str(value)]
        lines = ["beamline_workspace=%s" % shlex.quote(workspace)]
        for name in ["beamline_command"] + names:
            lines.append('%s=${%s//"$beamline_workspace"/"$PWD"}' % (name, name))
        return "\n".join(lines)


def read_if_there(path: str) -> str:
    """Text of a file of a job; what is not text is shown as well as it can be."""
    if not os.path.exists(path):
        return ""
    with open(path, errors="replace") as file:
        return file.read()
