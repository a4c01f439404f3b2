import type { Construct, IDependable } from 'constructs';
import type { NetworkPolicyPeer } from 'kubernetes-types/networking/v1';

import type { RouteGuards, RouteTimeouts, RouteTls } from './route-details';

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
  /**
   * Whether a pod with a user namespace of its own (`hostUsers: false`) can mount it. NFS cannot: its client does not
   * support idmapped mounts (`hep.md` 2.7).
   */
  readonly userNamespaces: boolean;
  /** What must exist before a pod can mount it. */
  readonly ready: IDependable;
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

/** Who may come in by a route: everybody, or only the networks that the front door lists as internal. */
export type Reach = 'public' | 'internal';

/** A site's front door: something that sends HTTP requests for a host to a Service. */
export interface IIngress {
  /** Publishes one Service port under a host name, in the namespace of `scope`. */
  route(route: RouteRequest): void;
  /**
   * Whether some route of the environment answers the URL, whichever front door it is of. It knows the routes asked for
   * until now: whoever needs all of them asks in a validation of its node (`node.addValidation`), not in a constructor.
   */
  serves(url: string): boolean;
}

/** What a stack asks its front door for. A front door refuses what it cannot do. */
export interface RouteRequest {
  /** The construct that owns the route; the route's objects land in its namespace. */
  readonly scope: Construct;
  /** Name of the route object, unique in its namespace. */
  readonly name: string;
  /** Fully qualified host name. `*.` before it takes all names one level below; the front door must allow that. */
  readonly host: string;
  /**
   * Path prefix.
   *
   * @default '/'
   */
  readonly path?: string;
  /**
   * What takes the place of `path` in what the pods see: `/` cuts it off.
   *
   * @default - the pods see the path as the client wrote it
   */
  readonly rewrite?: string;
  /** The Service and its port, by the port's name. */
  readonly service: { readonly name: string; readonly port: string };
  /** Who may come in. */
  readonly reach: Reach;
  /**
   * Where TLS ends.
   *
   * @default { mode: 'edge' }
   */
  readonly tls?: RouteTls;
  /**
   * How long requests and websockets may last, where the front door's own limits are too short.
   *
   * @default - those of the front door: about half a minute to a minute for a request
   */
  readonly timeouts?: RouteTimeouts;
  /**
   * Whether a browser comes back to the same pod, by a cookie.
   *
   * @default false
   */
  readonly sticky?: boolean;
  /**
   * What is done with a request before the pods see it.
   *
   * @default {}
   */
  readonly guards?: RouteGuards;
}

/** A place for objects (S3), whoever serves it: Ceph RGW through Rook, or the site's own. */
export interface IObjectStore {
  /** A bucket and the keys to it, in the namespace of `scope`. */
  bucket(request: { readonly scope: Construct; readonly name: string }): ObjectBucket;
}

/** A bucket as its consumer needs it. */
export interface ObjectBucket {
  /** URL of the S3 endpoint: `https://rgw.example.org`. */
  readonly endpoint: string;
  /** @default 'us-east-1' */
  readonly region?: string;
  readonly bucket: string;
  readonly accessKey: SecretRef;
  readonly secretKey: SecretRef;
  /** What must exist before the keys can be read. */
  readonly ready: IDependable;
}

/** Who people are: the same users and groups for the cluster, the registry, the notebooks and REANA. */
export interface IIdentityProvider {
  /** Groups that the provider can say somebody is in. A consumer refuses to name another. Undefined when it cannot list them. */
  readonly groups: readonly string[] | undefined;
  /** Who runs the site's services. */
  readonly admins: { readonly users: readonly string[]; readonly groups: readonly string[] };
  /** Whether somebody the site has not named may make an account. */
  readonly selfRegistration: boolean;
  /** Registers a service that people log in to; its secrets land in the namespace of `scope`. */
  login(request: LoginRequest): Login;
}

