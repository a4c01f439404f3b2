/**
 * What the hub runs: it reads `settings.json`, which the construct renders, and sets JupyterHub's traitlets by it. Groups decide here and not in
 * the page: a profile that is not for somebody's groups is refused also when the API is asked for it.
 */
export const HUB_PROGRAM = String.raw`"""JupyterHub, set up by settings.json. Made by Beamline; change the environment, not this file."""
import hashlib
import json
import os
import sys

import ldap3
from kubernetes_asyncio.client.rest import ApiException
from kubespawner import KubeSpawner
from ldap3.utils.conv import escape_filter_chars
from ldapauthenticator import LDAPAuthenticator
from oauthenticator.generic import GenericOAuthenticator
from tornado import web

ROOT = os.environ.get("HUB_ROOT", "/etc/jupyterhub")


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


settings = json.loads(read("config", "settings.json"))


def secret(name):
    return read("secret", name).strip()


def key(name):
    """32 bytes that follow from a generated text."""
    return hashlib.sha256(secret(name).encode()).digest()


def profiles_for(spawner):
    groups = {group.name for group in spawner.user.groups}
    found = [p["spawner"] for p in settings["profiles"] if not p["groups"] or groups & set(p["groups"])]
    if not found:
        # An empty list would mean a session without any profile.
        raise web.HTTPError(403, "None of your groups may start a session here.")
    return found


def check_number(spawner):
    """JupyterHub counts sessions when its API or a link asks for one, and not when the form does."""
    limits = settings["traitlets"]["JupyterHub"]
    if spawner.name and not limits["allow_named_servers"]:
        raise web.HTTPError(403, "One person may have one session here, and it has no name.")
    others = [name for name, other in spawner.user.spawners.items() if name != spawner.name and other.active]
    if len(others) > limits["named_server_limit_per_user"]:
        raise web.HTTPError(403, f"You have {len(others)} sessions, as many as one person may have here. Stop one first.")


class NoRoom(Exception):
    jupyterhub_message = "There is no room for another session: the quota of the notebooks is used up. Come again later, or take a smaller profile."


class SiteSpawner(KubeSpawner):
    async def start(self):
        try:
            return await super().start()
        except ApiException as error:
            if error.status == 403 and "exceeded quota" in (error.body or ""):
                raise NoRoom(error.body) from error
            raise

    async def load_user_options(self):
        check_number(self)
        wanted = (self.user_options or {}).get("profile")
        if wanted and wanted not in [profile["slug"] for profile in profiles_for(self)]:
            raise web.HTTPError(403, f"The profile '{wanted}' is not there for your groups.")
        await super().load_user_options()


class DirectoryAuthenticator(LDAPAuthenticator):
    """Adds the groups of whoever logged in, by a search of the directory."""

    async def authenticate(self, handler, data):
        model = await super().authenticate(handler, data)
        if model is None:
            return None
        groups = self.groups_of(model["name"])
        admin = model["name"] in self.admin_users or bool(groups & set(settings["admins"]["groups"]))
        return {**model, "groups": sorted(groups), "admin": admin}

    def groups_of(self, name):
        _, dn = self.resolve_username(name)
        reader = self.get_connection(self.lookup_dn_search_user, self.lookup_dn_search_password)
        if not dn or not reader:
            return set()
        search = settings["login"]["groupSearch"]
        wanted = f"(&{search['filter']}({search['member']}={escape_filter_chars(dn)}))"
        reader.search(search["base"], wanted, ldap3.SUBTREE, attributes=[search["attribute"]])
        return {str(value) for entry in reader.entries for value in entry[search["attribute"]].values}

    async def check_allowed(self, username, auth_model):
        if not settings["groups"]:
            return True
        in_groups = set((auth_model or {}).get("groups") or [])
        return bool(in_groups & set(settings["groups"])) or bool((auth_model or {}).get("admin"))


def claimed_groups(auth_state):
    found = auth_state["oauth_user"].get(settings["login"]["groupsClaim"]) or []
    return [found] if isinstance(found, str) else list(found)


c = get_config()  # noqa: F821 - JupyterHub's
for class_name, traits in settings["traitlets"].items():
    for trait, value in traits.items():
        setattr(c[class_name], trait, value)
c.JupyterHub.load_roles = [*c.JupyterHub.load_roles, *settings["roles"]]
for environment in [
    c.KubeSpawner.environment,
    *(p["spawner"]["kubespawner_override"]["environment"] for p in settings["profiles"]),
]:
    environment.update(settings["sessionEnvironment"])

c.JupyterHub.cookie_secret = key("cookie-secret")
c.CryptKeeper.keys = [key("crypt-key")]
c.ConfigurableHTTPProxy.auth_token = secret("proxy-token")
c.JupyterHub.spawner_class = SiteSpawner
c.KubeSpawner.profile_list = profiles_for
c.JupyterHub.services = [
    {"name": "culler", "command": [sys.executable, "-m", "jupyterhub_idle_culler", *settings["culler"]]},
    {"name": "metrics", "api_token": secret("metrics-token")},
    *settings["services"],
]

login = settings["login"]
if login["kind"] == "oidc":
    c.JupyterHub.authenticator_class = GenericOAuthenticator
    c.GenericOAuthenticator.client_secret = os.environ["LOGIN_SECRET"]
    if login["groupsClaim"]:
        c.GenericOAuthenticator.manage_groups = True
        c.GenericOAuthenticator.auth_state_groups_key = claimed_groups
        c.GenericOAuthenticator.allowed_groups = set(settings["groups"])
        c.GenericOAuthenticator.admin_groups = set(settings["admins"]["groups"])
else:
    c.JupyterHub.authenticator_class = DirectoryAuthenticator
    c.DirectoryAuthenticator.manage_groups = True
    c.DirectoryAuthenticator.lookup_dn_search_password = os.environ["LOGIN_SECRET"]
`;
