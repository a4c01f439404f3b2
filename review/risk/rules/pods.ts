import { at, isObject, objectsAt, textAt } from '../../../plan/json';
import type { Json, JsonObject } from '../../../plan/model';
import type { Change } from '../../change';
import type { Context } from '../context';
import { listed, spelled } from '../look';
import type { Risk, Rule } from '../risk';
import type { Workload } from '../world';
import { keepsData } from './workloads';

/** Changes of a pod template that keep the object: where its data is, who owns it, how it is started and stopped. */
export const pods: Rule = (change, context) => {
  if (change.operation !== 'update') return [];
  const [was, will] = podsOf(change, context);
  if (was === undefined || will === undefined) return [];
  return [
    ...volumes(was, will),
    ...owner(was, will),
    ...probes(was, will),
    ...commands(was, will),
    ...fetched(was, will),
    ...resources(was, will),
    ...placement(was, will),
  ];
};

/** The workload of a change on both sides. */
export function podsOf(
  change: Change,
  { before, after }: Context,
): readonly [Workload | undefined, Workload | undefined] {
  return [
    change.before === undefined ? undefined : before.workload(change.before.id),
    change.after === undefined ? undefined : after.workload(change.after.id),
  ];
}

/** Containers of a pod by name, with those that run first. */
export function containersOf(pod: JsonObject): Map<string, JsonObject> {
  const all = [...objectsAt(pod, 'initContainers'), ...objectsAt(pod, 'containers')];
  return new Map(all.map((container) => [textAt(container, 'name') ?? '', container]));
}

/** Containers that are in both pods, side by side. */
export function pairs(was: Workload, will: Workload): [string, JsonObject, JsonObject][] {
  const later = containersOf(will.pod);
  return [...containersOf(was.pod)].flatMap(([name, before]) => {
    const after = later.get(name);
    return after === undefined ? [] : [[name, before, after]];
  });
}

function volumes(was: Workload, will: Workload): Risk[] {
  const claimOf = (pod: JsonObject): Map<string, string> =>
    new Map(
      objectsAt(pod, 'volumes').flatMap((volume) => {
        const claim = textAt(volume, 'persistentVolumeClaim', 'claimName');
        return claim === undefined ? [] : [[textAt(volume, 'name') ?? '', claim]];
      }),
    );
  const templates = ({ object }: Workload): string[] =>
    objectsAt(object.manifest, 'spec', 'volumeClaimTemplates').flatMap(
      (claim) => textAt(claim, 'metadata', 'name') ?? [],
    );
  const [before, after] = [claimOf(was.pod), claimOf(will.pod)];
  const risks: Risk[] = [];
  const kept = [...after.values()];
  for (const [name, claim] of before) {
    if (kept.includes(claim)) continue;
    const now = after.get(name);
    risks.push({
      rule: 'pods-leave-their-data',
      severity: 'high',
      why:
        now === undefined
          ? `the pods no longer use claim '${claim}': they start empty, and what they write is gone when they restart`
          : `the pods use claim '${now}' instead of '${claim}': they start with what is there`,
      lost: `what is on '${claim}', out of the program's sight`,
      instead: 'copy the data before the switch, and keep the old claim until it was checked',
    });
  }
  const persistent = new Set([...before.keys(), ...templates(was)]);
  for (const [name, old, now] of pairs(was, will)) {
    const moved = objectsAt(old, 'volumeMounts').filter((mount) => {
      const volume = textAt(mount, 'name') ?? '';
      if (!persistent.has(volume) || (!after.has(volume) && !templates(will).includes(volume)))
        return false;
      return !objectsAt(now, 'volumeMounts').some((other) =>
        ['name', 'mountPath', 'subPath'].every((field) => other[field] === mount[field]),
      );
    });
    for (const mount of moved) {
      risks.push({
        rule: 'data-mounted-elsewhere',
        severity: 'high',
        why: `container '${name}' no longer finds the volume '${textAt(mount, 'name') ?? ''}' at ${textAt(mount, 'mountPath') ?? ''}: it writes into the container, and that is gone with the pod`,
        lost: 'everything written from now on, and the sight of what is there',
        instead:
          'change the mount together with the setting that tells the program where its data is, and check both',
      });
    }
  }
  return risks;
}

function owner(was: Workload, will: Workload): Risk[] {
  const data = keepsData(was);
  if (data.length === 0) return [];
  const ids = ['runAsUser', 'runAsGroup', 'fsGroup'].filter(
    (field) => at(was.pod, 'securityContext', field) !== at(will.pod, 'securityContext', field),
  );
  if (ids.length === 0) return [];
  return [
    {
      rule: 'data-owner-changed',
      severity: 'high',
      why: `${ids.join(', ')} changes for pods that keep data: files belong to whoever wrote them`,
      lost: `access to the files on ${listed(data)}, or hours of changing their owner at the next start`,
      instead: 'keep the IDs, or change the owner of the files in a Job first',
    },
  ];
}

