import type { NewSiteFlags } from './answers';
import {
  choicesOf,
  DOORED,
  fitProblems,
  newSite,
  USUAL_RUN,
  usualIngress,
  versionsOf,
} from './answers';
import { FLAVOUR, IDENTITY, INGRESS, RUN, STORAGE, type Question } from './questions';
import { Target } from '../../constructs/targets';

/** Asks, on a terminal, for every answer that no flag gave. Each question says why it is asked. */
export async function askFor(flags: NewSiteFlags): Promise<NewSiteFlags> {
  // Loaded here: no other verb asks anything.
  const { checkbox, select } = await import('@inquirer/prompts');
  const one = async <C extends string>(
    question: Question<C>,
    offered: (choice: C) => boolean = () => true,
    usual?: C,
  ): Promise<string> =>
    select<C>({
      ...(usual === undefined ? {} : { default: usual }),
      message: `${question.ask} ${question.why}`,
      choices: choicesOf(question)
        .filter(offered)
        .map((value) => ({ value, name: `${value}: ${question.choices[value]}` })),
    });

  const flavour = flags.flavour ?? (await one(FLAVOUR));
  const version =
    flags.version ??
    (await select({
      message:
        'Which version? It decides what the cluster can do and what admission lets in. The newest is first.',
      choices: versionsOf(flavour),
    }));
  const target = Target.parse(`${flavour} ${version}`);
  const storage = flags.storage ?? (await one(STORAGE, (c) => fitProblems(target, c).length === 0));
  const ingress =
    flags.ingress ??
    (await one(
      INGRESS,
      (choice) => fitProblems(target, choice).length === 0,
      usualIngress(flavour),
    ));
  const run =
    flags.run ??
    (
      await checkbox({
        message: `${RUN.ask} ${RUN.why}`,
        choices: choicesOf(RUN).map((value) => ({
          value,
          name: `${value}: ${RUN.choices[value]}`,
          checked: USUAL_RUN.includes(value) && !(ingress === 'none' && DOORED.includes(value)),
        })),
      })
    ).join(',');
  const known = { flavour, version, storage, ingress, run };
  const fitting = choicesOf(IDENTITY).filter((identity) => fits({ ...known, identity }));
  const identity =
    flags.identity ??
    (fitting.length === 1 ? fitting[0] : undefined) ??
    (await one(IDENTITY, (choice) => fitting.length === 0 || fitting.includes(choice)));
  return { flavour, version, storage, ingress, identity, run };
}

/** Whether a site can be made of the answers; what cannot is said once all of them are there. */
function fits(flags: NewSiteFlags): boolean {
  try {
    newSite('site', flags);
    return true;
  } catch {
    return false;
  }
}
