import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execa } from 'execa';
import { stringify } from 'yaml';

import { EdgeGrant } from '../../../constructs/tenancy/edge-grant';
import { EDGE_SERVICES } from '../../../constructs/tenancy/edge-services';
import { cachedTool } from '../../../sandbox/toolchain/ensure-tools';
import { until } from '../../integration/support/processes';
import { Cluster } from '../../support/cluster';
import { synth } from '../../support/synth';

const NAMESPACE = 'edge-it';
const folder = mkdtempSync(join(tmpdir(), 'beamline-edge-'));
const cluster = new Cluster();
let kubeconfig: string;

/** A container that follows the level that the namespace demands. */
const container = (image: string): object => ({
  name: 'ce',
  image,
  resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '64Mi' } },
  securityContext: {
    allowPrivilegeEscalation: false,
    runAsNonRoot: true,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  },
});

/** What the API server answers to the team, with nothing but its token. A dry run goes through admission all the same. */
async function asTeam(object: object): Promise<string> {
  const { all } = await execa(
    cachedTool('kubectl') ?? 'kubectl',
    ['--kubeconfig', kubeconfig, 'create', '--dry-run=server', '-f', '-'],
    { input: stringify(object), reject: false, all: true, timeout: 60_000 },
  );
  return all ?? '';
}

const service = (port: number, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'ce' },
  spec: { ports: [{ port }], selector: { app: 'ce' }, ...more },
});

beforeAll(async () => {
  const props = {
    ...EDGE_SERVICES.hostedCe,
    team: 'osg',
    contact: 'edge@example.org',
    to: 'anywhere',
    since: '2026-11-22',
    until: '2027-05-31',
    longestDays: 200,
  } as const;
  const tree = synth(EdgeGrant, props, 'kubernetes 1.34', NAMESPACE);
  const namespaces = tree.all('Namespace');
  await cluster.apply(namespaces);
  await cluster.apply(tree.objects.filter((one) => !namespaces.includes(one)));
  kubeconfig = await cluster.kubeconfigOf('osg', NAMESPACE, folder);
  // Policies take a moment to reach admission.
  const refused = async (): Promise<boolean> =>
    (await asTeam(service(80))).includes('Services must be on 9619');
  await until(refused, 'the policy did not take effect', 60_000);
}, 180_000);

afterAll(async () => {
  const name = `edge-${NAMESPACE}-osg`;
  const kinds = ['validatingadmissionpolicybinding', 'validatingadmissionpolicy'];
  const policies = kinds.flatMap((kind) => [`${kind}/${name}-images`, `${kind}/${name}-ports`]);
  await cluster.kubectl([
    'delete',
    '--ignore-not-found',
    '--wait=false',
    `ns/${NAMESPACE}`,
    ...policies,
  ]);
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

test('the team makes what was agreed', async () => {
  expect(await asTeam(service(9619))).toContain('service/ce created');
}, 60_000);

test.each([
  ['a Service on another port', service(80), 'Services must be on 9619'],
  ['a door to the outside', service(9619, { type: 'NodePort' }), 'exceeded quota'],
  [
    'a name of somebody else',
    { ...service(9619), spec: { type: 'ExternalName', externalName: 'example.org' } },
    'Services must be on 9619',
  ],
  [
    'a kind that was not agreed',
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'more' } },
    'forbidden',
  ],
  [
    'another namespace',
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } },
    'forbidden',
  ],
])(
  '%s is refused',
  async (_, object, reason) => {
    expect(await asTeam(object)).toContain(reason);
  },
  60_000,
);

test.each([
  ['hub.opensciencegrid.org/osg-htc/hosted-ce:24-release', 'created'],
  ['hub.opensciencegrid.org/osg-htc/hosted-ce-other:1', 'images must come from'],
  ['docker.io/library/miner:1', 'images must come from'],
])(
  'a pod of %s: %s',
  async (image, answer) => {
    // As the controller of a Deployment would make it: the team itself may not make bare pods.
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'ce', namespace: NAMESPACE },
      spec: { automountServiceAccountToken: false, containers: [container(image)] },
    };
    const made = cluster.kubectl(['create', '--dry-run=server', '-f', '-'], stringify(pod));
    expect(await made.catch((error: unknown) => String(error))).toContain(answer);
  },
  60_000,
);