function probes(was: Workload, will: Workload): Risk[] {
  return pairs(was, will).flatMap(([name, before, after]) => {
    const lost = ['readinessProbe', 'livenessProbe'].filter(
      (probe) => before[probe] !== undefined && after[probe] === undefined,
    );
    if (lost.length === 0) return [];
    return [
      {
        rule: 'probe-removed',
        severity: 'medium',
        why: `container '${name}' loses its ${lost.join(' and ')}: it gets traffic before it can answer, or stays when it hangs`,
        lost: 'updates without interruption',
        instead: 'give the probe more time instead of removing it',
      } as const,
    ];
  });
}

/** Arguments that tell a program to begin with a clean disk. */
const DESTRUCTIVE =
  /(^|[\s;&|])(rm\s+-[a-z]*r|mkfs|wipefs|dropdb|--?(force-)?(wipe|format|reset|purge|destroy|drop|clean|truncate|init-db|delete-all|recreate)(-[a-z-]+)?)(\b|=true)/i;

/** A program that is fetched when the pod starts, and that nobody reviewed. */
const DOWNLOADED =
  /(curl|wget)\b[^|;&]*\|\s*(ba|z|da)?sh\b|\b(ba)?sh\s+(-c\s+)?["']?[<$]\((curl|wget)/i;

function fetched(was: Workload, will: Workload): Risk[] {
  const old = JSON.stringify(was.pod);
  return [...containersOf(will.pod)].flatMap(([name, container]) => {
    const words = [container['command'], container['args']].flat().map(String).join(' ');
    const found = DOWNLOADED.exec(words)?.[0];
    if (found === undefined || old.includes(JSON.stringify(found).slice(1, -1))) return [];
    return [
      {
        rule: 'program-downloaded',
        severity: 'high',
        why: `container '${name}' runs whatever an address answers ('${found}'): it was in no review and may be another program tomorrow`,
        lost: 'the knowledge of what runs',
        instead: 'put it into the image',
      } as const,
    ];
  });
}

function commands(was: Workload, will: Workload): Risk[] {
  const old = containersOf(was.pod);
  return [...containersOf(will.pod)].flatMap(([name, container]) => {
    const words = (of: Json | undefined): string =>
      [at(of, 'command'), at(of, 'args')].flat().map(String).join(' ');
    const now = words(container);
    const destroys = DESTRUCTIVE.exec(now);
    if (destroys === null || words(old.get(name)) === now) return [];
    const data = keepsData(will);
    return [
      {
        rule: 'destructive-command',
        severity: data.length > 0 ? 'critical' : 'high',
        why: `container '${name}' now runs '${destroys[0].trim()}', which by its name removes what is there`,
        lost: data.length > 0 ? `the data on ${listed(data)}` : 'whatever it reaches',
        instead: 'run it once, by hand, after a backup: a pod runs its command at every start',
      } as const,
    ];
  });
}

function resources(was: Workload, will: Workload): Risk[] {
  return pairs(was, will).flatMap(([name, before, after]) => {
    const [had, has] = [before, after].map((side) => at(side, 'resources', 'limits', 'memory'));
    const [requested, requests] = [before, after].map((side) => at(side, 'resources', 'requests'));
    const cut = bytes(has) < bytes(had) / 2;
    const deep = bytes(has) < bytes(had) / 4;
    if (!cut && !(isObject(requested) && requests === undefined)) return [];
    return [
      {
        rule: 'resources-cut',
        severity: deep ? 'high' : 'medium',
        why: cut
          ? `container '${name}' may use ${spelled(has)} instead of ${spelled(had)}: it is killed where it needs more`
          : `container '${name}' requests nothing any more: it is the first to be evicted`,
        lost: 'what it holds in memory, each time',
        instead: 'look at what it uses at its peak first',
      } as const,
    ];
  });
}

function placement(was: Workload, will: Workload): Risk[] {
  const changed = ['nodeSelector', 'affinity', 'tolerations'].filter(
    (field) => JSON.stringify(was.pod[field]) !== JSON.stringify(will.pod[field]),
  );
  const data = keepsData(was);
  const required = (pod: JsonObject): string =>
    JSON.stringify(
      ['nodeAffinity', 'podAffinity', 'podAntiAffinity'].map((field) =>
        at(pod, 'affinity', field, 'requiredDuringSchedulingIgnoredDuringExecution'),
      ),
    );
  const narrower = changed.includes('nodeSelector') || required(was.pod) !== required(will.pod);
  if (!narrower) return [];
  const daemons = will.kind === 'DaemonSet';
  return [
    {
      rule: 'pods-move',
      severity: daemons ? 'high' : 'medium',
      why: `${daemons ? 'the pods of nodes that are not chosen any more are deleted at once: ' : ''}${changed.join(' and ')} decides which nodes the pods may use; where none is left they stay pending${
        data.length > 0 ? ', also where their volumes cannot follow' : ''
      }`,
      lost: 'the service, if no node fits',
      instead: 'look for nodes that fit: kubectl get nodes --show-labels',
    },
  ];
}

function bytes(value: Json | undefined): number {
  const [, number = 'x', unit = ''] = /^([\d.]+)([KMGTP]?)i?$/.exec(spelled(value)) ?? [];
  const found = Number(number) * 1024 ** ' KMGTP'.indexOf(unit === '' ? ' ' : unit);
  return Number.isNaN(found) ? Number.POSITIVE_INFINITY : found;
}
