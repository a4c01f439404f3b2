import { environmentsFolder } from '../environments/load';
import { nameProblems, newSite, type NewSiteFlags } from './new/answers';
import { askFor } from './new/ask';
import { rejectExisting, writeSite } from './new/write';

/** `beamline new`: writes the folder of a new site. On a terminal it asks for what no flag says. */
export async function newEnvironment(name: string, flags: NewSiteFlags): Promise<number> {
  const folder = environmentsFolder();
  const [problem] = nameProblems(name);
  if (problem !== undefined) throw new Error(problem);
  rejectExisting(folder, name);
  const asked = process.stdin.isTTY && process.stdout.isTTY;
  const path = writeSite(folder, newSite(name, asked ? await askFor(flags) : flags));
  process.stdout.write(
    `${path}\n` +
      `next: beamline check ${name}; beamline rehearse ${name}; then put your facts into site.yaml\n`,
  );
  return 0;
}
