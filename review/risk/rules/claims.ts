import { at, isList, textAt } from '../../../plan/json';
import { amountOf } from '../../../plan/difference/quantity';
import { objectId } from '../../../plan/object-id';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { beforeAndAfter, called, goes, listed, touches } from '../look';
import type { Risk, Rule } from '../risk';

/** Claims and volumes: the data itself. */
export const claims: Rule = (change, context) => {
  switch (manifestOf(change).kind) {
    case 'PersistentVolumeClaim':
      return goes(change) ? [claimGone(change, context)] : claimChanged(change, context);
    case 'PersistentVolume':
      return goes(change) ? [volumeGone(change, context)] : volumeChanged(change);
    default:
      return [];
  }
};

function claimGone(change: Change, { before }: Context): Risk {
  const { name } = manifestOf(change).metadata;
  const { manifest } = change.before ?? { manifest: manifestOf(change) };
  const className = textAt(manifest, 'spec', 'storageClassName');
  const volume = textAt(manifest, 'spec', 'volumeName');
  const policy =
    textAt(
      before.all('PersistentVolume').find((pv) => pv.manifest.metadata.name === volume)?.manifest,
      'spec',
      'persistentVolumeReclaimPolicy',
    ) ?? textAt(before.storageClass(className)?.manifest, 'reclaimPolicy');
  const users = before.podsUsing(change.id).map(({ object }) => called(object));
  const used = users.length === 0 ? '' : `, which ${listed(users)} mounts`;
  const size = textAt(manifest, 'spec', 'resources', 'requests', 'storage') ?? 'unknown size';
  const anew = change.operation === 'replace' ? ' and made anew, empty' : '';
  if (policy === 'Retain') {
    return {
      rule: 'claim-deleted',
      severity: 'high',
      why: `claim '${name}'${used} is deleted${anew}; its volume is retained, released and bound to nothing`,
      lost: `access to the data (${size}) until an administrator binds the volume again`,
      instead: 'keep the claim under its name: Kubernetes renames nothing',
    };
  }
  return {
    rule: 'claim-deleted',
    severity: 'critical',
    why: `claim '${name}'${used} is deleted${anew}, and its volume with it${policy === undefined ? ' unless the class retains volumes' : ''}`,
    lost: `everything on it (${size})`,
    instead:
      'make a new claim beside it, copy, switch the pods over, and remove this one when nothing reads it any more',
  };
}

function claimChanged(change: Change, { after }: Context): Risk[] {
  if (change.operation !== 'update') return [];
  const path = ['spec', 'resources', 'requests', 'storage'] as const;
  const [was, will] = beforeAndAfter(change, ...path).map(amountOf);
  if (was === undefined || will === undefined || was === will) return [];
  if (will < was) {
    return [
      {
        rule: 'claim-shrunk',
        severity: 'high',
        why: 'a claim cannot shrink: the API server refuses it, and the deployment stops there',
        lost: 'the rest of the deployment',
        instead: 'keep the size, or make a smaller claim, copy, and switch over',
      },
    ];
  }
  const className = textAt(change.after?.manifest, 'spec', 'storageClassName');
  const storageClass = after.storageClass(className);
  if (storageClass !== undefined && at(storageClass.manifest, 'allowVolumeExpansion') !== true) {
    return [
      {
        rule: 'claim-cannot-grow',
        severity: 'high',
        why: `class '${storageClass.manifest.metadata.name}' does not allow expansion, so the API server refuses it and the deployment stops there`,
        lost: 'the rest of the deployment',
        instead: 'set allowVolumeExpansion on the class first, if its driver can',
      },
    ];
  }
  return [
    {
      rule: 'claim-grown',
      severity: 'low',
      why: 'the claim grows, which cannot be undone',
      lost: 'nothing',
      instead: 'nothing: this is how a claim grows',
    },
  ];
}

