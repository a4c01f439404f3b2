import { z } from 'zod';

import type { Scc } from '../../../constructs/targets/sccs/scc';
import { withoutNulls } from '../pod';
import type { Behaviour } from './behaviour';
import { allVolumesBut } from './volumes';

const texts = z.array(z.string());
const id = z.int().min(0, 'must be an id from 0');
const strategy = z.enum(['MustRunAs', 'RunAsAny']);
const groups = z.strictObject({
  type: strategy.optional(),
  ranges: z.array(z.strictObject({ min: id.default(0), max: id.default(0) })).optional(),
});

/** An SCC as YAML or JSON has it: as much of `security.openshift.io/v1` as admission reads, and the bookkeeping of a stored object. */
export const sccSchema = z.preprocess(
  withoutNulls,
  z.strictObject({
    apiVersion: z.enum(['security.openshift.io/v1', 'v1']).optional(),
    kind: z.literal('SecurityContextConstraints').optional(),
    metadata: z.looseObject({ name: z.string().min(1, 'must be the name of the SCC') }),
    priority: z.int().optional(),
    users: texts.default([]),
    groups: texts.default([]),
    allowPrivilegedContainer: z.boolean().default(false),
    allowHostDirVolumePlugin: z.boolean().default(false),
    allowHostNetwork: z.boolean().default(false),
    allowHostPorts: z.boolean().default(false),
    allowHostPID: z.boolean().default(false),
    allowHostIPC: z.boolean().default(false),
    readOnlyRootFilesystem: z.boolean().default(false),
    allowPrivilegeEscalation: z.boolean().default(true),
    defaultAllowPrivilegeEscalation: z.boolean().optional(),
    allowedCapabilities: texts.default([]),
    defaultAddCapabilities: texts.default([]),
    requiredDropCapabilities: texts.default([]),
    runAsUser: z.strictObject({
      type: z.enum(['MustRunAs', 'MustRunAsRange', 'MustRunAsNonRoot', 'RunAsAny']),
      uid: id.optional(),
      uidRangeMin: id.optional(),
      uidRangeMax: id.optional(),
    }),
    seLinuxContext: z.strictObject({
      type: strategy,
      seLinuxOptions: z
        .strictObject({
          level: z.string().optional(),
          role: z.string().optional(),
          type: z.string().optional(),
          user: z.string().optional(),
        })
        .optional(),
    }),
    fsGroup: groups.default({}),
    supplementalGroups: groups.default({}),
    seccompProfiles: texts.default([]),
    allowedUnsafeSysctls: texts.default([]),
    forbiddenSysctls: texts.default([]),
    volumes: texts.optional(),
    allowedFlexVolumes: z.array(z.strictObject({ driver: z.string() })).default([]),
    userNamespaceLevel: z.enum(['AllowHostLevel', 'RequirePodLevel']).default('AllowHostLevel'),
  }),
);

/** An SCC as it was given. */
export type GivenScc = z.infer<typeof sccSchema>;

/** A given SCC with the defaults that a cluster writes into it. Source: `sccdefaults/defaults.go` of openshift/apiserver-library-go. */
export function withDefaults(given: GivenScc, behaviour: Behaviour): Scc {
  const { apiVersion: _version, kind: _kind, metadata, ...fields } = given;
  const { uid, uidRangeMin, uidRangeMax, type } = given.runAsUser;
  const { seLinuxOptions } = given.seLinuxContext;
  return {
    ...fields,
    name: metadata.name,
    priority: given.priority ?? null,
    defaultAllowPrivilegeEscalation: given.defaultAllowPrivilegeEscalation ?? null,
    runAsUser: {
      type,
      ...(uid === undefined ? {} : { uid }),
      ...(uidRangeMin === undefined ? {} : { uidRangeMin }),
      ...(uidRangeMax === undefined ? {} : { uidRangeMax }),
    },
    seLinuxContext: {
      type: given.seLinuxContext.type,
      ...(seLinuxOptions === undefined ? {} : { seLinuxOptions: definedFields(seLinuxOptions) }),
    },
    fsGroup: groupStrategy(given.fsGroup),
    supplementalGroups: groupStrategy(given.supplementalGroups),
    volumes: volumesOf(given, behaviour),
  };
}

function groupStrategy({ type, ranges }: GivenScc['fsGroup']): Scc['fsGroup'] {
  return { type: type ?? 'RunAsAny', ...(ranges === undefined ? {} : { ranges }) };
}

type Parts = NonNullable<GivenScc['seLinuxContext']['seLinuxOptions']>;

function definedFields(parts: Parts): NonNullable<Scc['seLinuxContext']['seLinuxOptions']> {
  return Object.fromEntries(Object.entries(parts));
}

/** No list means every sort; `allowHostDirVolumePlugin` wins over what the list says of hostPath. */
function volumesOf(given: GivenScc, behaviour: Behaviour): string[] {
  const host = given.allowHostDirVolumePlugin;
  const listed = given.volumes ?? ['*'];
  if (listed.length === 0) return [host ? 'hostPath' : 'none'];
  if (host) return listed.includes('*') ? listed : [...new Set([...listed, 'hostPath'])];
  if (listed.includes('*')) return allVolumesBut('hostPath', behaviour);
  return listed.filter((sort) => sort !== 'hostPath');
}
