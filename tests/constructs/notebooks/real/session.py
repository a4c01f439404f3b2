"""Stands in for a notebook server: it has its pod's variables and asks the hub who comes, by the hub's own library."""

import asyncio
import os
import sys

from jupyterhub.services.auth import HubOAuthCallbackHandler, HubOAuthenticated
from tornado import web

prefix = os.environ["JUPYTERHUB_SERVICE_PREFIX"]


class Page(HubOAuthenticated, web.RequestHandler):
    @web.authenticated
    def get(self):
        self.finish(f"<title>Session</title><h1>Session of {self.get_current_user()['name']}</h1>")


async def main():
    handlers = [(prefix + "oauth_callback", HubOAuthCallbackHandler), (prefix + ".*", Page)]
    web.Application(handlers, cookie_secret=os.urandom(32)).listen(int(sys.argv[1]), "127.0.0.1")
    await asyncio.Event().wait()


asyncio.run(main())
