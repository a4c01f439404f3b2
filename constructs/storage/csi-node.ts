import { JsonPatch, type ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Volume, VolumeMount } from 'kubernetes-types/core/v1';

import type { ContainerProps } from '../kit/containers';
import { daemonSet } from '../kit/daemon-set';
import { exempt } from '../kit/exceptions';
import type { Part } from '../kit/labels';
import { livenessProbe, registrar } from './csi-containers';

/** The part of a driver that runs on every node. */
export interface CsiNode {
  readonly name: string;
  readonly part: Part;
  /** Name of the driver, and of its directory below the kubelet's. */
  readonly driver: string;
  readonly kubeletDirectory: string;
  /** Port of the node's loopback on which the driver says how it is. */
  readonly healthPort: number;
  readonly plugin: ContainerProps;
  readonly usesApi: boolean;
  /** @default [] */
  readonly volumes?: readonly Volume[];
  /**
   * Why it sees the processes of the node.
   *
   * @default - it does not
   */
  readonly hostPid?: string;
}

/** Where every driver's node part finds the kubelet. */
export function kubeletMounts(kubeletDirectory: string): VolumeMount[] {
  return [
    { name: 'pods', mountPath: `${kubeletDirectory}/pods`, mountPropagation: 'Bidirectional' },
  ];
}

/** Adds the DaemonSet of a driver: on every node, whatever it is tainted with, with the node's network. */
export function csiNode(scope: Construct, id: string, node: CsiNode): ApiObject {
  const { kubeletDirectory, driver } = node;
  const made = daemonSet(scope, id, {
    name: node.name,
    part: node.part,
    serviceAccount: node.name,
    usesApi: node.usesApi,
    root: { exempt: 'it mounts volumes on the node for other pods' },
    hostNetwork: { exempt: 'mounts must outlive the pod that made them, and so its network' },
    priorityClass: 'system-node-critical',
    tolerations: [{ operator: 'Exists' }],
    containers: [
      node.plugin,
      registrar(kubeletDirectory, driver),
      livenessProbe(node.healthPort, 'node'),
    ],
    volumes: [
      host('socket', `${kubeletDirectory}/plugins/${driver}`, 'DirectoryOrCreate'),
      host('registration', `${kubeletDirectory}/plugins_registry`, 'Directory'),
      host('pods', `${kubeletDirectory}/pods`, 'Directory'),
      ...(node.volumes ?? []),
    ],
  });
  exempt(made, { rule: 'host-access', reason: 'the kubelet and the driver meet in host paths' });
  if (node.hostPid === undefined) return made;
  exempt(made, { rule: 'host-access', reason: node.hostPid });
  made.addJsonPatch(JsonPatch.add('/spec/template/spec/hostPID', true));
  return made;
}

/** A directory of the node. */
export function host(name: string, path: string, type = ''): Volume {
  return { name, hostPath: { path, type } };
}
