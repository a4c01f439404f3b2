import { at } from '../json';
import type { PlannedObject } from '../model';
import { covers, pathSegments } from './property-path';

/**
 * Fields whose change the provider answers with a new object, by `Kind.group` and API versions
 * (facts of `provider/pkg/provider/diff.go` of pulumi-kubernetes 4.29; tested against the engine's own preview in
 * `tests/integration/verdict.test.ts`). `metadata.name` and `metadata.namespace` always do.
 */
const FORCE_NEW: Readonly<
  Record<string, { readonly versions: readonly string[]; readonly fields: readonly string[] }>
> = {
  'Deployment.apps': { versions: ['v1', 'v1beta2'], fields: ['spec.selector'] },
  'DaemonSet.apps': { versions: ['v1', 'v1beta2'], fields: ['spec.selector'] },
  'StatefulSet.apps': {
    versions: ['v1', 'v1beta1', 'v1beta2'],
    fields: [
      'spec.podManagementPolicy',
      'spec.revisionHistoryLimit',
      'spec.selector',
      'spec.serviceName',
      'spec.volumeClaimTemplates',
    ],
  },
  'Job.batch': {
    versions: ['v1', 'v1beta1', 'v2alpha1'],
    fields: ['spec.completions', 'spec.parallelism', 'spec.selector', 'spec.template'],
  },
  'PodDisruptionBudget.policy': { versions: ['v1beta1'], fields: ['spec'] },
  'RoleBinding.rbac.authorization.k8s.io': {
    versions: ['v1', 'v1beta1', 'v1alpha1'],
    fields: ['roleRef'],
  },
  'ClusterRoleBinding.rbac.authorization.k8s.io': {
    versions: ['v1', 'v1beta1', 'v1alpha1'],
    fields: ['roleRef'],
  },
  'StorageClass.storage.k8s.io': { versions: ['v1'], fields: ['parameters', 'provisioner'] },
  PersistentVolume: {
    versions: ['v1'],
    fields: [
      'awsElasticBlockStore',
      'azureDisk',
      'azureFile',
      'cephfs',
      'cinder',
      'csi',
      'fc',
      'flexVolume',
      'flocker',
      'gcePersistentDisk',
      'glusterfs',
      'hostPath',
      'iscsi',
      'local',
      'nfs',
      'photonPersistentDisk',
      'portworxVolume',
      'quobyte',
      'rbd',
      'scaleIO',
      'storageos',
      'vsphereVolume',
    ].map((source) => `spec.${source}`),
  },
  PersistentVolumeClaim: {
    versions: ['v1'],
    fields: ['spec.accessModes', 'spec.selector', 'spec.storageClassName', 'spec.volumeName'],
  },
  Pod: {
    versions: ['v1'],
    fields: [
      ...[
        'affinity',
        'automountServiceAccountToken',
        'dnsConfig',
        'dnsPolicy',
        'enableServiceLinks',
        'hostAliases',
        'hostIPC',
        'hostNetwork',
        'hostPID',
        'hostname',
        'imagePullSecrets',
        'nodeName',
        'nodeSelector',
        'overhead',
        'preemptionPolicy',
        'priority',
        'priorityClassName',
        'readinessGates',
        'restartPolicy',
        'runtimeClassName',
        'schedulerName',
        'securityContext',
        'serviceAccount',
        'serviceAccountName',
        'shareProcessNamespace',
        'subdomain',
        'terminationGracePeriodSeconds',
        'volumes',
      ].map((field) => `spec.${field}`),
      ...['containers', 'initContainers'].flatMap((list) =>
        [
          'args',
          'command',
          'env',
          'image',
          'imagePullPolicy',
          'lifecycle',
          'livenessProbe',
          'ports',
          'readinessProbe',
          'resources',
          'securityContext',
          'stdin',
          'stdinOnce',
          'terminationMessagePath',
          'terminationMessagePolicy',
          'tty',
          'volumeDevices',
          'volumeMounts',
          'workingDir',
        ].map((field) => `spec.${list}[*].${field}`),
      ),
    ],
  },
  ResourceQuota: { versions: ['v1'], fields: ['spec.scopes'] },
  Secret: { versions: ['v1'], fields: ['type'] },
  Service: { versions: ['v1'], fields: ['spec.clusterIP'] },
};

/** What decides whether a change makes a new object. */
type Changed = Pick<PlannedObject, 'manifest' | 'group' | 'lifecycle'>;

const IDENTITY = ['metadata.name', 'metadata.namespace'].map(pathSegments);

/** Whether a change of the field at `path` makes a new object: by the provider's rules or by those of the plan. */
export function forcesNew(object: Changed, path: readonly string[]): boolean {
  return [
    ...IDENTITY,
    ...providerRules(object),
    ...contentRules(object),
    ...object.lifecycle.replaceOnChanges.map(pathSegments),
  ].some((pattern) => covers(pattern, path) || covers(path, pattern));
}

function providerRules({ manifest, group }: Changed): string[][] {
  const rule = FORCE_NEW[group === '' ? manifest.kind : `${manifest.kind}.${group}`];
  const version = manifest.apiVersion.split('/').at(-1) ?? '';
  return rule === undefined || !rule.versions.includes(version)
    ? []
    : rule.fields.map(pathSegments);
}

/** An immutable Secret or ConfigMap can only be made anew. The provider looks at what is asked for, not at what is there. */
function contentRules({ manifest }: Changed): string[][] {
  if (at(manifest, 'immutable') !== true) return [];
  switch (manifest.kind) {
    case 'ConfigMap':
      return [['data'], ['binaryData']];
    case 'Secret':
      return [['data'], ['stringData'], ['type']];
    default:
      return [];
  }
}
