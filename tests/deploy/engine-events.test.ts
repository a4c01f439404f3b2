import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { followEvents, type EngineEvent } from '../../deploy/engine-events';

const URN = 'urn:pulumi:dev::beamline::kubernetes:core/v1:ConfigMap::ns/configmap/it';
let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'beamline-events-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** What is told of the lines of a log that is complete. */
async function told(...lines: readonly object[]): Promise<EngineEvent[]> {
  const log = join(folder, 'log');
  appendFileSync(log, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const events: EngineEvent[] = [];
  await followEvents(log, AbortSignal.abort(), (event) => events.push(event));
  return events;
}

test('steps are told by the name of the object', async () => {
  const metadata = { op: 'create', urn: URN };
  expect(
    await told(
      { resourcePreEvent: { metadata } },
      { resOutputsEvent: { metadata } },
      { resOpFailedEvent: { metadata } },
      { summaryEvent: {} },
    ),
  ).toEqual([
    { kind: 'begun', operation: 'create', name: 'ns/configmap/it' },
    { kind: 'done', operation: 'create', name: 'ns/configmap/it' },
    { kind: 'failed', operation: 'create', name: 'ns/configmap/it' },
  ]);
});

test('what the engine says is a problem or a note; a problem names its object once', async () => {
  const said = (severity: string, message: string, urn = ''): object => ({
    diagnosticEvent: { severity, message, urn },
  });
  expect(
    await told(
      said('error', 'it is forbidden\n', URN),
      said('error', 'ns/configmap/it: it is forbidden', URN),
      said('info#err', 'Error: no such file'),
      said('info', 'waiting for 3'),
      said('debug', 'noise'),
      said('info', '  '),
    ),
  ).toEqual([
    { kind: 'problem', message: 'ns/configmap/it: it is forbidden' },
    { kind: 'problem', message: 'ns/configmap/it: it is forbidden' },
    { kind: 'problem', message: 'Error: no such file' },
    { kind: 'note', message: 'waiting for 3' },
  ]);
});

test('what a policy says is a problem when it stops the run', async () => {
  const said = (enforcementLevel: string): object => ({
    policyEvent: {
      resourceUrn: URN,
      policyName: 'errors',
      message: 'it is closed\n',
      enforcementLevel,
    },
  });
  expect(await told(said('advisory'), said('mandatory'))).toEqual([
    { kind: 'problem', message: 'it is closed' },
  ]);
});

test('a log that never comes tells nothing', async () => {
  await expect(
    followEvents(join(folder, 'none'), AbortSignal.abort(), () => undefined),
  ).resolves.toBeUndefined();
});

test('a log is followed while it grows, also in the middle of a line', async () => {
  const log = join(folder, 'log');
  const ended = new AbortController();
  const line = JSON.stringify({ diagnosticEvent: { severity: 'info', message: 'grüße', urn: '' } });
  const events: EngineEvent[] = [];
  const following = followEvents(log, ended.signal, (event) => {
    events.push(event);
    if (events.length === 1) {
      const bytes = Buffer.from(`${line}\n`);
      const middle = bytes.indexOf('ü') + 1;
      appendFileSync(log, bytes.subarray(0, middle));
      setImmediate(() => {
        appendFileSync(log, bytes.subarray(middle));
        ended.abort();
      });
    }
  });
  appendFileSync(log, `${line}\n`);
  await following;
  expect(events).toEqual([
    { kind: 'note', message: 'grüße' },
    { kind: 'note', message: 'grüße' },
  ]);
});
