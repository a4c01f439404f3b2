import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DirectoryFacts } from '../../../deploy/directory/facts';
import { surveyOf, type Survey } from '../../../deploy/directory/survey';
import { describeWith } from '../../parts/need';
import { Authority } from '../../support/authority';
import { Directory } from '../../support/directory';
import { READER, SEARCHES } from '../../support/laboratory';

const LIMIT_MS = 60_000;
const PASSWORD = 'reader-secret';

describeWith(['slapd', 'openssl'], 'a directory that is asked whom its filters fit', (pathOf) => {
  const folder = mkdtempSync(join(tmpdir(), 'beamline-survey-'));
  let directory: Directory;

  beforeAll(async () => {
    const programs = { slapd: pathOf('slapd'), openssl: pathOf('openssl') };
    directory = await Directory.start(folder, programs);
  }, LIMIT_MS);
  afterAll(() => {
    directory.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const facts = (more: Partial<DirectoryFacts> = {}): DirectoryFacts => ({
    url: directory.url,
    bindDn: READER,
    ca: directory.ca,
    ...SEARCHES,
    adminGroups: ['site-admins'],
    ...more,
  });
  const survey = (more?: Partial<DirectoryFacts>): Promise<Survey> =>
    surveyOf(facts(more), PASSWORD);
  const usersBy = (filter: string): Pick<DirectoryFacts, 'users'> => ({
    users: { ...facts().users, filter },
  });

  test.each(['url', 'plainUrl'] as const)(
    'says how many users and members there are; who left long ago does not count (%s)',
    async (address) => {
      expect(await survey({ url: directory[address] })).toEqual({
        url: directory[address],
        users: 3,
        groups: [
          { name: 'site-admins', members: 1 },
          { name: 'analysis', members: 2 },
        ],
        errors: [],
        warnings: [],
      });
    },
  );

  test('a filter that fits nobody is a warning, and leaves nobody to run the site', async () => {
    const { warnings, errors } = await survey(usersBy('(uid=nobody)'));
    expect(warnings).toContain(
      "users.filter (uid=nobody) fits nobody below 'ou=people,dc=example,dc=org'",
    );
    expect(errors).toEqual([
      "admins.groups: 'site-admins' holds none of the users; nobody would run the site's services",
    ]);
    const { warnings: ofGroups } = await survey({
      groupSearch: { ...facts().groupSearch, filter: '(cn=none)' },
      adminGroups: [],
    });
    expect(ofGroups).toEqual([
      "groupSearch.filter (cn=none) fits nothing below 'ou=groups,dc=example,dc=org'",
    ]);
  });

  test('a group of admins that holds everybody is refused', async () => {
    const everybody = await survey({
      ...usersBy('(|(uid=anna)(uid=ben))'),
      adminGroups: ['analysis'],
    });
    expect(everybody.errors).toEqual([
      "admins.groups: 'analysis' holds all 2 users; everybody would run the site's services",
    ]);
  });

  test('a group of admins that the directory does not have is refused', async () => {
    expect((await survey({ adminGroups: ['wheel'] })).errors).toEqual([
      "admins.groups: 'wheel' is no group below 'ou=groups,dc=example,dc=org' that fits (objectClass=groupOfNames)",
    ]);
  });

  test('a group that nobody of the users is in is a warning', async () => {
    const { warnings } = await survey(usersBy('(uid=anna)'));
    expect(warnings).toEqual([]);
    expect((await survey(usersBy('(uid=carl)'))).warnings).toEqual([
      "group 'analysis' holds none of the users",
    ]);
  });

  test('a wrong password, and a certificate of somebody else, are said with the address', async () => {
    await expect(surveyOf(facts(), 'wrong')).rejects.toThrow(
      `the directory '${directory.url}' did not answer as asked: `,
    );
    const stranger = await Authority.make(pathOf('openssl'));
    for (const url of [directory.url, directory.plainUrl])
      await expect(survey({ url, ca: stranger.certificate })).rejects.toThrow(/certificate/);
    stranger.clear();
  });
});
