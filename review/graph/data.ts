import { at, isList, objectsAt, textAt } from '../../plan/json';
import type { JsonObject, Manifest, PlannedObject } from '../../plan/model';
import { templateOf } from '../check/pods';
import type { ObjectBox } from './doors';
import type { Arrow } from './model';
import { dataBox } from './data-box';
import { cephData } from './ceph-data';
import { namespaceOf, textsIn, type World } from './world';

type Found = { readonly boxes: readonly ObjectBox[]; readonly arrows: readonly Arrow[] };

/** Where data lives: claims with their size, classes, what is behind these, and which pods keep something there. */
export function dataOf(world: World): Found {
  const parts = [claims(world), templates(world), classes(world), cephData(world)];
  const boxes = new Map<string, ObjectBox>();
  for (const found of parts.flatMap((part) => part.boxes)) boxes.set(found.box.id, found);
  return {
    boxes: [...boxes.values()],
    arrows: parts
      .flatMap((part) => part.arrows)
      .filter(({ to }) => boxes.has(to) || isPods(world, to)),
  };
}

function isPods(world: World, id: string): boolean {
  return world.pods.some(({ box }) => box === id);
}

function claims(world: World): Found {
  const all = world.all('PersistentVolumeClaim');
  const boxes = all.map((object): ObjectBox => {
    const { manifest, id } = object;
    const volume = volumeOf(world, manifest);
    const lines = volume === undefined ? [claimText(manifest)] : volumeLines(volume);
    return { object, box: dataBox(id, manifest.metadata.name, lines) };
  });
  const ids = new Map(
    all.map((object) => [
      `${namespaceOf(object) ?? ''}/${object.manifest.metadata.name}`,
      object.id,
    ]),
  );
  const mounts = world.pods.flatMap(({ box, namespace }) =>
    mountsOf(world, box).map((name) => ({ box, key: `${namespace}/${name}` })),
  );
  const mounted = new Set(mounts.map(({ key }) => key));
  // What nothing of ours mounts is there for what people run.
  const users = [
    ...mounts,
    ...world.pods
      .filter(({ people }) => people)
      .flatMap(({ box, namespace }) =>
        [...ids.keys()]
          .filter((key) => key.startsWith(`${namespace}/`) && !mounted.has(key))
          .map((key) => ({ box, key })),
      ),
  ];
  return {
    boxes,
    arrows: [
      ...users.flatMap(({ box, key }): Arrow[] => {
        const to = ids.get(key);
        return to === undefined ? [] : [{ from: box, to, talk: 'keeps' }];
      }),
      ...all.flatMap((object): Arrow[] => {
        const volume = volumeOf(world, object.manifest);
        const className = textAt(object.manifest, 'spec', 'storageClassName') ?? '';
        const goals = volume === undefined ? [classId(className)] : serversOf(world, volume);
        return goals.map((to) => ({ from: object.id, to, talk: 'keeps' }));
      }),
    ],
  };
}

/** Names of the claims that the pods of a box mount. */
function mountsOf(world: World, box: string): string[] {
  const object = world.plan.steps.find(({ id }) => id === box);
  if (object?.step === 'object') {
    const pod = at(templateOf(object.manifest), 'spec');
    return objectsAt(pod, 'volumes').flatMap(
      (volume) => textAt(volume, 'persistentVolumeClaim', 'claimName') ?? [],
    );
  }
  return world.plan.expected
    .filter(({ namespace, what, by }) => `${namespace}/${what} by ${by}` === box)
    .flatMap(({ mounts = [] }) => mounts);
}

/** Claims that StatefulSets make for each of their pods, and those that people get for their sessions. */
function templates(world: World): Found {
  const boxes: ObjectBox[] = [];
  const arrows: Arrow[] = [];
  const add = (
    user: string,
    object: PlannedObject | undefined,
    claim: { readonly name: string; readonly text: string; readonly className: string },
  ): void => {
    const id = `${user}/${claim.name}`;
    boxes.push({ object, box: dataBox(id, claim.name, [claim.text]) });
    arrows.push(
      { from: user, to: id, talk: 'keeps' },
      { from: id, to: classId(claim.className), talk: 'keeps' },
    );
  };
  for (const object of world.all('StatefulSet')) {
    for (const claim of objectsAt(object.manifest, 'spec', 'volumeClaimTemplates')) {
      const className = textAt(claim, 'spec', 'storageClassName') ?? '';
      const name = textAt(claim, 'metadata', 'name') ?? '';
      add(object.id, object, { name, text: `${claimText(claim)} for each pod`, className });
    }
  }
  for (const { namespace, what, by, claim, path } of world.plan.expected) {
    if (claim === undefined) continue;
    const user = `${namespace}/${what} by ${by}`;
    if (boxes.some(({ box }) => box.id === `${user}/homes`)) continue;
    const near = world
      .all('ResourceQuota', 'Deployment')
      .find((object) => object.path.startsWith(path));
    const text = `${claim.size} for each person`;
    add(user, near, { name: 'homes', text, className: claim.className });
  }
  return { boxes, arrows };
}

