import { JsonPatch, type ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Volume, VolumeMount } from 'kubernetes-types/core/v1';

import type { ContainerProps } from '../kit/containers';
import { daemonSet } from '../kit/daemon-set';
import { exempt } from '../kit/exceptions';
import type { Part } from '../kit/labels';
import { targetOf } from '../targets';
import { imageRef, IMAGES } from '../versions';
import type { CvmfsCsiDriverProps } from './csi-props';
import type { ClientConfiguration } from './repositories';

/** What the driver is registered as. */
export const DRIVER = 'cvmfs.csi.cern.ch';
/** Where the client keeps its cache inside the pod. */
export const LOCAL_CACHE = '/cvmfs-localcache';

const KUBELET = '/var/lib/kubelet';
const RUN = '/var/lib/cvmfs.csi.cern.ch';
const RUNNER = `unix://${RUN}/singlemount-runner.sock`;
const SOCKET = `${KUBELET}/plugins/${DRIVER}/csi.sock`;

/**
 * The client of a node: what the chart v2.5.2 of upstream runs there. Its mounts live in the mount namespace of the
 * node, so a new version reaches a node when the node was drained and its pod deleted.
 */
export function csiNode(
  scope: Construct,
  part: Part,
  props: CvmfsCsiDriverProps,
  client: ClientConfiguration,
): ApiObject {
  const { consent } = props;
  const made = daemonSet(scope, 'Node', {
    name: part.name,
    part,
    serviceAccount: part.name,
    priorityClass: 'system-node-critical',
    root: { exempt: `autofs and FUSE need root; consent: ${consent}` },
    ...(targetOf(scope).has('scc-v2') ? { annotations: sccOf(props) } : {}),
    ...(props.nodes === undefined ? {} : { nodes: props.nodes }),
    tolerations: props.tolerations ?? [],
    containers: [registrar(consent), ...programs(consent, client)],
    volumes: [...hostVolumes(props), { name: 'run', emptyDir: {} }, client.volume],
    config: [client.object],
  });
  made.addJsonPatch(
    JsonPatch.add('/spec/template/spec/hostPID', true),
    JsonPatch.replace('/spec/updateStrategy', { type: 'OnDelete' }),
  );
  exempt(made, {
    rule: 'host-access',
    reason: `it mounts into the pods of its node, and autofs needs the processes of the node; consent: ${consent}`,
  });
  return made;
}

function sccOf({ scc = 'privileged' }: CvmfsCsiDriverProps): Record<string, string> {
  if (scc === 'none') return {};
  return { 'openshift.io/required-scc': scc === 'privileged' ? scc : scc.named };
}

function registrar(consent: string): ContainerProps {
  return {
    ...unwatched('registrar', consent),
    image: imageRef(IMAGES.cvmfsCsiRegistrar),
    args: ['-v=4', '--csi-address=/csi/csi.sock', `--kubelet-registration-path=${SOCKET}`],
    resources: { cpu: '10m', memory: '32Mi', memoryLimit: '64Mi' },
    mounts: [
      { name: 'socket', mountPath: '/csi' },
      { name: 'registration', mountPath: '/registration' },
    ],
  };
}

function programs(consent: string, { mounts: conf }: ClientConfiguration): ContainerProps[] {
  const both = { mountPropagation: 'Bidirectional' } as const;
  const plugins: VolumeMount = { name: 'plugins', mountPath: `${KUBELET}/plugins`, ...both };
  const pods: VolumeMount = { name: 'pods', mountPath: `${KUBELET}/pods`, ...both };
  const autofs: VolumeMount = { name: 'autofs', mountPath: '/cvmfs', ...both };
  const cache: VolumeMount = { name: 'cache', mountPath: LOCAL_CACHE };
  const run: VolumeMount = { name: 'run', mountPath: RUN };
  const kernel: VolumeMount[] = [
    { name: 'sys', mountPath: '/sys' },
    { name: 'modules', mountPath: '/lib/modules', readOnly: true },
    { name: 'dev', mountPath: '/dev' },
  ];
  const program = (name: string, command: readonly string[], mounts: readonly VolumeMount[]) => ({
    ...unwatched(name, consent),
    image: imageRef(IMAGES.cvmfsCsi),
    command,
    resources: { cpu: '50m', memory: '128Mi', memoryLimit: '2Gi' },
    mounts,
  });
  return [
    {
      ...program(
        'nodeplugin',
        [
          '/csi-cvmfsplugin',
          '-v=4',
          '--nodeid=$(NODE_ID)',
          `--endpoint=unix://${SOCKET}`,
          `--drivername=${DRIVER}`,
          '--role=identity,node',
          '--automount-startup-timeout=10',
          `--singlemount-runner-endpoint=${RUNNER}`,
        ],
        [plugins, pods, run, ...kernel, autofs],
      ),
      env: [{ name: 'NODE_ID', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
    },
    program(
      'automount',
      ['/automount-runner', '-v=4', '--unmount-timeout=300', '--has-alien-cache=false'],
      [...kernel, autofs, cache, ...conf],
    ),
    program(
      'automount-reconciler',
      ['/automount-reconciler', '-v=4', '--period=30s'],
      [autofs, cache, ...conf],
    ),
    program(
      'singlemount',
      ['/singlemount-runner', '-v=4', `--endpoint=${RUNNER}`],
      [plugins, pods, ...kernel, run],
    ),
  ];
}

/** A program of the driver: privileged, and without an endpoint that a probe could ask. */
function unwatched(
  name: string,
  consent: string,
): Pick<ContainerProps, 'name' | 'probes' | 'elevated' | 'writableRoot'> {
  const silent = {
    exempt: 'upstream gives it no health endpoint; the kubelet sees the driver itself',
  };
  return {
    name,
    probes: { readiness: silent, liveness: silent },
    writableRoot: { exempt: 'it writes /etc/autofs.conf and /etc/auto.master when it starts' },
    elevated: {
      exempt: `mounts for other pods need a privileged container; consent: ${consent}`,
      context: {
        privileged: true,
        allowPrivilegeEscalation: true,
        capabilities: { add: ['SYS_ADMIN'] },
      },
    },
  };
}

function hostVolumes({ cacheDirectory }: CvmfsCsiDriverProps): Volume[] {
  const host = (name: string, path: string, type?: string): Volume => ({
    name,
    hostPath: { path, ...(type === undefined ? {} : { type }) },
  });
  return [
    host('socket', `${KUBELET}/plugins/${DRIVER}`, 'DirectoryOrCreate'),
    host('plugins', `${KUBELET}/plugins`),
    host('registration', `${KUBELET}/plugins_registry`, 'DirectoryOrCreate'),
    host('pods', `${KUBELET}/pods`, 'Directory'),
    host('sys', '/sys'),
    host('modules', '/lib/modules'),
    host('dev', '/dev'),
    host('autofs', '/var/cvmfs', 'DirectoryOrCreate'),
    host('cache', cacheDirectory ?? `${RUN}/cache`, 'DirectoryOrCreate'),
  ];
}
