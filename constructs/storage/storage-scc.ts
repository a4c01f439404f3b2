import type { Construct } from 'constructs';

import { labelsOf, type Part } from '../kit/labels';
import { customObject } from '../kit/objects';
import { targetOf } from '../targets';

/** What some storage daemons may do on OKD, and nobody else. */
export interface StorageScc {
  readonly name: string;
  readonly part: Part;
  /** Namespace of the ServiceAccounts. */
  readonly namespace: string;
  readonly serviceAccounts: readonly string[];
  readonly capabilities: readonly string[];
  /** Whether they may be privileged. */
  readonly privileged: boolean;
  /** Parts of the host they may share. */
  readonly host: readonly ('paths' | 'network' | 'ports' | 'pid' | 'ipc')[];
  /** Kinds of volumes, beside those of the host. */
  readonly volumes: readonly string[];
  readonly selinux: 'MustRunAs' | 'RunAsAny';
}

/** Adds an SCC for ServiceAccounts by their full names. Does nothing where SCCs do not exist. */
export function storageScc(scope: Construct, id: string, scc: StorageScc): void {
  const target = targetOf(scope);
  if (!target.has('scc')) return;
  const { namespace, host } = scc;
  customObject(scope, id, {
    apiVersion: target.apiVersion('SecurityContextConstraints'),
    kind: 'SecurityContextConstraints',
    metadata: { name: scc.name, labels: labelsOf(scc.part) },
    allowPrivilegedContainer: scc.privileged,
    allowPrivilegeEscalation: true,
    allowHostDirVolumePlugin: host.includes('paths'),
    allowHostNetwork: host.includes('network'),
    allowHostPorts: host.includes('ports'),
    allowHostPID: host.includes('pid'),
    allowHostIPC: host.includes('ipc'),
    readOnlyRootFilesystem: false,
    // The API demands both fields.
    priority: 0,
    defaultAddCapabilities: [],
    allowedCapabilities: [...scc.capabilities],
    requiredDropCapabilities: ['ALL'],
    runAsUser: { type: 'RunAsAny' },
    seLinuxContext: { type: scc.selinux },
    fsGroup: { type: scc.selinux === 'MustRunAs' ? 'MustRunAs' : 'RunAsAny' },
    supplementalGroups: { type: 'RunAsAny' },
    // Pods that name the default profile are welcome, and so are those that name none.
    seccompProfiles: ['*'],
    volumes: [...scc.volumes, ...(host.includes('paths') ? ['hostPath'] : [])].sort(),
    users: scc.serviceAccounts.map((name) => `system:serviceaccount:${namespace}:${name}`),
  });
}
