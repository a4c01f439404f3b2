import { clientConf, keyFiles, type ClientConf } from '../../../constructs/cvmfs/client-conf';

const PEM = '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----';
const conf: ClientConf = {
  repositories: [
    {
      name: 'sw.example.org',
      keys: { from: 'pem', files: { 'sw.pub': PEM } },
      servers: ['http://s1.example.org/cvmfs/@fqrn@', 'http://s2.example.org:8000/cvmfs/@fqrn@'],
      tag: 'v7',
      httpProxy: 'DIRECT',
    },
    {
      name: 'cms.cern.ch',
      keys: { from: 'image', directory: '/etc/cvmfs/keys/cern.ch' },
      servers: ['http://s1.example.org/cvmfs/@fqrn@'],
    },
  ],
  httpProxy: 'http://squid:3128',
  shardProxies: true,
  quotaMiB: 20_000,
  cacheDirectory: '/var/lib/cvmfs',
  settings: {},
  role: { kind: 'nfs-source', sharedMaps: '/var/lib/cvmfs-maps', memoryCacheMiB: 256 },
};

test('the source of an export keeps its inodes in the shared maps', () => {
  expect(clientConf(conf)).toEqual({
    'default.d/90-beamline.conf': "CVMFS_CONFIG_REPOSITORY=''\n",
    'default.local':
      "CVMFS_REPOSITORIES='sw.example.org,cms.cern.ch'\n" +
      "CVMFS_STRICT_MOUNT='yes'\n" +
      "CVMFS_HTTP_PROXY='http://squid:3128'\n" +
      "CVMFS_PROXY_SHARD='yes'\n" +
      "CVMFS_USE_GEOAPI='yes'\n" +
      "CVMFS_CACHE_BASE='/var/lib/cvmfs'\n" +
      "CVMFS_QUOTA_LIMIT='20000'\n" +
      "CVMFS_MAX_RETRIES='2'\n" +
      "CVMFS_NFS_SOURCE='yes'\n" +
      "CVMFS_NFS_SHARED='/var/lib/cvmfs-maps'\n" +
      "CVMFS_MEMCACHE_SIZE='256'\n",
    'config.d/sw.example.org.conf':
      "CVMFS_SERVER_URL='http://s1.example.org/cvmfs/@fqrn@;http://s2.example.org:8000/cvmfs/@fqrn@'\n" +
      "CVMFS_KEYS_DIR='/etc/beamline/cvmfs-keys/sw.example.org'\n" +
      "CVMFS_REPOSITORY_TAG='v7'\n" +
      "CVMFS_HTTP_PROXY='DIRECT'\n",
    'config.d/cms.cern.ch.conf':
      "CVMFS_SERVER_URL='http://s1.example.org/cvmfs/@fqrn@'\n" +
      "CVMFS_KEYS_DIR='/etc/cvmfs/keys/cern.ch'\n",
  });
});

test('a plain client has nothing of NFS, a lone source no shared maps', () => {
  const plain = clientConf({ ...conf, role: { kind: 'client' }, shardProxies: false });
  expect(plain['default.local']).not.toMatch(/NFS|MEMCACHE|SHARD/);
  const lone = { kind: 'nfs-source', sharedMaps: undefined, memoryCacheMiB: 256 } as const;
  expect(clientConf({ ...conf, role: lone })['default.local']).not.toContain('CVMFS_NFS_SHARED');
});

test('no configuration has what NFS mode excludes', () => {
  expect(Object.values(clientConf(conf)).join('')).not.toMatch(/ALIEN|WORKSPACE|INTERLEAVED/);
});

test('keys of the environment are files, those of the image are not', () => {
  expect(keyFiles(conf.repositories)).toEqual({ 'sw.example.org/sw.pub': `${PEM}\n` });
});
