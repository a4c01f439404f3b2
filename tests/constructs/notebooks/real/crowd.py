"""Stands in for the notebook servers of many pods in one process: each has its pod's variables and asks the hub who comes, by the hub's own library.

Arguments: the kubeconfig, the namespace, the address. `/crowd` says when each pod was first seen running, in seconds since 1970.
"""

import asyncio
import json
import os
import sys
import time

from jupyterhub.services.auth import HubOAuth, HubOAuthCallbackHandler, HubOAuthenticated
from kubernetes_asyncio import client, config, watch
from tornado import httpserver, web
from tornado.httpclient import AsyncHTTPClient
from tornado.routing import Router

KUBECONFIG, NAMESPACE, ADDRESS, PORT = sys.argv[1:]
LABEL = "app.kubernetes.io/component=singleuser-server"


class Callback(HubOAuthCallbackHandler):
    def initialize(self, hub_auth):
        self.hub_auth = hub_auth


class Page(HubOAuthenticated, web.RequestHandler):
    def initialize(self, hub_auth):
        self.hub_auth = hub_auth

    @web.authenticated
    def get(self):
        self.finish(f"<title>Session</title><h1>Session of {self.get_current_user()['name']}</h1>")


class Health(web.RequestHandler):
    """What the hub asks for before it calls a session ready."""

    def get(self):
        self.finish({"version": "0"})


class Nobody(web.RequestHandler):
    def get(self):
        self.send_error(503)


class Seen(web.RequestHandler):
    def initialize(self, seen):
        self.seen = seen

    def get(self):
        self.finish(self.seen)


def session(variables):
    prefix = variables["JUPYTERHUB_SERVICE_PREFIX"]
    auth = HubOAuth(
        api_url=variables["JUPYTERHUB_API_URL"],
        api_token=variables["JUPYTERHUB_API_TOKEN"],
        base_url=prefix,
        oauth_client_id=variables["JUPYTERHUB_CLIENT_ID"],
        access_scopes=set(json.loads(variables["JUPYTERHUB_OAUTH_ACCESS_SCOPES"])),
    )
    given = {"hub_auth": auth}
    handlers = [(prefix + "oauth_callback", Callback, given), (prefix + "api", Health), (prefix + ".*", Page, given)]
    return prefix, web.Application(handlers, cookie_secret=os.urandom(32))


class Crowd(Router):
    def __init__(self):
        self.sessions, self.prefixes, self.seen = {}, {}, {}
        self.own = web.Application([("/crowd", Seen, {"seen": self.seen}), (".*", Nobody)])

    def find_handler(self, request, **kwargs):
        start = "/".join(request.path.split("/")[:3]) + "/"
        return self.sessions.get(start, self.own).find_handler(request, **kwargs)

    def pod(self, event, pod):
        name = pod["metadata"]["name"]
        gone = event == "DELETED" or "deletionTimestamp" in pod["metadata"]
        if gone:
            self.sessions.pop(self.prefixes.pop(name, None), None)
        elif pod["status"].get("phase") == "Running" and name not in self.prefixes:
            self.seen.setdefault(name, time.time())
            env = pod["spec"]["containers"][0]["env"]
            prefix, application = session({one["name"]: one.get("value", "") for one in env})
            self.sessions[prefix] = application
            self.prefixes[name] = prefix


async def main():
    # A session asks the hub by a client of its own, which sends ten requests at once. One for all of them would have them wait for each other.
    AsyncHTTPClient.configure(None, max_clients=5000)
    await config.load_kube_config(config_file=KUBECONFIG)
    crowd = Crowd()
    httpserver.HTTPServer(crowd).listen(int(PORT), ADDRESS)
    core = client.CoreV1Api()
    while True:
        async with watch.Watch() as events:
            async for event in events.stream(core.list_namespaced_pod, NAMESPACE, label_selector=LABEL):
                crowd.pod(event["type"], event["raw_object"])


asyncio.run(main())
