import type { Chart } from 'cdk8s';

import { readUpstream } from '../../../constructs/kit/upstream';
import { StorageCapacity } from '../../../constructs/storage/capacity';
import { GivenStorageClass } from '../../../constructs/storage/given-class';
import { capacityOf } from '../../../review/capacity/capacity';
import { capacityFindings } from '../../../review/capacity/findings';
import { findingsOf } from '../../../review/check/check';
import { schemaPin } from '../../../review/check/schemas/pins';
import { Schemas } from '../../../review/check/schemas/schemas';
import { ensureUpstream } from '../../../upstream/fetch';
import { deploymentSpec, object, planOfChart, podSpec } from '../../support/plan';

const GI = 2 ** 30;

let schemas: Schemas;

beforeAll(async () => {
  await ensureUpstream(schemaPin(34));
  schemas = new Schemas(readUpstream(schemaPin(34)), []);
}, 600_000);

/** What `beamline check` says about amounts, on a site with one node of 4 cores and 16 GiB. */
function said(build: (chart: Chart) => void): string[] {
  const plan = planOfChart(build, {
    provided: ['_/storageclass.storage.k8s.io/cephfs'],
  });
  const capacity = { cpu: 4, memory: 16 * GI, pods: 10 };
  const node = {
    name: 'node',
    count: 1,
    capacity,
    reserved: { cpu: 0, memory: 0 },
    labels: {},
  };
  return [...findingsOf(plan, schemas), ...capacityFindings(plan, capacityOf(plan, [node]))]
    .filter(({ rule }) => /^(storage|quota|capacity)\//.test(rule))
    .map(({ severity, rule, path, reason }) => `${severity} ${rule} ${path}: ${reason}`);
}

/** A tenant who asks for 200 GiB of a class that has `availableGiB`, under a quota. */
function tenant(chart: Chart, availableGiB: number, quota: string): void {
  const storageClass = new GivenStorageClass(chart, 'Class', {
    className: 'cephfs',
    accessModes: ['ReadWriteMany'],
  });
  new StorageCapacity(chart, 'Capacity', { classes: [{ storageClass, availableGiB }] });
  object(chart, 'v1 PersistentVolumeClaim data', {
    spec: {
      accessModes: ['ReadWriteMany'],
      storageClassName: storageClass.className,
      resources: { requests: { storage: '200Gi' } },
    },
  });
  object(chart, 'v1 ResourceQuota tenant', { spec: { hard: { 'requests.storage': quota } } });
}

test('storage that is asked for or promised twice is said once, by the rules of storage alone', () => {
  expect(said((chart) => tenant(chart, 500, '200Gi'))).toEqual([]);
  expect(said((chart) => tenant(chart, 150, '200Gi'))).toEqual([
    "error storage/over-committed chart/Capacity: claims ask class 'cephfs' for 200Gi, and it has 150Gi: 'ns' 200Gi",
  ]);
  expect(said((chart) => tenant(chart, 250, '300Gi'))).toEqual([
    "warning storage/over-committed chart/Capacity: quotas promise 300Gi of class 'cephfs', and it has 250Gi, of which 1 times may be promised: 'ns' 300Gi",
  ]);
  expect(said((chart) => tenant(chart, 500, '100Gi'))).toEqual([
    "error storage/over-quota chart/Capacity: claims of 'ns' ask class 'cephfs' for 200Gi, and the quota is 100Gi: the last of them are refused",
  ]);
});

test('cores and memory of nodes are said by the rules of capacity, beside it', () => {
  const rules = said((chart) => {
    tenant(chart, 150, '200Gi');
    const resources = { requests: { cpu: '3', memory: '1Gi' }, limits: { memory: '1Gi' } };
    object(chart, 'apps/v1 Deployment web', {
      spec: { ...deploymentSpec(podSpec({}, { resources })), replicas: 2 },
    });
  }).map((line) => line.split(' ')[1]);
  expect(rules).toEqual(['storage/over-committed', 'capacity/over-committed']);
});
