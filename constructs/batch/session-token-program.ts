/**
 * What hands out tokens to sessions. The hub says whose request it is; nothing in the request does. How a key signs: `condorSignature` of
 * `deploy/secrets.ts`, with its source.
 */
export const SESSION_TOKEN_PROGRAM = String.raw`"""Tokens of HTCondor for the sessions of a hub. Made by Beamline; change the environment, not this file."""
import asyncio
import base64
import hashlib
import hmac
import json
import os
import re
import time
import uuid

from jupyterhub.services.auth import HubAuth
from tornado import web

ROOT = os.environ.get("TOKENS_ROOT", "/etc/condor-tokens")
with open(os.path.join(ROOT, "config", "settings.json"), encoding="utf-8") as file:
    settings = json.load(file)

RESERVED = set(settings["reserved"])
NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
auth = HubAuth(access_scopes={f"access:services!service={settings['service']}"}, api_token="", login_url="")


def encoded(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def signing_key():
    with open(os.path.join(ROOT, "key", "key"), "rb") as file:
        scrambled = file.read()
    secret = bytes(byte ^ (0xDE, 0xAD, 0xBE, 0xEF)[index % 4] for index, byte in enumerate(scrambled))
    extracted = hmac.digest(b"htcondor", secret, "sha256")
    return hmac.digest(extracted, b"master jwt\x01", "sha256")


def token_for(name):
    now = int(time.time())
    header = {"alg": "HS256", "kid": settings["key"], "typ": "JWT"}
    claims = {
        "exp": now + settings["seconds"],
        "iat": now,
        "iss": settings["domain"],
        "jti": uuid.uuid4().hex,
        "scope": "condor:/READ condor:/WRITE",
        "sub": f"{name}@{settings['domain']}",
    }
    signed = ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))
    return f"{signed}.{encoded(hmac.new(signing_key(), signed.encode(), hashlib.sha256).digest())}"


class Tokens(web.RequestHandler):
    async def post(self):
        shown = auth.auth_header_pat.fullmatch(self.request.headers.get("Authorization", ""))
        user = await auth.user_for_token(shown.group(1), use_cache=False, sync=False) if shown else None
        if not user or user.get("kind") != "user" or not auth.check_scopes(auth.access_scopes, user):
            raise web.HTTPError(403, reason="Show the token of your session: it is in JUPYTERHUB_API_TOKEN")
        name = user["name"]
        if not NAME.fullmatch(name) or name.lower() in RESERVED:
            raise web.HTTPError(403, reason="Your name cannot be one of the pool's; ask who runs it")
        print(f"token for {name}", flush=True)
        self.set_header("Content-Type", "text/plain")
        self.set_header("Cache-Control", "no-store")
        self.finish(token_for(name) + "\n")

    def write_error(self, status_code, **kwargs):
        self.set_header("Content-Type", "text/plain")
        self.finish(f"{self._reason}\n")


class Health(web.RequestHandler):
    def get(self):
        self.finish("ok\n")


async def main():
    application = web.Application([("/token", Tokens), ("/health", Health)])
    application.listen(settings["port"], address=os.environ.get("TOKENS_ADDRESS", ""))
    await asyncio.Event().wait()


asyncio.run(main())
`;
