import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execa } from 'execa';

import { PROJECT, STASH_TYPE, urnOf } from '../../deploy/identity';
import { readStateFile } from '../../deploy/state-file';
import { parseState } from '../../deploy/state';
import { at, isObject, parseJson } from '../../plan/json';
import { ensureTools } from '../../sandbox/toolchain/ensure-tools';
import { silentReport } from '../../upstream/progress';

const LIMIT_MS = 120_000;
const PASSPHRASE = 'correct horse';
const NAME = 'site';

describe("Pulumi's own file of a state", () => {
  const folder = mkdtempSync(join(tmpdir(), 'beamline-state-'));
  const backend = `file://${folder}`;
  const variables = { PULUMI_BACKEND_URL: backend, PULUMI_CONFIG_PASSPHRASE: PASSPHRASE };
  const file = join(folder, '.pulumi', 'stacks', PROJECT, `${NAME}.json`);
  let exported: string;

  /** Runs the real `pulumi` on the folder. */
  const pulumi = async (args: readonly string[], env: Record<string, string> = {}) => {
    const tools = await ensureTools(['pulumi'], { report: silentReport });
    const { stdout } = await execa(tools.pulumi, [...args, '--stack', NAME, '--non-interactive'], {
      cwd: folder,
      env: {
        PULUMI_HOME: join(folder, 'home'),
        ...variables,
        PULUMI_SKIP_UPDATE_CHECK: 'true',
        ...env,
      },
      timeout: 60_000,
    });
    return stdout;
  };

  beforeAll(async () => {
    writeFileSync(join(folder, 'Pulumi.yaml'), `name: ${PROJECT}\nruntime: nodejs\n`);
    await pulumi(['stack', 'init']);
    const empty = at(parseJson(await pulumi(['stack', 'export'])), 'deployment');
    const imported = join(folder, 'import.json');
    const resources = [
      {
        urn: urnOf(NAME, 'pulumi:pulumi:Stack', `${PROJECT}-${NAME}`),
        type: 'pulumi:pulumi:Stack',
      },
      {
        urn: urnOf(NAME, STASH_TYPE, 'password'),
        type: STASH_TYPE,
        custom: true,
        id: 'password',
        outputs: { output: secret('hidden'), list: [secret({ deep: [1, null, 'text'] })] },
      },
    ];
    writeFileSync(
      imported,
      JSON.stringify({ version: 3, deployment: { ...(isObject(empty) ? empty : {}), resources } }),
    );
    await pulumi(['stack', 'import', '--file', imported]);
    exported = await pulumi(['stack', 'export', '--show-secrets']);
  }, LIMIT_MS);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('says what pulumi says, secrets in clear', async () => {
    expect(readFileSync(file, 'utf8')).not.toContain('hidden');
    const read = await readStateFile(NAME, variables);
    const ours = parseState(read);
    expect(ours).toEqual(parseState(parseJson(exported)));
    const stash = ours.resources.get(urnOf(NAME, STASH_TYPE, 'password'));
    expect(stash?.outputs['output']).toBe('hidden');
    expect(ours.secrets).toContain('hidden');
  });

  test('is left to pulumi with another passphrase, another back end, or another name', async () => {
    const elsewhere = [
      { ...variables, PULUMI_CONFIG_PASSPHRASE: 'another' },
      { PULUMI_BACKEND_URL: backend },
      { ...variables, PULUMI_BACKEND_URL: 's3://bucket' },
      { ...variables, PULUMI_BACKEND_URL: 'file://~/state' },
      {},
    ];
    for (const other of elsewhere) expect(await readStateFile(NAME, other)).toBeUndefined();
    expect(await readStateFile('other', variables)).toBeUndefined();
  });

  test('is left to pulumi when it was cut off, is packed, or is of another version', async () => {
    const whole = readFileSync(file, 'utf8');
    for (const broken of [whole.slice(0, -20), whole.replace('"version": 3', '"version": 4'), '']) {
      writeFileSync(file, broken);
      expect(await readStateFile(NAME, variables)).toBeUndefined();
    }
    writeFileSync(file, whole);
    await pulumi(['stack', 'import', '--file', join(folder, 'import.json')], {
      PULUMI_DIY_BACKEND_GZIP: 'true',
    });
    expect(await readStateFile(NAME, variables)).toBeUndefined();
  });
});

/** A secret as an export with `--show-secrets` has it. */
function secret(value: unknown): object {
  return {
    '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
    plaintext: JSON.stringify(value),
  };
}
