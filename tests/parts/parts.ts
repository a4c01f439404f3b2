import { IMAGES } from '../../constructs/versions';
import { CVMFS_PARTS } from './cvmfs';
import { debianPackages } from './debian';
import { foreignRoot } from './foreign-root';
import { goModuleProgram } from './go-module';
import { goProgram } from './go-program';
import type { Part } from './part';
import { pythonEnvironment } from './python';

/** Every real program that tests run against. A test asks for it by this name: see `need.ts`. */
export const PARTS = {
  ...CVMFS_PARTS,
  rsync: debianPackages(['rsync'], '/usr/bin/rsync'),
  stunnel: debianPackages(['stunnel4'], '/usr/bin/stunnel'),
  acl: debianPackages(['acl'], '/usr/bin/getfacl'),
  attr: debianPackages(['attr'], '/usr/bin/getfattr'),
  busybox: debianPackages(['busybox-static'], '/bin/busybox'),
  squid: debianPackages(['squid'], '/usr/sbin/squid'),
  varnish: debianPackages(['varnish'], '/usr/sbin/varnishd'),
  skopeo: debianPackages(['skopeo'], '/usr/bin/skopeo'),
  registry: debianPackages(['docker-registry'], '/usr/bin/docker-registry'),
  redis: debianPackages(['redis-server'], '/usr/bin/redis-server'),
  // The program itself: what stands in its place on the path changes to an account of the machine.
  rabbitmq: debianPackages(['rabbitmq-server'], '/usr/lib/rabbitmq/bin/rabbitmq-server'),
  postgresql: debianPackages(['postgresql'], '/usr/lib/postgresql/15/bin/postgres'),
  pgbouncer: debianPackages(['pgbouncer'], '/usr/sbin/pgbouncer'),
  promtool: debianPackages(['prometheus'], '/usr/bin/promtool'),
  openssl: debianPackages(['openssl'], '/usr/bin/openssl'),
  chromium: debianPackages(['chromium'], '/usr/bin/chromium'),
  csiProvisioner: goProgram({
    name: 'csi-provisioner',
    package: 'github.com/kubernetes-csi/external-provisioner/v5/cmd/csi-provisioner',
    minutes: 8,
  }),
  nfsProvisioner: goProgram({ name: 'nfs-provisioner', package: '.', minutes: 5 }),
  csiDriver: goProgram({ name: 'csi-driver', package: '.', minutes: 2 }),
  traefik: goModuleProgram({
    name: 'traefik',
    module: 'github.com/traefik/traefik/v3',
    version: IMAGES.traefik.tag,
    package: './cmd/traefik',
    minutes: 10,
  }),
  // SQLite, which we have no use for, is in it in C.
  dex: goProgram({
    name: 'dex',
    package: 'github.com/dexidp/dex/cmd/dex',
    minutes: 3,
    compiler: debianPackages(['gcc', 'libc6-dev'], '/usr/bin/gcc'),
  }),
  'cert-manager': goProgram({ name: 'cert-manager', package: '.', minutes: 5 }),
  slapd: debianPackages(['slapd', 'ldap-utils'], '/usr/sbin/slapd'),
  kerberos: debianPackages(
    ['krb5-kdc', 'krb5-admin-server', 'krb5-user', 'libsasl2-modules-gssapi-mit'],
    '/usr/sbin/kadmin.local',
  ),
  'scc-admission': goProgram({ name: 'scc-admission', package: '.', minutes: 8 }),
  actionlint: goProgram({
    name: 'actionlint',
    package: 'github.com/rhysd/actionlint/cmd/actionlint',
    minutes: 2,
  }),
  'check-jsonschema': pythonEnvironment('check-jsonschema'),
  jupyterhub: pythonEnvironment('jupyterhub'),
  // HTCondor left Debian 12, and publishes no daemons on the registries: trixie's 23.9.6 is the newest there is.
  htcondor: foreignRoot({
    name: 'htcondor',
    suite: 'trixie',
    packages: [
      'condor',
      ...[
        'bash',
        'dash',
        'coreutils',
        'sed',
        'grep',
        'procps',
        'findutils',
        'hostname',
        'tar',
        'gzip',
      ],
    ],
    program: 'usr/sbin/condor_master',
    mounts: ['', '-tokens', '-keys'].map((end) => `etc/beamline-condor${end}`),
  }),
  'oc-groups': goProgram({ name: 'oc-groups', package: '.', minutes: 3 }),
  reana: pythonEnvironment('reana'),
  'reana-backends': pythonEnvironment('reana-backends'),
  'reana-client': pythonEnvironment('reana-client'),
  slurm: debianPackages(['slurmctld', 'slurmd', 'slurm-client', 'munge'], '/usr/sbin/slurmctld'),
  sshd: debianPackages(['openssh-server', 'openssh-client'], '/usr/sbin/sshd'),
  'dask-gateway': pythonEnvironment('dask-gateway'),
  'dask-operator': pythonEnvironment('dask-operator'),
  'spark-operator': goModuleProgram({
    name: 'spark-operator',
    module: 'github.com/kubeflow/spark-operator/v2',
    version: 'v2.5.2',
    package: './cmd/operator',
    minutes: 10,
  }),
} as const satisfies Readonly<Record<string, Part>>;

/** Name of a part. */
export type PartName = keyof typeof PARTS;

/** Whether a text names a part. */
export function isPartName(text: string): text is PartName {
  return Object.hasOwn(PARTS, text);
}
