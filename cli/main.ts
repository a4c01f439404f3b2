import { Command } from 'commander';

import { addDeploymentCommands } from './commands/deployment';
import { addEnvironmentCommands } from './commands/environment';
import { addImageCommands } from './commands/images';
import { addSiteCommands } from './commands/site';

// Whoever reads a part of the output, as `head` does, has had enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const program = new Command('beamline')
  .description('Declarative provisioning of High-Energy-Physics clusters on OKD and Kubernetes')
  .version('0.1.0')
  // 'new' has a --version of its own: that of the cluster.
  .enablePositionalOptions()
  .showHelpAfterError("('beamline --help' lists the commands)")
  .showSuggestionAfterError();

addDeploymentCommands(program);
addEnvironmentCommands(program);
addImageCommands(program);
addSiteCommands(program);

void program.parseAsync();
