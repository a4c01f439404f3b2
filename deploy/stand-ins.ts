import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { parse, stringify } from 'yaml';
import { z } from 'zod';

import { projectAdminKubeconfig } from '../environments/cluster';
import type { Environment } from '../environments/environment';
import { objectsOf, type Manifest, type Plan } from '../plan/model';
import { splitPlan } from '../plan/split';
import { KubeApi } from './kube-api';
import { readKubeconfig } from './kubeconfig';

/** Namespace and ServiceAccount that stand for the admin of a project, who is a person. */
const PERSON = { namespace: 'beamline-rehearsal', name: 'project-admin' };
const ONE_HOUR = 3600;
const issued = z.object({ status: z.object({ token: z.string() }) });

/**
 * Makes, for a rehearsal and as its admin, what the environment's own cluster is said to have: the namespaces and classes that the plan leans
 * on. For an environment that has a project admin's rights, it also applies what that cluster's admin applies, and makes such a project admin
 * with a kubeconfig, so that nothing but his token deploys the rest.
 */
export async function makeStandIns(
  kubeconfig: string,
  environment: Environment,
  plan: Plan,
): Promise<void> {
  const file = await readKubeconfig(kubeconfig);
  const api = await KubeApi.open(file.connect(file.current));
  try {
    for (const object of standInsFor(environment, plan)) await apply(api, object);
    for (const definition of definitionsFor(environment, plan)) await define(api, definition);
    if (environment.rights === 'cluster-admin') return;
    for (const { manifest } of splitPlan(objectsOf(plan)).admin) await apply(api, manifest);
    const token = await makeProjectAdmin(api, environment.rights.projectAdmin);
    writeKubeconfig(projectAdminKubeconfig(environment.name), kubeconfig, api.server, token);
  } finally {
    await api.close();
  }
}

function standInsFor(environment: Environment, plan: Plan): Manifest[] {
  const made = new Set(objectsOf(plan).map(({ id }) => id));
  const used = objectsOf(plan).flatMap(({ manifest: { metadata } }) => metadata.namespace ?? []);
  const namespaces = [...new Set(used)].filter((name) => !made.has(`_/namespace/${name}`));
  const classes = environment.provided.flatMap((id) => {
    const [, name] = /^_\/storageclass\.storage\.k8s\.io\/(.+)$/.exec(id) ?? [];
    return name ?? [];
  });
  return [
    ...namespaces.map(namespace),
    ...classes.map((name) => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name },
      provisioner: 'rehearsal.beamline/stand-in',
    })),
  ];
}

/** Definitions that the cluster is said to have, each for the version that the plan uses. They take whatever is in an object. */
function definitionsFor({ provided }: Environment, plan: Plan): Manifest[] {
  return provided.flatMap((id) => {
    const [, plural, group] = /^_\/customresourcedefinition\.[^/]+\/([^.]+)\.(.+)$/.exec(id) ?? [];
    const used = objectsOf(plan).find(
      (object) =>
        object.group === group && plural?.startsWith(object.manifest.kind.toLowerCase()) === true,
    );
    if (used === undefined || plural === undefined || group === undefined) return [];
    const { apiVersion, kind, metadata } = used.manifest;
    const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    return [
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `${plural}.${group}` },
        spec: {
          group,
          scope: metadata.namespace === undefined ? 'Cluster' : 'Namespaced',
          names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
          versions: [
            {
              name: apiVersion.slice(group.length + 1),
              served: true,
              storage: true,
              schema: { openAPIV3Schema },
            },
          ],
        },
      },
    ];
  });
}

async function define(api: KubeApi, definition: Manifest): Promise<void> {
  await apply(api, definition);
  const { apiVersion, kind, metadata } = definition;
  const path = (await api.pathOf(apiVersion, kind, undefined, metadata.name)) ?? '';
  const deadline = Date.now() + DEFINED_MS;
  for (;;) {
    const { status } = defined.parse(await api.get(path));
    const conditions = status?.conditions ?? [];
    if (conditions.some((one) => one.type === 'Established' && one.status === 'True')) return;
    if (Date.now() > deadline)
      throw new Error(`the definition '${metadata.name}' was not established`);
    await sleep(50);
  }
}

const DEFINED_MS = 30_000;
const defined = z.object({
  status: z
    .object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).nullish() })
    .optional(),
});

function namespace(name: string): Manifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

/** Somebody who is admin of the project and nothing else; answers his token. */
async function makeProjectAdmin(api: KubeApi, project: string): Promise<string> {
  const { namespace: home, name } = PERSON;
  await apply(api, namespace(home));
  await apply(api, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace: home },
  });
  await apply(api, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: `rehearsal-${name}`, namespace: project },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
    subjects: [{ kind: 'ServiceAccount', name, namespace: home }],
  });
  const path = `/api/v1/namespaces/${home}/serviceaccounts/${name}/token`;
  const request = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: ONE_HOUR },
  };
  const answer = await api.send('POST', path, 'application/json', {
    type: 'application/json',
    text: JSON.stringify(request),
  });
  return issued.parse(answer).status.token;
}

/** A kubeconfig for the server of another, with nothing but a token. */
function writeKubeconfig(path: string, beside: string, server: string, token: string): void {
  const { clusters } = authorities.parse(parse(readFileSync(beside, 'utf8')));
  const [first] = clusters;
  const { name } = PERSON;
  const text = stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { ...first?.cluster, server } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });
  writeFileSync(path, text, { mode: 0o600 });
}

const authorities = z.object({
  clusters: z.array(z.object({ cluster: z.object({ 'certificate-authority-data': z.string() }) })),
});

async function apply(api: KubeApi, object: Manifest): Promise<void> {
  const { apiVersion, kind, metadata } = object;
  const path = await api.pathOf(apiVersion, kind, metadata.namespace, metadata.name);
  if (path === undefined) {
    throw new Error(`the control plane of the rehearsal does not serve ${kind} of '${apiVersion}'`);
  }
  await api.send(
    'PATCH',
    `${path}?fieldManager=beamline-rehearsal&force=true`,
    'application/json',
    { type: 'application/apply-patch+yaml', text: JSON.stringify(object) },
  );
}
