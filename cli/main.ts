import { Command, Option } from 'commander';

import { FORGE_LIMITS } from '../review/report/forge-limits';
import { SEVERITIES } from '../review/risk/risk';

import { admit, admitLines } from './admit';
import { check } from './check';
import { changed } from './changed';
import { cluster } from './cluster';
import { doctor } from './doctor';
import { drift } from './drift';
import { down, refresh, up } from './deploy';
import { migrate } from './migrate';
import { addImageCommands } from './image-commands';
import { grant } from './grant';
import { identity } from './identity';
import { newEnvironment } from './new';
import { preview, PREVIEW_FORMATS } from './preview';
import { rehearse } from './rehearse';
import { promote } from './promote';
import { render, RENDER_FORMATS } from './render';
import { start } from './start';
import { variables } from './variables';
import { runVerb } from './run-verb';

const program = new Command('beamline')
  .description('Declarative provisioning of High-Energy-Physics clusters on OKD and Kubernetes')
  .version('0.1.0')
  // 'new' has a --version of its own: that of the cluster.
  .enablePositionalOptions()
  .showHelpAfterError("('beamline --help' lists the commands)")
  .showSuggestionAfterError();

const json = new Option('--json', 'print one JSON document instead of text');

program
  .command('up <environment>')
  .description('deploy an environment and wait until everything is ready')
  .addOption(json)
  .action(runVerb(up));
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
    new Option('--forge <forge>', 'whose limit Markdown keeps').choices(Object.keys(FORGE_LIMITS)),
  )
  .option('--out <file>', 'write it to a file')
  .action(runVerb(preview));
program
  .command('drift <environment>')
  .description(
    'show what was changed since the last deployment, and who did it; exit code 2 if anything',
  )
  .addOption(json)
  .action(runVerb(drift));
program
  .command('changed')
  .description('list the environments that the changes since a git ref can reach')
  .requiredOption('--base <ref>', 'the git ref to compare with')
  .addOption(json)
  .action((options: { base: string; json?: boolean }) =>
    runVerb(() => changed(options))('', options),
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
    runVerb((_name: string, _options: object, context) => promote(options, context))('', options),
  );
program
  .command('down <environment>')
  .description('remove an environment; data that is kept stays')
  .addOption(json)
  .action(runVerb(down));
program
  .command('refresh <environment>')
  .description('make the state say what is in the cluster')
  .addOption(json)
  .action(runVerb(refresh));
program
  .command('render <environment>')
  .description('print the objects of an environment as YAML in apply order, without any secret')
  .addOption(new Option('--format <format>', 'how to print them').choices(RENDER_FORMATS))
  .option('--out <folder>', 'write one file for each object instead')
  .option(
    '--split',
    'write two files: what the admin of a project applies, and what the admin of the cluster does',
  )
  .action(runVerb(render));
program
  .command('admit [environment]')
  .description(
    'say what SCC, or Pod Security level, every pod gets; without an environment: answer questions on standard input, JSON Lines',
  )
  .option('--upgraded', 'the cluster began before OKD 4.11: everybody may still use restricted')
  .addOption(json)
  .action((environment: string | undefined, options: { json?: boolean; upgraded?: boolean }) =>
    environment === undefined ? runVerb(admitLines)('', {}) : runVerb(admit)(environment, options),
  );
program
  .command('check <environment>')
  .description('judge an environment without a cluster; exit code 1 when it has errors')
  .option('--notes', 'print departures from the house rules as well')
  .option(
    '--locked',
    'take an image without a digest for an error, as before a deployment to production',
  )
  .addOption(json)
  .action(runVerb(check));
program
  .command('identity <environment>')
  .description(
    "ask the environment's directories whom their filters fit; exit code 1 when nobody or everybody is admin",
  )
  .option('--password-file <file>', 'the password of the account that searches')
  .addOption(json)
  .action(runVerb(identity));
program
  .command('rehearse <environment>')
  .description('deploy an environment on an embedded control plane of its own version')
  .option('--keep', 'leave the control plane running afterwards')
  .addOption(json)
  .action(runVerb(rehearse));
program
  .command('new <site>')
  .description('write the folder of a new site; on a terminal it asks for what no flag says')
  .option('--flavour <flavour>', 'okd or kubernetes')
  .option('--version <version>', 'its version: 4.21, 1.34')
  .option('--storage <storage>', 'nfs, nfs-csi, existing or none')
  .option('--ingress <ingress>', 'traefik, routes, nginx or none')
  .option('--identity <identity>', 'none, oidc or ldap')
  .option('--run <what>', 'what is to run, with commas: welcome,tenants,registry')
  .action(runVerb(newEnvironment));
addImageCommands(program);
program
  .command('grant <environment> <team>')
  .description(
    'hand out a token of hours for the team of an edge grant, until the last day of the grant',
  )
  .option('--hours <hours>', 'for how long, from 1 to 24', '1')
  .addOption(json)
  .action((environment: string, team: string, options: { hours: string; json?: boolean }) =>
    runVerb(grant)(environment, { ...options, team }),
  );
program
  .command('cluster <action> <environment>')
  .description(
    "start, stop, delete or describe an environment's embedded control plane (start, stop, delete, status)",
  )
  .addOption(json)
  .action((action: string, environment: string, options: { json?: boolean }) =>
    runVerb(cluster)(environment, { ...options, action }),
  );
program
  .command('env <environment>')
  .description(
    'print the variables with which plain pulumi and kubectl work: eval "$(beamline env dev)"',
  )
  .action(runVerb(variables));
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
  .option('--rate <MB/s>', 'speed of a copy, for the estimate of downtimes', '50')
  .addOption(json)
  .action(runVerb(migrate));
program
  .command('doctor')
  .description('say what this machine has and lacks, and how each can be had')
  .option('--fetch', 'bring what is missing')
  .addOption(json)
  .action((options: { fetch?: boolean; json?: boolean }) => runVerb(doctor)('', options));
program
  .command('start [environment]')
  .description(
    "set-up and main job: toolchain, embedded control plane, 'up', and a summary; what 'npm start' runs",
  )
  .action((environment: string | undefined) => runVerb(start)(environment ?? 'dev', {}));

void program.parseAsync();
