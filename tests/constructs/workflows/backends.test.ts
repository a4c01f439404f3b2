import { z } from 'zod';

import { ExistingCondorPool } from '../../../constructs/batch/existing-pool';
import { Reana } from '../../../constructs/workflows/reana';
import type { ReanaBackend } from '../../../constructs/workflows/reana-backends';
import { chartFor, Synthesized, synth } from '../../support/synth';
import { variablesOf } from './rendered-pods';
import { apart, condor, kerberosLogin, minimal, onOkd, slurm } from './support';

const variables = z.record(z.string(), z.string());

/** What the job controllers of runs are told. */
function told(backends: readonly ReanaBackend[]): Record<string, string> {
  const made = synth(Reana, { ...minimal, backends }, 'kubernetes 1.34');
  return controllerOf(made);
}

function controllerOf(made: Synthesized): Record<string, string> {
  const said = variablesOf(made.one('Deployment', 'reana-workflow-controller'));
  return variables.parse(JSON.parse(said['REANA_JOB_CONTROLLER_ENV_VARS'] ?? '{}'));
}

const settings = (backends: readonly ReanaBackend[]): unknown =>
  JSON.parse(told(backends)['BEAMLINE_BACKENDS'] ?? '{}');

test('Kubernetes alone is upstream as it is', () => {
  const variables = told([{ kind: 'kubernetes' }]);
  expect(variables).not.toHaveProperty('COMPUTE_BACKENDS');
  expect(variables).not.toHaveProperty('BEAMLINE_BACKENDS');
});

test('Slurm by the key of an account', () => {
  expect(told([{ kind: 'kubernetes' }, slurm])['COMPUTE_BACKENDS']).toBe('kubernetes,slurmcern');
  expect(settings([slurm])).toEqual({
    slurm: {
      host: 'login.example.org',
      port: 22,
      host_keys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5'],
      user: 'reana',
      key: { name: 'slurm', key: 'id_ed25519' },
      partition: 'batch',
      path: '/exports/reana',
      containers: 'apptainer',
      defaults: { cores: 1, memory_mib: 2000, minutes: 60 },
    },
  });
});

test("Slurm by the users' own tickets", () => {
  expect(settings([{ ...slurm, login: kerberosLogin }])).toMatchObject({
    slurm: { realm: 'EXAMPLE.ORG', krb5_conf: kerberosLogin.krb5Conf },
  });
});

test('HTCondor by a token of the pool, in the namespace of REANA', () => {
  const chart = chartFor('kubernetes 1.34');
  const pool = new ExistingCondorPool(chart, 'Pool', {
    collector: 'cm.example.org:9618',
    domain: 'pool.example.org',
    tokens: [{ identity: condor.identity, setting: 'reana-token' }],
  });
  new Reana(chart, 'Reana', { ...minimal, backends: [{ ...condor, pool }] });
  const made = new Synthesized(chart);
  expect(made.one('Secret', 'reana-htcondor')).toBeDefined();
  expect(JSON.parse(controllerOf(made)['BEAMLINE_BACKENDS'] ?? '{}')).toEqual({
    htcondor: {
      collector: 'cm.example.org:9618',
      schedd: 'schedd.example.org',
      token: { name: 'reana-htcondor', key: 'token' },
      containers: 'universe',
      defaults: { cores: 1, memory_mib: 2000, minutes: 60 },
    },
  });
});

test('a pool that has no token for REANA is refused', () => {
  const chart = chartFor('kubernetes 1.34');
  const pool = new ExistingCondorPool(chart, 'Pool', {
    collector: 'cm.example.org:9618',
    domain: 'pool.example.org',
    tokens: [{ identity: 'hub@pool.example.org', setting: 'hub-token' }],
  });
  expect(() => new Reana(chart, 'Reana', { ...minimal, backends: [{ ...condor, pool }] })).toThrow(
    "'tokens' has none for 'reana@pool.example.org'",
  );
});

