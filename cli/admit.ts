import { createInterface } from 'node:readline';

import { answerLine } from '../review/admission/lines';
import { admissionOf } from '../review/admission/plan/admission-of';
import { admissionTable } from '../review/admission/plan/table';
import type { VerbContext } from './run-verb';
import { planned } from './session';

/** `beamline admit <environment>`: what every pod of the environment will be admitted as; exit code 1 if one would be refused. */
export async function admit(
  name: string,
  { json, upgraded }: { readonly json?: boolean; readonly upgraded?: boolean },
  context: VerbContext,
): Promise<number> {
  const { plan } = await planned(name, context);
  const admission = admissionOf(plan, { upgraded: upgraded === true });
  const { pods, findings } = admission;
  process.stdout.write(
    json === true ? `${JSON.stringify({ pods, findings })}\n` : admissionTable(admission),
  );
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}

/** `beamline admit` without an environment: answers the questions on standard input, a line each; exit code 1 if one was none. */
export async function admitLines(): Promise<number> {
  let line = 0;
  let bad = false;
  for await (const text of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    line += 1;
    const answer = answerLine(text, line);
    if (answer === undefined) continue;
    bad ||= 'error' in answer;
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  return bad ? 1 : 0;
}
