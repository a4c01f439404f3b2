import { Option, type Command } from 'commander';

import type { ReanaUserOptions } from '../reana-user';
import { lazily, runVerb } from '../run-verb';
import verbs from '../verbs.cjs';
import { json } from './json';

/** What works on machines and clusters beside their environments. */
export function addSiteCommands(program: Command): void {
  program
    .command('cluster <action> <environment>')
    .description(
      "start, stop, delete or describe an environment's embedded control plane (start, stop, delete, status)",
    )
    .addOption(json)
    .action((action: string, environment: string, options: { json?: boolean }) =>
      runVerb(lazily(() => verbs.cluster))(environment, {
        ...options,
        action,
      }),
    );
  program
    .command('env <environment>')
    .description(
      'print the variables with which plain pulumi and kubectl work: eval "$(beamline env dev)"',
    )
    .action(runVerb(lazily(() => verbs.variables)));
  program
    .command('migrate')
    .description('move what is deployed to something else')
    .command('storage <environment>')
    .description(
      'move claims from one storage class to another under their names; the old volumes are kept until --release',
    )
    .option('--from <class>', 'class that the claims have')
    .option('--to <class>', 'class that they are to get')
    .option('--namespace <name...>', 'only claims of these namespaces of the environment')
    .option('--plan', 'say what would be done, and what stands in the way (the default)')
    .option('--run', 'do it, or go on with what was begun')
    .option('--status', 'say how far each claim is')
    .option('--rollback', 'go back to the old volumes')
    .option('--release', 'give the old volumes up; there is no way back then')
    .option(
      '--as-root <why>',
      'let copies run as root, since only root can keep owners and attributes',
    )
    .option('--to-env <environment>', 'move them to the cluster of another environment')
    .addOption(
      new Option('--through <kind>', 'Service by which that cluster takes files in')
        .choices(['LoadBalancer', 'NodePort'])
        .default('LoadBalancer'),
    )
    .option('--at <host>', 'host name or address at which pods reach that cluster')
    .option('--rate <MB/s>', 'speed of a copy, for the estimate of downtimes', '50')
    .addOption(json)
    .action(runVerb(lazily(() => verbs.migrate)));
  program
    .command('reana')
    .description("work on what is inside an environment's REANA")
    .command('user <action> <environment> [email]')
    .description(
      'accounts, tokens and quotas, by its admin (add, list, token, quota); tokens are shown only by --show',
    )
    .option('--show', 'print the token')
    .option('--secret <name>', "put the token into a Secret of REANA's namespace, for reana-client")
    .option('--replace', 'revoke the token that the user has, and give another')
    .option('--revoke', 'revoke the token, and give none')
    .option('--cpu-hours <number>', 'limit of CPU time, 0 for any')
    .option('--disk-gib <number>', 'limit of files, 0 for any')
    .option('--namespace <name>', 'which REANA, where the environment has several')
    .addOption(json)
    .action(
      (
        action: string,
        environment: string,
        email: string | undefined,
        options: Omit<ReanaUserOptions, 'action' | 'email'>,
      ) =>
        runVerb(lazily(() => verbs.reanaUser))(environment, {
          ...options,
          action,
          ...(email === undefined ? {} : { email }),
        }),
    );
  program
    .command('doctor')
    .description('say what this machine has and lacks, and how each can be had')
    .option('--fetch', 'bring what is missing')
    .addOption(json)
    .action((options: { fetch?: boolean; json?: boolean }) =>
      runVerb(lazily(() => verbs.doctor))('', options),
    );
  program
    .command('start [environment]')
    .description(
      "set-up and main job: toolchain, embedded control plane, 'up', and a summary; what 'npm start' runs",
    )
    .action((environment: string | undefined) =>
      runVerb(lazily(() => verbs.start))(environment ?? 'dev', {}),
    );
  program
    .command('docs <words...>')
    .description('search the guides and the reference')
    .addOption(json)
    .action((words: readonly string[], options: { json?: boolean }) =>
      runVerb(() => verbs.docs(words, options))('', options),
    );
}
