import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import { httpProbe } from '../kit/containers';
import type { Part } from '../kit/labels';
import { deployment } from '../kit/workloads';
import { imageRef, IMAGES } from '../versions';
import { PORTS, staticArguments } from './traefik-arguments';
import type { TraefikProps } from './traefik-props';

/** What the program is told beside its props. */
export interface ProgramProps extends TraefikProps {
  readonly className: string;
  readonly namespace: string;
  readonly namespaces: () => readonly string[];
  readonly requestSeconds: () => number;
}

/** Adds the Deployment. */
export function program(
  scope: Construct,
  name: string,
  part: Part,
  props: ProgramProps,
): ApiObject {
  const { exposure } = props;
  const onHost = exposure.type === 'HostNetwork';
  return deployment(scope, 'Deployment', {
    name,
    part,
    replicas: props.replicas ?? 2,
    serviceAccount: name,
    usesApi: true,
    graceSeconds: 60,
    ...(onHost
      ? {
          hostNetwork: { exempt: exposure.consent },
          // Two cannot have the same ports of one node: the old one goes first.
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
        }
      : {}),
    containers: [
      {
        name,
        image: imageRef(IMAGES.traefik),
        args: staticArguments({
          className: props.className,
          publishedService: onHost ? undefined : `${props.namespace}/${name}`,
          dashboard: props.dashboard !== undefined,
          trustedProxies: props.trustedProxies ?? [],
          namespaces: props.namespaces,
          requestSeconds: props.requestSeconds,
        }),
        ports: { ...PORTS },
        resources: props.resources ?? { cpu: '100m', memory: '128Mi', memoryLimit: '512Mi' },
        probes: {
          readiness: { ...httpProbe('ping', '/ping'), periodSeconds: 5 },
          // Stopping answers 503 for a while: patience, or the kill comes before the last request.
          liveness: { ...httpProbe('ping', '/ping'), periodSeconds: 15, failureThreshold: 4 },
        },
        scratch: { '/tmp': '64Mi' },
      },
    ],
  });
}
