import { at, isList, objectsAt, textAt } from '../../../plan/json';
import type { JsonObject } from '../../../plan/model';
import { objectId } from '../../../plan/object-id';
import type { Context } from '../context';
import { listed } from '../look';
import type { Risk, Rule } from '../risk';
import type { Workload, World } from '../world';
import { pairs, podsOf } from './pods';

/** Disks that a program can no longer write to, or that two pods of one Deployment want, although one node has them at a time. */
export const disks: Rule = (change, context) => {
  if (change.operation !== 'update') return [];
  const [was, will] = podsOf(change, context);
  if (was === undefined || will === undefined) return [];
  const claims = will.kind === 'Deployment' ? oneNode(will, context.after) : [];
  return claims.length === 0
    ? readOnly(was, will)
    : [
        ...readOnly(was, will),
        ...writers(was, will, claims, context),
        ...waiting(was, will, claims),
      ];
};

/** A volume of data that the program wrote to. */
function readOnly(was: Workload, will: Workload): Risk[] {
  const claims = new Map(
    objectsAt(will.pod, 'volumes').flatMap((volume): [string, boolean][] =>
      volume['persistentVolumeClaim'] === undefined
        ? []
        : [
            [
              textAt(volume, 'name') ?? '',
              at(volume, 'persistentVolumeClaim', 'readOnly') === true,
            ],
          ],
    ),
  );
  const shut = (container: JsonObject): string[] =>
    objectsAt(container, 'volumeMounts')
      .filter(
        (mount) => mount['readOnly'] === true || claims.get(textAt(mount, 'name') ?? '') === true,
      )
      .flatMap((mount) => textAt(mount, 'mountPath') ?? []);
  const wrote = (container: JsonObject): string[] =>
    objectsAt(container, 'volumeMounts')
      .filter((mount) => mount['readOnly'] !== true && claims.has(textAt(mount, 'name') ?? ''))
      .flatMap((mount) => textAt(mount, 'mountPath') ?? []);
  const lost = pairs(was, will).flatMap(([, before, after]) =>
    shut(after).filter((path) => wrote(before).includes(path) && !shut(before).includes(path)),
  );
  if (lost.length === 0) return [];
  return [
    {
      rule: 'disk-read-only',
      severity: 'high',
      why: `the program could write to ${listed(lost)}, and can no longer`,
      lost: 'what it writes there: most programs do not start on such a disk',
      instead: 'make sure that it only reads',
    },
  ];
}

/** Claims of the pods that only one node can mount to write. */
function oneNode({ pod, namespace }: Workload, world: World): string[] {
  return objectsAt(pod, 'volumes').flatMap((volume) => {
    const name = textAt(volume, 'persistentVolumeClaim', 'claimName');
    if (name === undefined || at(volume, 'persistentVolumeClaim', 'readOnly') === true) return [];
    const claim = world.get(objectId(namespace, '', 'PersistentVolumeClaim', name))?.manifest;
    const modes = at(claim, 'spec', 'accessModes');
    const shared =
      isList(modes) &&
      modes.some((mode) => mode !== 'ReadWriteOnce' && mode !== 'ReadWriteOncePod');
    return claim === undefined || shared ? [] : [name];
  });
}

function writers(
  was: Workload,
  will: Workload,
  claims: readonly string[],
  { before }: Context,
): Risk[] {
  if (will.replicas <= 1 || (was.replicas > 1 && oneNode(was, before).length > 0)) return [];
  return [
    {
      rule: 'disk-shared',
      severity: 'high',
      why: `${will.replicas} pods write to ${listed(claims)}, which is for one node: on one node they write over each other (SQLite, a queue, an index), on two the second waits for ever`,
      lost: 'what two programs write to the same files',
      instead: 'run one pod, or give each its own claim (a StatefulSet), or the program a database',
    },
  ];
}

/** A rolling update starts the new pod first, which waits for the disk that the old one has. */
function waiting(was: Workload, will: Workload, claims: readonly string[]): Risk[] {
  const rolls = ({ object }: Workload): boolean =>
    textAt(object.manifest, 'spec', 'strategy', 'type') !== 'Recreate' &&
    at(object.manifest, 'spec', 'strategy', 'rollingUpdate', 'maxSurge') !== 0;
  if (rolls(was) || !rolls(will)) return [];
  return [
    {
      rule: 'disk-awaited',
      severity: 'high',
      why: `an update starts the new pod beside the old one, and both want ${listed(claims)}: on one node two programs write at once, on two the new pod waits for ever`,
      lost: 'every further update, or what both write',
      instead: "keep the strategy 'Recreate'",
    },
  ];
}
