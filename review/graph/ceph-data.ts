import { at, objectsAt, textAt } from '../../plan/json';
import type { Manifest } from '../../plan/model';
import { dataBox } from './data-box';
import type { ObjectBox } from './doors';
import type { Arrow } from './model';
import { listed } from './pods';
import type { World } from './world';

/** What Ceph keeps, and the disks of the nodes that it keeps it on. */
export function cephData(world: World): {
  readonly boxes: readonly ObjectBox[];
  readonly arrows: readonly Arrow[];
} {
  const kinds = {
    CephBlockPool: 'block pool',
    CephFilesystem: 'file system',
    CephObjectStore: 'object store (S3)',
  };
  const boxes = Object.entries(kinds).flatMap(([kind, words]) =>
    world.all(kind).map((object): ObjectBox => ({
      object,
      box: dataBox(object.id, `${words} ${object.manifest.metadata.name}`, [
        redundancyText(object.manifest),
      ]),
    })),
  );
  const clusters = world.all('CephCluster').map((object): ObjectBox => {
    const nodes = objectsAt(object.manifest, 'spec', 'storage', 'nodes');
    const disks = nodes.flatMap((node) => objectsAt(node, 'devices')).length;
    const names = nodes.flatMap((node) => textAt(node, 'name') ?? []);
    return {
      object,
      box: dataBox(
        object.id,
        'disks of the nodes, by Ceph',
        [
          ...(disks === 0 ? [] : [`${disks} disks on ${nodes.length} nodes`]),
          ...(names.length === 0 ? [] : [listed(names, 2)]),
          textAt(object.manifest, 'spec', 'dataDirHostPath') ?? '',
        ].filter((line) => line !== ''),
      ),
    };
  });
  const arrows = boxes.flatMap(({ box }) =>
    clusters.map(({ box: cluster }): Arrow => ({ from: box.id, to: cluster.id, talk: 'keeps' })),
  );
  return { boxes: [...boxes, ...clusters], arrows };
}

function redundancyText({ spec }: Manifest): string {
  const pools = objectsAt(spec, 'dataPools');
  const pool = pools[0] ?? at(spec, 'dataPool') ?? spec;
  const copies = at(pool, 'replicated', 'size');
  const data = at(pool, 'erasureCoded', 'dataChunks');
  const coding = at(pool, 'erasureCoded', 'codingChunks');
  if (typeof copies === 'number') return `${copies} copies`;
  return typeof data === 'number' && typeof coding === 'number'
    ? `${data} + ${coding} pieces`
    : 'as Ceph has it';
}
