import type { Scc } from '../../../constructs/targets/sccs/scc';
import { at, isObject, objectsAt, textAt } from '../../../plan/json';
import type { Json } from '../../../plan/model';
import type { Volume } from '../pod';
import type { Behaviour } from './behaviour';
import { invalid, type Reason } from './reason';

/**
 * Sorts of volumes: the field of the pod, and what an SCC calls it where it has another name. Order and names from `util/util.go`,
 * GetVolumeFSType, of openshift/apiserver-library-go.
 */
const SORTS: readonly (readonly [field: string, name?: string])[] = [
  ['hostPath'],
  ['emptyDir'],
  ['gcePersistentDisk'],
  ['awsElasticBlockStore'],
  ['gitRepo'],
  ['secret'],
  ['nfs'],
  ['iscsi'],
  ['glusterfs'],
  ['persistentVolumeClaim'],
  ['rbd'],
  ['flexVolume'],
  ['cinder'],
  ['cephfs', 'cephFS'],
  ['flocker'],
  ['downwardAPI'],
  ['fc'],
  ['azureFile'],
  ['configMap'],
  ['vsphereVolume', 'vsphere'],
  ['quobyte'],
  ['azureDisk'],
  ['photonPersistentDisk'],
  ['projected'],
  ['portworxVolume'],
  ['scaleIO'],
  ['storageos', 'storageOS'],
  ['csi'],
  ['ephemeral'],
  ['image'],
];

/** Sorts that came after 3.11; before they did, the plugin had no name for them. */
const NEW = new Set(['ephemeral', 'image']);

/** Every sort of volume as SCCs call them, but some. */
export function allVolumesBut(but: string, behaviour: Behaviour): string[] {
  return SORTS.map(([field, name]) => name ?? field)
    .filter((name) => name !== but && (!NEW.has(name) || behaviour.newVolumes.includes(name)))
    .sort();
}

/** What an SCC has against the volumes of a pod. */
export function volumeReasons(
  volumes: readonly Volume[],
  scc: Scc,
  behaviour: Behaviour,
): Reason[] {
  const all = scc.volumes.includes('*');
  const sorts = volumes.flatMap((volume, index) => {
    if (all) return [];
    const field = `spec.volumes[${index}]`;
    const sort = sortOf(volume, behaviour);
    if (sort === undefined) return [invalid(field, '', 'unknown volume type')];
    if (scc.volumes.includes(sort) || isToken(sort, volume, scc, behaviour)) return [];
    return [invalid(field, sort, `${sort} volumes are not allowed to be used`)];
  });
  return [...sorts, ...driverReasons(volumes, scc, all)];
}

function driverReasons(volumes: readonly Volume[], scc: Scc, all: boolean): Reason[] {
  const drivers = scc.allowedFlexVolumes.map(({ driver }) => driver);
  if (drivers.length === 0 || !(all || scc.volumes.includes('flexVolume'))) return [];
  return volumes.flatMap((volume, index) => {
    const flex = volume['flexVolume'];
    if (!isObject(flex)) return [];
    const driver = textAt(flex, 'driver') ?? '';
    return drivers.includes(driver)
      ? []
      : [
          invalid(
            `spec.volumes[${index}].flexVolume.driver`,
            driver,
            'Flexvolume driver is not allowed to be used',
          ),
        ];
  });
}

function sortOf(volume: Volume, behaviour: Behaviour): string | undefined {
  const found = SORTS.find(([field]) => volume[field] !== undefined);
  if (found === undefined) return undefined;
  const name = found[1] ?? found[0];
  return NEW.has(name) && !behaviour.newVolumes.includes(name) ? undefined : name;
}

/** Whether a volume is the token that Kubernetes itself adds: that comes in where Secrets do. */
function isToken(sort: string, volume: Volume, scc: Scc, behaviour: Behaviour): boolean {
  if (sort !== 'projected' || !behaviour.knowsTokenVolumes) return false;
  if (!scc.volumes.includes('secret')) return false;
  const projected = volume['projected'];
  return isObject(projected) && objectsAt(projected, 'sources').every(isTokenSource);
}

function isTokenSource(source: Json): boolean {
  const token = at(source, 'serviceAccountToken');
  const map = at(source, 'configMap');
  const fields = at(source, 'downwardAPI');
  if (token === undefined && map === undefined && fields === undefined) return false;
  if (token !== undefined && !isPlainToken(token)) return false;
  if (map !== undefined && !isAuthority(map)) return false;
  return fields === undefined || objectsAt(fields, 'items').every(isNamespaceField);
}

function isPlainToken(token: Json): boolean {
  return textAt(token, 'path') === 'token' && (textAt(token, 'audience') ?? '') === '';
}

const AUTHORITIES = new Map([
  ['kube-root-ca.crt', 'ca.crt'],
  ['openshift-service-ca.crt', 'service-ca.crt'],
]);

function isAuthority(map: Json): boolean {
  const file = AUTHORITIES.get(textAt(map, 'name') ?? '');
  const items = objectsAt(map, 'items');
  const [only] = items;
  return (
    file !== undefined &&
    items.length === 1 &&
    textAt(only, 'key') === file &&
    textAt(only, 'path') === file
  );
}

function isNamespaceField(item: Json): boolean {
  return (
    textAt(item, 'path') === 'namespace' &&
    textAt(item, 'fieldRef', 'apiVersion') === 'v1' &&
    textAt(item, 'fieldRef', 'fieldPath') === 'metadata.namespace'
  );
}
