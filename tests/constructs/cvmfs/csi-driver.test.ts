import { ApiObject, Chart } from 'cdk8s';

import { CvmfsCsiDriver } from '../../../constructs/cvmfs/csi-driver';
import type { CvmfsCsiDriverProps } from '../../../constructs/cvmfs/csi-props';
import { CvmfsRepositories } from '../../../constructs/cvmfs/repositories';
import { Target, type TargetName } from '../../../constructs/targets';
import { exceptionsOf } from '../../../constructs/kit/exceptions';
import { houseRuleProblems, type Judged } from '../../support/house-rules';
import { appFor, chartFor, Synthesized } from '../../support/synth';
import { catalogue, dataOf } from './support/tier';

const consent = 'jobs need the speed of a client on their node';
/** Every prop, none at its default. Adding a prop breaks this line until it is tested below. */
const everything: Required<Omit<CvmfsCsiDriverProps, 'repositories'>> = {
  consent,
  scc: { named: 'cvmfs-csi' },
  className: 'software',
  cacheDirectory: '/scratch/cvmfs',
  nodes: { 'node-role.kubernetes.io/worker': '' },
  tolerations: [{ key: 'gpu', operator: 'Exists' }],
};

function driver(
  target: TargetName = 'okd 4.21',
  props: Partial<CvmfsCsiDriverProps> = {},
): Synthesized {
  const chart = chartFor(target, 'cvmfs-csi');
  const repositories = new CvmfsRepositories(chart, 'Repositories', catalogue);
  new CvmfsCsiDriver(chart, 'Subject', { repositories, consent, ...props });
  return new Synthesized(chart);
}

test('every node runs what upstream runs there, with mounts that reach the pods', () => {
  const node = driver().one('DaemonSet');
  expect(node['spec']).toMatchObject({
    updateStrategy: { type: 'OnDelete' },
    template: {
      metadata: { annotations: { 'openshift.io/required-scc': 'privileged' } },
      spec: { hostPID: true, priorityClassName: 'system-node-critical' },
    },
  });
  const text = JSON.stringify(node);
  for (const name of [
    'registrar',
    'nodeplugin',
    'automount',
    'automount-reconciler',
    'singlemount',
  ]) {
    expect(text).toContain(`"name":"${name}"`);
  }
  expect(text).toContain(
    '{"mountPath":"/cvmfs","mountPropagation":"Bidirectional","name":"autofs"}',
  );
  expect(text).toContain('registry.cern.ch/kubernetes/cvmfs-csi:v2.5.2');
});

test('its client is configured from the catalogue', () => {
  const text = dataOf(driver(), 'cvmfs-csi-client')['etc__default.local'];
  expect(text).toContain("CVMFS_CACHE_BASE='/cvmfs-localcache'\n");
  expect(text).not.toContain('NFS');
});

test('the SCC that upstream lacks is granted to its account, in its namespace', () => {
  expect(driver().one('RoleBinding', 'cvmfs-csi-node-scc-privileged')).toMatchObject({
    subjects: [{ kind: 'ServiceAccount', name: 'cvmfs-csi-node', namespace: 'cvmfs-csi' }],
  });
});

test('the provisioner has no right that it does not use', () => {
  expect(JSON.stringify(driver().one('ClusterRole')['rules'])).not.toMatch(/secrets|leases|pods/);
});

test('every prop has its effect', () => {
  const objects = driver('okd 4.21', everything);
  expect(objects.one('StorageClass').metadata.name).toBe('software');
  expect(objects.one('Role', 'cvmfs-csi-node-scc-cvmfs-csi')['rules']).toMatchObject([
    { resourceNames: ['cvmfs-csi'] },
  ]);
  expect(objects.one('DaemonSet')['spec']).toMatchObject({
    template: {
      metadata: { annotations: { 'openshift.io/required-scc': 'cvmfs-csi' } },
      spec: {
        nodeSelector: { 'node-role.kubernetes.io/worker': '' },
        tolerations: [{ key: 'gpu', operator: 'Exists' }],
      },
    },
  });
  expect(JSON.stringify(objects.one('DaemonSet'))).toContain('"path":"/scratch/cvmfs"');
});

const able = Target.all.filter((target) => target.has('csi')).map(({ name }) => name);
test.each(able)('on %s its departures from the house rules have a reason each', (name) => {
  const chart = new Chart(appFor(Target.parse(name)), 'test', { namespace: 'cvmfs-csi' });
  const repositories = new CvmfsRepositories(chart, 'Repositories', catalogue);
  new CvmfsCsiDriver(chart, 'Subject', { repositories, consent });
  const problems = chart.node
    .findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .flatMap((object) => {
      const manifest: Judged = object.toJson();
      return houseRuleProblems(manifest, exceptionsOf(object));
    });
  expect(problems).toEqual([]);
});

test('it is refused without its SCC on OKD, and needs none on Kubernetes', () => {
  expect(() => driver('okd 4.21', { scc: 'none' })).toThrow(
    new Error(
      "CvmfsCsiDriver 'test/Subject' has invalid props:\n" +
        "  - 'scc' must name the SCC that admits the driver on 'okd 4.21', got 'none': its pods would never start; leave 'scc' out for 'privileged', or name the site's own",
    ),
  );
  expect(driver('kubernetes 1.34', { scc: 'none' }).all('RoleBinding')).toHaveLength(1);
});

test('it is refused where there is no CSI, and without consent', () => {
  expect(() => driver('okd 3.11')).toThrow("the CSI driver needs CSI volumes, which 'okd 3.11'");
  expect(() => driver('okd 4.21', { consent: '', className: 'A', cacheDirectory: 'x' })).toThrow(
    new Error(
      "CvmfsCsiDriver 'test/Subject' has invalid props:\n" +
        "  - 'consent' must say why the site lets every node run a privileged client, got nothing\n" +
        "  - 'className' must be lower-case letters, digits and '-', at most 63, got 'A'\n" +
        "  - 'cacheDirectory' must be an absolute path of the node, got 'x'",
    ),
  );
});
