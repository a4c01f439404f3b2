import { waitUntilReady } from '../../deploy/readiness';
import { objectsOf, type Plan } from '../../plan/model';
import { messageOf } from '../support/message';
import { deploymentSpec, object, planOfChart } from '../support/plan';
import { withApiServer } from './support/api-server';

const { server, api } = withApiServer();
const LIST = 'GET /apis/apps/v1/namespaces/ns/deployments';
const EVENTS = 'GET /api/v1/namespaces/ns/events';

const deployments = (...names: string[]): Plan =>
  planOfChart((chart) => {
    for (const name of names)
      object(chart, `apps/v1 Deployment ${name}`, { spec: deploymentSpec() });
  });
const live = (name: string, pods: number, conditions: readonly object[] = []): object => ({
  metadata: { name, generation: 1 },
  spec: { replicas: 1 },
  status: {
    observedGeneration: 1,
    replicas: pods,
    updatedReplicas: pods,
    availableReplicas: pods,
    conditions,
  },
});
const wait = (plan: Plan, limitMs = 60_000): Promise<void> =>
  waitUntilReady(api(), objectsOf(plan), { limitMs, progress: () => undefined });

test('what knows no readiness is not even asked for', async () => {
  await wait(planOfChart((chart) => object(chart, 'v1 ConfigMap x')));
  expect(server().requests).toEqual([]);
});

test('a whole collection is read at once, until everything in it is ready', async () => {
  server().answersInTurn(
    LIST,
    { items: [live('a', 1), live('b', 0), live('c', 0)] },
    { items: [live('a', 1), live('b', 1), live('c', 1)] },
  );
  // Two are asked for by name.
  for (const name of ['b', 'c'])
    server().answersInTurn(`${LIST}/${name}`, live(name, 0), live(name, 1));
  await wait(deployments('a', 'b', 'c'));
  expect(server().requests).toEqual([
    `${LIST}?limit=500`,
    ...['b', 'c', 'b', 'c'].map((name) => `${LIST}/${name}`),
  ]);
});

test('rejects what cannot become ready at once, with the reason and the newest warnings', async () => {
  const late = {
    type: 'Progressing',
    status: 'False',
    reason: 'ProgressDeadlineExceeded',
    message: 'it has timed out',
  };
  server().answers(`${LIST}/bad`, live('bad', 0, [late]));
  server().answers(`${LIST}/slow`, live('slow', 0));
  const event = (name: string, message: string): object => ({
    involvedObject: { name },
    reason: 'FailedCreate',
    message,
  });
  server().answers(EVENTS, {
    items: [
      event('bad-7d', 'one'),
      event('bad-7d', 'two'),
      event('other', 'not this'),
      event('bad-7d', 'two'),
      event('bad', 'three'),
      event('bad', 'four'),
    ],
  });
  expect(await messageOf(wait(deployments('bad', 'slow')))).toMatch(
    new RegExp(
      [
        '^1 object is not ready after \\d+ s; correct them and run again:',
        "  - 'ns/deployment.apps/bad' it has timed out",
        '      FailedCreate: two',
        '      FailedCreate: three',
        '      FailedCreate: four$',
      ].join('\n'),
    ),
  );
});

test('rejects what is not ready when patience ends, also where events may not be read', async () => {
  server().answers(`${LIST}/slow`, live('slow', 0));
  server().refuses(EVENTS, 403, 'forbidden');
  expect(await messageOf(wait(deployments('slow', 'gone'), -1))).toMatch(
    new RegExp(
      [
        '^2 objects are not ready after \\d+ s; correct them and run again:',
        "  - 'ns/deployment.apps/gone' is not in the cluster",
        "  - 'ns/deployment.apps/slow' 0 of 1 pods are up to date and available$",
      ].join('\n'),
    ),
  );
});
