import { Construct } from 'constructs';

import { internalReason, keepInternal, reachOf } from '../../../constructs/kit/reach';
import { chartFor } from '../../support/synth';

test('an object says by its label who may come in', () => {
  const labelled = (labels?: Record<string, string>): unknown =>
    reachOf({ metadata: labels === undefined ? {} : { labels } });
  expect(labelled({ 'beamline/reach': 'public' })).toBe('public');
  expect(labelled({ 'beamline/reach': 'internal' })).toBe('internal');
  expect(labelled({ 'beamline/reach': 'anyone' })).toBeUndefined();
  expect(labelled({})).toBeUndefined();
  expect(labelled()).toBeUndefined();
});

test('what is kept internal keeps what is in it, the nearest reason first', () => {
  const chart = chartFor();
  const outer = new Construct(chart, 'Outer');
  const inner = new Construct(outer, 'Inner');
  keepInternal(outer, 'outer');
  expect(internalReason(chart)).toBeUndefined();
  expect(internalReason(inner)).toBe('outer');
  keepInternal(inner, 'inner');
  expect(internalReason(inner)).toBe('inner');
});
