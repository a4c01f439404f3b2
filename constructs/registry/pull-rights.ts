import type { PullRight } from '../contracts';
import type { HarborProject, HarborRobot } from './content-props';

type Projects = Readonly<Record<string, HarborProject>>;

/** The projects with a robot for everybody who may pull from them. */
export function withPulls(projects: Projects, pulls: readonly PullRight[]): Projects {
  const all: Record<string, HarborProject> = { ...projects };
  for (const { project, account, namespaces } of pulls) {
    const found = all[project];
    if (found === undefined) continue;
    const robot: HarborRobot = { may: ['pull'], pullSecretsIn: namespaces };
    all[project] = { ...found, robots: { ...found.robots, [account]: robot } };
  }
  return all;
}

/** What is wrong with rights to pull: a project that there is not, an account that is somebody else's. */
export function pullProblems(projects: Projects, pulls: readonly PullRight[]): string[] {
  return pulls.flatMap(({ project, account }) => {
    const found = projects[project];
    if (found === undefined) {
      return [
        `'${account}' is to pull from project '${project}', which is none of 'projects' (${Object.keys(projects).join(', ')})`,
      ];
    }
    return found.robots?.[account] === undefined
      ? []
      : [`project '${project}' has a robot '${account}' already, which '${account}' is to pull by`];
  });
}
