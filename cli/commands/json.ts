import { Option } from 'commander';

/** Of every command whose result a program may read. */
export const json = new Option('--json', 'print one JSON document instead of text');
