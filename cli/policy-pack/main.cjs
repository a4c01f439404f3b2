// The engine has Node load this folder. The framework wants to find the package of the pack, and so its version, in the working folder.
const before = process.cwd();
require('../../deploy/typescript.cjs');
process.chdir(__dirname);
require('./serve.ts');
process.chdir(before);
