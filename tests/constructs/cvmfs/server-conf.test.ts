import { exportConfig, type ExportConfig } from '../../../constructs/cvmfs/export-config';
import { exportIdsOf } from '../../../constructs/cvmfs/fsid';
import { ganeshaConf, type GaneshaConf } from '../../../constructs/cvmfs/ganesha-conf';
import { kernelExports } from '../../../constructs/cvmfs/kernel-exports';
import { mountOf } from '../../../constructs/cvmfs/repository';

const repositories = ['cms.cern.ch', 'atlas.cern.ch'].map((name) => ({
  name,
  ...exportIdsOf(name),
  mount: mountOf({ name }),
}));
const conf: GaneshaConf = {
  repositories,
  clients: ['192.0.2.0/24', '10.128.0.0/14'],
  serverScope: 'cvmfs-nfs.cvmfs',
  nfsPort: 2049,
  leaseSeconds: 10,
  graceSeconds: 0,
  recoveryDirectory: '/var/lib/nfs/ganesha',
};

/** The lines of the block that begins with the line, without indentation. */
function blockOf(text: string, first: string): string[] {
  const lines = text.split('\n');
  const start = lines.indexOf(first);
  return lines.slice(start + 1, lines.indexOf('}', start)).map((line) => line.trim());
}

test('Ganesha speaks NFSv4 only and presents one scope', () => {
  const text = ganeshaConf(conf);
  expect(blockOf(text, 'NFS_CORE_PARAM {')).toEqual([
    'NFS_Protocols = 4;',
    'NFS_Port = 2049;',
    'Bind_addr = 0.0.0.0;',
    'Enable_UDP = false;',
    'Enable_NLM = false;',
    'Enable_RQUOTA = false;',
    'mount_path_pseudo = true;',
  ]);
  expect(blockOf(text, 'NFSV4 {')).toEqual(
    expect.arrayContaining([
      'Server_Scope = "cvmfs-nfs.cvmfs";',
      'Server_Owner = "cvmfs-nfs.cvmfs";',
      'Lease_Lifetime = 10;',
      'Graceless = true;',
      'RecoveryRoot = "/var/lib/nfs/ganesha";',
    ]),
  );
});

test('an export is read-only, squashed and open to the named networks alone', () => {
  expect(ganeshaConf(conf)).toContain(`
# cms.cern.ch
EXPORT {
  Export_Id = 30300;
  Path = "/cvmfs/cms.cern.ch";
  Pseudo = "/cvmfs/cms.cern.ch";
  Filesystem_Id = 939488099.0;
  Protocols = 4;
  Transports = TCP;
  SecType = sys;
  PrivilegedPort = false;
  Squash = All_Squash;
  Anonymous_Uid = 65534;
  Anonymous_Gid = 65534;
  Disable_ACL = true;
  MaxRead = 1048576;
  PrefRead = 1048576;
  Access_Type = None;
  CLIENT {
    Protocols = 4;
    Clients = 192.0.2.0/24, 10.128.0.0/14;
    Access_Type = RO;
  }
  FSAL {
    Name = VFS;
  }
}
`);
});

test('what Ganesha says of an export does not depend on the others or their order', () => {
  const exportOf = (text: string): string => /# cms\.cern\.ch\n[^#]*/.exec(text)?.[0].trim() ?? '';
  const reversed = ganeshaConf({ ...conf, repositories: [...repositories].reverse() });
  expect(exportOf(ganeshaConf(conf))).toMatch(/^# cms\.cern\.ch\nEXPORT/);
  expect(exportOf(reversed)).toBe(exportOf(ganeshaConf(conf)));
});

test('a grace period and an address can be asked for', () => {
  const text = ganeshaConf({ ...conf, graceSeconds: 15, bindAddress: '127.0.0.11' });
  expect(text).toContain('  Graceless = false;\n  Grace_Period = 15;\n');
  expect(text).toContain('  Bind_addr = 127.0.0.11;\n');
});

test('the kernel exports the same, with the fsid of the name', () => {
  const options = 'no_subtree_check,insecure,all_squash,anonuid=65534,anongid=65534,sec=sys';
  expect(kernelExports({ repositories, clients: ['192.0.2.0/24'] })).toBe(
    '# Rendered by Beamline. The same on every replica.\n' +
      `/export 192.0.2.0/24(ro,sync,fsid=0,${options},crossmnt)\n` +
      `/export/cvmfs/cms.cern.ch 192.0.2.0/24(ro,sync,fsid=939488099,${options})\n` +
      `/export/cvmfs/atlas.cern.ch 192.0.2.0/24(ro,sync,fsid=1954343144,${options})\n`,
  );
});

test('every network gets its own entry for the kernel', () => {
  const [, , line] = kernelExports({ repositories, clients: conf.clients }).split('\n');
  expect(line?.split(' ').map((word) => word.replace(/\(.*/, ''))).toEqual([
    '/export/cvmfs/cms.cern.ch',
    '192.0.2.0/24',
    '10.128.0.0/14',
  ]);
});

test('the supervisor gets what the construct decided, as JSON', () => {
  const config: ExportConfig = {
    repositories,
    server: 'ganesha',
    nfsPort: 2049,
    healthPort: 8080,
    leaseSeconds: 10,
    graceSeconds: 0,
    sharedDirectory: '/var/lib/cvmfs-maps',
    serverScope: 'cvmfs-nfs.cvmfs',
    drainSeconds: 5,
    checkIntervalSeconds: 1,
    statTimeoutSeconds: 3,
    revisionToleranceSeconds: 600,
    prewarm: ['/cvmfs/cms.cern.ch'],
  };
  expect(JSON.parse(exportConfig(config))).toEqual(config);
});
