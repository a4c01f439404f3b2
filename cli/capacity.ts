import { capacityFindings } from '../review/capacity/findings';
import { byWeight } from '../review/check/finding';
import { capacityIn } from './pools';
import { capacityText } from './print-capacity';
import type { VerbContext } from './run-verb';
import { planned } from './session';

/** `beamline capacity`: what an environment needs against what its site has; exit code 1 when it cannot stand there. */
export async function capacity(
  name: string,
  { json }: { readonly json?: boolean },
  context: VerbContext,
): Promise<number> {
  const found = await planned(name, context);
  const sums = capacityIn(found);
  const findings = capacityFindings(found.plan, sums).sort(byWeight);
  if (json === true) {
    const { environment, pools = null, namespaces, sessions, asked, unsized } = sums;
    const document = { environment, pools, namespaces, sessions, asked, unsized, findings };
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    process.stdout.write(capacityText(sums, findings));
  }
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}
