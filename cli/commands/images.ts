import { Option, type Command } from 'commander';

import type { lockImages } from '../images';
import { lazily, runVerb } from '../run-verb';
import verbs from '../verbs.cjs';
import { json } from './json';

/** `beamline images` and what is below it. */
export function addImageCommands(program: Command): void {
  const images = program
    .command('images')
    .description('list, lock and mirror the images of environments; they are spoken to by skopeo');
  const insecure = (): Option =>
    new Option(
      '--insecure-registry <host...>',
      'registries, as host:port, without TLS or with a certificate nobody signed',
    );
  images
    .command('list <environment>', { isDefault: true })
    .description('list every image that an environment pulls, in custom resources as well')
    .addOption(json)
    .action(runVerb(lazily(() => verbs.listImages)));
  images
    .command('lock [environment]')
    .description('look up the digests of all images, or of one environment, and write images.lock')
    .option('--update', 'follow tags that have moved since they were locked')
    .addOption(insecure())
    .addOption(json)
    .action((environment: string | undefined, options: Parameters<typeof lockImages>[1]) =>
      runVerb(lazily(() => verbs.lockImages))(environment ?? '', options),
    );
  images
    .command('mirror <environment>')
    .description(
      'copy the locked images of an environment to its mirror, for sites without internet',
    )
    .option('--to <registry>', "a registry and path instead of the environment's own mirror")
    .addOption(insecure())
    .addOption(json)
    .action(runVerb(lazily(() => verbs.mirrorImages)));
}