test.each<[string, readonly ReanaBackend[], string]>([
  ["upstream's", [{ kind: 'kubernetes' }], 'anyuid'],
  ['ours', [{ kind: 'kubernetes', jobController: slurm.jobController }], 'nonroot'],
])('runs of %s job controller get the SCC that they need', (_, backends, scc) => {
  const role = synth(Reana, { ...onOkd, backends }, 'okd 4.21').all('Role');
  expect(JSON.stringify(role)).toContain(`"resourceNames":["${scc}`);
  expect(JSON.stringify(role).includes('anyuid')).toBe(scc === 'anyuid');
});

test('the server and users know them by the names that reana.yaml allows', () => {
  const made = synth(Reana, { ...minimal, backends: [condor, slurm] }, 'kubernetes 1.34');
  const said = variablesOf(made.one('Deployment', 'reana-server'));
  expect(said['REANA_COMPUTE_BACKENDS']).toBe('["htcondorcern","slurmcern"]');
});

test.each<[string, readonly ReanaBackend[], string]>([
  [
    'HTCondor without a token',
    [{ ...condor, identity: '' }],
    "'backends.htcondor.identity' must be whom the token makes REANA",
  ],
  [
    "HTCondor with upstream's job controller",
    [{ ...condor, jobController: 'docker.io/reanahub/reana-job-controller:0.9.4' }],
    "upstream's knows no HTCondor but CERN's",
  ],
  [
    'HTCondor without a schedd',
    [{ ...condor, schedd: '' }],
    "'backends.htcondor.schedd' must name the schedd",
  ],
  [
    'jobs of no time',
    [{ ...condor, defaults: { ...condor.defaults, minutes: 0 } }],
    "'backends.htcondor.defaults.minutes' must be a whole number from 1, got '0'",
  ],
  [
    'Slurm without a shared workspace',
    [{ ...slurm, workspacePath: '' }],
    "'backends.slurm.workspacePath' must be the path under which the nodes see the workspaces",
  ],
  [
    'Slurm without a key of its host',
    [{ ...slurm, hostKeys: [] }],
    "'backends.slurm.hostKeys' must have a key at least, got none; 'ssh-keyscan login.example.org'",
  ],
  [
    'a line of known_hosts for a key',
    [{ ...slurm, hostKeys: ['login.example.org ssh-ed25519 AAAA'] }],
    "'backends.slurm.hostKeys' must be public keys such as",
  ],
  [
    'a key of nobody',
    [{ ...slurm, login: { kind: 'ssh-key', user: '', key: { name: 'slurm', key: 'id' } } }],
    "'backends.slurm.login.user' must name the account",
  ],
  [
    'a realm in small letters',
    [{ ...slurm, login: { ...kerberosLogin, realm: 'example.org' } }],
    "'backends.slurm.login.realm' must be in capital letters",
  ],
  [
    'a realm without a configuration',
    [{ ...slurm, login: { ...kerberosLogin, krb5Conf: '' } }],
    "'backends.slurm.login.krb5Conf' must be a krb5.conf with [realms]",
  ],
  ['a port that is none', [{ ...slurm, port: 70_000 }], "'backends.slurm.port' must be a whole"],
  [
    'two job controllers',
    [condor, { ...slurm, jobController: 'other.example.org/jc:1' }],
    "'backends' must share one job controller",
  ],
  [
    "Kubernetes with upstream's job controller under another name",
    [{ kind: 'kubernetes', jobController: 'docker.io/reanahub/reana-job-controller:0.9.4' }],
    "'backends.kubernetes.jobController' must be the image of images/reana-job-controller",
  ],
  ['two of a kind', [slurm, slurm], "'backends' may have one of each kind, got slurm, slurm"],
])('refuses %s', (_, backends, message) => {
  expect(() => told(backends)).toThrow(message);
});

test.each<[string, object, string]>([
  ['the alpha', { release: '0.95.0-alpha.5' }, 'can be slurm with release 0.9.4 alone'],
  ['runs apart', apart, "'runs' cannot be with the back ends slurm"],
])('refuses %s with a back end that cannot', (_, props, message) => {
  const backends = [{ kind: 'kubernetes' }, slurm] as const;
  expect(() => synth(Reana, { ...minimal, ...props, backends }, 'kubernetes 1.34')).toThrow(
    message,
  );
});
