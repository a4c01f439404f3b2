/** One thing that a new site decides, with what may be answered and what each answer means. */
export interface Question<Choice extends string> {
  /** What is asked. */
  readonly ask: string;
  /** Why it is asked, for whoever does not know. */
  readonly why: string;
  /** The answers, the usual one first. */
  readonly choices: Readonly<Record<Choice, string>>;
}

export type StorageChoice = 'nfs' | 'nfs-csi' | 'rook' | 'ceph' | 'existing' | 'none';
export type IngressChoice = 'traefik' | 'routes' | 'nginx' | 'none';
export type IdentityChoice = 'none' | 'oidc' | 'ldap' | 'dex';
export type ScaleChoice = 'dask' | 'htcondor' | 'spark';
export type RunChoice = 'welcome' | 'tenants' | 'registry' | 'cvmfs' | 'notebooks' | 'reana';

export const FLAVOUR: Question<'okd' | 'kubernetes'> = {
  ask: 'Whose Kubernetes does the cluster run?',
  why: 'It decides how pods are confined and what front doors there are.',
  choices: { okd: 'OKD or OpenShift', kubernetes: 'plain Kubernetes of any vendor' },
};

export const STORAGE: Question<StorageChoice> = {
  ask: 'Where do claims for storage come from?',
  why: 'Databases, registries and notebooks ask the cluster for directories; something has to make them.',
  choices: {
    nfs: 'an NFS server, by an unprivileged program that makes a directory for each claim',
    'nfs-csi': 'an NFS server, by its CSI driver: a privileged pod on every node',
    rook: 'a Ceph on the disks of its own nodes, by Rook',
    ceph: 'a Ceph outside of the cluster, by its CSI driver',
    existing: 'a storage class that the cluster already has',
    none: 'nothing here asks for storage',
  },
};

export const INGRESS: Question<IngressChoice> = {
  ask: 'How do requests come in from outside?',
  why: 'Every service with a web page is reached through one front door.',
  choices: {
    traefik: 'a Traefik of its own, behind a load balancer',
    routes: "OKD's own router",
    nginx: 'an ingress-nginx that the cluster already has',
    none: 'nothing here is reached from outside',
  },
};

export const IDENTITY: Question<IdentityChoice> = {
  ask: 'How do services know people?',
  why: 'Said once, every service follows it. Rights on the cluster itself are by group names in any case.',
  choices: {
    none: 'services keep users of their own',
    oidc: 'OpenID Connect: Keycloak, for example',
    ldap: "the site's LDAP directory",
    dex: "OpenID Connect by a Dex of its own, in front of the site's LDAP directory",
  },
};

export const RUN: Question<RunChoice> = {
  ask: 'What is to run?',
  why: 'More can be added to index.ts at any time; this is to start with.',
  choices: {
    welcome: 'a small page that shows whether the front door works',
    tenants: 'namespaces for groups of people, with quota and rights',
    registry: 'a Harbor for images',
    cvmfs: 'CVMFS for pods without a privilege: proxies, and NFS servers that they mount from',
    notebooks: 'a JupyterHub, whose sessions see CVMFS where it runs',
    reana: 'a REANA for reproducible analyses',
  },
};

export const SCALE: Question<ScaleChoice> = {
  ask: 'What do notebooks scale out to?',
  why: 'Any of these makes the site an analysis facility: notebooks and tenants as one stack, with larger work beside the sessions. None is an answer.',
  choices: {
    dask: "Dask clusters that people start from notebooks, in the namespace of their group's tenant",
    htcondor:
      'a batch pool of HTCondor; its queue needs a disk of one node, so a block storage class',
    spark: "Spark applications in the tenants' namespaces, by Kubeflow's operator",
  },
};
