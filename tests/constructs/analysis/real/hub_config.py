"""The hub's own configuration, with people who log in without a password and no proxy, which only browsers need.

HUB_ROOT is where that configuration is; TEST_HUB is a JSON object with address, database, token and groups.
"""

import json
import os

from jupyterhub.proxy import Proxy

with open(os.path.join(os.environ["HUB_ROOT"], "config", "jupyterhub_config.py"), encoding="utf-8") as own:
    exec(compile(own.read(), own.name, "exec"))

given = json.loads(os.environ["TEST_HUB"])


class NoProxy(Proxy):
    should_start = False
    routes = {}

    async def add_route(self, routespec, target, data):
        self.routes[routespec] = {"routespec": routespec, "target": target, "data": data}

    async def delete_route(self, routespec):
        self.routes.pop(routespec, None)

    async def get_all_routes(self):
        return self.routes


c = get_config()  # noqa: F821 - JupyterHub's
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.proxy_class = NoProxy
c.JupyterHub.hub_bind_url = c.JupyterHub.hub_connect_url = given["address"]
c.JupyterHub.db_url = given["database"]
c.JupyterHub.load_groups = {name: {"users": users} for name, users in given["groups"].items()}
# The culler would be another process.
c.JupyterHub.services = [{k: v for k, v in service.items() if k != "command"} for service in c.JupyterHub.services]
c.JupyterHub.services.append({"name": "tester", "api_token": given["token"]})
c.JupyterHub.load_roles = [
    *c.JupyterHub.load_roles,
    {"name": "tester", "services": ["tester"], "scopes": ["admin:users", "tokens"]},
]
