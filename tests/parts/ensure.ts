import { plainReport } from '../../upstream/progress';
import { isPartName, PARTS } from './parts';

/** What the bringing of a part came to. */
export type Brought = { readonly path: string } | { readonly missing: string };

// A process of its own, so that a test file can wait for it while it is loaded.
async function main(names: readonly string[]): Promise<void> {
  const report = plainReport((line) => process.stderr.write(`${line}\n`));
  const brought: Record<string, Brought> = {};
  for (const name of names) {
    if (!isPartName(name)) throw new Error(`there is no part '${name}'`);
    try {
      brought[name] = { path: await PARTS[name].ensure(report) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      brought[name] = { missing: `${PARTS[name].title}: ${reason.split('\n')[0]}` };
    }
  }
  process.stdout.write(JSON.stringify(brought));
}

void main(process.argv.slice(2));
