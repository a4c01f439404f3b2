import { promotionOf } from '../../review/promotion';
import { changesOfCase } from './corpus/case';
import * as a from './corpus/objects';

const image = (tag: string) =>
  a.deployment(a.pod({ image: `registry.example.org/program:${tag}` }));

test('a change that the other environment has seen is told from one that it has not', () => {
  const from = changesOfCase({
    before: [image('1.0'), a.configMap({ level: 'info' }), a.service()],
    after: [image('1.1'), a.configMap({ level: 'debug' })],
  });
  const to = changesOfCase({
    before: [image('1.0'), a.configMap({ level: 'info' }), a.claim()],
    after: [image('1.1'), a.configMap({ level: 'warn' })],
  });
  const { changes, left } = promotionOf(from, to);
  expect(changes.map(({ change, tried }) => [change.id, tried])).toEqual([
    ['corpus/persistentvolumeclaim/data', 'untried'],
    ['corpus/configmap/settings', 'partly'],
    ['corpus/deployment.apps/web', 'tried'],
  ]);
  expect(left).toEqual(['corpus/service/web']);
});

test('what changes in neither is nothing to promote', () => {
  const same = changesOfCase({ before: [a.claim()], after: [a.claim()] });
  expect(promotionOf(same, same)).toEqual({ changes: [], left: [] });
});
