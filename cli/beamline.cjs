#!/usr/bin/env node
require('../deploy/typescript.cjs');
require('./main.ts');
