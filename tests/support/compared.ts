import { z } from 'zod';

import type { Rendered } from './synth';

const container = z.looseObject({
  name: z.string(),
  readinessProbe: z.unknown().optional(),
  livenessProbe: z.unknown().optional(),
  resources: z.looseObject({ requests: z.looseObject({}).optional() }).optional(),
  securityContext: z
    .looseObject({
      privileged: z.boolean().default(false),
      allowPrivilegeEscalation: z.boolean().default(true),
      capabilities: z.looseObject({ drop: z.array(z.string()).default([]) }).optional(),
    })
    .optional(),
});
const workload = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({
        securityContext: z.looseObject({ runAsNonRoot: z.boolean().default(false) }).optional(),
        initContainers: z.array(container).default([]),
        containers: z.array(container),
      }),
    }),
  }),
});
const role = z.looseObject({
  rules: z.array(
    z.looseObject({
      apiGroups: z.array(z.string()).default([]),
      resources: z.array(z.string()).default([]),
      verbs: z.array(z.string()),
    }),
  ),
});

/** What is compared of the pods of a Deployment, StatefulSet or DaemonSet. */
export interface RunningPod {
  readonly name: string;
  /** Whether readiness and liveness are asked after. */
  readonly probed: boolean;
  /** Whether every container has requests. */
  readonly requests: boolean;
  /** Whether it is not root, and every container is without capabilities and cannot gain privilege. */
  readonly confined: boolean;
}

/** The pods that go on running. */
export function runningPods(objects: readonly Rendered[]): RunningPod[] {
  return objects
    .filter(({ kind }) => ['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind))
    .map((object) => {
      const { spec } = workload.parse(object).spec.template;
      const all = [...spec.initContainers, ...spec.containers];
      return {
        name: object.metadata.name,
        probed: spec.containers.some(
          (one) => one.readinessProbe !== undefined && one.livenessProbe !== undefined,
        ),
        requests: all.every(({ resources }) => resources?.requests !== undefined),
        confined:
          spec.securityContext?.runAsNonRoot === true &&
          all.every(
            ({ securityContext }) =>
              securityContext?.privileged === false &&
              !securityContext.allowPrivilegeEscalation &&
              securityContext.capabilities?.drop.includes('ALL') === true,
          ),
      };
    });
}

/** The rights of a Role, each as resource and verb: `pods list`. */
export function rightsOf(object: Rendered): string[] {
  if (!/Role$/.test(object.kind)) return [];
  return role
    .parse(object)
    .rules.flatMap(({ resources, verbs }) =>
      resources.flatMap((resource) => verbs.map((verb) => `${resource} ${verb}`)),
    );
}
