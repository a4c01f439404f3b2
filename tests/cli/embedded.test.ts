import { join } from 'node:path';

import { controlPlaneOf } from '../../cli/embedded';
import { checkoutHome } from '../../environments/cluster';
import { defineEnvironment, type EnvironmentProps } from '../../environments/environment';
import { messageFrom } from '../support/message';

const nodes = [{ name: 'worker', count: 2, cpu: 4, memoryGiB: 8 }];
const embedded: EnvironmentProps = {
  name: 'site',
  target: 'kubernetes 1.34',
  cluster: { kind: 'embedded', nodes },
  build: () => undefined,
};

test('an environment has a control plane of its own version, with its nodes, in a place of its own', () => {
  const directory = join(checkoutHome(), 'clusters', 'site');
  expect(controlPlaneOf(defineEnvironment(embedded))).toEqual({
    name: 'site',
    kubernetesVersion: '1.34',
    nodes,
    directory,
    kubeconfig: join(directory, 'kubeconfig'),
  });
});

test("an OKD target gets OKD's APIs on the Kubernetes that is inside it", () => {
  expect(controlPlaneOf(defineEnvironment({ ...embedded, target: 'okd 4.21' }))).toMatchObject({
    kubernetesVersion: '1.34',
    okd: '4.21',
  });
});

test('rejects an environment whose cluster is elsewhere, and says how to try it', () => {
  const cluster = {
    kind: 'kubeconfig' as const,
    context: 'prod',
    server: 'https://api.example.org:6443',
    clusterId: '0b8a3c64-7ed4-4bb5-8f2e-111111111111',
  };
  expect(messageFrom(() => controlPlaneOf(defineEnvironment({ ...embedded, cluster })))).toBe(
    "environment 'site' runs on https://api.example.org:6443, not on an embedded control plane; " +
      "'beamline rehearse site' tries it on one",
  );
});
