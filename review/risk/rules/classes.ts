import { at } from '../../../plan/json';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { beforeAndAfter, called, goes, listed, touches } from '../look';
import type { Risk, Rule } from '../risk';
import { isDefaultClass } from '../world';

/** Parameters that say where volumes are made, who can read them, and whether they outlive their claim. */
const PLACE =
  /pool|cluster|fs-?name|server|share|path|datastore|resturl|volume-?(type|name)|onDelete|encrypt|secret|replica|(^|\/)type$/i;

/** Classes of storage and what drives them. */
export const classes: Rule = (change, context) => {
  switch (manifestOf(change).kind) {
    case 'StorageClass':
      return [...storageClass(change, context), ...defaultLost(change)];
    case 'VolumeSnapshotClass':
    case 'VolumeSnapshotContent':
      return snapshots(change);
    case 'VolumeSnapshot':
      return goes(change) ? [snapshotGone(change)] : [];
    case 'CSIDriver':
      return csiDriver(change, context);
    default:
      return [];
  }
};

function storageClass(change: Change, { before }: Context): Risk[] {
  if (change.before === undefined) return [];
  const users = before.volumesOf(change.before).map(called);
  const [was, will] = beforeAndAfter(change, 'reclaimPolicy');
  const risks: Risk[] = [];
  if (change.operation === 'delete') {
    risks.push({
      rule: 'class-deleted',
      severity: users.length > 0 ? 'high' : 'medium',
      why: `claims of the class stay pending from now on, and existing ones can no longer grow; it is asked for by ${listed(users)}`,
      lost: 'the way to new volumes of this class; existing volumes stay',
      instead: 'remove the class when nothing asks for it any more',
    });
  }
  if (was === 'Retain' && (will === 'Delete' || will === undefined) && !isDelete(change)) {
    risks.push({
      rule: 'class-no-longer-retains',
      severity: 'high',
      why: 'volumes made from now on are deleted together with their claim; those that exist keep their policy',
      lost: 'the second chance for whoever deletes a claim by mistake',
      instead: 'keep Retain, and make another class for data that may go',
    });
  }
  if (change.operation === 'replace' && touches(change, 'provisioner')) {
    risks.push({
      rule: 'class-other-provisioner',
      severity: 'high',
      why: `the class is made anew with another provisioner: claims that wait, and every replica added to ${listed(users)}, get volumes from another system; existing volumes are untouched`,
      lost: 'volumes of one StatefulSet end up on two systems',
      instead: 'give the new provisioner a class of its own and move the claims one by one',
    });
  } else if (change.operation === 'replace') {
    const elsewhere = change.fields
      .filter(({ path }) => path[0] === 'parameters' && PLACE.test(path.at(-1) ?? ''))
      .map(({ path }) => path.at(-1) ?? '');
    const matters = elsewhere.length > 0 && users.length > 0;
    risks.push({
      rule: 'class-replaced',
      severity: matters ? 'high' : 'medium',
      why: `the class is deleted first and made anew, as these fields cannot change: for a moment claims find no class${matters ? `, and by ${listed(elsewhere)} every new volume of ${listed(users)} is somewhere else, or treated otherwise, than those that exist` : ', and new volumes differ'}`,
      lost: 'nothing: existing volumes are untouched',
      instead:
        'give the new settings a class of their own if existing volumes should be told apart',
    });
  }
  if (at(change.before.manifest, 'allowVolumeExpansion') === true && change.after !== undefined) {
    if (at(change.after.manifest, 'allowVolumeExpansion') !== true) {
      risks.push({
        rule: 'class-no-expansion',
        severity: 'medium',
        why: 'claims of the class can no longer grow',
        lost: 'the way out of a full volume',
        instead: 'keep allowVolumeExpansion',
      });
    }
  }
  return risks;
}

function isDelete({ operation }: Change): boolean {
  return operation === 'delete';
}

function defaultLost(change: Change): Risk[] {
  if (change.before === undefined || !isDefaultClass(change.before)) return [];
  if (change.after !== undefined && isDefaultClass(change.after)) return [];
  return [
    {
      rule: 'no-default-class',
      severity: 'high',
      why: 'claims that name no class, as those of most charts and users, stay pending',
      lost: 'every deployment that relies on the default',
      instead: 'make another class the default in the same deployment',
    },
  ];
}

function snapshots(change: Change): Risk[] {
  const [was, will] = beforeAndAfter(change, 'deletionPolicy');
  if (manifestOf(change).kind === 'VolumeSnapshotContent' && goes(change)) {
    return [snapshotGone(change)];
  }
  if (was !== 'Retain' || will !== 'Delete') return [];
  return [
    {
      rule: 'snapshots-no-longer-retained',
      severity: 'high',
      why: 'snapshots are deleted in the storage system together with their object',
      lost: 'backups, as soon as their namespace or object goes',
      instead: 'keep Retain',
    },
  ];
}

function snapshotGone(change: Change): Risk {
  return {
    rule: 'snapshot-deleted',
    severity: 'critical',
    why: `the snapshot '${manifestOf(change).metadata.name}' is deleted in the storage system unless its class retains it`,
    lost: 'this point to go back to',
    instead: 'keep it until another backup was restored once',
  };
}

function csiDriver(change: Change, { before }: Context): Risk[] {
  if (!goes(change)) return [];
  const { name } = manifestOf(change).metadata;
  const users = before
    .all('StorageClass')
    .filter(({ manifest }) => at(manifest, 'provisioner') === name);
  return [
    {
      rule: 'driver-gone',
      severity: 'high',
      why: `without the CSI driver '${name}' no volume of it can be attached or mounted; classes: ${listed(users.map(called))}`,
      lost: 'every pod that starts with such a volume',
      instead: 'move all volumes to another driver first',
    },
  ];
}
