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

try:
    import pycurl
    from tornado.curl_httpclient import CurlAsyncHTTPClient as Client
except ImportError:
    pass
else:
    # curl looks names up by itself, and this build of it knows no SSL_CERT_FILE.
    setup = Client._curl_setup_request

    def curl_setup_request(self, curl, *args):
        setup(self, curl, *args)
        curl.setopt(pycurl.CONNECT_TO, [f"{name}::{address}:{port}" for name, (address, port) in NAMES.items()])
        if "SSL_CERT_FILE" in os.environ:
            curl.setopt(pycurl.CAINFO, os.environ["SSL_CERT_FILE"])

    Client._curl_setup_request = curl_setup_request
