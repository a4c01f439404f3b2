import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execa } from 'execa';
import { z } from 'zod';

import { GroupSync, syncArguments } from '../../../constructs/identity/group-sync';
import { syncConfig } from '../../../constructs/identity/sync-config';
import { aggregatedCrds } from '../../../sandbox/okd/aggregated-kinds';
import { describeWith } from '../../parts/need';
import { synth } from '../../support/synth';
import { Cluster } from '../../support/cluster';
import { Directory } from '../../support/directory';
import { laboratory } from '../../support/laboratory';

const NAMESPACE = 'it-group-sync';
const groupSchema = z.object({ users: z.array(z.string()).nullish() });
const rule = z.looseObject({ rules: z.array(z.looseObject({ verbs: z.array(z.string()) })) });

// `oc adm groups` is the real one; the Group kind is the sandbox's stand-in, which stores what OKD's API server would.
describeWith(['slapd', 'openssl', 'oc-groups'], "OKD's groups follow a directory", (pathOf) => {
  const folder = mkdtempSync(join(tmpdir(), 'beamline-groups-'));
  const cluster = new Cluster();
  let directory: Directory;
  let kubeconfig: string;

  /** One run of the CronJob's two steps, as its pod makes them, under its ServiceAccount's token. */
  async function run(): Promise<void> {
    const config = join(folder, 'sync.yaml');
    const files = { password: join(folder, 'bind-password'), ca: join(folder, 'ca.crt') };
    writeFileSync(config, syncConfig(laboratory(directory), files));
    writeFileSync(files.password, 'reader-secret');
    writeFileSync(files.ca, directory.ca);
    for (const verb of ['sync', 'prune'] as const) {
      await execa(pathOf('oc-groups'), syncArguments(verb, config), {
        timeout: 60_000,
        env: { KUBECONFIG: kubeconfig, HOME: folder },
      });
    }
  }

  /** The users of each group. */
  async function groups(): Promise<Record<string, readonly string[]>> {
    const names = (await cluster.kubectl(['get', 'groups.user.openshift.io', '-o', 'name'])).split(
      '\n',
    );
    const found: Record<string, readonly string[]> = {};
    for (const name of names.filter(Boolean)) {
      const text = await cluster.kubectl(['get', name, '-o', 'json']);
      const { users } = groupSchema.parse(JSON.parse(text));
      found[name.split('/').at(-1) ?? ''] = users ?? [];
    }
    return found;
  }

  /** What the construct renders and a run needs beside the directory: its account and its rights. */
  async function install(without?: string): Promise<void> {
    const tree = synth(GroupSync, { directory: laboratory(directory) }, 'okd 4.21', NAMESPACE);
    const rights = tree.all('ClusterRole').map((role) => ({
      ...role,
      rules: rule
        .parse(role)
        .rules.map((one) => ({ ...one, verbs: one.verbs.filter((verb) => verb !== without) })),
    }));
    await cluster.apply([
      ...tree.all('ServiceAccount'),
      ...rights,
      ...tree.all('ClusterRoleBinding'),
    ]);
  }

  beforeAll(async () => {
    directory = await Directory.start(join(folder, 'ldap'), {
      slapd: pathOf('slapd'),
      openssl: pathOf('openssl'),
    });
    const definition = aggregatedCrds().filter((crd) =>
      JSON.stringify(crd).includes('"groups.user.'),
    );
    await cluster.apply([
      ...definition,
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    ]);
    await install();
    kubeconfig = await cluster.kubeconfigOf('group-sync', NAMESPACE, folder);
  }, 180_000);

  afterAll(async () => {
    await cluster.kubectl(['delete', 'ns', NAMESPACE, '--wait=false', '--ignore-not-found']);
    await cluster.kubectl(['delete', 'crd', 'groups.user.openshift.io', '--ignore-not-found']);
    const rights = [
      `clusterrole/beamline:${NAMESPACE}:group-sync`,
      `clusterrolebinding/beamline:${NAMESPACE}:group-sync`,
    ];
    await cluster.kubectl(['delete', '--ignore-not-found', ...rights]);
    directory.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test('the groups and their members are those of the directory; who left long ago stops nothing', async () => {
    await run();
    expect(await groups()).toEqual({ analysis: ['anna', 'ben'], 'site-admins': ['anna'] });
    await run();
    expect(await groups()).toEqual({ analysis: ['anna', 'ben'], 'site-admins': ['anna'] });
  }, 120_000);

  test('who is taken out of a group is out of it after the next run, and so is a group that is gone', async () => {
    await directory.change(
      'dn: cn=analysis,ou=groups,dc=example,dc=org\nchangetype: modify\ndelete: member\nmember: uid=ben,ou=people,dc=example,dc=org\n',
    );
    await run();
    expect(await groups()).toEqual({ analysis: ['anna'], 'site-admins': ['anna'] });
    await directory.change('dn: cn=analysis,ou=groups,dc=example,dc=org\nchangetype: delete\n');
    await run();
    expect(await groups()).toEqual({ 'site-admins': ['anna'] });
  }, 120_000);

  test.each(['get', 'list', 'create', 'update', 'delete'])(
    'without the right to %s groups, a run fails',
    async (verb) => {
      const dn = `cn=of-${verb},ou=groups,dc=example,dc=org`;
      const anna = 'uid=anna,ou=people,dc=example,dc=org';
      const ben = 'uid=ben,ou=people,dc=example,dc=org';
      await directory.change(
        `dn: ${dn}\nchangetype: add\nobjectClass: groupOfNames\ncn: of-${verb}\nmember: ${anna}\n`,
      );
      await install(verb);
      const story = async (): Promise<void> => {
        await run();
        await directory.change(`dn: ${dn}\nchangetype: modify\nadd: member\nmember: ${ben}\n`);
        await run();
        await directory.change(`dn: ${dn}\nchangetype: delete\n`);
        await run();
      };
      try {
        await expect(story()).rejects.toThrow(/forbidden|cannot/i);
      } finally {
        await directory.change(`dn: ${dn}\nchangetype: delete\n`).catch(() => undefined);
        await install();
        await run();
      }
    },
    120_000,
  );
});
