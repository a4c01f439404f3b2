import { ApiObject } from 'cdk8s';

import { exceptionsOf } from '../../constructs/kit/exceptions';
import { hintsOf } from '../../constructs/kit/hints';
import { GivenObjectStore } from '../../constructs/storage/given-object-store';
import { Target } from '../../constructs/targets';
import { UPSTREAM_FILES } from '../../constructs/versions';
import { DaskStack } from '../../stacks/dask-stack';
import { SparkStack } from '../../stacks/spark-stack';
import { ensureUpstream } from '../../upstream/fetch';
import { cms, cvmfs, gatewayFor, identity, ingress } from '../constructs/analysis/support';
import { houseRuleProblems, type Judged } from '../support/house-rules';
import { messageFrom } from '../support/message';
import { appFor, Synthesized } from '../support/synth';

const { traefikCrds, sparkApplications, sparkScheduledApplications, sparkConnects } =
  UPSTREAM_FILES;
beforeAll(
  () =>
    Promise.all(
      [traefikCrds, sparkApplications, sparkScheduledApplications, sparkConnects].map((pin) =>
        ensureUpstream(pin),
      ),
    ),
  120_000,
);

const history = {
  host: 'spark.example.org',
  ingress,
  events: { kind: 'share', share: { ...cvmfs, readOnly: false } },
} as const;

function site(target: Target): ReturnType<typeof appFor> {
  const app = appFor(target);
  new DaskStack(app, 'Dask', gatewayFor());
  new SparkStack(app, 'Spark', { tenants: [cms], identity, history });
  return app;
}

const able = Target.all.filter((target) => target.has('endpoint-slice-v1'));
const unable = Target.all.filter((target) => !target.has('endpoint-slice-v1'));

test.each(able.map((target) => [target.name, target] as const))(
  'on %s every object follows the house rules, in its own namespaces',
  (_, target) => {
    const app = site(target);
    const own = app.node
      .findAll()
      .filter((construct) => ApiObject.isApiObject(construct))
      .filter((object) => hintsOf(object).upstream === undefined);
    const problems = own.flatMap((object) => {
      const judged: Judged = object.toJson();
      return judged.kind === 'CustomResourceDefinition'
        ? []
        : houseRuleProblems(judged, exceptionsOf(object));
    });
    expect(problems).toEqual([]);
    const made = new Synthesized(app);
    expect(made.all('ClusterRole')).toEqual([]);
    expect(made.names('Namespace')).toEqual(['dask', 'spark']);
  },
);

test.each(unable.map((target) => [target.name, target] as const))(
  'on %s Dask is refused, with the reason',
  (_, target) => {
    expect(messageFrom(() => site(target))).toContain('its proxy, Traefik 3, needs');
  },
);

test('events go to the object store of the site', () => {
  const app = appFor();
  const keys = { from: 'secret', name: 'event-keys' } as const;
  const store = new GivenObjectStore(app, 'Objects', {
    endpoint: 'https://rgw.example.org',
    buckets: { 'spark/events': { bucket: 'spark-events', keys } },
  });
  const image = 'registry.example.org/spark-s3:4.0.1';
  const events = { kind: 'objects', store, image, registries: ['registry.example.org'] } as const;
  new SparkStack(app, 'Spark', { tenants: [cms], identity, history: { ...history, events } });
  const server = JSON.stringify(new Synthesized(app).one('Deployment', 'spark-history'));
  expect(server).toContain('s3a://spark-events/');
  expect(server).toContain('{"key":"AWS_ACCESS_KEY_ID","name":"event-keys"}');
  expect(server).toContain(image);
});
