import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

import { exportAlerts } from '../../../constructs/cvmfs/export-alerts';
import { alerts, type Alert } from '../../../constructs/kit/monitoring';
import { hubAlerts } from '../../../constructs/notebooks/hub-monitoring';
import { cephAlerts, claimAlerts, nfsAlerts } from '../../../constructs/storage/storage-alerts';
import { describeWith } from '../../parts/need';
import { Promtool, ruleFileOf, type RuleFile, type Series } from '../../support/promtool';
import { rendered } from '../../support/synth';
import { CHECKOUT } from '../../support/tree';
import { PAGES } from './pages';

const operator = { by: 'prometheus-operator', labels: {} } as const;
const part = { name: 'web', instance: 'web', component: 'server', partOf: 'site' } as const;

/** The rules as the object has them that a site gets. */
function rulesOf(rules: readonly Alert[]): RuleFile {
  const made = rendered((chart) => {
    alerts(chart, 'Alerts', operator, { name: 'rules', part, rules });
  });
  return ruleFileOf(made.one('PrometheusRule'));
}

/** Every PrometheusRule of the reference environments, from their goldens. */
function ofEnvironments(): [string, RuleFile][] {
  const folder = join(CHECKOUT, 'tests', 'golden');
  const found: [string, RuleFile][] = [];
  for (const name of readdirSync(folder)) {
    if (name === 'admission' || !statSync(join(folder, name)).isDirectory()) continue;
    for (const file of readdirSync(join(folder, name))) {
      for (const document of parseAllDocuments(readFileSync(join(folder, name, file), 'utf8'))) {
        const rule = prometheusRule.safeParse(document.toJS());
        if (rule.success) found.push([`${name}/${rule.data.metadata.name}`, ruleFileOf(rule.data)]);
      }
    }
  }
  return found;
}

const prometheusRule = z.looseObject({
  kind: z.literal('PrometheusRule'),
  metadata: z.looseObject({ name: z.string() }),
});

const HUB = hubAlerts('hub');
const CLAIMS = claimAlerts('ns', { nearly: 85, full: 95 });
const CEPH = cephAlerts('rook-ceph');
const NFS = nfsAlerts('storage', 'nfs-server-shared');
const CVMFS = exportAlerts('cvmfs', 3);

const spawned = (status: string, values: string, le?: string): Series => ({
  series: `jupyterhub_server_spawn_duration_seconds_${le === undefined ? 'count' : 'bucket'}{namespace="hub",status="${status}"${le === undefined ? '' : `,le="${le}"`}}`,
  values,
});
/** Starts of sessions of which as many each minute took at most so many seconds. */
const lasting = (seconds: Readonly<Record<string, number>>): Series[] =>
  Object.entries(seconds).map(([le, each]) => spawned('success', `0+${each}x60`, le));
const volumes = (values: Readonly<Record<string, string>>, claim = 'home'): Series[] =>
  Object.entries(values).map(([what, curve]) => ({
    series: `kubelet_volume_stats_${what}{namespace="ns",persistentvolumeclaim="${claim}"}`,
    values: curve,
  }));
const ceph = (metric: string, values: string, more = ''): Series => ({
  series: `ceph_${metric}{namespace="rook-ceph"${more}}`,
  values,
});
const server = (ready: string): Series => ({
  series:
    'kube_statefulset_status_replicas_ready{namespace="storage",statefulset="nfs-server-shared"}',
  values: ready,
});
const exporters = (ready: string): Series => ({
  series: 'kube_statefulset_status_replicas_ready{namespace="cvmfs",statefulset="cvmfs-nfs"}',
  values: ready,
});
const OF_HUB = { namespace: 'hub' };
const OF_CLAIM = { namespace: 'ns', persistentvolumeclaim: 'home' };
const OF_CEPH = { namespace: 'rook-ceph' };

