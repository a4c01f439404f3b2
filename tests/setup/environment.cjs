// Before each test file: words without colours, wherever the tests run, and none of the user's own settings.
process.env.NO_COLOR = '1';
for (const name of Object.keys(process.env)) {
  if (/^(FORCE_COLOR|BEAMLINE_(HOME|ENVIRONMENTS|REHEARSAL|DEBUG))$/.test(name))
    delete process.env[name];
}
