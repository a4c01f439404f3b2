import { Chart } from 'cdk8s';

import { CvmfsShare } from '../../../constructs/cvmfs/share';
import { Target, type TargetName } from '../../../constructs/targets';
import { Synthesized } from '../../support/synth';
import { dataOf, repository, tierOn } from './support/tier';

/**
 * The defects of the first implementation of such a tier that was published (mapsacosta/cvmfs-nfs-kubernetes at
 * 979203a), each tried on what ours renders.
 */
function tier(target: TargetName = 'okd 4.21', ...names: string[]): Synthesized {
  const { chart } = tierOn(
    target,
    { scale: { kind: 'auto', min: 2, max: 6, cpuPercent: 60 } },
    names.length === 0 ? {} : { repositories: names.map((name) => repository(name)) },
  );
  return new Synthesized(chart);
}
const clientOf = (objects: Synthesized): string =>
  dataOf(objects, 'cvmfs-nfs-client')['etc__default.local'] ?? '';
const ganeshaOf = (objects: Synthesized): string =>
  dataOf(objects, 'cvmfs-nfs')['ganesha.conf'] ?? '';

test('1: inodes outlive a restart (CVMFS_NFS_SOURCE)', () => {
  expect(clientOf(tier())).toContain("CVMFS_NFS_SOURCE='yes'\n");
});

test('2: servers agree on inodes (CVMFS_NFS_SHARED, on the claim that all mount)', () => {
  expect(clientOf(tier())).toContain("CVMFS_NFS_SHARED='/var/lib/cvmfs-maps'\n");
  expect(JSON.stringify(tier().one('StatefulSet'))).toContain(
    '{"mountPath":"/var/lib/cvmfs-maps","name":"maps"}',
  );
});

test('3: an fsid does not depend on a place in a list', () => {
  const fsids = (...names: string[]): string[] =>
    (ganeshaOf(tier('okd 4.21', ...names)).match(/(?<=^# ).*|Filesystem_Id.*/gm) ?? []).slice(1);
  const [, first] = fsids('a.example.org', 'b.example.org');
  const reordered = fsids('b.example.org', 'c.example.org', 'a.example.org');
  expect(first).toMatch(/^Filesystem_Id = [1-9]\d*\.0;$/);
  expect(reordered[reordered.indexOf('a.example.org') + 1]).toBe(first);
});

test('4: no two servers share a cache', () => {
  const text = JSON.stringify(tier().one('StatefulSet')['spec']);
  expect(text).toContain('{"mountPath":"/var/lib/cvmfs","name":"cache"}');
  expect(text).toContain('{"emptyDir":{"sizeLimit":"30Gi"},"name":"cache"}');
});

const targets = Target.all.map(({ name }) => name);
test.each(targets)(
  '5, 6, 8: on %s the autoscaler names what exists, in an API that is served',
  (name) => {
    const target = Target.parse(name);
    const objects = new Synthesized(
      tierOn(target, { scale: { kind: 'auto', min: 2, max: 6, cpuPercent: 60 } }).chart,
    );
    const scaled = objects.one('StatefulSet');
    const autoscaler = objects.one('HorizontalPodAutoscaler');
    expect(autoscaler.apiVersion).toBe(target.apiVersion('HorizontalPodAutoscaler'));
    expect(autoscaler['spec']).toMatchObject({
      scaleTargetRef: {
        apiVersion: scaled.apiVersion,
        kind: scaled.kind,
        name: scaled.metadata.name,
      },
    });
  },
);

test('7: what the autoscaler measures is requested', () => {
  const objects = tier();
  expect(JSON.stringify(objects.one('HorizontalPodAutoscaler'))).not.toContain('"memory"');
  expect(objects.one('StatefulSet')['spec']).toMatchObject({
    template: { spec: { containers: [{ resources: { requests: { cpu: '1', memory: '4Gi' } } }] } },
  });
});

test('9: probes ask the supervisor, which looks at every repository', () => {
  expect(tier().one('StatefulSet')['spec']).toMatchObject({
    template: {
      spec: {
        containers: [
          {
            readinessProbe: { httpGet: { path: '/ready' } },
            livenessProbe: { httpGet: { path: '/live' } },
            startupProbe: { httpGet: { path: '/live' } },
          },
        ],
      },
    },
  });
});

test('10: clients may come from any port', () => {
  expect(ganeshaOf(tier())).toContain('PrivilegedPort = false;');
  const kernel = new Synthesized(tierOn('okd 4.21', { server: 'kernel' }).chart);
  const exports = dataOf(kernel, 'cvmfs-nfs')['exports'] ?? '';
  expect(exports.split('\n').filter((line) => line.startsWith('/'))).toHaveLength(3);
  expect(exports).not.toMatch(/,secure,/);
  expect(exports.match(/,insecure,/g)).toHaveLength(3);
});

test('11: what stands in front of NFS carries NFS', () => {
  expect(tier().all('Route')).toEqual([]);
  expect(tier().all('Ingress')).toEqual([]);
  expect(tier().one('Service', 'cvmfs-nfs')['spec']).toMatchObject({ clusterIP: '172.30.0.49' });
});

test('12: no server makes its clients wait for a grace period', () => {
  expect(ganeshaOf(tier())).toContain('Graceless = true;');
  expect(JSON.parse(dataOf(tier(), 'cvmfs-nfs')['export.json'] ?? '')).toMatchObject({
    graceSeconds: 0,
  });
});

test('13: the image is named exactly and everything it is told is rendered', () => {
  const objects = tier();
  expect(JSON.stringify(objects.one('StatefulSet'))).toContain(
    '"image":"registry.example.org/beamline/cvmfs-export:1.0.0","imagePullPolicy":"IfNotPresent"',
  );
  expect(Object.keys(dataOf(objects, 'cvmfs-nfs-client'))).toEqual(
    expect.arrayContaining([
      'etc__config.d__sw.example.org.conf',
      'keys__sw.example.org__sw.example.org.pub',
    ]),
  );
});

test('beyond the thirteen: all servers present one scope, and a share waits hard', () => {
  const { app, chart, tier: subject } = tierOn('okd 4.21');
  expect(ganeshaOf(new Synthesized(chart))).toContain('Server_Scope = "cvmfs-nfs.cvmfs";');
  const readers = new Chart(app, 'readers', { namespace: 'analysis' });
  new CvmfsShare(readers, 'Share', { tier: subject, repository: 'sw.example.org' });
  expect(new Synthesized(readers).one('PersistentVolume')['spec']).toMatchObject({
    mountOptions: expect.arrayContaining(['ro', 'hard', 'noresvport', 'nconnect=1']),
  });
});
