import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execa } from 'execa';
import { z } from 'zod';

import { LdapIdentity } from '../../../constructs/identity/ldap-identity';
import { JupyterHub } from '../../../constructs/notebooks/jupyterhub';
import { describeWith } from '../../parts/need';
import { Authority } from '../../support/authority';
import { Directory } from '../../support/directory';
import { laboratory } from '../../support/laboratory';
import { chartFor, Synthesized } from '../../support/synth';
import { hub } from './support';

const LIMIT_MS = 120_000;
const texts = z.record(z.string(), z.string());
const answers = z.array(
  z.union([
    z.object({ name: z.string(), groups: z.array(z.string()), admin: z.boolean() }),
    z.object({ refused: z.string() }),
  ]),
);

describeWith(
  ['jupyterhub', 'slapd', 'openssl'],
  "the hub's real authenticator at a real directory",
  (pathOf) => {
    const folder = mkdtempSync(join(tmpdir(), 'beamline-hub-people-'));
    let directory: Directory;

    beforeAll(async () => {
      const programs = { slapd: pathOf('slapd'), openssl: pathOf('openssl') };
      directory = await Directory.start(join(folder, 'ldap'), programs);
    }, LIMIT_MS);

    afterAll(() => {
      directory.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    /** As whom the hub lets people in who say these names and passwords. */
    async function logins(
      people: readonly (readonly [string, string])[],
      where: { readonly url: string; readonly ca: string },
    ): Promise<z.infer<typeof answers>> {
      const chart = chartFor('okd 4.21');
      const identity = new LdapIdentity(chart, 'People', laboratory(where));
      const profiles = hub.profiles.map((profile) => ({ ...profile, groups: ['analysis'] }));
      new JupyterHub(chart, 'Hub', { ...hub, groups: ['analysis'], profiles, identity });
      const made = new Synthesized(chart);
      for (const [name, object, field] of [
        ['config', made.one('ConfigMap', 'hub'), 'data'],
        ['secret', made.one('Secret', 'hub'), 'stringData'],
      ] as const) {
        mkdirSync(join(folder, name), { recursive: true });
        for (const [file, text] of Object.entries(texts.parse(object[field])))
          writeFileSync(join(folder, name, file), text);
      }
      const { stdout } = await execa(
        join(pathOf('jupyterhub'), 'bin', 'python'),
        [join(__dirname, 'directory.py'), folder, JSON.stringify(people)],
        { timeout: 60_000 },
      );
      return answers.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
    }

    test.each(['url', 'plainUrl'] as const)(
      'people, their groups and who is admin come from it, with its own authority (%s)',
      async (address) => {
        const where = { url: directory[address], ca: directory.ca };
        expect(
          await logins(
            [
              ['anna', 'anna-secret'],
              ['ben', 'ben-secret'],
              ['carl', 'carl-secret'],
              ['anna', 'wrong'],
              ['*', 'anna-secret'],
            ],
            where,
          ),
        ).toEqual([
          { name: 'anna', groups: ['analysis', 'site-admins'], admin: true },
          { name: 'ben', groups: ['analysis'], admin: false },
          { refused: 'unknown' },
          { refused: 'unknown' },
          { refused: 'unknown' },
        ]);
      },
      LIMIT_MS,
    );

    test.each(['url', 'plainUrl'] as const)(
      'a directory that shows a certificate of somebody else gets no password (%s)',
      async (address) => {
        const stranger = await Authority.make(pathOf('openssl'));
        const where = { url: directory[address], ca: stranger.certificate };
        const found = await logins([['anna', 'anna-secret']], where);
        stranger.clear();
        expect(JSON.stringify(found)).toMatch(/certificate verify failed/i);
      },
      LIMIT_MS,
    );
  },
);
