/**
 * What gateway and controller run: it reads `settings.json`, which the construct renders. Upstream lists pods and clusters of the whole
 * cluster; here it lists the tenants' namespaces, so that Roles are enough. Groups and limits decide in the server.
 */
export const DASK_PROGRAM = String.raw`"""Dask Gateway and its controller, set up by settings.json. Made by Beamline; change the environment, not this file."""
import asyncio
import json
import os
from collections import defaultdict

from aiohttp import web
from dask_gateway_server.auth import JupyterHubAuthenticator
from dask_gateway_server.backends.base import PublicException
from dask_gateway_server.backends.kubernetes import backend, controller, utils
from dask_gateway_server.options import Options, Select

with open(os.path.join(os.environ.get("GATEWAY_ROOT", "/etc/dask-gateway"), "settings.json"), encoding="utf-8") as file:
    settings = json.load(file)

TENANTS = {tenant["namespace"]: tenant for tenant in settings["tenants"]}
PROFILES = {profile["name"]: profile for profile in settings["profiles"]}
IN_NAMESPACE = {
    "list_cluster_custom_object": "list_namespaced_custom_object",
    "list_pod_for_all_namespaces": "list_namespaced_pod",
    "list_endpoints_for_all_namespaces": "list_namespaced_endpoints",
}


class TenantInformers:
    """An informer for each tenant's namespace, in place of one for the whole cluster."""

    def __init__(self, method, method_kwargs, **rest):
        self.informers = {
            namespace: utils.Informer(
                method=IN_NAMESPACE[method], method_kwargs={**method_kwargs, "namespace": namespace}, **rest
            )
            for namespace in TENANTS
        }

    def get(self, key, default=None):
        informer = self.informers.get(key.split(".")[0])
        return default if informer is None else informer.get(key, default)

    async def start(self):
        await asyncio.gather(*(informer.start() for informer in self.informers.values()))

    async def stop(self):
        await asyncio.gather(*(informer.stop() for informer in self.informers.values()))


backend.Informer = controller.Informer = TenantInformers


def limits_of(user):
    limits = settings["limits"]
    if user.name in limits["users"]:
        return limits["users"][user.name]
    found = [of for group, of in limits["groups"].items() if group in user.groups] or [limits["everybody"]]
    return {what: max(of[what] for of in found) for what in limits["everybody"]}


def options_for(user):
    tenants = [name for name, tenant in TENANTS.items() if user.groups & set(tenant["groups"])]
    profiles = [name for name, p in PROFILES.items() if not p["groups"] or user.groups & set(p["groups"])]
    if not tenants or not profiles:
        raise web.HTTPForbidden(reason="None of your groups may make a cluster here.")
    return Options(
        Select("tenant", tenants, label="Tenant"),
        Select("profile", profiles, label="Profile"),
        *(Select(o["name"], o["choices"], label=o["label"]) for o in settings["options"]),
        handler=configure,
    )


def configure(options, user):
    tenant, profile, limits = TENANTS[options["tenant"]], PROFILES[options["profile"]], limits_of(user)
    scheduler, worker = settings["scheduler"], profile["worker"]
    workers = min(
        limits["workers"],
        int((limits["cpu"] - scheduler["cpu"]) // worker["cpu"]),
        int((limits["memoryGiB"] - scheduler["memoryGiB"]) // worker["memoryGiB"]),
    )
    if workers < 1:
        raise ValueError(f"The profile '{options['profile']}' needs more than you may have in one cluster.")
    answers = {o["variable"]: options[o["name"]] for o in settings["options"]}
    annotations = {"beamline/user": user.name, "beamline/tenant": tenant["namespace"]}
    pod = {**profile["pod"], "volumes": [*profile["pod"]["volumes"], *tenant["volumes"]]}
    container = {**settings["container"], "volumeMounts": [*settings["mounts"], *tenant["mounts"]]}
    extra = {}
    for role in ("scheduler", "worker"):
        extra[f"{role}_extra_pod_config"] = pod
        extra[f"{role}_extra_container_config"] = container
        extra[f"{role}_extra_pod_annotations"] = annotations
        extra[f"{role}_extra_pod_labels"] = {"beamline/profile": options["profile"]}
    return {
        **settings["cluster"],
        **profile["cluster"],
        **extra,
        "namespace": tenant["namespace"],
        "environment": {**profile["environment"], **answers},
        "cluster_max_workers": workers,
    }


class SiteBackend(backend.KubeBackend):
    """Counts somebody's clusters before it makes another, by asking the API server: there may be several gateways."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.making = defaultdict(asyncio.Lock)

    async def start_cluster(self, user, cluster_options):
        async with self.making[user.name]:
            most = limits_of(user)["clusters"]
            if await self.clusters_of(user) >= most:
                raise PublicException(f"You may have {most} clusters at a time; stop one.")
            return await super().start_cluster(user, cluster_options)

    async def clusters_of(self, user):
        count = 0
        for namespace in TENANTS:
            found = await self.custom_client.list_namespaced_custom_object(
                "gateway.dask.org", self.crd_version, namespace, "daskclusters", label_selector=self.label_selector
            )
            for item in found["items"]:
                phase = item.get("status", {}).get("phase", "Pending")
                count += item["spec"]["username"] == user.name and phase in ("Pending", "Running")
        return count


c = get_config()  # noqa: F821 - Dask Gateway's
c.DaskGateway.address = c.KubeController.address = settings["address"]
c.DaskGateway.backend_class = SiteBackend
c.DaskGateway.authenticator_class = JupyterHubAuthenticator
c.KubeBackend.cluster_options = options_for
c.KubeController.api_url = settings["apiUrl"]
c.KubeController.proxy_web_middlewares = [{"name": settings["middleware"]}]
for name in ("KubeBackend", "KubeController"):
    c[name].gateway_instance = settings["instance"]
    c[name].common_labels = settings["labels"]
`;