/** A service that people log in to. */
export interface LoginRequest {
  readonly scope: Construct;
  /** Name of the service, unique in the environment: `harbor`. */
  readonly name: string;
  /** Where the browser comes back to. Each must be under a host that some route serves. */
  readonly redirectUris: readonly string[];
}

/** How a service checks who somebody is. */
export type Login = OidcLogin | LdapLogin;

/** OpenID Connect, as its discovery document at `<issuer>/.well-known/openid-configuration` describes it. */
export interface OidcLogin {
  readonly kind: 'oidc';
  /** What people know it as: `CILogon`. */
  readonly title: string;
  readonly issuer: string;
  readonly endpoints: {
    readonly authorize: string;
    readonly token: string;
    readonly userinfo: string;
  };
  readonly clientId: string;
  readonly clientSecret: SecretRef;
  readonly scopes: readonly string[];
  readonly usernameClaim: string;
  /** Undefined when the provider does not say who is in which group. */
  readonly groupsClaim: string | undefined;
}

/** LDAP or Active Directory: the service binds, searches the user and binds as the user. */
export interface LdapLogin {
  readonly kind: 'ldap';
  readonly title: string;
  /** `ldaps://ldap.example.org:636`, or `ldap://` which means StartTLS and nothing before it: never a password in clear. */
  readonly url: string;
  /** Undefined for an anonymous bind. */
  readonly bind: { readonly dn: string; readonly password: SecretRef } | undefined;
  readonly users: { readonly base: string; readonly filter: string; readonly attribute: string };
  readonly groupSearch: {
    readonly base: string;
    readonly filter: string;
    readonly attribute: string;
    /** The attribute of a group that lists its members by their distinguished names. */
    readonly member: string;
    /** The attribute of a person that lists the groups by their distinguished names, for services that ask the person. */
    readonly memberOf: string;
  };
  /** Certificates, in PEM, that the server's is checked against. Undefined: the authorities that the service's image trusts. */
  readonly authorities: string | undefined;
}

/** Leave for somebody to pull from a project of the site's registry. Whoever fills the registry makes the account, and its Secrets. */
export interface PullRight {
  /** The project, as the registry names it. */
  readonly project: string;
  /** Name of the account, unique in the project. */
  readonly account: string;
  /** Namespaces whose pods pull with it. */
  readonly namespaces: readonly string[];
}

/** A pool of batch workers that jobs can be sent to. */
export interface ICondorPool {
  /** `host:port` of the collector, for clients inside the cluster. */
  readonly collector: string;
  /** A token that lets its holder do what the authorizations say, in the namespace of `scope`. */
  token(request: {
    readonly scope: Construct;
    readonly name: string;
    /** Whom the pool takes the holder for: `reana@pool.example.org`. */
    readonly identity: string;
    readonly authorizations: readonly (
      'READ' | 'WRITE' | 'ADVERTISE_STARTD' | 'ADVERTISE_SCHEDD'
    )[];
  }): SecretRef;
}

/** A hub of notebooks, for services that people use from their sessions. */
export interface INotebookHub {
  /**
   * Makes a service known to the hub: the token of a session is good for it, the service may ask the hub whose token it got, and sessions may
   * reach it.
   */
  service(request: HubServiceRequest): HubService;
}

/** A service for the sessions of a hub. */
export interface HubServiceRequest {
  /** Name of the service, unique at the hub: `dask-gateway`. */
  readonly name: string;
  /** Its pods that ask the hub. */
  readonly asks: NetworkPolicyPeer;
  /** Its pods that sessions speak to, and the TCP ports these listen on. */
  readonly serves: readonly {
    readonly pods: NetworkPolicyPeer;
    readonly ports: readonly number[];
  }[];
  /** What sessions find in their environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/** How a service asks a hub who somebody is. */
export interface HubService {
  /** `http://hub.notebooks:8081/hub/api`, for pods that `asks` selects. */
  readonly apiUrl: string;
  /** The sessions' pods, for policies on the service's side. */
  readonly sessions: NetworkPolicyPeer;
}
