import type { IIngress, IStorageClass, SecretRef } from '../contracts';

/** A frontend of GlideinWMS: it asks factories for workers at remote sites while jobs of a VO wait. */
export interface GlideinFrontendProps {
  /** Its name at the factories: letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /**
   * Image by exact tag or digest, built from `opensciencegrid/vo-frontend` of github.com/opensciencegrid/images. The published tags move,
   * so a site keeps one of its own.
   */
  readonly image: string;
  /** Why its pod may be root, and who agreed: the image's supervisor, web server and cron want it, and its accounts are 996:993. */
  readonly consent: string;
  readonly vo: VirtualOrganization;
  /** Where factories are asked. */
  readonly factories: readonly Factory[];
  /** The pool that the workers join: `host:port` of its collectors, with the subjects of their certificates. */
  readonly collectors: readonly Server[];
  /** The queues that are looked at: their names, with the subjects of their certificates. */
  readonly schedds: readonly Server[];
  /** Certificate and key that the frontend's own proxy is made of, in PEM, and the proxy's subject. */
  readonly proxy: CertificateRef & { readonly dn: string };
  /** IDTOKENs for collectors and factories, each in a file of its own. */
  readonly tokens: readonly SecretRef[];
  readonly groups: readonly FrontendGroup[];
  /** Where workers fetch their scripts, and people look at the monitoring page. */
  readonly web: { readonly host: string; readonly ingress: IIngress };
  readonly storage: { readonly storageClass: IStorageClass; readonly sizeGiB: number };
}

/** A certificate and its key, in PEM. */
export interface CertificateRef {
  readonly certificate: SecretRef;
  readonly key: SecretRef;
}

/** Whose jobs they are, and what the pilots' proxies say. */
export interface VirtualOrganization {
  /** `cms`, `osg`, `dune.org`. */
  readonly name: string;
  /** What the pilots ask of the VO: `/cms/Role=pilot/Capability=NULL`. It begins with the VO. */
  readonly fqan: string;
  /** What the pilots' proxies are made of. */
  readonly pilot: CertificateRef;
  /** What signs the attributes of the VO in them. */
  readonly signer: CertificateRef;
}

/** A service by its name and the subject of its certificate (`/DC=org/…/CN=host`). */
export interface Server {
  readonly name: string;
  readonly dn: string;
}

/** A factory, and who is who at it. */
export interface Factory extends Server {
  /** Whom its collector takes the factory for: `gfactory@factory.example.org`. */
  readonly identity: string;
  /** Whom its collector takes us for: `vofrontend@factory.example.org`. */
  readonly ours: string;
}

/** Jobs that go to the same sites by the same limits. */
export interface FrontendGroup {
  readonly name: string;
  /** Sites of the factory's entries (`GLIDEIN_Site`) that workers are asked of. */
  readonly sites: readonly string[];
  /**
   * Which jobs, as an expression of ClassAds.
   *
   * @default 'True'
   */
  readonly jobs?: string;
  /** Workers at one entry at most. */
  readonly running: number;
  /**
   * Workers that wait at one entry at most.
   *
   * @default 100
   */
  readonly idle?: number;
  /**
   * Memory in MB that a worker must have left for its cores to count.
   *
   * @default 2500
   */
  readonly memoryMB?: number;
}
