import { at, isList, isObject, objectsAt, textAt } from '../../../plan/json';
import type { Change } from '../../change';
import { beforeAndAfter, listed, spelled, touches } from '../look';
import type { Risk } from '../risk';
import { numberAt } from '../world';

/** What a change of a Ceph object does to the data in it. */
export function ceph(change: Change): Risk[] {
  const risks: Risk[] = [];
  const add = (risk: Omit<Risk, 'lost' | 'instead'> & Partial<Risk>): void => {
    risks.push({
      lost: 'data of the cluster, or copies of it',
      instead: 'drain and watch "ceph status" until it is clean, then go on step by step',
      ...risk,
    });
  };
  const spec = change.after?.manifest['spec'];
  if (textAt(spec, 'cleanupPolicy', 'confirmation') === 'yes-really-destroy-data') {
    add({
      rule: 'ceph-cleanup-armed',
      severity: 'critical',
      why: 'the cleanup policy wipes every disk when the CephCluster is deleted',
      instead:
        'remove cleanupPolicy.confirmation; set it only in the run that is to destroy the cluster',
    });
  }
  if (touches(change, 'spec.dataDirHostPath')) {
    add({
      rule: 'ceph-data-directory',
      severity: 'critical',
      why: 'the monitors look for their stores in another directory and start an empty cluster',
    });
  }
  for (const { path, before, after } of change.fields) {
    if (path.at(-1) !== 'size' || path.at(-2) !== 'replicated') continue;
    if (typeof before !== 'number' || typeof after !== 'number' || after >= before) continue;
    add({
      rule: 'ceph-fewer-copies',
      severity: after <= 1 ? 'critical' : 'high',
      why: `the pool keeps ${after} instead of ${before} copies`,
    });
  }
  const [mons, wanted] = [change.before, change.after].map((side) =>
    numberAt(side?.manifest, 'spec', 'mon', 'count'),
  );
  if (mons !== undefined && wanted !== undefined && wanted < mons)
    add({
      rule: 'ceph-fewer-monitors',
      severity: 'high',
      why: `${wanted} instead of ${mons} monitors`,
    });
  for (const place of ['nodes', 'storageClassDeviceSets'] as const) {
    const [was, will] = beforeAndAfter(change, 'spec', 'storage', place);
    if (isList(was) && (!isList(will) || will.length < was.length))
      add({
        rule: 'ceph-disks-removed',
        severity: 'high',
        why: `entries of storage.${place} go: their disks leave the cluster`,
      });
  }
  const [pools, left] = beforeAndAfter(change, 'spec', 'dataPools');
  if (isList(pools) && (!isList(left) || left.length < pools.length))
    add({
      rule: 'ceph-pool-removed',
      severity: 'critical',
      why: 'a data pool of the file system goes',
    });
  if (touches(change, 'spec.failureDomain') || touches(change, 'spec.erasureCoded'))
    add({
      rule: 'ceph-placement',
      severity: 'high',
      why: 'data moves between failure domains, or the operator refuses',
    });
  if (touches(change, 'spec.deviceClass') || touches(change, 'spec.crushRoot'))
    add({
      rule: 'ceph-placement',
      severity: 'high',
      why: 'every object of the pool moves to other disks; the pool is slow meanwhile, and stuck if they are too small',
    });
  const [order, reordered] = beforeAndAfter(change, 'spec', 'dataPools').map((list) =>
    isList(list) ? list.map((pool) => textAt(pool, 'name') ?? '') : [],
  );
  if (
    order?.some(
      (name, place) => reordered?.includes(name) === true && reordered[place] !== name,
    ) === true
  )
    add({
      rule: 'ceph-pools-reordered',
      severity: 'high',
      why: 'the first data pool is the default of the file system, and cannot become another one',
      instead: 'add pools at the end',
    });
  risks.push(...disks(change), ...safety(change));
  const upgraded = isObject(at(spec, 'cephVersion')) && touches(change, 'spec.cephVersion');
  if (upgraded)
    add({
      rule: 'ceph-version',
      severity: isPatch(change) ? 'medium' : 'high',
      why: `every Ceph daemon is upgraded${isPatch(change) ? ' to another patch release, one after the other' : ', and there is no way back'}`,
      lost: 'the way back',
    });
  return risks;
}

/** `v19.2.3` to `v19.2.4`. */
function isPatch(change: Change): boolean {
  const [was, will] = beforeAndAfter(change, 'spec', 'cephVersion', 'image').map(
    (image) => /:v?(\d+\.\d+)\.(\d+)/.exec(spelled(image)) ?? [],
  );
  return was?.[1] !== undefined && was[1] === will?.[1] && Number(will[2]) >= Number(was[2]);
}

function disks(change: Change): Risk[] {
  const devices = (side: Change['before']): Map<string, number> =>
    new Map(
      objectsAt(side?.manifest, 'spec', 'storage', 'nodes').map((node) => [
        textAt(node, 'name') ?? '',
        objectsAt(node, 'devices').length,
      ]),
    );
  const now = devices(change.after);
  const fewer = [...devices(change.before)].filter(
    ([node, count]) => (now.get(node) ?? count) < count,
  );
  const risk = (rule: string, why: string): Risk => ({
    rule,
    severity: 'high',
    why,
    lost: 'data of the cluster, or copies of it',
    instead: 'drain and watch "ceph status" until it is clean, then go on step by step',
  });
  const risks: Risk[] = [];
  if (fewer.length > 0)
    risks.push(
      risk(
        'ceph-disks-removed',
        `disks of ${listed(fewer.map(([node]) => node))} leave the cluster`,
      ),
    );
  for (const field of ['useAllNodes', 'useAllDevices', 'deviceFilter', 'devicePathFilter']) {
    const [was, will] = beforeAndAfter(change, 'spec', 'storage', field);
    if (was !== will && will !== undefined && will !== false)
      risks.push(
        risk(
          'ceph-takes-disks',
          `with storage.${field} other disks than those that are named become part of the cluster, and what is on them is gone`,
        ),
      );
  }
  if (touches(change, 'spec.network') && change.operation === 'update')
    risks.push(
      risk(
        'ceph-network',
        'the monitors keep their old addresses in every client and volume: another network cuts them off',
      ),
    );
  return risks;
}

/** Switches that keep data when objects go, or keep copies when disks do. */
function safety(change: Change): Risk[] {
  const off = [
    'preserveFilesystemOnDelete',
    'preservePoolsOnDelete',
    'preserveFilesystemsOnDelete',
    'requireSafeReplicaSize',
    'managePodBudgets',
  ].filter((name) =>
    change.fields.some(
      ({ path, before, after }) => path.at(-1) === name && before === true && after !== true,
    ),
  );
  const on = [
    'allowUninstallWithVolumes',
    'allowMultiplePerNode',
    'allowUnsupported',
    'skipUpgradeChecks',
    'continueUpgradeAfterChecksEvenIfNotHealthy',
  ].filter((name) =>
    change.fields.some(
      ({ path, before, after }) => path.at(-1) === name && before !== true && after === true,
    ),
  );
  if (off.length + on.length === 0) return [];
  return [
    {
      rule: 'ceph-safety-lifted',
      severity: 'high',
      why: listed([
        ...off.map((name) => `${name} no longer holds`),
        ...on.map((name) => `${name} is allowed`),
      ]),
      lost: 'nothing yet; the next failure or deletion takes data',
      instead: 'keep it; lift it only in the run that needs it',
    },
  ];
}
