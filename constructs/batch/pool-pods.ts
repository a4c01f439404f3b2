import { JsonPatch, type ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Volume, VolumeMount } from 'kubernetes-types/core/v1';

import type { ContainerProps, Resources } from '../kit/containers';
import { labelsOf, type Part } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import type { PodProps } from '../kit/pods';
import { serviceAccount } from '../kit/rbac';
import { imageRef } from '../versions';
import type { ImagePin } from '../versions/pin';
import { CONDOR_ID, CONDOR_PORT } from './parts';
import { PATHS } from './pool-config';
import { START_SCRIPT } from './pool-start';

/** What differs between the parts of a pool. */
export interface CondorPodProps {
  /** Name of the workload, its ServiceAccount and its ConfigMap. */
  readonly name: string;
  readonly part: Part;
  readonly image: ImagePin;
  /** The configuration, and files beside it by name. */
  readonly config: string;
  /** @default {} */
  readonly files?: Readonly<Record<string, string>>;
  /** The Secret with the token that it shows. */
  readonly token: ApiObject;
  /**
   * The Secret with the keys that it checks tokens with.
   *
   * @default - it checks none
   */
  readonly keys?: ApiObject;
  readonly resources: Resources;
  /** @default [] */
  readonly mounts?: readonly VolumeMount[];
  /** @default [] */
  readonly volumes?: readonly Volume[];
  /** @default {} */
  readonly scratch?: Readonly<Record<string, string>>;
  /** @default - none */
  readonly elevated?: ContainerProps['elevated'];
}

/** The pods of one part: one container with HTCondor's master, which has no right in the cluster and no token for it. */
export function condorPods(scope: Construct, props: CondorPodProps): PodProps {
  const { name, part, token, keys } = props;
  serviceAccount(scope, 'ServiceAccount', name, part);
  const config = kubeObject(scope, 'Config', 'ConfigMap', {
    metadata: { name, labels: labelsOf(part) },
    data: { condor_config: props.config, 'start.sh': START_SCRIPT, ...props.files },
  });
  const probe = { tcpSocket: { port: 'condor' }, periodSeconds: 10, timeoutSeconds: 5 };
  const secrets = [
    { name: 'token', mountPath: PATHS.tokens, secret: token },
    ...(keys === undefined ? [] : [{ name: 'keys', mountPath: PATHS.keys, secret: keys }]),
  ];
  return {
    serviceAccount: name,
    user: CONDOR_ID,
    volumeGroup: CONDOR_ID,
    config: [config, ...secrets.map(({ secret }) => secret)],
    containers: [
      {
        name: part.component,
        image: imageRef(props.image),
        command: ['/bin/bash', `${PATHS.config}/start.sh`],
        env: [
          { name: 'CONDOR_CONFIG', value: `${PATHS.config}/condor_config` },
          { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        ],
        ports: { condor: CONDOR_PORT },
        resources: props.resources,
        probes: { readiness: probe, liveness: { ...probe, failureThreshold: 6 } },
        mounts: [
          { name: 'config', mountPath: PATHS.config, readOnly: true },
          ...secrets.map(({ name: volume, mountPath }) => ({
            name: volume,
            mountPath,
            readOnly: true,
          })),
          ...(props.mounts ?? []),
        ],
        scratch: { [PATHS.state]: '512Mi', '/tmp': '256Mi', ...props.scratch },
        ...(props.elevated === undefined ? {} : { elevated: props.elevated }),
      },
    ],
    volumes: [
      { name: 'config', configMap: { name } },
      ...secrets.map(({ name: volume, secret }) => ({
        name: volume,
        secret: { secretName: secret.name },
      })),
      ...(props.volumes ?? []),
    ],
  };
}

/**
 * Pods of OKD have the group of root where they name none, and HTCondor takes that for root: it would start no job (`set_user_ids_implementation`
 * in `src/condor_utils/uids.cpp`). No SCC limits the group.
 */
export function outOfRootGroup(workload: ApiObject): void {
  const path = '/spec/template/spec/securityContext/runAsGroup';
  workload.addJsonPatch(JsonPatch.add(path, CONDOR_ID));
}
