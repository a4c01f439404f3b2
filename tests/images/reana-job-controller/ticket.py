"""Goes to a host with a user's ticket: one JSON of `{realm, krb5_conf, keytabs, environment, ssh}` on standard input, what was said on standard output."""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.environ["IMAGE"])

from beamline_backends import credentials  # noqa: E402

request = json.load(sys.stdin)
credentials.KEYTABS = request["keytabs"]
try:
    ticket = credentials.Ticket(request["realm"], request["krb5_conf"], request["environment"])
    first = ticket.options()
    asked = os.stat(os.environ["KRB5CCNAME"][len("FILE:"):]).st_mtime_ns
    again = ticket.options()
    kept = first == again and asked == os.stat(os.environ["KRB5CCNAME"][len("FILE:"):]).st_mtime_ns
    command = ["ssh", "-o", "BatchMode=yes", *first, *request["ssh"]]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    print(json.dumps({"kept": kept, "exitCode": done.returncode, "all": done.stdout.strip()}))
except RuntimeError as error:
    print(json.dumps({"refused": str(error)}))
