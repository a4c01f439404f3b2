import { gibibytes } from '../kit/quantity';
import type { CephClaimSet, CephStorage } from './ceph-cluster-props';

/** Where the data is, as the CephCluster has it. */
export function cephStorageSpec(storage: CephStorage): Record<string, unknown> {
  switch (storage.on) {
    case 'devices':
      return {
        useAllNodes: false,
        useAllDevices: false,
        ...encryption(storage),
        nodes: storage.nodes.map(({ name, devices }) => ({
          name,
          devices: devices.map((device) => ({ name: device })),
        })),
      };
    case 'matching-devices':
      return {
        useAllNodes: true,
        useAllDevices: false,
        deviceFilter: storage.pattern,
        ...encryption(storage),
      };
    case 'claims':
      return { storageClassDeviceSets: storage.sets.map(deviceSet) };
  }
}

function encryption({ encrypted }: { readonly encrypted?: boolean }): Record<string, unknown> {
  return encrypted === true ? { config: { encryptedDevice: 'true' } } : {};
}

function deviceSet(set: CephClaimSet): Record<string, unknown> {
  return {
    name: set.name,
    count: set.count,
    portable: set.portable ?? false,
    encrypted: set.encrypted ?? false,
    placement: { topologySpreadConstraints: [spread('rook-ceph-osd')] },
    preparePlacement: { topologySpreadConstraints: [spread('rook-ceph-osd-prepare')] },
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: gibibytes(set.sizeGiB) } },
          storageClassName: set.className,
          volumeMode: 'Block',
        },
      },
    ],
  };
}

function spread(app: string): Record<string, unknown> {
  return {
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: { app } },
  };
}
