import type { EnvVar, Probe, VolumeMount } from 'kubernetes-types/core/v1';

import { type ContainerProps, type Elevated, type Resources } from '../kit/containers';
import type { ImagePin } from '../versions/pin';
import { imageRef, IMAGES } from '../versions';

/** Where every container of a driver's pod finds its socket. */
export const SOCKET = '/csi/csi.sock';
export const SOCKET_MOUNT: VolumeMount = { name: 'socket', mountPath: '/csi' };

const SMALL: Resources = { cpu: '10m', memory: '32Mi', memoryLimit: '256Mi' };

/** Why a driver's node part is privileged: the kernel lets nobody else mount for the pods of a node. */
export function mounts(consent: string): Elevated {
  return {
    exempt: `it mounts volumes on the node for other pods; accepted as: ${consent}`,
    context: {
      privileged: true,
      allowPrivilegeEscalation: true,
      capabilities: { add: ['SYS_ADMIN'] },
    },
  };
}

/** A sidecar that watches the API server and calls the driver over its socket. */
export function sidecar(
  name: string,
  image: ImagePin,
  port: number,
  args: readonly string[],
): ContainerProps {
  return {
    name,
    image: imageRef(image),
    args: [
      `--csi-address=${SOCKET}`,
      '--leader-election',
      '--leader-election-namespace=$(POD_NAMESPACE)',
      `--http-endpoint=:${port}`,
      ...args,
    ],
    env: [field('POD_NAMESPACE', 'metadata.namespace')],
    ports: { [`${name.slice(0, 12)}-m`]: port },
    resources: SMALL,
    probes: {
      readiness: { exempt: 'it takes no requests' },
      liveness: { httpGet: { port, path: '/healthz/leader-election' }, periodSeconds: 20 },
    },
    mounts: [SOCKET_MOUNT],
  };
}

/** csi-provisioner. */
export function provisioner(port: number, args: readonly string[] = []): ContainerProps {
  return sidecar('csi-provisioner', IMAGES.csiProvisioner, port, [
    '--extra-create-metadata=true',
    '--timeout=150s',
    ...args,
  ]);
}

/** csi-resizer. */
export function resizer(port: number): ContainerProps {
  return sidecar('csi-resizer', IMAGES.csiResizer, port, [
    '--timeout=150s',
    '--handle-volume-inuse-error=false',
  ]);
}

/** Announces the driver to the kubelet. */
export function registrar(kubeletDirectory: string, driver: string): ContainerProps {
  const path = `${kubeletDirectory}/plugins/${driver}/csi.sock`;
  return {
    name: 'registrar',
    image: imageRef(IMAGES.csiNodeDriverRegistrar),
    args: [`--csi-address=${SOCKET}`, `--kubelet-registration-path=${path}`],
    env: [field('KUBE_NODE_NAME', 'spec.nodeName')],
    resources: SMALL,
    elevated: {
      exempt: 'SELinux keeps it off the sockets of the kubelet unless it is privileged',
      context: { privileged: true, allowPrivilegeEscalation: true },
    },
    probes: {
      readiness: { exempt: 'it takes no requests' },
      liveness: {
        exec: {
          command: [
            '/csi-node-driver-registrar',
            `--kubelet-registration-path=${path}`,
            '--mode=kubelet-registration-probe',
          ],
        },
        periodSeconds: 60,
        timeoutSeconds: 10,
      },
    },
    mounts: [SOCKET_MOUNT, { name: 'registration', mountPath: '/registration' }],
  };
}

/** Asks the driver how it is, and answers over HTTP on the node's own loopback or in the pod. */
export function livenessProbe(port: number, where: 'node' | 'pod'): ContainerProps {
  return {
    name: 'liveness-probe',
    image: imageRef(IMAGES.csiLivenessProbe),
    args: [
      `--csi-address=${SOCKET}`,
      `--http-endpoint=${where === 'node' ? '127.0.0.1' : ''}:${port}`,
      '--probe-timeout=3s',
    ],
    resources: SMALL,
    probes: {
      readiness: { exempt: 'it answers for the driver, whose probes these answers are' },
      liveness: { exempt: 'it answers for the driver, whose probes these answers are' },
    },
    mounts: [SOCKET_MOUNT],
  };
}

/** The probes of a driver that has that container beside it. */
export function driverProbes(
  port: number,
  where: 'node' | 'pod',
): { readonly readiness: Probe; readonly liveness: Probe } {
  const probe: Probe =
    where === 'node'
      ? { httpGet: { host: '127.0.0.1', port, path: '/healthz' } }
      : { httpGet: { port, path: '/healthz' } };
  const patient = { timeoutSeconds: 10, periodSeconds: 30 };
  return {
    readiness: { ...probe, ...patient },
    liveness: { ...probe, ...patient, failureThreshold: 5, initialDelaySeconds: 30 },
  };
}

/** A variable from a field of the pod. */
export function field(name: string, fieldPath: string): EnvVar {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}
