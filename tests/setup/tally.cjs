const { appendFileSync } = require('node:fs');

/** A jest reporter that notes how many tests passed, failed and were skipped in the file that BEAMLINE_TALLY names. */
module.exports = class Tally {
  onRunComplete(_contexts, results) {
    const file = process.env.BEAMLINE_TALLY;
    if (file === undefined) return;
    const counts = {
      passed: results.numPassedTests,
      // A file that could not even be loaded has no tests, and yet it failed.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    appendFileSync(file, `${JSON.stringify(counts)}\n`);
  }
};
