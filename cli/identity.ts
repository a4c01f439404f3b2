import { readFileSync } from 'node:fs';

import Table from 'cli-table3';
import pc from 'picocolors';

import { directoriesIn } from '../deploy/directory/facts';
import { surveyOf, type Survey } from '../deploy/directory/survey';
import type { VerbContext } from './run-verb';
import { planned } from './session';

/** How `beamline identity` asks and prints. */
export interface IdentityOptions {
  /** @default false */
  readonly json?: boolean;
  /**
   * File with the password of the account that searches.
   *
   * @default - nobody binds
   */
  readonly passwordFile?: string;
}

/** `beamline identity`: asks the environment's directories whom their filters fit. Exit code 1 when a site could not live with it. */
export async function identity(
  name: string,
  { json, passwordFile }: IdentityOptions,
  context: VerbContext,
): Promise<number> {
  const { plan } = await planned(name, context);
  const directories = directoriesIn(plan);
  if (directories.length === 0) throw new Error(`environment '${name}' names no directory (LDAP)`);
  const password =
    passwordFile === undefined ? undefined : readFileSync(passwordFile, 'utf8').trimEnd();
  const surveys = await Promise.all(directories.map((facts) => surveyOf(facts, password)));
  process.stdout.write(
    json === true ? `${JSON.stringify(surveys, null, 2)}\n` : surveys.map(text).join('\n'),
  );
  return surveys.some(({ errors }) => errors.length > 0) ? 1 : 0;
}

function text({ url, users, groups, errors, warnings }: Survey): string {
  const table = new Table({ head: ['group', 'members'], style: { head: [], border: [] } });
  for (const { name, members } of groups) table.push([name, members]);
  return [
    `${pc.bold(url)}: ${users} users`,
    table.toString(),
    ...errors.map((error) => `${pc.red('error')} ${error}`),
    ...warnings.map((warning) => `${pc.yellow('warning')} ${warning}`),
    '',
  ].join('\n');
}
