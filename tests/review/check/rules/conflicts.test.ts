import type { Chart } from 'cdk8s';

import { Target } from '../../../../constructs/targets';
import type { Plan } from '../../../../plan/model';
import { admissionOf } from '../../../../review/admission/plan/admission-of';
import { workloadsOf } from '../../../../review/check/pods';
import { conflicts } from '../../../../review/check/rules/conflicts';
import { object, planOfChart, podSpec, type Fields } from '../../../support/plan';

/** `docs/how-to/review.md` names the tests of this file, one for each line of its table. */

const labels = { app: 'nfs' };

/** A workload of pods labelled `app: nfs`. */
function workload(chart: Chart, pod: Fields, more: Fields = {}, kind = 'Deployment'): void {
  object(chart, `apps/v1 ${kind} server`, {
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: pod },
      ...more,
    },
  });
}

const said = (plan: Plan): string[] =>
  conflicts(plan, workloadsOf(plan)).map(({ rule, object: id }) => `${rule} ${id ?? ''}`);
const saidOf = (build: (chart: Chart) => void): string[] => said(planOfChart(build));

describe('a user namespace and an NFS volume', () => {
  const share = (chart: Chart): void => {
    object(chart, 'v1 PersistentVolume share', {
      spec: { csi: { driver: 'nfs.csi.k8s.io', volumeHandle: 'share' } },
    });
    object(chart, 'storage.k8s.io/v1 StorageClass homes', {
      provisioner: 'nfs.csi.k8s.io',
      metadata: {
        name: 'homes',
        annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
      },
    });
    object(chart, 'storage.k8s.io/v1 StorageClass cephfs', {
      provisioner: 'rook-ceph.cephfs.csi.ceph.com',
    });
    object(chart, 'v1 PersistentVolumeClaim data', { spec: { volumeName: 'share' } });
  };
  const own = (claim: Fields): Fields => ({
    volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
  });
  const pod = (volume?: Fields): Fields =>
    podSpec({ hostUsers: false, ...(volume === undefined ? {} : { volumes: [volume] }) });

  test.each<[string, Fields, Fields]>([
    ['in the pod', pod({ name: 'v', nfs: { server: 'nas', path: '/' } }), {}],
    ['of a CSI driver, in the pod', pod({ name: 'v', csi: { driver: 'nfs.csi.k8s.io' } }), {}],
    ['by a claim', pod({ name: 'v', persistentVolumeClaim: { claimName: 'data' } }), {}],
    [
      'that lives with the pod',
      pod({
        name: 'v',
        ephemeral: { volumeClaimTemplate: { spec: { storageClassName: 'homes' } } },
      }),
      {},
    ],
    ['of a StatefulSet', pod(), own({ storageClassName: 'homes' })],
    ['of the class that is taken by default', pod(), own({})],
  ])('%s', (_, spec, more) => {
    expect(
      saidOf((chart) => {
        share(chart);
        workload(chart, spec, more, 'StatefulSet');
      }),
    ).toEqual(['conflict/user-namespace-nfs ns/statefulset.apps/server']);
  });

  test('other volumes can be mapped, and other pods have no need', () => {
    const fine = (spec: Fields, more: Fields): string[] =>
      saidOf((chart) => {
        share(chart);
        workload(chart, spec, more, 'StatefulSet');
      });
    expect(fine(pod(), own({ storageClassName: 'cephfs' }))).toEqual([]);
    expect(fine(podSpec(), own({ storageClassName: 'homes' }))).toEqual([]);
  });
});

describe('what SCCs take', () => {
  const refusal = (pod: Fields): readonly string[] =>
    admissionOf(
      planOfChart((chart) => workload(chart, pod), { target: Target.parse('okd 4.21') }),
    ).findings.map(({ rule, reason, fix }) => `${rule}: ${reason} ${fix}`);

  test('restricted-v2 and a fixed user', () => {
    const [finding, ...others] = refusal(podSpec({ securityContext: { runAsUser: 1000 } }));
    expect(others).toEqual([]);
    expect(finding).toMatch(/^admission\/refused: .*must be in the ranges.*nonroot-v2/);
    expect(refusal(podSpec())).toEqual([]);
  });

  test('a port of the node', () => {
    const port = { ports: [{ containerPort: 2049, hostPort: 2049 }] };
    const [finding, ...others] = refusal(podSpec({}, port));
    expect(others).toEqual([]);
    expect(finding).toMatch(/^admission\/refused: .*[Hh]ost ports.*hostnetwork-v2/);
  });
});

