import { reportOf } from '../../../review/report/report';
import { changesOfPulumi } from '../../../review/sources/pulumi-preview';
import { sideOf } from '../corpus/case';
import * as a from '../corpus/objects';

const ranked = (text: string, after = sideOf([])) =>
  reportOf(
    changesOfPulumi(text, { environment: 'site', after, hidden: new Set(['hunter2-secret']) }),
  ).changes.map(({ id, operation, severity }) => [id, operation, severity]);
const preview = (steps: readonly object[], diagnostics: readonly object[] = []): string =>
  JSON.stringify({ steps, diagnostics });
const urn = (type: string, id: string): string => `urn:pulumi:site::beamline::${type}::${id}`;
const STACK = { op: 'same', urn: urn('pulumi:pulumi:Stack', 'beamline-site'), newState: {} };

test('steps of the engine itself say nothing, with or without inputs', () => {
  expect(ranked(preview([STACK]))).toEqual([]);
});

test('what goes from inside a Harbor is ranked like anything else', () => {
  const project = a.beyond('HarborProject', { spec: { name: 'cms' } }, 'cms');
  const id = '_/harborproject.harbor.beamline/cms';
  const gone = {
    op: 'delete',
    urn: urn('beamline:harbor:HarborProject', id),
    oldState: { type: 'beamline:harbor:HarborProject', inputs: project },
  };
  expect(ranked(preview([STACK, gone]))).toEqual([[id, 'delete', 'critical']]);
});

test('what is for the engine only is no change', () => {
  const config = a.configMap({ level: 'info' });
  const metadata = { ...config.metadata, annotations: { 'pulumi.com/skipAwait': 'true' } };
  const id = `${a.NS}/configmap/${config.metadata.name}`;
  const same = {
    op: 'update',
    urn: urn('kubernetes:core/v1:ConfigMap', id),
    oldState: { inputs: { ...config, metadata } },
  };
  const set = changesOfPulumi(preview([same]), {
    ...{ environment: 'site', after: sideOf([config]), hidden: new Set<string>() },
  });
  expect(set.changes.map(({ fields }) => fields)).toEqual([[]]);
});

test.each([
  ['nothing at all', ' \n', /^the preview is empty; pipe the output of pulumi preview --json$/],
  ['half of it', preview([STACK]).slice(0, 40), /^the preview was cut off after 40 characters/],
  ['text', 'Previewing update (site)', /cut off after 24 characters or is no JSON/],
  ['another document', '{"items":[]}', /^this is not what pulumi preview --json prints \(steps: /],
  [
    'a program that failed',
    preview([STACK], [{ severity: 'error', message: 'error: hunter2-secret is wrong' }]),
    /^the engine's preview did not come to its end, .*: error: \[secret\] is wrong$/,
  ],
  [
    'a step that is not known',
    preview([{ op: 'explode', urn: urn('kubernetes:core/v1:Pod', 'a/pod/b') }]),
    /^the preview has a step 'explode', which is not known here$/,
  ],
])('refuses %s', (_, text, message) => {
  expect(() => ranked(text)).toThrow(message);
});

test('a policy that stopped the preview is told of, and what was previewed is ranked', () => {
  const stopped = [{ severity: 'error', message: 'error: preview failed\n' }];
  const { notes } = changesOfPulumi(preview([STACK], stopped), {
    ...{ environment: 'site', after: sideOf([]), hidden: new Set<string>() },
  });
  expect(notes).toEqual(['a policy stopped the preview of the engine']);
});