function volumeGone(change: Change, { changes }: Context): Risk {
  const { manifest } = change.before ?? { manifest: manifestOf(change) };
  const { name } = manifest.metadata;
  const claim = textAt(manifest, 'spec', 'claimRef', 'name');
  const home = textAt(manifest, 'spec', 'claimRef', 'namespace');
  const its = changes.get(objectId(home, '', 'PersistentVolumeClaim', claim ?? ''));
  const end = its?.operation === 'delete' ? 'is deleted, too' : 'is bound to it and becomes Lost';
  const bound = claim === undefined ? '' : `; claim '${claim}' ${end}`;
  if (textAt(manifest, 'spec', 'persistentVolumeReclaimPolicy') === 'Delete') {
    return {
      rule: 'volume-deleted',
      severity: 'critical',
      why: `volume '${name}' is deleted, and its reclaim policy deletes what it stands for${bound}`,
      lost: 'everything on it',
      instead: 'set persistentVolumeReclaimPolicy to Retain and deploy that first',
    };
  }
  return {
    rule: 'volume-deleted',
    severity: change.operation === 'replace' ? 'critical' : 'high',
    why: `volume '${name}' is deleted; the data behind it stays${bound}`,
    lost: 'the way to the data: pods that mount it hang or fail at their next start',
    instead: 'keep the volume, or make the new one under another name and move the claim',
  };
}

function volumeChanged(change: Change): Risk[] {
  if (change.operation !== 'update') return [];
  const [was, will] = beforeAndAfter(change, 'spec', 'persistentVolumeReclaimPolicy');
  const risks: Risk[] = [];
  if (was === 'Retain' && will !== 'Retain') {
    risks.push({
      rule: 'volume-no-longer-retained',
      severity: 'high',
      why: `from now on the volume is ${will === 'Recycle' ? 'emptied when its claim goes' : 'deleted together with its claim'}`,
      lost: 'the last copy, as soon as somebody deletes the claim',
      instead: 'keep Retain',
    });
  }
  risks.push(...mountedOtherwise(change));
  if (touches(change, 'spec.claimRef') && was !== undefined) {
    risks.push({
      rule: 'volume-rebound',
      severity: 'high',
      why: 'the volume is bound to another claim, or to whichever comes first',
      lost: 'the present claim becomes Lost, or another one gets its data',
      instead: 'leave claimRef to the cluster unless you restore a volume by hand',
    });
  }
  const [capacity, wanted] = beforeAndAfter(change, 'spec', 'capacity', 'storage').map(amountOf);
  if (capacity !== undefined && wanted !== undefined && wanted < capacity) {
    risks.push({
      rule: 'volume-shrunk',
      severity: 'high',
      why: 'the volume claims to be smaller than the claim bound to it',
      lost: 'nothing at once; the next claim of the old size no longer binds',
      instead: 'keep the capacity: it should say what is really there',
    });
  }
  return risks;
}

/** Options under which reads fail, or writes get lost, where others wait. */
function mountedOtherwise(change: Change): Risk[] {
  const [before, after] = beforeAndAfter(change, 'spec', 'mountOptions').map((options) =>
    isList(options) ? options.map(String) : [],
  );
  if (before === undefined || after === undefined) return [];
  const gained = after.filter((option) => !before.includes(option));
  const lost = before.filter((option) => !after.includes(option));
  const soft = gained.some((option) =>
    /^(soft|softerr|softreval|async|nolock|local_lock=.*)$/.test(option),
  );
  const risky = [...gained, ...lost].filter((option) =>
    /^(soft|softerr|softreval|hard|async|sync|nolock|local_lock=.*|ro|rw|sec=.*|n?f?s?vers=.*|noresvport|nconnect=.*)$/.test(
      option,
    ),
  );
  if (risky.length === 0) return [];
  const loose = soft || lost.some((option) => /^(hard|sync|ro|sec=.*)$/.test(option));
  return [
    {
      rule: 'volume-mounted-otherwise',
      severity: loose ? 'high' : 'medium',
      why: `${listed(risky)}: ${loose ? 'programs may see errors, or write, where they waited or could not so far' : 'nodes mount it another way'}; pods notice at their next start`,
      lost: loose
        ? 'writes and reads that a slow or absent server interrupts, or the protection from writing'
        : 'nothing at once',
      instead: loose
        ? "keep 'hard', and 'ro' where nobody should write"
        : 'try it with one pod first',
    },
  ];
}
