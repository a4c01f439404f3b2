import { traceSources } from '../constructs/kit/source';
import { judged } from './judged';
import { printCheck } from './print-check';
import type { VerbContext } from './run-verb';
import { planned } from './session';

/** How `beamline check` prints. */
export interface CheckOptions {
  /** @default false */
  readonly json?: boolean;
  /** @default false */
  readonly notes?: boolean;
  /**
   * Whether an image without a digest is an error.
   *
   * @default false
   */
  readonly locked?: boolean;
}

/** `beamline check`: judges an environment without a cluster. Exit code 1 when it has errors. */
export async function check(
  name: string,
  { json, notes, locked }: CheckOptions,
  context: VerbContext,
): Promise<number> {
  traceSources();
  const { plan, environment } = await planned(name, context);
  const sifted = await judged({ plan, environment }, locked === true, context);
  if (json === true) {
    const { findings, accepted } = sifted;
    process.stdout.write(`${JSON.stringify({ environment: name, findings, accepted }, null, 2)}\n`);
  } else {
    process.stdout.write(printCheck(name, sifted, notes === true));
  }
  return sifted.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}
