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
import { FLAVOUR, IDENTITY, INGRESS, RUN, SCALE, STORAGE, type Question } from './questions';
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
  const before = { flavour, version, storage, ingress, run };
  const scale = flags.scale ?? (await scaleFor(before));
  const known = { ...before, scale };
  const fitting = choicesOf(IDENTITY).filter((identity) => fits({ ...known, identity }));
  const identity =
    flags.identity ??
    (fitting.length === 1 ? fitting[0] : undefined) ??
    (await one(IDENTITY, (choice) => fitting.length === 0 || fitting.includes(choice)));
  return { ...known, identity };
}

/** What notebooks scale out to: asked only where something can be chosen. */
async function scaleFor(flags: NewSiteFlags): Promise<string> {
  const fitting = choicesOf(SCALE).filter((scale) =>
    choicesOf(IDENTITY).some((identity) => fits({ ...flags, scale, identity })),
  );
  if (fitting.length === 0) return '';
  const { checkbox } = await import('@inquirer/prompts');
  const chosen = await checkbox({
    message: `${SCALE.ask} ${SCALE.why}`,
    choices: fitting.map((value) => ({ value, name: `${value}: ${SCALE.choices[value]}` })),
  });
  return chosen.join(',');
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
