import { type Command, Option } from 'commander';

import { FORGE_LIMITS } from '../../review/report/forge-limits';
import { SEVERITIES } from '../../review/risk/risk';
import { PREVIEW_FORMATS } from '../formats';
import { lazily, runVerb } from '../run-verb';
import verbs from '../verbs.cjs';
import { json } from './json';

/** What deploys an environment, and what says how it differs. */
export function addDeploymentCommands(program: Command): void {
  program
    .command('up <environment>')
    .description('deploy an environment and wait until everything is ready')
    .option('--expect <fingerprint>', 'deploy the preview that was approved, or nothing')
    .addOption(json)
    .action(runVerb(lazily(() => verbs.up)));
  program
    .command('preview <environment>')
    .description(
      'show what up would change; exit code 0 none, 2 changes, 3 changes that can lose data, 1 error',
    )
    .addOption(
      new Option('--format <format>', 'how to print it').choices(PREVIEW_FORMATS).default('text'),
    )
    .option('--refresh', 'compare with what is in the cluster instead of what the state remembers')
    .option('--offline', 'do not ask the cluster at all')
    .option(
      '--base <ref>',
      'compare with the same environment at a git ref; needs neither cluster nor state',
    )
    .option(
      '--from-pulumi <file>',
      "rank the output of 'pulumi preview --json' ('-' for standard input)",
    )
    .addOption(
      new Option(
        '--fail-on <severity>',
        'exit code 3 if a change is as bad as that, 0 for anything less',
      ).choices(SEVERITIES),
    )
    .option('--expect <fingerprint>', 'fail unless this is the preview that was approved')
    .addOption(
      new Option('--forge <forge>', 'whose limit Markdown keeps').choices(
        Object.keys(FORGE_LIMITS),
      ),
    )
    .option('--out <file>', 'write it to a file')
    .action(runVerb(lazily(() => verbs.preview)));
  program
    .command('drift <environment>')
    .description(
      'show what was changed since the last deployment, and who did it; exit code 2 if anything',
    )
    .option('--repair', 'put back what was changed')
    .addOption(json)
    .action(runVerb(lazily(() => verbs.drift)));
  program
    .command('changed')
    .description('list the environments that the changes since a git ref can reach')
    .requiredOption('--base <ref>', 'the git ref to compare with')
    .addOption(json)
    .action((options: { base: string; json?: boolean }) =>
      runVerb(() => verbs.changed(options))('', options),
    );
  program
    .command('promote')
    .description(
      'show what promotion does to an environment, and what of it another one has not seen; exit code 2 if anything',
    )
    .requiredOption('--from <environment>', 'where it was tried')
    .requiredOption('--to <environment>', 'where it is to go')
    .requiredOption('--base <ref>', 'the git ref that the second one was deployed from')
    .addOption(json)
    .action((options: { from: string; to: string; base: string; json?: boolean }) =>
      runVerb((_name: string, _options: object, context) => verbs.promote(options, context))(
        '',
        options,
      ),
    );
  program
    .command('down <environment>')
    .description('remove an environment; data that is kept stays')
    .addOption(json)
    .action(runVerb(lazily(() => verbs.down)));
  program
    .command('refresh <environment>')
    .description('make the state say what is in the cluster')
    .addOption(json)
    .action(runVerb(lazily(() => verbs.refresh)));
}
