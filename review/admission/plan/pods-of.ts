import { isObject, textAt } from '../../../plan/json';
import { objectsOf, type Plan, type PlannedObject } from '../../../plan/model';
import { templateOf, textsOf, workloadsOf } from '../../check/pods';
import { podSchema, type Pod } from '../pod';

/** The pods that one object of a plan makes, as admission will see one of them. */
export interface PlannedPod {
  readonly object: PlannedObject;
  readonly namespace: string;
  readonly account: string;
  /** User name of whoever creates the pods. */
  readonly creator: string;
  readonly pod: Pod;
}

/** Every sort of pod of a plan. Pods that operators and programs make while they run are not among them. */
export function podsOf(plan: Plan): PlannedPod[] {
  return workloadsOf(plan).map(({ object, namespace, labels, spec }) => {
    const pod = podSchema.parse({
      metadata: {
        name: object.manifest.metadata.name,
        namespace,
        labels,
        annotations: textsOf(metadataOf(templateOf(object.manifest))),
      },
      spec,
    });
    const account = pod.spec.serviceAccountName ?? textAt(spec, 'serviceAccount') ?? 'default';
    pod.spec.serviceAccountName = account;
    openHostPorts(pod);
    if (hasToken(plan, object, account)) addToken(pod, plan.target.kubernetesMinor);
    const creator = creatorOf(object.manifest.kind, namespace);
    return { object, namespace, account, creator, pod };
  });
}

function metadataOf(template: ReturnType<typeof templateOf>) {
  const metadata = isObject(template) ? template['metadata'] : undefined;
  return isObject(metadata) ? metadata['annotations'] : undefined;
}

const CONTROLLERS = new Map([
  ['Deployment', 'replicaset-controller'],
  ['ReplicaSet', 'replicaset-controller'],
  ['StatefulSet', 'statefulset-controller'],
  ['DaemonSet', 'daemon-set-controller'],
  ['Job', 'job-controller'],
  ['CronJob', 'job-controller'],
  ['ReplicationController', 'replication-controller'],
]);

/** Pods are created by the controller of their kind, not by whoever made that: only the rights of the pod's own account can be raised. */
function creatorOf(kind: string, namespace: string): string {
  if (kind === 'DeploymentConfig') return `system:serviceaccount:${namespace}:deployer`;
  const controller = CONTROLLERS.get(kind);
  return controller === undefined
    ? 'whoever deploys'
    : `system:serviceaccount:kube-system:${controller}`;
}

/** On the node's network every port is one of the node (`SetDefaults_PodSpec` of Kubernetes). */
function openHostPorts({ spec }: Pod): void {
  if (spec.hostNetwork !== true) return;
  for (const { ports = [] } of [...spec.containers, ...(spec.initContainers ?? [])]) {
    for (const port of ports)
      if (port.containerPort !== undefined) port.hostPort ??= port.containerPort;
  }
}

/** Whether the cluster will mount the account's token, which is a volume that an SCC must allow. */
function hasToken(plan: Plan, object: PlannedObject, account: string): boolean {
  const template = templateOf(object.manifest);
  const spec = isObject(template) ? template['spec'] : undefined;
  const said = isObject(spec) ? spec['automountServiceAccountToken'] : undefined;
  if (typeof said === 'boolean') return said;
  const { namespace } = object.manifest.metadata;
  const found = objectsOf(plan).find(
    ({ manifest }) =>
      manifest.kind === 'ServiceAccount' &&
      manifest.metadata.name === account &&
      manifest.metadata.namespace === namespace,
  );
  return found?.manifest['automountServiceAccountToken'] !== false;
}

/** The volume that Kubernetes adds: a Secret before 1.21, then a projection that SCCs know. */
function addToken({ spec }: Pod, kubernetesMinor: number): void {
  const items = (file: string) => [{ key: file, path: file }];
  const projected = {
    sources: [
      { serviceAccountToken: { path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: items('ca.crt') } },
    ],
  };
  const volume = kubernetesMinor < 21 ? { secret: { secretName: 'token' } } : { projected };
  spec.volumes = [...(spec.volumes ?? []), { name: 'kube-api-access', ...volume }];
}