/** What is the case, the alert, when it is looked at, what is there, and the labels of the alert if it rings. */
const CASES: readonly (readonly [
  what: string,
  rules: readonly Alert[],
  alert: string,
  at: string,
  series: readonly Series[],
  rings: Readonly<Record<string, string>> | undefined,
])[] = [
  [
    'a fifth of the sessions fail',
    HUB,
    'JupyterHubSessionsFail',
    '40m',
    [spawned('success', '0+4x60'), spawned('failure', '0+1x60')],
    OF_HUB,
  ],
  [
    'one in thirty fails',
    HUB,
    'JupyterHubSessionsFail',
    '40m',
    [spawned('success', '0+29x60'), spawned('failure', '0+1x60')],
    undefined,
  ],
  [
    'a fifth fails for a moment',
    HUB,
    'JupyterHubSessionsFail',
    '8m',
    [spawned('success', '0+4x60'), spawned('failure', '0+1x60')],
    undefined,
  ],
  [
    'nobody starts anything',
    HUB,
    'JupyterHubSessionsFail',
    '40m',
    [spawned('success', '7x60'), spawned('failure', '3x60')],
    undefined,
  ],
  [
    'many ask twice, or are told to wait',
    HUB,
    'JupyterHubSessionsFail',
    '40m',
    [
      spawned('success', '0+4x60'),
      spawned('failure', '0x60'),
      spawned('throttled', '0+9x60'),
      spawned('already-pending', '0+9x60'),
    ],
    undefined,
  ],
  [
    'those of another hub fail',
    HUB,
    'JupyterHubSessionsFail',
    '40m',
    [
      spawned('success', '0+4x60'),
      spawned('failure', '0x60'),
      {
        series:
          'jupyterhub_server_spawn_duration_seconds_count{namespace="other",status="failure"}',
        values: '0+9x60',
      },
    ],
    undefined,
  ],
  [
    'a fifth take four minutes',
    HUB,
    'JupyterHubSessionsSlow',
    '60m',
    lasting({ '60': 8, '120': 8, '300': 10, '+Inf': 10 }),
    OF_HUB,
  ],
  [
    'all take more than the last bucket',
    HUB,
    'JupyterHubSessionsSlow',
    '60m',
    lasting({ '60': 0, '120': 0, '600': 0, '+Inf': 10 }),
    OF_HUB,
  ],
  [
    'all start within a minute',
    HUB,
    'JupyterHubSessionsSlow',
    '60m',
    lasting({ '60': 10, '120': 10, '300': 10, '+Inf': 10 }),
    undefined,
  ],
  [
    'nobody starts one',
    HUB,
    'JupyterHubSessionsSlow',
    '60m',
    lasting({ '60': 0, '+Inf': 0 }),
    undefined,
  ],
  ['the hub tells nothing', HUB, 'JupyterHubDown', '15m', [], OF_HUB],
  [
    'the hub ends',
    HUB,
    'JupyterHubDown',
    '40m',
    [{ series: 'jupyterhub_running_servers{namespace="hub"}', values: '3x10 _x30' }],
    OF_HUB,
  ],
  [
    'another hub goes on',
    HUB,
    'JupyterHubDown',
    '15m',
    [{ series: 'jupyterhub_running_servers{namespace="other"}', values: '3x60' }],
    OF_HUB,
  ],
  [
    'the hub runs, without a session',
    HUB,
    'JupyterHubDown',
    '15m',
    [{ series: 'jupyterhub_running_servers{namespace="hub"}', values: '0x60' }],
    undefined,
  ],
  [
    'the hub is started anew',
    HUB,
    'JupyterHubDown',
    '14m',
    [{ series: 'jupyterhub_running_servers{namespace="hub"}', values: '3x3 _x6 3x30' }],
    undefined,
  ],

  [
    'a claim is nine tenths full',
    CLAIMS,
    'ClaimNearlyFull',
    '30m',
    volumes({ used_bytes: '90x60', capacity_bytes: '100x60' }),
    OF_CLAIM,
  ],
  [
    'a claim is half full',
    CLAIMS,
    'ClaimNearlyFull',
    '30m',
    volumes({ used_bytes: '50x60', capacity_bytes: '100x60' }),
    undefined,
  ],
  [
    'a claim is all but full',
    CLAIMS,
    'ClaimNearlyFull',
    '30m',
    volumes({ used_bytes: '99x60', capacity_bytes: '100x60' }),
    undefined,
  ],
  [
    'a claim is all but full',
    CLAIMS,
    'ClaimFull',
    '30m',
    volumes({ used_bytes: '99x60', capacity_bytes: '100x60' }),
    OF_CLAIM,
  ],
  [
    'a claim is emptied in time',
    CLAIMS,
    'ClaimFull',
    '30m',
    volumes({ used_bytes: '99x3 20x60', capacity_bytes: '100x60' }),
    undefined,
  ],
  [
    'a claim has no file left',
    CLAIMS,
    'ClaimOutOfFiles',
    '30m',
    volumes({ inodes_used: '99x60', inodes: '100x60' }),
    OF_CLAIM,
  ],
  [
    'a file system counts no files',
    CLAIMS,
    'ClaimOutOfFiles',
    '30m',
    volumes({ inodes_used: '5x60', inodes: '0x60' }),
    undefined,
  ],

  ['Ceph warns for long', CEPH, 'CephWarns', '50m', [ceph('health_status', '1x60')], OF_CEPH],
  [
    'Ceph warns for a moment',
    CEPH,
    'CephWarns',
    '50m',
    [ceph('health_status', '0x40 1x5 0x60')],
    undefined,
  ],
  ['Ceph fails', CEPH, 'CephFails', '20m', [ceph('health_status', '2x60')], OF_CEPH],
  ['Ceph warns', CEPH, 'CephFails', '20m', [ceph('health_status', '1x60')], undefined],
  ['Ceph tells nothing', CEPH, 'CephSilent', '20m', [], OF_CEPH],
  ['Ceph is well', CEPH, 'CephSilent', '20m', [ceph('health_status', '0x60')], undefined],
  [
    'four fifths of the disks are used',
    CEPH,
    'CephNearlyFull',
    '50m',
    [ceph('cluster_total_used_bytes', '80x60'), ceph('cluster_total_bytes', '100x60')],
    OF_CEPH,
  ],
  [
    'half of the disks is used',
    CEPH,
    'CephNearlyFull',
    '50m',
    [ceph('cluster_total_used_bytes', '50x60'), ceph('cluster_total_bytes', '100x60')],
    undefined,
  ],
  [
    'a disk is down',
    CEPH,
    'CephDiskDown',
    '30m',
    [
      ceph('osd_up', '1x60', ',ceph_daemon="osd.0"'),
      ceph('osd_up', '0x60', ',ceph_daemon="osd.1"'),
    ],
    OF_CEPH,
  ],
  [
    'all disks are up',
    CEPH,
    'CephDiskDown',
    '30m',
    [ceph('osd_up', '1x60', ',ceph_daemon="osd.0"')],
    undefined,
  ],

  [
    'the NFS server is down',
    NFS,
    'NfsServerDown',
    '10m',
    [server('1 0x30')],
    { namespace: 'storage', statefulset: 'nfs-server-shared' },
  ],
  ['the NFS server moves', NFS, 'NfsServerDown', '10m', [server('1 0 1x30')], undefined],
  [
    'no CVMFS server is ready',
    CVMFS,
    'CvmfsExportDown',
    '10m',
    [exporters('3 0x30')],
    { namespace: 'cvmfs', statefulset: 'cvmfs-nfs' },
  ],
  ['one CVMFS server is left', CVMFS, 'CvmfsExportDown', '20m', [exporters('3 1x30')], undefined],
  [
    'one CVMFS server is left',
    CVMFS,
    'CvmfsExportNoSpare',
    '20m',
    [exporters('3 1x30')],
    { namespace: 'cvmfs', statefulset: 'cvmfs-nfs' },
  ],
  [
    'two CVMFS servers are left',
    CVMFS,
    'CvmfsExportNoSpare',
    '20m',
    [exporters('3 2x30')],
    undefined,
  ],
];

