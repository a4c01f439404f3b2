import { setTimeout as sleep } from 'node:timers/promises';

import {
  ApiException,
  CoreV1Api,
  KubeConfig,
  V1Namespace,
  V1ObjectMeta,
} from '@kubernetes/client-node';
import fc from 'fast-check';

import { ask } from '../../../../review/admission/ask';
import { pods } from '../support/arbitraries';

const LEVELS = ['privileged', 'baseline', 'restricted'] as const;
const VERSIONS = ['latest', 'v1.0', 'v1.18', 'v1.22', 'v1.24', 'v1.30', 'v1.31', 'v1.99'];
const RUN = `psa-${process.pid}`;

/** Pods of an account that every namespace has. */
const drawn = pods.map((pod) => {
  const copy: Record<string, unknown> & { spec?: object } = { ...pod };
  const spec = { ...copy.spec, serviceAccountName: 'default' };
  return { metadata: { name: 'pod' }, spec };
});

describe('the Pod Security plugin of a real API server', () => {
  const api = (() => {
    const config = new KubeConfig();
    config.loadFromFile(process.env['BEAMLINE_TEST_KUBECONFIG'] ?? '');
    return config.makeApiClient(CoreV1Api);
  })();
  const made: string[] = [];
  afterAll(async () => {
    await Promise.all(made.map((name) => api.deleteNamespace({ name })));
  });

  /** What the server says to a pod: whether Pod Security lets it in, or undefined when something else is wrong with it. */
  async function verdict(namespace: string, body: object): Promise<boolean | undefined> {
    try {
      await api.createNamespacedPod({ namespace, body, dryRun: 'All' });
      return true;
    } catch (error) {
      if (!(error instanceof ApiException)) throw error;
      return String(error.body).includes('violates PodSecurity') ? false : undefined;
    }
  }

  async function namespaceWith(name: string, labels: Record<string, string>): Promise<void> {
    made.push(name);
    const metadata = Object.assign(new V1ObjectMeta(), { name, labels });
    await api.createNamespace({ body: Object.assign(new V1Namespace(), { metadata }) });
    for (let tries = 0; tries < 300; tries += 1) {
      const { items } = await api.listNamespacedServiceAccount({ namespace: name });
      if (items.length > 0) return;
      await sleep(100);
    }
    throw new Error(`namespace '${name}' got no ServiceAccount within 30 s`);
  }

  test('decides pods drawn at random as we do, at every level and pinned version', async () => {
    const tally = { admitted: 0, refused: 0, invalid: 0 };
    for (const level of LEVELS) {
      for (const version of VERSIONS) {
        const name = `${RUN}-${level}-${version.replace('.', '-')}`;
        const labels = {
          'pod-security.kubernetes.io/enforce': level,
          'pod-security.kubernetes.io/enforce-version': version,
        };
        await namespaceWith(name, labels);
        for (const pod of fc.sample(drawn, { numRuns: 40 })) {
          const theirs = await verdict(name, pod);
          tally[theirs === undefined ? 'invalid' : theirs ? 'admitted' : 'refused'] += 1;
          if (theirs === undefined) continue;
          const { admitted, why } = ask({ target: 'kubernetes 1.34', pod, namespace: { labels } });
          const told = JSON.stringify({ level, version, pod, why });
          expect({ told, admitted }).toEqual({ told, admitted: theirs });
        }
      }
    }
    // Draws that nearly all end alike would prove nothing.
    expect(tally.admitted).toBeGreaterThan(50);
    expect(tally.refused).toBeGreaterThan(50);
  }, 300_000);
});
