import { cvmfs } from '../../environments/cvmfs-facts';
import { parseOrExplain } from '../../environments/facts';
import type { CvmfsSiteProps } from '../../stacks/cvmfs-site';
import { messageFrom } from '../support/message';

const facts = {
  consent: 'pods read /cvmfs without a privilege of their own',
  image: { repository: 'registry.example.org/cvmfs-export', tag: '1.0.0', cvmfs: '2.12.7' },
  address: '172.30.0.49',
  serviceNetwork: '172.30.0.0/16',
  nodeNetworks: ['192.0.2.0/24'],
  podNetworks: ['10.128.0.0/14'],
  replicas: { min: 2, max: 4 },
  cacheGiB: 60,
  quotaMiB: 40_000,
  stratumOnes: ['s1.example.org'],
  repositories: [{ name: 'cms.cern.ch', keys: '/etc/cvmfs/keys/cern.ch', readers: ['cms'] }],
};
const operations = { metric: 'calls_per_second', perReplica: 4000, adapter: 'prometheus-adapter' };

test('what a site says of its CVMFS is what the stack takes', () => {
  const said = {
    ...facts,
    proxies: { program: 'varnish' },
    replicas: { ...facts.replicas, operations },
  };
  const props: Omit<CvmfsSiteProps, 'maps'> = parseOrExplain(cvmfs, said, 'a site');
  expect(props).toEqual(said);
  expect(parseOrExplain(cvmfs, facts, 'a site')).toEqual(facts);
});

test.each<readonly [wrong: object, problem: string]>([
  [{ proxies: { program: 'nginx' } }, "must be 'squid' or 'varnish'"],
  [{ proxies: { kind: 'varnish' } }, 'kind'],
  [
    { replicas: { ...facts.replicas, operations: { ...operations, adapter: undefined } } },
    'must be what serves custom.metrics.k8s.io in the cluster',
  ],
  [
    { replicas: { ...facts.replicas, operations: { ...operations, perReplica: 0 } } },
    'must be the number of calls per second of one server, a whole number from 1',
  ],
])('%o is named with what it must be', (wrong, problem) => {
  expect(messageFrom(() => parseOrExplain(cvmfs, { ...facts, ...wrong }, 'a site'))).toContain(
    problem,
  );
});
