import { down as removeAll, refresh as readAll } from '../deploy/down';
import { countsOf } from '../deploy/preview';
import { up as deployAll } from '../deploy/up';
import { summaryLine } from './print-changes';
import type { VerbContext } from './run-verb';
import { withSession } from './session';

interface JsonOption {
  readonly json?: boolean;
}

/** `beamline up`. */
export function up(name: string, { json }: JsonOption, context: VerbContext): Promise<number> {
  return withSession(name, context, async (session) => {
    const { comparison, deployed } = await deployAll(session);
    const counts = countsOf(comparison.changes.objects);
    say(
      json,
      { environment: name, deployed, counts: Object.fromEntries(counts) },
      deployed
        ? summaryLine(name, counts)
        : `${name}: nothing to do, ${comparison.changes.objects.length} objects are as planned`,
    );
    return 0;
  });
}

/** `beamline down`. */
export function down(name: string, { json }: JsonOption, context: VerbContext): Promise<number> {
  return withSession(name, context, async (session) => {
    const removed = await removeAll(session);
    say(
      json,
      { environment: name, removed },
      removed === 0 ? `${name}: nothing was deployed` : `${name}: ${removed} objects removed`,
    );
    return 0;
  });
}

/** `beamline refresh`. */
export function refresh(name: string, { json }: JsonOption, context: VerbContext): Promise<number> {
  return withSession(name, context, async (session) => {
    await readAll(session);
    say(
      json,
      { environment: name },
      `${name}: the state is what the cluster has; 'beamline preview ${name}' shows what differs from the plan`,
    );
    return 0;
  });
}

function say(json: boolean | undefined, result: object, text: string): void {
  process.stdout.write(json === true ? `${JSON.stringify(result)}\n` : `${text}\n`);
}
