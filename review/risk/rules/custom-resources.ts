import { at, isList, isObject, textAt } from '../../../plan/json';
import { subjectOf, type Change } from '../../change';
import { beforeAndAfter, goes, touches } from '../look';
import type { Risk, Rule } from '../risk';
import { numberAt } from '../world';

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
export const customResources: Rule = (change) => {
  const { manifest, group } = subjectOf(change);
  if (BUILT_IN.test(group) && group !== 'ceph.rook.io') return [];
  const kind = `${manifest.kind}.${group}`;
  if (goes(change)) return gone(change, kind);
  if (change.operation !== 'update') return [];
  if (group === 'ceph.rook.io') return ceph(change);
  return CONFIGURATION.test(kind) || !touches(change, 'spec') ? [] : scaled(change, kind);
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

function ceph(change: Change): Risk[] {
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
  const upgraded = isObject(at(spec, 'cephVersion')) && touches(change, 'spec.cephVersion');
  if (upgraded)
    add({
      rule: 'ceph-version',
      severity: 'high',
      why: 'every Ceph daemon is upgraded, and there is no way back',
      lost: 'the way back',
    });
  return risks;
}
