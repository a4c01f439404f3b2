import { execFileSync } from 'node:child_process';

import { z } from 'zod';

import { CHECKOUT } from './tree';

/** Prints what is wrong with each of the objects that it reads, and nothing for a good one. */
const PROGRAM = `
import { readFileSync } from 'node:fs';
import { GrafanaDashboard } from '@kubernetes-models/grafana-operator/grafana.integreatly.org/v1beta1/GrafanaDashboard';

const said = JSON.parse(readFileSync(0, 'utf8')).map((object) => {
  try {
    new GrafanaDashboard(object).validate();
    return '';
  } catch (error) {
    return error.message;
  }
});
console.log(JSON.stringify(said));
`;

/**
 * What the definition of `GrafanaDashboard` has against objects. It is that of the Grafana operator 5.22.2, as the package
 * `@kubernetes-models/grafana-operator` 3.0.0 made it into a validator: types, fields that must be there, and listed values. It lets fields pass that
 * the definition does not know, and has no rules in CEL; the package's types say which fields there are. It is an ES module only, and so runs by itself.
 */
export function dashboardMistakes(objects: readonly unknown[]): string[] {
  const said = execFileSync(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    cwd: CHECKOUT,
    encoding: 'utf8',
    input: JSON.stringify(objects),
  });
  return z.array(z.string()).parse(JSON.parse(said));
}