describeWith(['promtool'], "Prometheus' own tool", (pathOf) => {
  const environments = ofEnvironments();
  const promtool = (): Promtool => new Promtool(pathOf('promtool'));

  test('the reference environments have rules', () => {
    expect(environments.map(([name]) => name)).toContain('fnal-production/jupyterhub');
  });

  test.each(environments)('%s is good', async (_, rules) => {
    expect(await promtool().check(rules)).toBe('');
  });

  test('the rules of all islands are good in one file, and a slip is found', async () => {
    const all = [...HUB, ...CLAIMS, ...CEPH, ...NFS, ...CVMFS];
    expect(await promtool().check(rulesOf(all))).toBe('');
    const [first] = HUB;
    const broken = { ...first, expr: 'rate(up[5m)' };
    expect(
      await promtool().check(rulesOf(first === undefined ? [] : [{ ...first, ...broken }])),
    ).toMatch(/parse/);
  });

  test('every alert has a case in which it rings and one in which it does not', () => {
    const all = [HUB, CLAIMS, CEPH, NFS, CVMFS].flatMap((rules) => rules.map(({ alert }) => alert));
    const seen = (ringing: boolean): string[] =>
      CASES.filter(([, , , , , rings]) => (rings !== undefined) === ringing).map(
        ([, , alert]) => alert,
      );
    expect(
      all.filter((alert) => !seen(true).includes(alert) || !seen(false).includes(alert)),
    ).toEqual([]);
  });

  test.each(CASES)(
    '%s',
    async (name, rules, alert, at, series, rings) => {
      const test = { name, series, alert, at, rings: rings === undefined ? [] : [rings] };
      expect(await promtool().test(rulesOf(rules), test)).toBe('');
    },
    60_000,
  );

  test('it says so where another alert is expected', async () => {
    const test = { name: 'wrong', series: [], alert: 'CephSilent', at: '20m', rings: [] };
    expect(await promtool().test(rulesOf(CEPH), test)).toMatch(/FAILED/);
  });

  test.each(PAGES)('it can read what the dashboard of %s asks', async (_, panels) => {
    const rules = panels.flatMap(({ queries }) => queries);
    const asked = rules.map(({ expr }, index): Alert => ({
      alert: `Panel${index}`,
      expr,
      for: '1m',
      severity: 'info',
      summary: 'a curve',
    }));
    expect(asked.length).toBeGreaterThan(2);
    expect(await promtool().check(rulesOf(asked))).toBe('');
  });
});
