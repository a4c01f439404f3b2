import { Command } from 'commander';

import { addDeploymentCommands } from './commands/deployment';
import { addEnvironmentCommands } from './commands/environment';
import { addImageCommands } from './commands/images';
import { addSiteCommands } from './commands/site';

/** The command line: every verb with its options. */
export function program(): Command {
  const beamline = new Command('beamline')
    .description('Declarative provisioning of High-Energy-Physics clusters on OKD and Kubernetes')
    .version('0.1.0')
    // 'new' has a --version of its own: that of the cluster.
    .enablePositionalOptions()
    .showHelpAfterError("('beamline --help' lists the commands)")
    .showSuggestionAfterError();
  addDeploymentCommands(beamline);
  addEnvironmentCommands(beamline);
  addImageCommands(beamline);
  addSiteCommands(beamline);
  return beamline;
}
