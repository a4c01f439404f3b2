#!/usr/bin/env node
// TypeScript runs as it is: tsx compiles what is loaded, types are checked by `npm run verify`.
require('tsx/cjs');
require('./main.ts');
