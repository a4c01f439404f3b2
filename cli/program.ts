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
    .showSuggestionAfterError();
  addDeploymentCommands(beamline);
  addEnvironmentCommands(beamline);
  addImageCommands(beamline);
  addSiteCommands(beamline);
  pointToHelp(beamline, 'beamline');
  return beamline;
}

/** Lets whoever mistypes see where the words of just that command stand. */
function pointToHelp(command: Command, called: string): void {
  const listed = command.commands.length > 0 ? 'the commands' : 'its options';
  command.showHelpAfterError(`('${called} --help' lists ${listed})`);
  for (const one of command.commands) pointToHelp(one, `${called} ${one.name()}`);
}
