import { CvmfsRepositories } from '../../../constructs/cvmfs/repositories';
import type { CvmfsRepositoriesProps } from '../../../constructs/cvmfs/repositories-props';
import { serversOf, type CvmfsRepository } from '../../../constructs/cvmfs/repository';
import { chartFor, Synthesized } from '../../support/synth';
import { catalogue, PEM, repository } from './support/tier';

/** Every prop, none at its default. Adding a prop breaks this line until it is tested below. */
const everything: Required<CvmfsRepositoriesProps> = {
  ...catalogue,
  repositories: [
    repository('sw.example.org', {
      tag: 'v7',
      httpProxy: 'DIRECT',
      prewarm: ['/releases'],
      exportId: 7,
      servers: [
        'https://s2.example.org/cvmfs/sw.example.org',
        'http://s1.example.org/cvmfs/@fqrn@',
      ],
    }),
  ],
  shardProxies: true,
  retired: ['old.example.org'],
  settings: { CVMFS_TIMEOUT: '10' },
};

function made(props: CvmfsRepositoriesProps): CvmfsRepositories {
  return new CvmfsRepositories(chartFor(), 'Subject', props);
}

function refused(...problems: string[]): Error {
  const list = problems.map((problem) => `\n  - ${problem}`).join('');
  return new Error(`CvmfsRepositories 'test/Subject' has invalid props:${list}`);
}

test('what is exported follows from the name, or from the id that was settled', () => {
  const [{ fsid, ...entry } = { fsid: 0 }] = made(everything).exported;
  expect(entry).toEqual({ name: 'sw.example.org', exportId: 7, mount: '/cvmfs/sw.example.org' });
  const [same] = made(catalogue).exported;
  expect(same?.fsid).toBe(fsid);
});

test('it knows the servers and the ports that clients connect to', () => {
  expect(serversOf(everything.repositories)).toEqual({
    hosts: ['s1.example.org', 's2.example.org'],
    ports: [80, 443],
  });
  expect(made(everything).clientPorts).toEqual([80, 443, 3128]);
  expect(made(catalogue).clientPorts).toEqual([3128]);
});

test('a client gets every file in its place', () => {
  const chart = chartFor();
  const repositories = new CvmfsRepositories(chart, 'Subject', everything);
  const part = { name: 'a', instance: 'a', component: 'a', partOf: 'a' };
  const { volume, mounts } = repositories.configure(chart, 'Client', {
    name: 'client',
    part,
    cacheDirectory: '/cache',
    role: { kind: 'client' },
  });
  expect(new Synthesized(chart).one('ConfigMap')['data']).toMatchObject({
    'etc__default.local': expect.stringContaining("CVMFS_TIMEOUT='10'\n"),
    'etc__config.d__sw.example.org.conf': expect.stringContaining("CVMFS_REPOSITORY_TAG='v7'\n"),
    'keys__sw.example.org__sw.example.org.pub': PEM,
  });
  expect(volume.configMap?.items).toContainEqual({
    key: 'keys__sw.example.org__sw.example.org.pub',
    path: 'keys/sw.example.org/sw.example.org.pub',
  });
  expect(mounts.map(({ mountPath, subPath }) => [mountPath, subPath])).toEqual([
    ['/etc/cvmfs/default.local', 'etc/default.local'],
    ['/etc/cvmfs/default.d/90-beamline.conf', 'etc/default.d/90-beamline.conf'],
    ['/etc/cvmfs/config.d', 'etc/config.d'],
    ['/etc/beamline/cvmfs-keys', 'keys'],
  ]);
});

test('rejects a repository that is there twice', () => {
  const repositories = [repository('sw.example.org'), repository('sw.example.org')];
  expect(() => made({ ...catalogue, repositories })).toThrow(
    refused("'repositories' has 'sw.example.org' twice; leave one of the two out"),
  );
});

const withoutKeys: readonly [string, CvmfsRepository['keys']][] = [
  ['no file', { from: 'pem', files: {} }],
  ['no directory', { from: 'image', directory: '' }],
];
test.each(withoutKeys)('rejects a repository without keys: %s', (_, keys) => {
  expect(() =>
    made({ ...catalogue, repositories: [repository('sw.example.org', { keys })] }),
  ).toThrow(
    refused(
      "'keys' of 'sw.example.org' must name its public keys, got none; copy them from its publisher, or name the directory of the image that has them",
    ),
  );
});

test('rejects two names with one fsid, and the fsid of a retired name', () => {
  // The first two of r0, r1, … that meet.
  const [one, two] = ['r32096.example.org', 'r75441.example.org'];
  const collision = refused(
    `'repositories' has '${two}' with fsid 279813715, which '${one}' has: a handle of one would open a file of the other; export one of the two from a catalogue and a tier of its own`,
  );
  const both = [repository(one), repository(two)];
  expect(() => made({ ...catalogue, repositories: both })).toThrow(collision);
  const alone = { ...catalogue, repositories: [repository(two)] };
  expect(() => made({ ...alone, retired: [one] })).toThrow(collision);
  expect(() => made(alone)).not.toThrow();
});

test('rejects what a repository cannot be, all at once', () => {
  const broken: CvmfsRepository = {
    name: 'Atlas',
    keys: { from: 'pem', files: { 'a.txt': 'secret' } },
    servers: ['ftp://s1.example.org'],
    tag: "a'b",
    httpProxy: 'squid:3128',
    prewarm: ['../etc'],
    exportId: 0,
  };
  expect(() => made({ ...catalogue, repositories: [broken] })).toThrow(
    refused(
      "'repositories' must have full lower-case names such as 'sw.example.org', got 'Atlas'",
      "'keys' of 'Atlas' must be files that end in '.pub', got 'a.txt'",
      "'keys' of 'Atlas' must hold a PEM public key in 'a.txt'",
      "'servers' of 'Atlas' must be URLs like 'http://s1.example.org:8000/cvmfs/@fqrn@', got 'ftp://s1.example.org'",
      "'tag' of 'Atlas' must be letters, digits, '.', '_' and '-', got 'a'b'",
      "'httpProxy' of 'Atlas' must be proxies as CVMFS writes them, 'http://a:3128|http://b:3128;DIRECT', got 'squid:3128'",
      "'prewarm' of 'Atlas' must be paths below the repository, '/sw', got '../etc'",
      "'exportId' of 'Atlas' must be a whole number from 1 to 65535, got '0'",
    ),
  );
});

test('rejects what a catalogue cannot be, all at once', () => {
  const props: CvmfsRepositoriesProps = {
    repositories: [],
    httpProxy: "DIRECT'; rm -rf /",
    quotaMiB: 10,
    settings: { CVMFS_NFS_SOURCE: 'no', PATH: '/', CVMFS_TIMEOUT: "'" },
  };
  expect(() => made(props)).toThrow(
    refused(
      "'repositories' must list at least one repository, got none",
      "'httpProxy' must be proxies as CVMFS writes them, 'http://a:3128|http://b:3128;DIRECT', got 'DIRECT'; rm -rf /'",
      "'quotaMiB' must be a whole number of MiB from 1000, got '10'",
      "'settings' must leave 'CVMFS_NFS_SOURCE' out: other fields of the catalogue and the way of access decide it",
      "'settings' must be parameters of the client, 'CVMFS_TIMEOUT', got 'PATH'",
      "'settings' must have no quote or line break in 'CVMFS_TIMEOUT'",
    ),
  );
});
