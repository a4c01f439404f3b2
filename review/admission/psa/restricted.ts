import type { Pod } from '../pod';
import { procMount } from './baseline';
import {
  containersThat,
  distinct,
  named,
  plural,
  quoted,
  settersOf,
  sparingUserNamespaces,
  sparingWindows,
  type Judge,
  type PsaCheck,
} from './check';
import { seccompRequired } from './seccomp';

/** Rules of restricted alone, in the order of their ids. */
export const RESTRICTED: readonly PsaCheck[] = [
  restricted('allowPrivilegeEscalation', sparingWindowsSince25(8, escalation)),
  restricted('capabilities_restricted', sparingWindowsSince25(22, dropAll), [
    'capabilities_baseline',
  ]),
  restricted('procMount_restricted', [{ since: 35, judge: procMount }], ['procMount']),
  restricted('restrictedVolumes', [{ since: 0, judge: volumes }], ['hostPathVolumes']),
  restricted('runAsNonRoot', [
    { since: 0, judge: nonRoot },
    { since: 35, judge: sparingUserNamespaces(nonRoot) },
  ]),
  restricted('runAsUser', [
    { since: 23, judge: notUserZero },
    { since: 35, judge: sparingUserNamespaces(notUserZero) },
  ]),
  restricted('seccompProfile_restricted', sparingWindowsSince25(19, seccompRequired), [
    'seccompProfile_baseline',
  ]),
];

function restricted(
  id: string,
  versions: PsaCheck['versions'],
  overrides: readonly string[] = [],
): PsaCheck {
  return { id, level: 'restricted', versions, overrides };
}

function sparingWindowsSince25(since: number, judge: Judge): PsaCheck['versions'] {
  return [
    { since, judge },
    { since: 25, judge: sparingWindows(judge) },
  ];
}

function escalation({ spec }: Pod): string | undefined {
  const bad = containersThat(
    spec,
    ({ allowPrivilegeEscalation }) => allowPrivilegeEscalation !== false,
  );
  return bad.length === 0
    ? undefined
    : `${named(bad)} must set securityContext.allowPrivilegeEscalation=false`;
}

function dropAll({ spec }: Pod): string | undefined {
  const keeping = containersThat(
    spec,
    ({ capabilities }) => !(capabilities?.drop ?? []).includes('ALL'),
  );
  const extra = (names: readonly string[] = []): string[] =>
    names.filter((name) => name !== 'NET_BIND_SERVICE');
  const adding = containersThat(spec, ({ capabilities }) => extra(capabilities?.add).length > 0);
  const added = adding.flatMap(({ securityContext }) => extra(securityContext?.capabilities?.add));
  const words = [
    ...(keeping.length === 0
      ? []
      : [`${named(keeping)} must set securityContext.capabilities.drop=["ALL"]`]),
    ...(adding.length === 0
      ? []
      : [
          `${named(adding)} must not include ${quoted(distinct(added))} in securityContext.capabilities.add`,
        ]),
  ];
  return words.length === 0 ? undefined : words.join('; ');
}

const ORDINARY_VOLUMES = [
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image'],
  ...['persistentVolumeClaim', 'projected', 'secret'],
];

function volumes({ spec }: Pod): string | undefined {
  const bad = (spec.volumes ?? []).filter(
    (volume) => !ORDINARY_VOLUMES.some((sort) => volume[sort] !== undefined),
  );
  if (bad.length === 0) return undefined;
  const sorts = bad.map(
    (volume) => Object.keys(volume).find((field) => field !== 'name') ?? 'unknown',
  );
  return `${plural('volume', bad.length)} ${quoted(bad.map(({ name }) => name))} must not be of the sort ${quoted(distinct(sorts))}`;
}

function nonRoot({ spec }: Pod): string | undefined {
  const shared = spec.securityContext.runAsNonRoot;
  const explicit = containersThat(spec, ({ runAsNonRoot }) => runAsNonRoot === false);
  const setters = settersOf(shared === false, explicit);
  if (setters !== undefined) return `${setters} must not set securityContext.runAsNonRoot=false`;
  if (shared === true) return undefined;
  const silent = containersThat(spec, ({ runAsNonRoot }) => runAsNonRoot === undefined);
  return silent.length === 0
    ? undefined
    : `pod or ${named(silent)} must set securityContext.runAsNonRoot=true`;
}

function notUserZero({ spec }: Pod): string | undefined {
  const containers = containersThat(spec, ({ runAsUser }) => runAsUser === 0);
  const setters = settersOf(spec.securityContext.runAsUser === 0, containers);
  return setters === undefined ? undefined : `${setters} must not set runAsUser=0`;
}
