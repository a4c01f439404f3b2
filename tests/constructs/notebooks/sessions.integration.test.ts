import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import type { HubServiceRequest } from '../../../constructs/contracts';
import type { JupyterHubProps } from '../../../constructs/notebooks/hub-props';
import { JupyterHub } from '../../../constructs/notebooks/jupyterhub';
import type { TargetName } from '../../../constructs/targets';
import { ask } from '../../../review/admission/ask';
import { describeWith } from '../../parts/need';
import { rendered, synth } from '../../support/synth';
import { hub, identity } from './support';

const texts = z.record(z.string(), z.string());
const answers = z.object({
  login: z.string(),
  database: z.string(),
  cookieBytes: z.number(),
  answers: z.array(
    z.object({ refused: z.string().optional(), pod: z.record(z.string(), z.unknown()).optional() }),
  ),
});
type Request = readonly [groups: readonly string[], options: Readonly<Record<string, string>>];

// KubeSpawner asks for a cluster when it is made; nothing is sent there.
const KUBECONFIG = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'none',
  contexts: [{ name: 'none', context: { cluster: 'none', user: 'none' } }],
  clusters: [{ name: 'none', cluster: { server: 'http://127.0.0.1:1' } }],
  users: [{ name: 'none', user: {} }],
});

describeWith(['jupyterhub'], 'the real JupyterHub and KubeSpawner', (pathOf) => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'beamline-hub-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** What the hub's own configuration makes of requests. */
  function sessions(
    requests: readonly Request[],
    props: JupyterHubProps = hub,
    target: TargetName = 'okd 4.21',
    services: readonly HubServiceRequest[] = [],
  ): z.infer<typeof answers> {
    const made = rendered((chart) => {
      const site = new JupyterHub(chart, 'Subject', props);
      for (const service of services) site.service(service);
    }, target);
    for (const [name, object, field] of [
      ['config', made.one('ConfigMap', 'hub'), 'data'],
      ['secret', made.one('Secret', 'hub'), 'stringData'],
    ] as const) {
      mkdirSync(join(folder, name), { recursive: true });
      for (const [file, text] of Object.entries(texts.parse(object[field])))
        writeFileSync(join(folder, name, file), text);
    }
    writeFileSync(join(folder, 'kubeconfig'), KUBECONFIG);
    const program = join(__dirname, 'sessions.py');
    const text = execFileSync(
      join(pathOf('jupyterhub'), 'bin', 'python'),
      [program, folder, JSON.stringify(requests)],
      {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], KUBECONFIG: join(folder, 'kubeconfig') },
        stdio: ['ignore', 'pipe', 'inherit'],
        timeout: 60_000,
      },
    );
    return answers.parse(JSON.parse(text.trim().split('\n').at(-1) ?? ''));
  }

  test('take the configuration; the pod is what the profile says, and what the policies select', () => {
    const found = sessions([[['cms'], {}]]);
    expect(found).toMatchObject({ login: 'GenericOAuthenticator', cookieBytes: 32 });
    const [{ pod } = {}] = found.answers;
    const policy = synth(JupyterHub, hub, 'okd 4.21').one('NetworkPolicy', 'session');
    const { podSelector } = z
      .object({ podSelector: z.object({ matchLabels: texts }) })
      .parse(policy['spec']);
    expect(pod).toMatchObject({
      metadata: { labels: { ...podSelector.matchLabels, 'beamline/profile': 'small' } },
      spec: {
        serviceAccountName: 'notebook',
        automountServiceAccountToken: false,
        containers: [
          {
            image: 'quay.io/jupyter/scipy-notebook:2025-03-14',
            resources: {
              requests: { cpu: 0.5, memory: 2 ** 30 },
              limits: { cpu: 2, memory: 2 ** 32 },
            },
            volumeMounts: [
              { name: 'home', mountPath: '/home/jovyan' },
              { mountPath: '/cvmfs/cms.cern.ch', readOnly: true },
            ],
          },
        ],
        volumes: [
          { persistentVolumeClaim: { claimName: 'home-anna' } },
          { persistentVolumeClaim: { claimName: 'cvmfs-cms-cern-ch', readOnly: true } },
        ],
      },
    });
  });

  test('refuse a profile of another group, and an image that is not from the list, also by the API', () => {
    const { answers: found } = sessions([
      [['cms'], { profile: 'gpu' }],
      [['gpu'], { profile: 'gpu', 'image--unlisted-choice': 'docker.io/evil/x:1.0' }],
      [['gpu'], { profile: 'gpu', 'image--unlisted-choice': 'quay.io/jupyter/mine:1.0' }],
      [['gpu'], { profile: 'nothing' }],
    ]);
    expect(found.map(({ refused }) => refused)).toEqual([
      expect.stringContaining("The profile 'gpu' is not there for your groups."),
      expect.stringContaining('failed validation regex'),
      undefined,
      expect.stringContaining("The profile 'nothing' is not there"),
    ]);
    expect(found[2]?.pod).toMatchObject({
      spec: { containers: [{ image: 'quay.io/jupyter/mine:1.0' }] },
    });
  });

  test('refuse whoever has no group, where every profile has one', () => {
    const profiles = hub.profiles.map((profile) => ({ ...profile, groups: ['gpu'] }));
    const { answers: found } = sessions([[['cms'], {}]], { ...hub, profiles });
    expect(found[0]?.refused).toContain('None of your groups may start a session here.');
  });

  test('make pods that restricted-v2 admits on OKD', () => {
    const [{ pod } = {}] = sessions([[['cms'], {}]]).answers;
    const namespace = {
      name: 'test',
      annotations: {
        'openshift.io/sa.scc.uid-range': '1000000000/10000',
        'openshift.io/sa.scc.mcs': 's0:c1,c0',
      },
    };
    const verdict = ask({ target: 'okd 4.21', pod, namespace });
    expect(verdict).toMatchObject({ admitted: true, scc: 'restricted-v2' });
  });

  test('tell sessions of every profile of the services that the hub has', () => {
    const address = { name: 'DASK_GATEWAY__ADDRESS', value: 'http://gateway.dask:8000' };
    const service = {
      name: 'dask-gateway',
      asks: {},
      serves: [],
      environment: { [address.name]: address.value },
    };
    const found = sessions([[['gpu'], { profile: 'gpu' }]], hub, 'okd 4.21', [service]);
    expect(found.answers).toMatchObject([
      { pod: { spec: { containers: [{ env: expect.arrayContaining([address]) }] } } },
    ]);
  });

  test('make the authenticator of a directory', () => {
    const login = {
      kind: 'ldap',
      title: 'Example Lab',
      url: 'ldaps://ldap.example.org',
      bind: undefined,
      users: { base: 'ou=people,dc=example', filter: '(objectClass=person)', attribute: 'uid' },
      groupSearch: {
        base: 'ou=groups,dc=example',
        filter: '(objectClass=groupOfNames)',
        attribute: 'cn',
        member: 'member',
        memberOf: 'memberOf',
      },
      authorities: undefined,
    } as const;
    const props = { ...hub, identity: { ...identity, login: () => login } };
    expect(sessions([[['cms'], {}]], props).login).toBe('DirectoryAuthenticator');
  });
});