function claimText(claim: JsonObject): string {
  const size = textAt(claim, 'spec', 'resources', 'requests', 'storage') ?? '';
  const modes = at(claim, 'spec', 'accessModes');
  return `${size}${
    isList(modes)
      ? `, ${modes
          .filter((mode) => typeof mode === 'string')
          .map((mode) => MODES.get(mode) ?? mode)
          .join(', ')}`
      : ''
  }`;
}

const MODES = new Map([
  ['ReadWriteOnce', 'one node writes'],
  ['ReadWriteMany', 'many write'],
  ['ReadOnlyMany', 'many read'],
]);

function classId(name: string): string {
  return `_/storageclass.storage.k8s.io/${name}`;
}

function classes(world: World): Found {
  const all = world.all('StorageClass');
  const boxes = all.map((object): ObjectBox => {
    const { manifest, id } = object;
    const server =
      textAt(manifest, 'parameters', 'server') ?? textAt(manifest, 'parameters', 'resturl');
    return {
      object,
      box: dataBox(id, `class ${manifest.metadata.name}`, [
        textAt(manifest, 'provisioner') ?? '',
        ...(server === undefined ? [] : [`on ${server}`]),
      ]),
    };
  });
  const arrows = all.flatMap(({ id, manifest }): Arrow[] =>
    ['fsName', 'pool', 'dataPool', 'objectStoreName'].flatMap((parameter) => {
      const name = textAt(manifest, 'parameters', parameter);
      const goal = world
        .all('CephFilesystem', 'CephBlockPool', 'CephObjectStore')
        .find((object) => object.manifest.metadata.name === name);
      return goal === undefined ? [] : [{ from: id, to: goal.id, talk: 'keeps' as const }];
    }),
  );
  return { boxes, arrows: [...arrows, ...provisioners(world, all)] };
}

/** The workload that makes the volumes of a class: its provisioner's name is in what it is told. */
function provisioners(world: World, all: readonly PlannedObject[]): Arrow[] {
  return all.flatMap(({ id, manifest }) => {
    const name = textAt(manifest, 'provisioner') ?? '';
    return world
      .all('Deployment', 'StatefulSet')
      .filter(
        (object) =>
          name !== '' && textsIn(templateOf(object.manifest)).some((text) => isNamed(text, name)),
      )
      .map((object): Arrow => ({ from: id, to: object.id, talk: 'keeps' }));
  });
}

/** Whether a variable or an argument (`--provisioner=name`) is a name. */
function isNamed(text: string, name: string): boolean {
  return text === name || text.endsWith(`=${name}`);
}

/** The volume that a claim is bound to from the start, where the plan makes it. */
function volumeOf(world: World, claim: Manifest): Manifest | undefined {
  const name = textAt(claim, 'spec', 'volumeName');
  return world.all('PersistentVolume').find(({ manifest }) => manifest.metadata.name === name)
    ?.manifest;
}

function volumeLines(volume: Manifest): string[] {
  const server = textAt(volume, 'spec', 'nfs', 'server');
  const path = textAt(volume, 'spec', 'nfs', 'path') ?? textAt(volume, 'spec', 'csi', 'driver');
  return [
    ...(server === undefined ? [] : [`NFS ${server}`]),
    ...(path === undefined ? [] : [path]),
  ];
}

/** The boxes that serve a volume, where it is one of ours. */
function serversOf(world: World, volume: Manifest): string[] {
  const server = textAt(volume, 'spec', 'nfs', 'server');
  const service = world.services.find(
    ({ manifest }) => server !== undefined && textAt(manifest, 'spec', 'clusterIP') === server,
  );
  return service === undefined ? [] : world.behind(service);
}
