// What the engine's program takes, loaded when a program is run: Pulumi's SDK takes a third of a second to load, which a command
// without changes does not spend. JavaScript for the reason that `cli/verbs.cjs` gives.
module.exports = {
  get hostProgram() {
    return require('./language-host').hostProgram;
  },
  get runProgram() {
    return require('./run-program').runProgram;
  },
  get secretLookup() {
    return require('./kept-secrets').secretLookup;
  },
};
