"""What lets us in: a Secret of REANA's namespace, or the keytab that a user gave to REANA."""

import os
import re
import subprocess
import tempfile
import time
from typing import List, Mapping

from .settings import SecretKey

KEYTABS = "/etc/reana/secrets"
"""Where REANA mounts the files that users gave it (`reana-client secrets-add --file`)."""

RENEW_SECONDS = 4 * 60 * 60


def read_secret(secret: SecretKey) -> str:
    """Read a Secret by the API server: REANA 0.9.4 mounts nothing of ours into runs."""
    import base64

    from reana_commons.config import REANA_RUNTIME_KUBERNETES_NAMESPACE
    from reana_commons.k8s.api_client import current_k8s_corev1_api_client

    found = current_k8s_corev1_api_client.read_namespaced_secret(secret.name, REANA_RUNTIME_KUBERNETES_NAMESPACE)
    value = (found.data or {}).get(secret.key)
    if value is None:
        raise RuntimeError("the Secret '%s' has no '%s'" % (secret.name, secret.key))
    return base64.b64decode(value).decode("utf-8")


class SshKey:
    """An account of the site, by its private key."""

    def __init__(self, text: str) -> None:
        """Lay the key where ssh takes it: readable by its owner alone."""
        self.path = os.path.join(tempfile.mkdtemp(prefix="key-"), "id")
        with open(os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(text.rstrip("\n") + "\n")

    def options(self) -> List[str]:
        """Answer the options of ssh."""
        return ["-i", self.path, "-o", "IdentitiesOnly=yes", "-o", "PreferredAuthentications=publickey"]


class Ticket:
    """A user's own ticket, from the keytab that the user gave to REANA as CERN_USER and CERN_KEYTAB, whatever the realm."""

    def __init__(self, realm: str, krb5_conf: str, environment: Mapping[str, str]) -> None:
        """Say what is missing at once, in words for the user."""
        user, keytab = environment.get("CERN_USER", ""), environment.get("CERN_KEYTAB", "")
        if not re.match(r"^[A-Za-z0-9._-]+$", user) or not re.match(r"^[A-Za-z0-9._-]+$", keytab):
            raise RuntimeError(
                "this back end takes your Kerberos ticket: give REANA your name and keytab with "
                "`reana-client secrets-add --env CERN_USER=<name> --env CERN_KEYTAB=<file> --file <file>`"
            )
        self.user = user
        self.principal = "%s@%s" % (user, realm)
        self.keytab = os.path.join(KEYTABS, keytab)
        folder = tempfile.mkdtemp(prefix="krb5-")
        self.until = 0.0
        config = os.path.join(folder, "krb5.conf")
        with open(config, "w") as file:
            file.write(krb5_conf)
        os.environ["KRB5_CONFIG"] = config
        os.environ["KRB5CCNAME"] = "FILE:" + os.path.join(folder, "cache")

    def options(self) -> List[str]:
        """Get a ticket where the last one is old, and answer the options of ssh."""
        if time.monotonic() > self.until:
            done = subprocess.run(
                ["kinit", "-k", "-t", self.keytab, self.principal], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True
            )
            if done.returncode != 0:
                raise RuntimeError("no ticket for %s: %s" % (self.principal, done.stdout.strip()))
            self.until = time.monotonic() + RENEW_SECONDS
        return [
            *("-o", "GSSAPIAuthentication=yes", "-o", "GSSAPIDelegateCredentials=yes"),
            *("-o", "PreferredAuthentications=gssapi-with-mic"),
        ]
