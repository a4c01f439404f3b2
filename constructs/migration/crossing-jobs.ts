import { Construct } from 'constructs';
import type { Volume } from 'kubernetes-types/core/v1';

import { job } from '../kit/jobs';
import { labelsOf, type Part } from '../kit/labels';
import { allow } from '../kit/network';
import { kubeObject } from '../kit/objects';
import { imageRef, IMAGES } from '../versions';
import { A_MONTH_SECONDS, COPY_ACCOUNT, COPY_PART, PATHS, rootContext, userOf } from './copy-job';
import type { ReceiveProps, SendProps } from './crossing-props';
import { receiveScript, sendScript } from './crossing-scripts';

/** Where pods find the key of a copy. */
const KEY_PATH = '/key';
/** Port on which the destination takes files in. */
export const CROSSING_PORT = 8873;

/** What the tasks of migrations between clusters are in the recommended labels. */
const CROSSING_PART: Part = {
  ...COPY_PART,
  name: 'rsync-tls',
  component: 'crossing',
  version: IMAGES.rsyncTls.tag,
};

/**
 * Takes the files of a claim in from another cluster: rsync behind TLS, for whoever has the key of this one copy. A Job, so that one that lost its
 * node is started again.
 */
export class ReceiveJob extends Construct {
  constructor(scope: Construct, id: string, props: ReceiveProps) {
    super(scope, id);
    const { name, target, key, through, user } = props;
    const pods = { 'job-name': name };
    allow(this, 'Allow', {
      name,
      part: CROSSING_PART,
      pods,
      from: [{ peers: 'anyone', ports: [CROSSING_PORT] }],
    });
    kubeObject(this, 'Service', 'Service', {
      metadata: { name, labels: labelsOf(CROSSING_PART) },
      spec: { type: through, selector: pods, ports: [{ name: 'rsync-tls', port: CROSSING_PORT }] },
    });
    const { scratch, report } = PATHS;
    const args = [PATHS.target, report, scratch, KEY_PATH, String(CROSSING_PORT)];
    job(this, 'Job', {
      ...crossingPod(name, props),
      backoffLimit: 100, // nodes come and go; whether it is worth another attempt, the sender finds out
      containers: [
        {
          name: 'receive',
          ...containerOf(this, user),
          command: ['/bin/bash', '-c', receiveScript(), 'receive'],
          args,
          mounts: [
            { name: 'target', mountPath: PATHS.target },
            { name: 'key', mountPath: KEY_PATH, readOnly: true },
          ],
        },
      ],
      volumes: [claim('target', target), keyOf(key)],
    });
  }
}

/** Copies the files of a claim into another cluster, or compares the two. */
export class SendJob extends Construct {
  constructor(scope: Construct, id: string, props: SendProps) {
    super(scope, id);
    const { name, task, source, key, host, port, size, user } = props;
    allow(this, 'Allow', {
      name,
      part: CROSSING_PART,
      pods: { 'job-name': name },
      to: [{ peers: 'anyone', ports: [port] }],
    });
    const { scratch, report } = PATHS;
    job(this, 'Job', {
      ...crossingPod(name, props),
      backoffLimit: 0, // what is worth another attempt, the migration decides
      ...(props.node === undefined ? {} : { nodes: { 'kubernetes.io/hostname': props.node } }),
      ...(props.tolerations === undefined ? {} : { tolerations: props.tolerations }),
      containers: [
        {
          name: task,
          ...containerOf(this, user),
          command: ['/bin/bash', '-c', sendScript(task), task],
          args: [PATHS.source, report, scratch, KEY_PATH, host, String(port), String(size)],
          mounts: [
            { name: 'source', mountPath: PATHS.source, readOnly: true },
            { name: 'key', mountPath: KEY_PATH, readOnly: true },
          ],
        },
      ],
      volumes: [claim('source', source), keyOf(key)],
    });
  }
}

function crossingPod(
  name: string,
  { user }: Pick<SendProps, 'user'>,
): {
  readonly name: string;
  readonly part: Part;
  readonly deadlineSeconds: number;
  readonly serviceAccount: string;
  readonly restart: 'Never';
  readonly graceSeconds: number;
} & ReturnType<typeof userOf> {
  return {
    name,
    part: CROSSING_PART,
    deadlineSeconds: A_MONTH_SECONDS,
    serviceAccount: COPY_ACCOUNT,
    restart: 'Never',
    graceSeconds: 5,
    ...userOf(user),
  };
}

function containerOf(scope: Construct, user: SendProps['user']) {
  return {
    image: imageRef(IMAGES.rsyncTls),
    // rsync holds about 100 bytes a file with hard links in mind: ten million files fit.
    resources: { cpu: '500m', memory: '256Mi', memoryLimit: '2Gi' },
    scratch: { [PATHS.scratch]: '4Gi' },
    ...(user.kind === 'root'
      ? { elevated: { exempt: user.consent, context: rootContext(scope) } }
      : {}),
  };
}

function claim(name: string, claimName: string): Volume {
  return { name, persistentVolumeClaim: { claimName } };
}

function keyOf(secretName: string): Volume {
  return { name: 'key', secret: { secretName } };
}
