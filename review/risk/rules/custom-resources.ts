import type { Json } from '../../../plan/model';
import { amountOf } from '../../../plan/difference/quantity';
import { subjectOf, type Change } from '../../change';
import { goes, listed, touches } from '../look';
import type { Risk, Rule } from '../risk';
import { ceph } from './ceph';
import { keptLess, secretOf } from './operator-keeps';

/** Custom resources that are data to their operator: deleting the object deletes what it stands for. */
const DATA: readonly RegExp[] = [
  /^(CephCluster|CephBlockPool|CephFilesystem|CephFilesystemSubVolumeGroup|CephObjectStore|CephBlockPoolRadosNamespace)\.ceph\.rook\.io$/,
  /^ObjectBucketClaim\.objectbucket\.io$/,
  /^(Cluster|Database|Pooler)\.postgresql\.cnpg\.io$/,
  /^(postgresql\.acid\.zalan\.do|PostgresCluster\.postgres-operator\.crunchydata\.com)$/,
  /^(MariaDB|Galera|InnoDBCluster|PerconaXtraDBCluster|PerconaServerMongoDB|RedisCluster|Redis|Kafka|KafkaTopic|Elasticsearch|OpenSearchCluster|Tenant|Vault|EtcdCluster|CassandraDatacenter|VolumeReplication)\./,
  /(^|\.)(gluster|linstor|longhorn|openebs|minio|portworx|noobaa)[.\w-]*$/,
];
/** Custom resources that only configure something, and can be made again from the plan. */
const CONFIGURATION =
  /\.(monitoring\.coreos\.com|traefik\.io|traefik\.containo\.us|gateway\.networking\.k8s\.io|cert-manager\.io|console\.openshift\.io|snapshot\.storage\.k8s\.io|external-secrets\.io|kyverno\.io|cilium\.io|crd\.projectcalico\.org)$/;

/** Groups that Kubernetes and OKD serve themselves, and what is inside a Harbor: other rules know them. */
const BUILT_IN =
  /^(|apps|batch|autoscaling|policy|extensions|[a-z.]*\.k8s\.io|[a-z]+\.openshift\.io|harbor\.beamline)$/;

/** Objects that an operator turns into something. */
export const customResources: Rule = (change, context) => {
  const { manifest, group } = subjectOf(change);
  if (BUILT_IN.test(group) && group !== 'ceph.rook.io') return [];
  const kind = `${manifest.kind}.${group}`;
  if (goes(change)) return [...gone(change, kind), ...secretOf(change, context)];
  if (change.operation !== 'update') return [];
  if (group === 'ceph.rook.io') return ceph(change);
  if (!touches(change, 'spec')) return [];
  return [...keptLess(change), ...(CONFIGURATION.test(kind) ? [] : scaled(change, kind))];
};

function gone(change: Change, kind: string): Risk[] {
  const { name } = subjectOf(change).manifest.metadata;
  if (DATA.some((pattern) => pattern.test(kind))) {
    return [
      {
        rule: 'operator-data-deleted',
        severity: 'critical',
        why: `the operator answers the end of ${kind} '${name}' by deleting what it stands for`,
        lost: 'the data in it',
        instead: 'back up, restore elsewhere once, and only then remove it',
      },
    ];
  }
  if (CONFIGURATION.test(kind)) {
    return [
      {
        rule: 'custom-resource-deleted',
        severity: 'medium',
        why: `what the operator made of ${kind} '${name}' goes with it`,
        lost: 'nothing that the plan could not make again',
        instead: 'nothing, if it is meant',
      },
    ];
  }
  return [
    {
      rule: 'custom-resource-deleted',
      severity: 'high',
      why: `an operator may delete whatever it made of ${kind} '${name}'; nothing is known of this kind`,
      lost: 'perhaps what the operator keeps for it',
      instead: "read the operator's documentation on deletion, and its finalizers, first",
    },
  ];
}

function scaled(change: Change, kind: string): Risk[] {
  const data = DATA.some((pattern) => pattern.test(kind));
  const fewer = change.fields.some(
    ({ path, before, after }) =>
      /^(instances|replicas|size|numberOfInstances|members)$/.test(path.at(-1) ?? '') &&
      typeof before === 'number' &&
      (typeof after === 'number' ? after : 0) < before,
  );
  const weighty = data
    ? change.fields.flatMap(({ path, before, after }) => weightOf(path, before, after) ?? [])
    : [];
  if (weighty.length > 0) {
    return [
      {
        rule: 'operator-data-changed',
        severity: 'high',
        why: `in ${kind}, ${listed([...new Set(weighty)])}`,
        lost: 'data or copies of it, or the way back to them',
        instead:
          'back up, restore elsewhere once, and read what the operator does about this field',
      },
    ];
  }
  return [
    {
      rule: data ? 'operator-data-changed' : 'custom-resource-changed',
      severity: data && fewer ? 'high' : 'medium',
      why: fewer
        ? `the operator of ${kind} removes members, and what they hold`
        : `what the operator of ${kind} does about it is not known here`,
      lost: fewer ? 'copies of the data' : 'nothing that is known',
      instead: 'read the release notes of the operator about these fields',
    },
  ];
}

/** Changes that matter wherever an operator keeps data. */
function weightOf(
  path: readonly string[],
  before: Json | undefined,
  after: Json | undefined,
): string | undefined {
  const field = path.join('.');
  const saves = /backup|archiv|wal|snapshot|retention/i.test(field);
  if (saves && after === undefined) return `${field} goes: backups end or are dropped`;
  if (
    saves &&
    /retention|schedule|destination|bucket|endpoint/i.test(field) &&
    before !== undefined
  )
    return `${field} changes: backups go elsewhere, less often, or are dropped sooner`;
  if (/(size|storage|capacity)$/i.test(field)) {
    const [was, will] = [amountOf(before), amountOf(after)];
    if (was !== undefined && will !== undefined && will < was) return `${field} shrinks`;
  }
  if (/storageClass(Name)?$|bucketName$|dataDir|pgdata/i.test(field) && before !== undefined)
    return `${field} leads to another place, which is empty`;
  if (/image(Name)?$|version$/i.test(path.at(-1) ?? '')) {
    const major = (value: Json | undefined): string | undefined =>
      typeof value === 'string' || typeof value === 'number'
        ? /(?:^|:)v?(\d+)[^:]*$/.exec(String(value).split('@')[0] ?? '')?.[1]
        : undefined;
    if (major(before) !== undefined && major(before) !== major(after))
      return `${field} goes to another major version`;
  }
  if (
    /deletionPolicy|reclaimPolicy|preserve|whenDeleted|pvcRetention/i.test(field) &&
    before !== after
  )
    return `${field} decides what is left when the object goes`;
  return undefined;
}
