import {
  StorageMonitoring,
  type StorageMonitoringProps,
} from '../../../constructs/storage/storage-monitoring';
import { houseRuleProblems } from '../../support/house-rules';
import { messageFrom } from '../../support/message';
import { synth } from '../../support/synth';

const props: StorageMonitoringProps = {
  monitoring: {
    by: 'prometheus-operator',
    labels: { release: 'site' },
    dashboards: { by: 'grafana-operator', instances: { dashboards: 'grafana' } },
  },
  claims: ['notebooks', 'registry'],
  ceph: { namespace: 'rook-ceph', monitoringNamespaces: ['monitoring'] },
  nfsServers: [{ namespace: 'storage', className: 'shared' }],
};

test('each alert is in the namespace that it is about, and asks for nothing of another', () => {
  const { objects, exceptions } = synth(StorageMonitoring, props, 'okd 4.21');
  expect(objects.flatMap((object) => houseRuleProblems(object, exceptions))).toEqual([]);
  const rules = objects.filter(({ kind }) => kind === 'PrometheusRule');
  expect(rules.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
    'notebooks/claims',
    'registry/claims',
    'rook-ceph/ceph',
    'storage/nfs-server-shared',
  ]);
  for (const rule of rules) {
    const asked = new Set(
      Array.from(
        JSON.stringify(rule['spec']).matchAll(/namespace=\\"([^"\\]+)\\"/g),
        ([, name]) => name,
      ),
    );
    expect([...asked]).toEqual([rule.metadata.namespace]);
  }
});

test("Ceph's manager is asked where Rook has it, and by those who may", () => {
  const made = synth(StorageMonitoring, props, 'okd 4.21');
  const pods = { app: 'rook-ceph-mgr', rook_cluster: 'rook-ceph' };
  expect(made.one('ServiceMonitor', 'ceph')).toMatchObject({
    metadata: { namespace: 'rook-ceph', labels: { release: 'site' } },
    spec: { selector: { matchLabels: pods }, endpoints: [{ port: 'http-metrics' }] },
  });
  expect(made.one('NetworkPolicy', 'ceph-metrics')).toMatchObject({
    spec: { podSelector: { matchLabels: pods }, ingress: [{ ports: [{ port: 9283 }] }] },
  });
});

test('the page asks for all of them at once, and for Ceph where there is one', () => {
  const page = (change: Partial<StorageMonitoringProps>): string => {
    const { monitoring, claims } = props;
    const made = synth(StorageMonitoring, { monitoring, claims, ...change }, 'okd 4.21');
    return JSON.stringify(made.one('GrafanaDashboard', 'storage'));
  };
  expect(page({})).toContain('notebooks|registry');
  expect(page({})).not.toContain('ceph_');
  expect(page({ ceph: { namespace: 'c', monitoringNamespaces: ['m'] } })).toContain('ceph_osd_up');
});

test.each<[Partial<StorageMonitoringProps>, string]>([
  [{ claims: [] }, "'claims' must name a namespace at least, got none"],
  [{ claims: ['a', 'a'] }, "'claims' has the namespace 'a' twice"],
  [{ fullness: { nearly: 95, full: 85 } }, 'the first below the second, got 95 and 85'],
  [{ fullness: { nearly: 85, full: 120 } }, "'fullness' must be two percentages"],
  [
    { ceph: { namespace: 'rook-ceph', monitoringNamespaces: [] } },
    "'ceph.monitoringNamespaces' must name a namespace at least, got none",
  ],
])('rejects %j', (change, message) => {
  expect(
    messageFrom(() => synth(StorageMonitoring, { ...props, ...change }, 'okd 4.21')),
  ).toContain(message);
});
