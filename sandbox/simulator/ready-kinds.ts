/** A custom resource as far as its readiness depends on it. */
export interface CustomObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly generation: number;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** How an operator, a router or a controller that is not there would say that an object is ready. */
export interface ReadyKind {
  readonly group: string;
  readonly kind: string;
  /** The status it would write. `now` is for its times. */
  readonly status: (object: CustomObject, now: string) => Readonly<Record<string, unknown>>;
}

/**
 * The kinds whose readiness is simulated. A kind whose operator Beamline installs belongs here, with the
 * status that its operator writes once everything is well; a kind without a status does not.
 */
export const READY_KINDS: readonly ReadyKind[] = [
  // Rook 1.18: pkg/apis/ceph.rook.io/v1/types.go, phases of condition.go.
  {
    group: 'ceph.rook.io',
    kind: 'CephCluster',
    status: ({ metadata }, now) => ({
      phase: 'Ready',
      state: 'Created',
      message: 'Cluster created successfully',
      observedGeneration: metadata.generation,
      ceph: { health: 'HEALTH_OK', lastChecked: now },
      conditions: [{ ...condition('Ready', 'ClusterCreated', now), lastHeartbeatTime: now }],
    }),
  },
  ...[
    'CephBlockPool',
    'CephBlockPoolRadosNamespace',
    'CephClient',
    'CephFilesystem',
    'CephFilesystemSubVolumeGroup',
    'CephNFS',
    'CephObjectStore',
    'CephObjectStoreUser',
  ].map((kind): ReadyKind => ({ group: 'ceph.rook.io', kind, status: () => ({ phase: 'Ready' }) })),
  { group: 'objectbucket.io', kind: 'ObjectBucketClaim', status: () => ({ phase: 'Bound' }) },
  // cert-manager: pkg/apis/certmanager/v1.
  ...['Certificate', 'Issuer', 'ClusterIssuer'].map((kind): ReadyKind => ({
    group: 'cert-manager.io',
    kind,
    status: ({ metadata }, now) => ({
      conditions: [
        { ...condition('Ready', 'Ready', now), observedGeneration: metadata.generation },
      ],
    }),
  })),
  // External Secrets Operator: apis/externalsecrets/v1.
  ...['ExternalSecret', 'SecretStore', 'ClusterSecretStore'].map((kind): ReadyKind => ({
    group: 'external-secrets.io',
    kind,
    status: (_object, now) => ({ conditions: [condition('Ready', 'Valid', now)] }),
  })),
  {
    group: 'snapshot.storage.k8s.io',
    kind: 'VolumeSnapshot',
    status: (_object, now) => ({ readyToUse: true, creationTime: now }),
  },
  // OKD's router: github.com/openshift/api route/v1 types.go.
  {
    group: 'route.openshift.io',
    kind: 'Route',
    status: ({ metadata, spec }, now) => ({
      ingress: [
        {
          host: spec['host'] ?? `${metadata.name}-${metadata.namespace}.apps.sandbox.example`,
          routerName: 'default',
          routerCanonicalHostname: 'router-default.apps.sandbox.example',
          wildcardPolicy: spec['wildcardPolicy'] ?? 'None',
          conditions: [{ type: 'Admitted', status: 'True', lastTransitionTime: now }],
        },
      ],
    }),
  },
];

function condition(type: string, reason: string, now: string): Record<string, unknown> {
  return {
    type,
    status: 'True',
    reason,
    message: 'simulated by the sandbox',
    lastTransitionTime: now,
  };
}
