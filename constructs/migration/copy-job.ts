import { Construct } from 'constructs';
import type { SecurityContext, Volume, VolumeMount } from 'kubernetes-types/core/v1';

import { job } from '../kit/jobs';
import type { Part } from '../kit/labels';
import { targetOf } from '../targets';
import { imageRef, IMAGES } from '../versions';
import type { CopyJobProps, CopyUser } from './copy-props';
import { scriptOf } from './scripts';

/** The ServiceAccount of every task. It has no rights but, on OKD and where files demand it, an SCC. */
export const COPY_ACCOUNT = 'beamline-migration';
/** Where the container finds the claims, leaves its report and keeps what it needs for itself. */
export const PATHS = {
  source: '/source',
  target: '/target',
  report: '/dev/termination-log',
  scratch: '/scratch',
} as const;

/** What the tasks of migrations are in the recommended labels. */
export const COPY_PART: Part = {
  name: 'rsync',
  instance: 'migration',
  component: 'copy',
  partOf: 'migration',
  version: IMAGES.rsync.tag,
};

/** Terabytes of small files over NFS do take weeks. */
export const A_MONTH_SECONDS = 30 * 24 * 3600;

/** A Job that surveys, copies or compares the files of a claim with rsync, so that a migration needs no copier of its own. */
export class CopyJob extends Construct {
  constructor(scope: Construct, id: string, props: CopyJobProps) {
    super(scope, id);
    const { name, task, size, user, node } = props;
    const { mounts, volumes } = claimsOf(props);
    job(this, 'Job', {
      name,
      part: COPY_PART,
      backoffLimit: 0, // what is worth another attempt, the migration decides
      deadlineSeconds: A_MONTH_SECONDS,
      serviceAccount: COPY_ACCOUNT,
      restart: 'Never',
      graceSeconds: 5,
      ...userOf(user),
      ...(node === undefined ? {} : { nodes: { 'kubernetes.io/hostname': node } }),
      ...(props.tolerations === undefined ? {} : { tolerations: props.tolerations }),
      containers: [
        {
          name: task,
          image: imageRef(IMAGES.rsync),
          command: ['/bin/sh', '-c', scriptOf(task), task],
          args: [PATHS.source, PATHS.target, PATHS.report, PATHS.scratch, String(size)],
          // rsync holds about 100 bytes a file with hard links in mind: ten million files fit.
          resources: { cpu: '500m', memory: '256Mi', memoryLimit: '2Gi' },
          mounts,
          scratch: { [PATHS.scratch]: '4Gi' },
          ...(user.kind === 'root'
            ? { elevated: { exempt: user.consent, context: rootContext(this) } }
            : {}),
        },
      ],
      volumes,
    });
  }
}

function claimsOf({ task, source, target }: CopyJobProps): {
  mounts: VolumeMount[];
  volumes: Volume[];
} {
  const claim = (name: string, claimName: string): Volume => ({
    name,
    persistentVolumeClaim: { claimName },
  });
  const mounts = [{ name: 'source', mountPath: PATHS.source, readOnly: true }];
  const volumes = [claim('source', source)];
  if (task === 'survey') return { mounts, volumes };
  const writes = task !== 'verify';
  return {
    mounts: [
      ...mounts,
      { name: 'target', mountPath: PATHS.target, ...(writes ? {} : { readOnly: true }) },
    ],
    volumes: [...volumes, claim('target', target)],
  };
}

/** The fields of a pod template that say as whom a task runs. */
export function userOf(user: CopyUser): {
  readonly user?: number;
  readonly fixedUser?: boolean;
  readonly volumeGroup?: number;
  readonly root?: { readonly exempt: string };
} {
  switch (user.kind) {
    case 'usual':
      return {};
    case 'user':
      return {
        user: user.uid,
        fixedUser: true,
        ...(user.group === undefined ? {} : { volumeGroup: user.group }),
      };
    case 'root':
      return { root: { exempt: user.consent } };
  }
}

/** What root needs to read every file and to give each its owner, mode, times and attributes. */
const NEEDED = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'MKNOD', 'SETFCAP'];
/** OKD's anyuid SCC refuses a pod that adds any: there the others of the runtime's defaults are dropped instead. */
const NOT_NEEDED = ['KILL', 'NET_BIND_SERVICE', 'SETGID', 'SETPCAP', 'SETUID'];

/** The security context of a container that needs root to give files to their owners. */
export function rootContext(scope: Construct): SecurityContext {
  const capabilities = targetOf(scope).has('scc')
    ? { drop: NOT_NEEDED }
    : { drop: ['ALL'], add: NEEDED };
  return { capabilities };
}
