"""Loads the hub's configuration as JupyterHub does, and prints the pods that KubeSpawner makes of requests, as JSON.

Arguments: the folder with config/ and secret/, and a JSON list of [groups, user options].
"""

import asyncio
import json
import os
import sys
import types

ROOT, REQUESTS = sys.argv[1], json.loads(sys.argv[2])
os.environ["HUB_ROOT"] = ROOT
os.environ["LOGIN_SECRET"] = "client-secret"

from jupyterhub.app import JupyterHub  # noqa: E402
from jupyterhub.objects import Hub  # noqa: E402
from kubernetes_asyncio.client import ApiClient  # noqa: E402
from traitlets.config.loader import PyFileConfigLoader  # noqa: E402

config = PyFileConfigLoader("jupyterhub_config.py", os.path.join(ROOT, "config")).load_config()


def person(groups):
    named = [types.SimpleNamespace(name=group) for group in groups]
    return types.SimpleNamespace(
        name="anna", escaped_name="anna", id=1, url="/user/anna/", state=None, groups=named, settings={}, spawners={}
    )


async def answer(groups, options):
    make = config.JupyterHub.spawner_class
    spawner = make(_mock=True, config=config, user=person(groups), hub=Hub(), api_token="token", cookie_options={})
    spawner.user_options = options
    async with ApiClient() as client:
        try:
            await spawner.load_user_options()
            return {"pod": client.sanitize_for_serialization(await spawner.get_pod_manifest())}
        except Exception as error:
            return {"refused": str(error)}


async def main():
    app = JupyterHub(config=config)
    login = config.JupyterHub.authenticator_class(config=config)
    answers = [await answer(groups, options) for groups, options in REQUESTS]
    facts = {"login": type(login).__name__, "database": app.db_url, "cookieBytes": len(app.cookie_secret)}
    print(json.dumps({**facts, "answers": answers}))


asyncio.run(main())
