import { type Command, Option } from 'commander';

import { GRAPH_FORMATS, RENDER_FORMATS } from '../formats';
import { lazily, runVerb } from '../run-verb';
import verbs from '../verbs.cjs';
import { json } from './json';

/** What is asked of an environment, or made for one, without deploying it. */
export function addEnvironmentCommands(program: Command): void {
  program
    .command('render <environment>')
    .description('print the objects of an environment as YAML in apply order, without any secret')
    .addOption(new Option('--format <format>', 'how to print them').choices(RENDER_FORMATS))
    .option('--out <folder>', 'write one file for each object instead')
    .option(
      '--split',
      'write two files: what the admin of a project applies, and what the admin of the cluster does',
    )
    .action(runVerb(lazily(() => verbs.render)));
  program
    .command('admit [environment]')
    .description(
      'say what SCC, or Pod Security level, every pod gets; without an environment: answer questions on standard input, JSON Lines',
    )
    .option('--upgraded', 'the cluster began before OKD 4.11: everybody may still use restricted')
    .addOption(json)
    .action((environment: string | undefined, options: { json?: boolean; upgraded?: boolean }) =>
      environment === undefined
        ? runVerb(lazily(() => verbs.admitLines))('', {})
        : runVerb(lazily(() => verbs.admit))(environment, options),
    );
  program
    .command('check <environment>')
    .description(
      "judge an environment without a cluster, as it stands; exit code 1 when it has errors. What a change would do, immutable fields among it: 'preview --base'",
    )
    .option('--notes', 'print departures from the house rules as well')
    .option(
      '--locked',
      'take an image without a digest for an error, as before a deployment to production',
    )
    .addOption(json)
    .action(runVerb(lazily(() => verbs.check)));
  program
    .command('capacity <environment>')
    .description(
      'add up requests, limits, claims and quotas against the nodes that the site declares, and say how many sessions fit',
    )
    .addOption(json)
    .action(runVerb(lazily(() => verbs.capacity)));
  program
    .command('graph <environment>')
    .description(
      'draw an environment as SVG: what runs where, who talks to whom, what is public or privileged, where data lives',
    )
    .addOption(new Option('--format <format>', 'how to say it').choices(GRAPH_FORMATS))
    .option('--out <file>', 'write it to a file')
    .action(runVerb(lazily(() => verbs.graph)));
  program
    .command('identity <environment>')
    .description(
      "ask the environment's directories whom their filters fit; exit code 1 when nobody or everybody is admin",
    )
    .option('--password-file <file>', 'the password of the account that searches')
    .addOption(json)
    .action(runVerb(lazily(() => verbs.identity)));
  program
    .command('rehearse <environment>')
    .description('deploy an environment on an embedded control plane of its own version')
    .option('--keep', 'leave the control plane running afterwards')
    .addOption(json)
    .action(runVerb(lazily(() => verbs.rehearse)));
  program
    .command('new <site>')
    .description('write the folder of a new site; on a terminal it asks for what no flag says')
    .option('--flavour <flavour>', 'okd or kubernetes')
    .option('--version <version>', 'its version: 4.21, 1.34')
    .option('--storage <storage>', 'nfs, nfs-csi, rook, ceph, existing or none')
    .option('--ingress <ingress>', 'traefik, routes, nginx or none')
    .option('--identity <identity>', 'none, oidc, ldap or dex')
    .option(
      '--run <what>',
      'what is to run, with commas: welcome,tenants,registry,cvmfs,notebooks,reana',
    )
    .option(
      '--scale <what>',
      'what notebooks scale out to, with commas: dask,htcondor,spark; makes the site an analysis facility',
    )
    .action(runVerb(lazily(() => verbs.newEnvironment)));
  program
    .command('grant <environment> <team>')
    .description(
      'hand out a token of hours for the team of an edge grant, until the last day of the grant',
    )
    .option('--hours <hours>', 'for how long, from 1 to 24', '1')
    .addOption(json)
    .action((environment: string, team: string, options: { hours: string; json?: boolean }) =>
      runVerb(lazily(() => verbs.grant))(environment, {
        ...options,
        team,
      }),
    );
}
