import { ensureTool } from '../../../sandbox/toolchain/ensure-tools';
import { plainReport } from '../../../upstream/progress';
import { fakeTool } from './fake-tool';

/** Brings the fake tool from a publisher, or from source when there is no URL. */
async function bring(url: string, recipes: string): Promise<void> {
  const official = { url, checksum: { kind: 'checksum-file' as const, url: `${url}.sha256` } };
  const tool = fakeTool(url === 'none' ? { none: 'nobody publishes it' } : official);
  const report = plainReport((line) => process.stdout.write(`${line}\n`));
  process.stdout.write(`brought ${await ensureTool(tool, '1.34.4', { report, recipes })}\n`);
}

const [url = '', recipes = ''] = process.argv.slice(2);
void bring(url, recipes);