describe('policies and mounts of the nodes', () => {
  const server = (chart: Chart, pod: Fields = {}): void => {
    object(chart, 'v1 Service nfs', {
      spec: {
        clusterIP: '10.96.0.9',
        selector: labels,
        ports: [{ port: 2049, targetPort: 'nfs' }],
      },
    });
    workload(chart, podSpec(pod, { ports: [{ name: 'nfs', containerPort: 12_049 }] }));
  };
  const policy = (chart: Chart, ingress: readonly Fields[], name = 'server'): void => {
    object(chart, `networking.k8s.io/v1 NetworkPolicy ${name}`, {
      spec: { podSelector: { matchLabels: labels }, policyTypes: ['Ingress'], ingress },
    });
  };
  const mount = (chart: Chart, address = '10.96.0.9'): void => {
    object(chart, 'v1 PersistentVolume share', { spec: { nfs: { server: address, path: '/' } } });
  };
  const pods = { from: [{ podSelector: {} }], ports: [{ port: 'nfs' }] };
  const nodes = (port: Fields): Fields => ({
    from: [{ ipBlock: { cidr: '10.0.0.0/16' } }],
    ports: [port],
  });

  test.each<[string, readonly Fields[]]>([
    ['pods alone', [pods]],
    ['nobody', []],
    ['the nodes to another port', [pods, nodes({ port: 2049 })]],
  ])('that let in %s', (_, ingress) => {
    expect(
      saidOf((chart) => {
        server(chart);
        mount(chart);
        policy(chart, ingress);
      }),
    ).toEqual(['conflict/policy-blocks-mounts ns/networkpolicy.networking.k8s.io/server']);
  });

  test.each<[string, Fields]>([
    ['by the name of the port', nodes({ port: 'nfs' })],
    ['by its number', nodes({ port: 12_049 })],
    ['among others', nodes({ port: 12_000, endPort: 12_100 })],
    ['whoever they are', { ports: [{ port: 'nfs' }] }],
  ])('that let the nodes in, %s', (_, rule) => {
    expect(
      saidOf((chart) => {
        server(chart);
        mount(chart, 'nfs.ns.svc');
        policy(chart, [pods], 'pods');
        policy(chart, [rule], 'nodes');
      }),
    ).toEqual([]);
  });

  test('one that no node mounts', () => {
    expect(
      saidOf((chart) => {
        server(chart);
        mount(chart, 'nas.example.org');
        policy(chart, [pods]);
      }),
    ).toEqual([]);
  });

  test("a policy for pods on the node's network", () => {
    expect(
      saidOf((chart) => {
        server(chart, { hostNetwork: true });
        policy(chart, [pods]);
      }),
    ).toEqual(['conflict/policy-on-host-network ns/networkpolicy.networking.k8s.io/server']);
  });
});

describe('an autoscaler and requests', () => {
  const scaled = (resources: Fields, spec: Fields, more: (chart: Chart) => void = () => {}) =>
    saidOf((chart) => {
      more(chart);
      workload(chart, podSpec({}, { resources }));
      object(chart, 'autoscaling/v2 HorizontalPodAutoscaler server', {
        spec: {
          maxReplicas: 4,
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'server' },
          ...spec,
        },
      });
    });
  const by = (name: string, target: Fields): Fields => ({
    metrics: [{ type: 'Resource', resource: { name, target } }],
  });
  const percent = { type: 'Utilization', averageUtilization: 80 };
  const FOUND = ['conflict/scaler-without-requests ns/horizontalpodautoscaler.autoscaling/server'];

  test('that are missing', () => {
    expect(scaled({}, {})).toEqual(FOUND);
    expect(scaled({ requests: { cpu: '1' } }, by('memory', percent))).toEqual(FOUND);
  });

  test('that nobody needs', () => {
    expect(scaled({}, by('cpu', { type: 'AverageValue', averageValue: '500m' }))).toEqual([]);
    expect(scaled({ requests: { memory: '1Gi' } }, by('memory', percent))).toEqual([]);
  });

  test('that the API server fills in', () => {
    expect(scaled({ limits: { cpu: '1' } }, {})).toEqual([]);
    const range = { limits: [{ type: 'Container', defaultRequest: { cpu: '100m' } }] };
    expect(scaled({}, {}, (chart) => object(chart, 'v1 LimitRange all', { spec: range }))).toEqual(
      [],
    );
  });
});

describe('a budget and replicas', () => {
  const guarded = (budget: Fields, replicas: number, least?: number): string[] =>
    saidOf((chart) => {
      workload(chart, podSpec({}, { resources: { requests: { cpu: '1' } } }), { replicas });
      object(chart, 'policy/v1 PodDisruptionBudget server', {
        spec: { selector: {}, ...budget },
      });
      if (least === undefined) return;
      object(chart, 'autoscaling/v2 HorizontalPodAutoscaler server', {
        spec: {
          minReplicas: least,
          maxReplicas: 8,
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'server' },
        },
      });
    });
  const FOUND = ['conflict/budget-blocks-drain ns/poddisruptionbudget.policy/server'];

  test.each<[Fields, number, number | undefined]>([
    [{ minAvailable: 2 }, 2, undefined],
    [{ minAvailable: '51%' }, 1, undefined],
    [{ maxUnavailable: 0 }, 3, undefined],
    [{ maxUnavailable: '0%' }, 3, undefined],
    [{ minAvailable: 2 }, 5, 2],
  ])('%j over %i pods, %s of them always', (...budget) => {
    expect(guarded(...budget)).toEqual(FOUND);
  });

  test.each<[Fields, number, number | undefined]>([
    [{ minAvailable: 1 }, 2, undefined],
    [{ minAvailable: '50%' }, 2, undefined],
    [{ maxUnavailable: '1%' }, 2, undefined],
    [{ minAvailable: 2 }, 1, 3],
  ])('%j lets one of %i pods go', (...budget) => {
    expect(guarded(...budget)).toEqual([]);
  });
});
