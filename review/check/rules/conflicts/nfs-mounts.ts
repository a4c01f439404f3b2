import { at, isList, objectsAt, textAt } from '../../../../plan/json';
import {
  objectsOf,
  type JsonObject,
  type Manifest,
  type Plan,
  type PlannedObject,
} from '../../../../plan/model';
import { workloadsOf } from '../../pods';

/** Something that makes nodes mount an NFS server of the same plan. */
export interface NfsMount {
  /** What says so: a volume, a class, or a program. */
  readonly object: PlannedObject;
  readonly path: string;
  readonly options: readonly string[];
  /** The Service that leads to the server. */
  readonly service: Manifest;
}

/** Every mount of a server that the plan has itself, by the server's address or name. */
export function nfsMountsOf(plan: Plan): NfsMount[] {
  const objects = objectsOf(plan);
  const services = new Map<string, Manifest>();
  for (const { manifest } of objects) {
    if (manifest.kind !== 'Service') continue;
    for (const address of addressesOf(manifest)) services.set(address, manifest);
  }
  const inPods = workloadsOf(plan).flatMap(({ object, spec }) =>
    objectsAt(spec, 'volumes').flatMap((volume) => mountAt(object, volume, [])),
  );
  return [...objects.flatMap(mountOf), ...inPods].flatMap(({ server, ...mount }) => {
    const service = services.get(server);
    return service === undefined ? [] : [{ ...mount, service }];
  });
}

type Found = Omit<NfsMount, 'service'> & { readonly server: string };

function mountOf(object: PlannedObject): Found[] {
  const { manifest } = object;
  switch (manifest.kind) {
    case 'PersistentVolume':
      return mountAt(object, at(manifest, 'spec'), optionsOf(at(manifest, 'spec')));
    case 'StorageClass':
      return found(object, at(manifest, 'parameters'), 'share', optionsOf(manifest));
    default:
      return [];
  }
}

/** A volume's own source: the kernel's client, or a CSI driver that mounts for it. */
function mountAt(
  object: PlannedObject,
  volume: ReturnType<typeof at>,
  options: readonly string[],
): Found[] {
  return [
    ...found(object, at(volume, 'nfs'), 'path', options),
    ...found(object, at(volume, 'csi', 'volumeAttributes'), 'share', options),
  ];
}

function found(
  object: PlannedObject,
  source: ReturnType<typeof at>,
  pathField: string,
  options: readonly string[],
): Found[] {
  const server = textAt(source, 'server');
  return server === undefined
    ? []
    : [{ object, server, path: textAt(source, pathField) ?? '', options }];
}

function optionsOf(holder: ReturnType<typeof at>): string[] {
  const options = at(holder, 'mountOptions');
  return isList(options)
    ? options.flatMap((option) => (typeof option === 'string' ? option.split(',') : []))
    : [];
}

function addressesOf(service: JsonObject): string[] {
  const { name = '', namespace = '' } = {
    name: textAt(service, 'metadata', 'name'),
    namespace: textAt(service, 'metadata', 'namespace'),
  };
  return [
    ...['clusterIP', 'loadBalancerIP'].flatMap((field) => textAt(service, 'spec', field) ?? []),
    ...['', '.svc', '.svc.cluster.local'].map((end) => `${name}.${namespace}${end}`),
  ];
}
