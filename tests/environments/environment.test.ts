import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import type { NodePool } from '../../environments/cluster';
import { defineEnvironment, type EnvironmentProps } from '../../environments/environment';
import { parseOrExplain, readFacts } from '../../environments/facts';
import { rehearsalOf, standInFor } from '../../environments/rehearsal';
import { messageFrom } from '../support/message';

const nodes = [{ name: 'worker', count: 1, cpu: 4, memoryGiB: 8 }];
const minimal: EnvironmentProps = {
  name: 'site',
  target: 'kubernetes 1.34',
  cluster: { kind: 'embedded', nodes },
  build: () => undefined,
};
/** Every prop, none at its default. Adding a prop breaks this line until it is tested below. */
const everything: Required<EnvironmentProps> = {
  ...minimal,
  cluster: {
    kind: 'kubeconfig',
    context: 'site',
    server: 'https://api.example.org:6443',
    clusterId: '00000000-0000-4000-8000-000000000001',
  },
  rights: { projectAdmin: 'analysis' },
  data: 'disposable',
  moved: [{ from: 'ns/secret/old', to: 'ns/secret/new' }],
  adopt: ['_/namespace/theirs'],
  provided: ['_/storageclass.storage.k8s.io/thin'],
  accepted: [
    {
      rule: 'port/closed',
      object: 'ns/service/web',
      reason: 'its operator opens the port',
      until: '2027-01-31',
    },
  ],
  secretsProvider: 'hashivault://beamline',
  mirror: { at: 'registry.example.org/mirror', exceptNamespaces: ['storage'] },
};

test('keeps data, moves, adopts and expects nothing, and takes a passphrase, unless told otherwise', () => {
  expect(defineEnvironment(minimal)).toMatchObject({
    name: 'site',
    target: { name: 'kubernetes 1.34' },
    rights: 'cluster-admin',
    data: 'keep',
    moved: [],
    adopt: [],
    provided: [],
    accepted: [],
    secretsProvider: 'passphrase',
  });
});

test('every prop is kept', () => {
  const { target, ...rest } = defineEnvironment(everything);
  const { target: name, ...wanted } = everything;
  expect(target.name).toBe(name);
  expect(rest).toEqual(wanted);
});

test("refuses a project admin's rights on a control plane of our own, and a project that cannot be", () => {
  const embedded = { ...minimal, rights: { projectAdmin: 'analysis' } };
  expect(messageFrom(() => defineEnvironment(embedded))).toContain(
    "rights: must be 'cluster-admin' on an embedded control plane",
  );
  const wrong = { ...everything, rights: { projectAdmin: 'My Project' } };
  expect(messageFrom(() => defineEnvironment(wrong))).toContain('rights');
});

test('rejects a description with one message for each problem, at once', () => {
  const wrong = {
    name: 'My Site',
    target: 'kubernetes 2.0',
    cluster: { kind: 'kubeconfig', context: '', server: 'api.example.org', clusterId: 'prod' },
    data: 'maybe',
    moved: [{ from: 'secret/old', to: 'ns/secret/new' }],
    adopt: ['theirs'],
    provided: ['StorageClass/thin'],
    accepted: [{ rule: 'port', object: 'ns/service/web', reason: 'ok', until: 'soon' }],
    secretsProvider: 'plain',
    build: 'later',
    colour: 'blue',
  };
  // What a site in JavaScript, or one that silences the compiler, could hand over.
  const define = (): unknown => Reflect.apply(defineEnvironment, undefined, [wrong]);
  expect(messageFrom(define)).toBe(
    [
      "environment 'My Site' has invalid facts:",
      `  - name: must be lower-case letters, digits and '-', at most 63 characters, for example 'analysis', got "My Site"`,
      "  - target: target 'kubernetes 2.0' is not known; allowed are 'okd 3.11', 'okd 4.6' to 'okd 4.21' and 'kubernetes 1.18' to 'kubernetes 1.36'; did you mean 'kubernetes 1.20'?",
      '  - cluster.context: must be the name of a context in the kubeconfig, got ""',
      '  - cluster.server: must be the URL of the API server, got "api.example.org"',
      '  - cluster.clusterId: must be the UID of the kube-system namespace, or of the project\'s with its admin\'s rights, got "prod"',
      `  - data: must be 'keep' or 'disposable', got "maybe"`,
      `  - moved.0.from: must be '<namespace|_>/<kind>.<group>/<name>', got "secret/old"`,
      `  - adopt.0: must be '<namespace|_>/<kind>.<group>/<name>', got "theirs"`,
      `  - provided.0: must be '<namespace|_>/<kind>.<group>/<name>', got "StorageClass/thin"`,
      `  - accepted.0.rule: must be a rule: 'port/closed', got "port"`,
      '  - accepted.0.reason: must say why, in a sentence, got "ok"',
      `  - accepted.0.until: must be a day: '2027-01-31', got "soon"`,
      '  - secretsProvider: must be passphrase, hashivault://, awskms://, azurekeyvault:// or gcpkms://, got "plain"',
      '  - build: must be a function of the app, got "later"',
      '  - colour: no such field; check its spelling and indentation',
    ].join('\n'),
  );
});

