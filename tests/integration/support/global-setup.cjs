const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

// In a process of its own: jest's compiler hooks are at work in this one and recompile packages that are in use.
module.exports = async () => {
  const program = join(__dirname, 'control-plane.ts');
  const directory = execFileSync(process.execPath, ['--import', 'tsx', program, 'start'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
  process.env.BEAMLINE_TEST_DIRECTORY = directory;
  process.env.BEAMLINE_TEST_KUBECONFIG = join(directory, 'kubeconfig');
};
