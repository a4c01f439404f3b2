import { z } from 'zod';

const text = z.string();
const texts = z.record(z.string(), z.string());
const id = z.int().min(0, 'must be an id from 0');

const seLinux = z.looseObject({
  level: text.optional(),
  role: text.optional(),
  type: text.optional(),
  user: text.optional(),
});
const profile = z.looseObject({ type: text, localhostProfile: text.optional() });
const windows = z.looseObject({ hostProcess: z.boolean().optional() });

const containerSecurity = z.looseObject({
  privileged: z.boolean().optional(),
  allowPrivilegeEscalation: z.boolean().optional(),
  readOnlyRootFilesystem: z.boolean().optional(),
  runAsNonRoot: z.boolean().optional(),
  runAsUser: id.optional(),
  runAsGroup: id.optional(),
  procMount: text.optional(),
  capabilities: z
    .looseObject({ add: z.array(text).optional(), drop: z.array(text).optional() })
    .optional(),
  seLinuxOptions: seLinux.optional(),
  seccompProfile: profile.optional(),
  appArmorProfile: profile.optional(),
  windowsOptions: windows.optional(),
});

const connection = z.looseObject({ host: text.optional() });
const handler = z.looseObject({
  httpGet: connection.optional(),
  tcpSocket: connection.optional(),
});

const container = z.looseObject({
  name: text.default(''),
  image: text.optional(),
  securityContext: containerSecurity.optional(),
  ports: z
    .array(z.looseObject({ hostPort: z.int().optional(), containerPort: z.int().optional() }))
    .optional(),
  livenessProbe: handler.optional(),
  readinessProbe: handler.optional(),
  startupProbe: handler.optional(),
  lifecycle: z
    .looseObject({ postStart: handler.optional(), preStop: handler.optional() })
    .optional(),
});

const podSecurity = z.looseObject({
  runAsNonRoot: z.boolean().optional(),
  runAsUser: id.optional(),
  runAsGroup: id.optional(),
  fsGroup: id.optional(),
  supplementalGroups: z.array(id).optional(),
  seLinuxOptions: seLinux.optional(),
  seccompProfile: profile.optional(),
  appArmorProfile: profile.optional(),
  windowsOptions: windows.optional(),
  sysctls: z.array(z.looseObject({ name: text })).optional(),
});

const podSpec = z.looseObject({
  serviceAccountName: text.optional(),
  securityContext: podSecurity.default({}),
  hostNetwork: z.boolean().optional(),
  hostPID: z.boolean().optional(),
  hostIPC: z.boolean().optional(),
  hostUsers: z.boolean().optional(),
  runtimeClassName: text.optional(),
  os: z.looseObject({ name: text }).optional(),
  initContainers: z.array(container).optional(),
  containers: z.array(container).default([]),
  ephemeralContainers: z.array(container).optional(),
  volumes: z.array(z.looseObject({ name: text.default('') })).optional(),
});

/** A pod, as far as admission looks at it; everything else is kept as it is. */
export const podSchema = z.preprocess(
  withoutNulls,
  z.looseObject({
    apiVersion: z.literal('v1').optional(),
    kind: z.literal('Pod').optional(),
    metadata: z
      .looseObject({
        name: text.optional(),
        namespace: text.optional(),
        labels: texts.optional(),
        annotations: texts.optional(),
      })
      .default({}),
    spec: podSpec,
  }),
);

/** A pod that admission may change. */
export type Pod = z.infer<typeof podSchema>;
export type PodSpec = Pod['spec'];
export type Container = z.infer<typeof container>;
export type ContainerSecurity = z.infer<typeof containerSecurity>;
export type SeccompProfile = z.infer<typeof profile>;
export type SeLinuxOptions = z.infer<typeof seLinux>;
export type Volume = NonNullable<PodSpec['volumes']>[number];

/** A container with where it stands: `spec.initContainers[0]`. */
export interface Placed {
  readonly path: string;
  readonly container: Container;
}

/** The containers of a pod in the order in which admission visits them. */
export function containersOf(spec: PodSpec, ephemeral = true): Placed[] {
  const lists = [
    'initContainers',
    'containers',
    ...(ephemeral ? (['ephemeralContainers'] as const) : []),
  ] as const;
  return lists.flatMap((list) =>
    (spec[list] ?? []).map((container, index) => ({ path: `spec.${list}[${index}]`, container })),
  );
}

/** JSON without fields that are null: to Kubernetes they are absent. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null && field !== undefined)
      .map(([name, field]) => [name, withoutNulls(field)]),
  );
}