test('rejects a pool without nodes and one with a name that no node can have', () => {
  const cluster = {
    kind: 'embedded' as const,
    nodes: [{ name: 'Big Ones', count: 0, cpu: 0, memoryGiB: -1 }],
  };
  expect(messageFrom(() => defineEnvironment({ ...minimal, cluster }))).toBe(
    [
      "environment 'site' has invalid facts:",
      `  - cluster.nodes.0.name: must be lower-case letters, digits and '-', at most 63 characters, for example 'analysis', got "Big Ones"`,
      '  - cluster.nodes.0.count: must be the number of nodes, a whole number from 1, got 0',
      '  - cluster.nodes.0.cpu: must be the number of CPU cores, more than 0, got 0',
      '  - cluster.nodes.0.memoryGiB: must be the number of GiB of memory, more than 0, got -1',
    ].join('\n'),
  );
});

test('nodes of a pinned cluster may be declared, with what is kept of them', () => {
  const worker = { name: 'worker', count: 1, cpu: 4, memoryGiB: 8 };
  const withNodes = (pool: Partial<NodePool>) => () =>
    defineEnvironment({
      ...everything,
      cluster: { ...everything.cluster, nodes: [{ ...worker, ...pool }] },
    });
  const full = {
    pods: 500,
    devices: { 'nvidia.com/gpu': 4 },
    reserved: { cpu: 0.5, memoryGiB: 1 },
    labels: { gpu: 'a100' },
  };
  expect(withNodes(full)().cluster.nodes).toEqual([{ ...worker, ...full }]);
  expect(messageFrom(withNodes({ reserved: { cpu: 4, memoryGiB: 9 } }))).toBe(
    [
      "environment 'site' has invalid facts:",
      "  - cluster.nodes.0.reserved.cpu: must be less than the pool's 'cpu', which is 4, got 4",
      "  - cluster.nodes.0.reserved.memoryGiB: must be less than the pool's 'memoryGiB', which is 8, got 9",
    ].join('\n'),
  );
  expect(messageFrom(withNodes({ pods: 0 }))).toContain(
    'nodes.0.pods: must be the number of pods that a node takes, a whole number from 1, got 0',
  );
  expect(messageFrom(withNodes({ devices: { gpu: 1 } }))).toContain(
    `nodes.0.devices: must be named as pods ask for them: 'nvidia.com/gpu', got "gpu"`,
  );
});

describe('facts', () => {
  const schema = z.strictObject({ host: z.string(), ports: z.array(z.int().min(1)) });
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'beamline-facts-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  test('are read from YAML', () => {
    const file = join(folder, 'site.yaml');
    writeFileSync(file, 'host: www.example.org\nports: [80, 443]\n');
    expect(readFacts(schema, file)).toEqual({ host: 'www.example.org', ports: [80, 443] });
  });

  test('rejects a file with one message for each problem: path, what is allowed, what was given', () => {
    const file = join(folder, 'site.yaml');
    writeFileSync(file, 'host: 7\nports: [80, 0, x]\nprots: []\n');
    expect(messageFrom(() => readFacts(schema, file))).toBe(
      [
        `'${file}' has invalid facts:`,
        '  - host: Invalid input: expected string, received number, got 7',
        '  - ports.1: Too small: expected number to be >=1, got 0',
        '  - ports.2: Invalid input: expected number, received string, got "x"',
        '  - prots: no such field; check its spelling and indentation',
      ].join('\n'),
    );
  });

  test('rejects a file that is not there, saying which', () => {
    const file = join(folder, 'missing.yaml');
    // jest's own errors of the file system are no instances of the tests' Error.
    expect(messageFrom(() => readFacts(schema, file)).replace('read: Error: ', 'read: ')).toBe(
      `the facts of a site are read from '${file}', which cannot be read: ENOENT: no such file or directory, ` +
        `open '${file}'; put the file there or correct its name`,
    );
  });

  test('rejects text that is no YAML, saying where', () => {
    const file = join(folder, 'site.yaml');
    writeFileSync(file, 'host: [1\n');
    expect(messageFrom(() => readFacts(schema, file))).toBe(
      `'${file}' is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 2, column 1`,
    );
  });

  test('a long value is cut, a function is named', () => {
    const long = { host: ['x'.repeat(200)], ports: () => undefined };
    expect(messageFrom(() => parseOrExplain(schema, long, 'it'))).toBe(
      [
        'it has invalid facts:',
        `  - host: Invalid input: expected string, received array, got ["${'x'.repeat(75)}...`,
        '  - ports: Invalid input: expected array, received function, got a function',
      ].join('\n'),
    );
  });
});

describe('a rehearsal', () => {
  const real = defineEnvironment({
    ...everything,
    cluster: {
      kind: 'kubeconfig',
      context: 'c',
      server: 'https://api.example.org:6443',
      clusterId: '0b8a3c64-7ed4-4bb5-8f2e-111111111111',
    },
  });

  test('deploys the same on a cluster of its own, and takes nothing over', () => {
    const rehearsal = rehearsalOf(real);
    expect(rehearsal).toMatchObject({
      name: 'site',
      cluster: { kind: 'embedded' },
      adopt: [],
      secretsProvider: 'passphrase',
    });
    expect(rehearsal.build).toBe(real.build);
    expect(rehearsal.data).toBe('disposable');
  });

  test('keeps the nodes of an embedded cluster', () => {
    expect(rehearsalOf(defineEnvironment(minimal)).cluster).toEqual({ kind: 'embedded', nodes });
  });

  test('knows no real setting', () => {
    expect(standInFor('pass-word')).toBe('rehearsalpassword000');
  });
});

test.each(['https://registry.example.org', 'registry.example.org/', 'Registry.example.org/a'])(
  'refuses %s as a mirror',
  (at) => {
    expect(messageFrom(() => defineEnvironment({ ...minimal, mirror: { at } }))).toContain(
      "must be a registry and a path, as 'registry.example.org/mirror'",
    );
  },
);
