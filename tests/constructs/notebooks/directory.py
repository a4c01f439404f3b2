"""Loads the hub's configuration as JupyterHub does, and prints as whom its authenticator lets people in, as JSON.

Arguments: the folder with config/ and secret/, and a JSON list of [user, password].
"""

import asyncio
import json
import os
import sys

ROOT, PEOPLE = sys.argv[1], json.loads(sys.argv[2])
os.environ["HUB_ROOT"] = ROOT
os.environ["LOGIN_SECRET"] = "reader-secret"

from traitlets.config.loader import PyFileConfigLoader  # noqa: E402

config = PyFileConfigLoader("jupyterhub_config.py", os.path.join(ROOT, "config")).load_config()


async def answer(user, password):
    authenticator = config.JupyterHub.authenticator_class(config=config)
    try:
        model = await authenticator.get_authenticated_user(None, {"username": user, "password": password})
        return {"refused": "unknown"} if model is None else {"name": model["name"], "groups": model["groups"], "admin": model["admin"]}
    except Exception as error:
        return {"refused": f"{type(error).__name__}: {error}"}


async def main():
    print(json.dumps([await answer(user, password) for user, password in PEOPLE]))


asyncio.run(main())
