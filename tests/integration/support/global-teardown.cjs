const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

module.exports = async () => {
  const directory = process.env.BEAMLINE_TEST_DIRECTORY;
  if (directory === undefined) return;
  const program = join(__dirname, 'control-plane.ts');
  execFileSync(process.execPath, ['--import', 'tsx', program, 'stop', directory], {
    stdio: 'inherit',
  });
};
