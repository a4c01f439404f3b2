import { Chart } from 'cdk8s';

import { Harbor } from '../../../constructs/registry/harbor';
import { HarborContent } from '../../../constructs/registry/harbor-content';
import { Tenant } from '../../../constructs/tenancy/tenant';
import { messageFrom } from '../../support/message';
import { appFor, Synthesized } from '../../support/synth';
import { minimal } from './support';

const quota = { cpu: 1, memoryGiB: 1, pods: 1, storageGiB: 0 };

/** A tenant of two namespaces that may pull from projects, and a Harbor with the project `cms`. */
function site(pulls: readonly string[], robots: object = {}): Synthesized {
  const app = appFor();
  const tenant = new Tenant(new Chart(app, 'Tenant', { namespace: 'analysis' }), 'Tenant', {
    quota,
    more: { scratch: { quota } },
    pulls,
  });
  const chart = new Chart(app, 'Registry', { namespace: 'registry' });
  const content = new HarborContent(chart, 'Content', {
    harbor: new Harbor(chart, 'Harbor', minimal),
    projects: { cms: { quotaGiB: 1, robots: { ...robots } } },
    pulls: tenant.pulls,
  });
  expect(content.node.validate()).toEqual([]);
  return new Synthesized(app);
}

test('a tenant that may pull gets a robot, and a Secret of it in each of its namespaces', () => {
  const tree = site(['cms']);
  expect(tree.one('HarborRobot')['spec']).toMatchObject({
    project: 'cms',
    name: 'analysis',
    may: ['pull'],
  });
  const secrets = tree
    .all('Secret')
    .filter(({ metadata }) => metadata.name === 'pull-cms-analysis')
    .map(({ metadata }) => metadata.namespace);
  expect(secrets).toEqual(['analysis', 'scratch']);
});

test("rejects a project that there is not, and an account that is somebody else's", () => {
  expect(messageFrom(() => site(['atlas']))).toContain(
    "'analysis' is to pull from project 'atlas', which is none of 'projects' (cms)",
  );
  const robots = { analysis: { may: ['push'], pullSecretsIn: [] } };
  expect(messageFrom(() => site(['cms'], robots))).toContain(
    "project 'cms' has a robot 'analysis' already, which 'analysis' is to pull by",
  );
});
