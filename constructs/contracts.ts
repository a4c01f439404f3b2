import type { Construct, IDependable } from 'constructs';

/** One value of a Secret in the same namespace. Never the value itself. */
export interface SecretRef {
  readonly name: string;
  readonly key: string;
}

/** Files pods can mount. What serves them (NFS, CephFS, Gluster, CVMFS) is not the consumer's concern. */
export interface IFileShare {
  /** Value for `persistentVolumeClaim.claimName` in the same namespace. */
  readonly claimName: string;
  readonly readOnly: boolean;
}

/** A StorageClass that claims can name, whoever made it. */
export interface IStorageClass {
  readonly className: string;
  /** What its volumes can be mounted as. */
  readonly accessModes: readonly AccessMode[];
  /** What must exist before a claim of the class can be bound. */
  readonly ready: IDependable;
}

/** How a volume can be mounted: by one node, by many to read, by many to write. */
export type AccessMode = 'ReadWriteOnce' | 'ReadOnlyMany' | 'ReadWriteMany';

/** A site's front door: something that sends HTTP requests for a host to a Service. */
export interface IIngress {
  /** Publishes one Service port under a host name, in the namespace of `scope`. */
  route(route: RouteRequest): void;
}

/** What a stack asks its front door for. */
export interface RouteRequest {
  /** The construct that owns the route; the route's objects land in its namespace. */
  readonly scope: Construct;
  /** Name of the route object, unique in its namespace. */
  readonly name: string;
  /** Fully qualified host name. */
  readonly host: string;
  /**
   * Path prefix.
   *
   * @default '/'
   */
  readonly path?: string;
  /** The Service and its port, by the port's name. */
  readonly service: { readonly name: string; readonly port: string };
  /** Who may come in: everybody, or only the networks that the ingress lists as internal. */
  readonly reach: 'public' | 'internal';
}
