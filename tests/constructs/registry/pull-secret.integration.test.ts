import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { hashSync } from 'bcryptjs';
import { execa } from 'execa';
import { z } from 'zod';

import { generatedSecret } from '../../../constructs/kit/secret-value';
import { pullSecret } from '../../../constructs/registry/pull-secret';
import { lookupIn } from '../../../deploy/secrets';
import { withSecrets } from '../../../deploy/values';
import { isManifest } from '../../../plan/json';
import { describeWith } from '../../parts/need';
import { RegistryServer, writeImage } from '../../support/registry-server';
import { rendered } from '../../support/synth';

const LIMIT_MS = 60_000;
const ACCOUNT = 'robot$cms+puller';
const DRAWN = 'drawnAtRandom0123456789abcdefghi';
const secretSchema = z.looseObject({
  type: z.literal('kubernetes.io/dockerconfigjson'),
  stringData: z.object({ '.dockerconfigjson': z.string() }),
});
const config = z.object({
  auths: z.record(
    z.string(),
    z.object({ username: z.string(), password: z.string(), auth: z.string() }),
  ),
});

describeWith(['registry', 'skopeo'], 'a pull Secret in the hands of a real client', (pathOf) => {
  const folder = mkdtempSync(join(tmpdir(), 'beamline-pull-'));
  let registry: RegistryServer;
  let docker: z.infer<typeof config>;

  beforeAll(async () => {
    const passwords = join(folder, 'passwords');
    // What Harbor is told the token to be: the drawn text behind what makes it pass Harbor's rules.
    writeFileSync(passwords, `${ACCOUNT}:${hashSync(`Rb1${DRAWN}`, 4)}\n`);
    registry = await RegistryServer.start(pathOf('registry'), undefined, {
      REGISTRY_AUTH_HTPASSWD_REALM: 'test',
      REGISTRY_AUTH_HTPASSWD_PATH: passwords,
    });
    const token = generatedSecret('harbor/robot/cms/puller');
    const part = { name: 'harbor', instance: 'harbor', component: 'core', partOf: 'registry' };
    const secret = { name: 'pull', namespace: 'cms', part, account: ACCOUNT, token };
    const made: unknown = rendered((chart) => {
      pullSecret(chart, { ...secret, host: registry.host });
    }).one('Secret');
    if (!isManifest(made)) throw new Error('it is no object');
    const values = new Map([[JSON.stringify(token), DRAWN]]);
    const { stringData } = secretSchema.parse(withSecrets(made, lookupIn(values)));
    docker = config.parse(JSON.parse(stringData['.dockerconfigjson']));
    writeImage(join(folder, 'image'), 'pulled');
    const pushed = await skopeo(docker, 'copy', '--dest-tls-verify=false', image(), remote());
    if (pushed.exitCode !== 0) throw new Error(pushed.stderr);
  }, LIMIT_MS);

  afterAll(async () => {
    await registry.stop();
    rmSync(folder, { recursive: true, force: true });
  }, LIMIT_MS);

  const image = (): string => `oci:${join(folder, 'image')}`;
  const remote = (): string => `docker://${registry.host}/cms/tool:1.0`;

  /** Runs skopeo as somebody whose file of logins is this. */
  function skopeo(logins: object, ...args: readonly string[]) {
    const file = join(folder, 'logins.json');
    writeFileSync(file, JSON.stringify(logins));
    const [verb = '', ...rest] = args;
    return execa(pathOf('skopeo'), [verb, '--authfile', file, ...rest], { reject: false });
  }
  const inspect = (logins: object) =>
    skopeo(logins, 'inspect', '--raw', '--tls-verify=false', remote());

  test('logs in and pulls', async () => {
    const { exitCode, stdout } = await inspect(docker);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('sha256:');
  });

  test('says the same login in both ways that clients read it', () => {
    const [[host, login] = ['', undefined]] = Object.entries(docker.auths);
    expect(host).toBe(registry.host);
    const spoken = Buffer.from(login?.auth ?? '', 'base64').toString('utf8');
    expect(spoken).toBe(`${login?.username ?? ''}:${login?.password ?? ''}`);
    expect(login?.username).toBe(ACCOUNT);
  });

  test('with another token, or for another host, is refused', async () => {
    const auth = Buffer.from(`${ACCOUNT}:Rb1${DRAWN.slice(1)}`).toString('base64');
    for (const logins of [
      { auths: { [registry.host]: { auth } } },
      { auths: { 'registry.example.org': Object.values(docker.auths)[0] } },
      { auths: {} },
    ]) {
      const { exitCode, stderr } = await inspect(logins);
      expect(exitCode).not.toBe(0);
      expect(stderr).toMatch(/unauthorized|authentication required/i);
    }
  });
});
