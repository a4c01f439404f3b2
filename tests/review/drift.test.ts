import type { JsonObject } from '../../plan/model';
import { objectIdOf } from '../../plan/object-id';
import { driftOf, type Drift } from '../../review/drift';
import { sideOf } from './corpus/case';
import * as a from './corpus/objects';

const config = a.configMap({ level: 'info' });
const managed = (manager: string, time: string, fieldsV1: JsonObject): JsonObject => ({
  manager,
  operation: 'Update',
  time,
  fieldsV1,
});

function drift(recorded: ReturnType<typeof a.claim>, live: JsonObject | undefined): Drift[] {
  const side = sideOf([recorded]);
  return driftOf({
    environment: 'site',
    recorded: side,
    planned: side,
    live: new Map(live === undefined ? [] : [[objectIdOf(recorded), live]]),
    hidden: new Set(),
  });
}

test('what is as it was deployed has not drifted, whatever the cluster added', () => {
  const metadata = { ...config.metadata, uid: 'u', labels: { theirs: 'x' } };
  expect(drift(config, { ...config, metadata, status: {} })).toEqual([]);
});

test('a changed field names who wrote it last', () => {
  const metadata = {
    ...config.metadata,
    managedFields: [
      managed('beamline', '2026-01-01T00:00:00Z', { 'f:data': { 'f:other': {} } }),
      managed('kubectl-edit', '2026-01-02T00:00:00Z', { 'f:data': { 'f:level': {} } }),
    ],
  };
  expect(drift(config, { ...config, metadata, data: { level: 'debug' } })).toEqual([
    expect.objectContaining({
      what: 'changed',
      repair: 'beamline drift site --repair',
      adopt:
        'write the new values into the environment, then beamline refresh site && beamline up site',
      fields: [
        expect.objectContaining({
          before: 'info',
          after: 'debug',
          writers: [{ manager: 'kubectl-edit', operation: 'Update', time: '2026-01-02T00:00:00Z' }],
        }),
      ],
    }),
  ]);
});

test('an entry of a list is found by its key', () => {
  const deployment = a.deployment();
  const other = a.deployment(a.pod({ image: 'registry.example.org/program:9' }));
  const fields = {
    'f:spec': {
      'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"main"}': { 'f:image': {} } } } },
    },
  };
  const metadata = {
    ...other.metadata,
    managedFields: [managed('someone', '2026-01-01T00:00:00Z', fields)],
  };
  const [found] = drift(deployment, { ...other, metadata });
  expect(
    found?.fields.map(({ path, writers }) => [path.at(-1), writers.map(({ manager }) => manager)]),
  ).toEqual([['image', ['someone']]]);
});

test('what is gone is said to be, and what changed in a Secret is masked', () => {
  expect(drift(config, undefined)).toEqual([expect.objectContaining({ what: 'gone', fields: [] })]);
  const secret = a.secret({ password: 'hunter2-old' });
  const text = JSON.stringify(
    drift(secret, { ...secret, stringData: { password: 'hunter2-new' } }),
  );
  expect(text).toContain('[secret]');
  expect(text).not.toMatch(/hunter2|aHVudGVy/);
});
