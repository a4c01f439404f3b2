import { squidConf, type SquidConf } from '../../../constructs/cvmfs/squid-conf';

const conf: SquidConf = {
  port: 3128,
  clients: ['10.128.0.0/14', '192.0.2.0/24'],
  destinations: ['.cern.ch', 's1.example.org'],
  destinationPorts: [80, 8000],
  memoryMiB: 512,
  diskMiB: 20_000,
  cacheDirectory: '/var/cache/squid',
  runDirectory: '/run/squid',
  visibleName: 'cvmfs-proxy',
};

test('the rules let the named networks read the named servers and nothing else', () => {
  const rules = squidConf(conf)
    .split('\n')
    .filter((line) => /^(acl|http_access|icp_access|htcp_access) /.test(line));
  expect(rules).toEqual([
    'acl clients src 10.128.0.0/14',
    'acl clients src 192.0.2.0/24',
    'acl stratum_ones dstdomain .cern.ch',
    'acl stratum_ones dstdomain s1.example.org',
    'acl stratum_one_ports port 80 8000',
    'acl reads method GET HEAD',
    'http_access allow localhost manager',
    'http_access deny manager',
    'http_access deny CONNECT',
    'http_access deny !stratum_one_ports',
    'http_access allow clients reads stratum_ones',
    'http_access deny all',
    'icp_access deny all',
    'htcp_access deny all',
  ]);
});

test('requests for one object are collapsed and caches have the sizes asked for', () => {
  const lines = squidConf(conf).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'http_port 3128',
      'collapsed_forwarding on',
      'cache_mem 512 MB',
      'cache_dir aufs /var/cache/squid 20000 16 256',
      'pid_filename /run/squid/squid.pid',
    ]),
  );
});

test('it can listen on one address', () => {
  const text = squidConf({ ...conf, bindAddress: '127.0.0.5' });
  expect(text).toContain('\nhttp_port 127.0.0.5:3128\n');
});
