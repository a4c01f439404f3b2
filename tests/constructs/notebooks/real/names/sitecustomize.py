"""Looks up names as the cluster's DNS would. NAMES is a JSON object of a name to the address and the port that answer for it here."""

import json
import os
import socket

NAMES = json.loads(os.environ.get("NAMES", "{}"))
ask = socket.getaddrinfo


def getaddrinfo(host, port, *args, **kwargs):
    name = host.decode() if isinstance(host, bytes) else str(host)
    address, there = NAMES.get(name, (host, port))
    return ask(address, there, *args, **kwargs)


socket.getaddrinfo = getaddrinfo
