import type { NewSiteFlags } from './answers';
import { choicesOf, fitProblems, versionsOf } from './answers';
import { FLAVOUR, IDENTITY, INGRESS, RUN, STORAGE, type Question } from './questions';
import { Target } from '../../constructs/targets';

/** Asks, on a terminal, for every answer that no flag gave. Each question says why it is asked. */
export async function askFor(flags: NewSiteFlags): Promise<NewSiteFlags> {
  // Loaded here: no other verb asks anything.
  const { checkbox, select } = await import('@inquirer/prompts');
  const one = async <C extends string>(
    question: Question<C>,
    fits: (choice: C) => boolean = () => true,
  ): Promise<string> =>
    select({
      message: `${question.ask} ${question.why}`,
      choices: choicesOf(question)
        .filter(fits)
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
  const ingress = flags.ingress ?? (await one(INGRESS, (c) => fitProblems(target, c).length === 0));
  const run =
    flags.run ??
    (
      await checkbox({
        message: `${RUN.ask} ${RUN.why}`,
        choices: choicesOf(RUN).map((value) => ({
          value,
          name: `${value}: ${RUN.choices[value]}`,
          checked: value === 'tenants',
        })),
      })
    ).join(',');
  const identity =
    flags.identity ??
    (/registry|notebooks|reana/.test(run) ? await one(IDENTITY) : ('none' as const));
  return { flavour, version, storage, ingress, identity, run };
}
