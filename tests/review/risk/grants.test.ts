import type { Manifest } from '../../../plan/model';
import { ranked } from '../../../review/risk/rank';
import { changesOfCase } from '../corpus/case';

const account = (annotations: Readonly<Record<string, string>>): Manifest => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'osg', namespace: 'edge-osg', annotations },
});
const until = (day: string): Manifest => account({ 'beamline/granted-until': day });

/** What is said of the leave of a team, or of a consent, when one object takes the place of another. */
function said(before: readonly Manifest[], after: readonly Manifest[]): string[] {
  return ranked(changesOfCase({ before, after }))
    .flatMap(({ risks }) => risks)
    .filter(({ rule }) => /^(grant|consent)-/.test(rule))
    .map(({ rule, severity, why }) => `${severity} ${rule}: ${why}`);
}

test.each<readonly [string, readonly Manifest[], readonly Manifest[], readonly string[]]>([
  [
    'given',
    [],
    [until('2027-05-31')],
    ["medium grant-given: team 'osg' in 'edge-osg' may run its service until 2027-05-31"],
  ],
  [
    'made longer',
    [until('2027-05-31')],
    [until('2027-06-30')],
    [
      "medium grant-extended: team 'osg' in 'edge-osg' may run its service until 2027-06-30, before until 2027-05-31",
    ],
  ],
  [
    'made shorter',
    [until('2027-05-31')],
    [until('2027-04-30')],
    [
      "low grant-shortened: team 'osg' in 'edge-osg' may run its service until 2027-04-30, before until 2027-05-31",
    ],
  ],
  [
    'taken back',
    [until('2027-05-31')],
    [],
    [
      "medium grant-revoked: the leave of team 'osg' in 'edge-osg', until 2027-05-31, is taken back: every token that was handed out is void at once",
    ],
  ],
  ['left as it is', [until('2027-05-31')], [until('2027-05-31')], []],
])('leave of a remote team, %s', (_, before, after, expected) => {
  expect(said(before, after)).toEqual(expected);
});

test('a consent to more than restricted is told with its reason when it is given', () => {
  const consented = account({ 'beamline/consent': 'its image begins as root, ticket 1' });
  expect(said([account({})], [consented])).toEqual([
    "medium consent-given: ServiceAccount 'osg' in 'edge-osg' may more than restricted: its image begins as root, ticket 1",
  ]);
  expect(said([consented], [account({})])).toEqual([]);
});
