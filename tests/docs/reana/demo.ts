import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { execa } from 'execa';

const STEP = `environment: docker.io/reanahub/reana-env-root6:6.18.04
        kubernetes_memory_limit: 256Mi
        commands:`;

/** In the place of the talk's demo, whose text is its authors': the same two steps, files and parameters. */
const FILES: Readonly<Record<string, string>> = {
  'code/gendata.C': 'void gendata(int events, const char* data) {}\n',
  'code/fitdata.C': 'void fitdata(const char* data, const char* plot) {}\n',
  'reana.yaml': `inputs:
  files: [code/gendata.C, code/fitdata.C]
  parameters: { events: 20000, data: results/data.root, plot: results/plot.png }
workflow:
  type: serial
  specification:
    steps:
      - name: gendata
        ${STEP}
          - mkdir -p results && root -b -q 'code/gendata.C(\${events},"\${data}")'
      - name: fitdata
        ${STEP}
          - root -b -q 'code/fitdata.C("\${data}","\${plot}")'
outputs:
  files: [results/plot.png]
`,
};

/** Makes the repository of the demo in a folder, and answers what makes git take it for the one of GitHub. */
export async function demoRepository(folder: string): Promise<Record<string, string>> {
  const repository = join(folder, 'reana-demo-root6-roofit');
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(repository, name)), { recursive: true });
    writeFileSync(join(repository, name), text);
  }
  const git = (...args: string[]) => execa('git', args, { cwd: repository });
  await git('init', '--quiet');
  await git('add', '.');
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
  await git(...who, 'commit', '--quiet', '--message', 'demo');
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `url.file://${folder}/.insteadOf`,
    GIT_CONFIG_VALUE_0: 'https://github.com/reanahub/',
  };
}

/** In the place of ROOT: wants the macro, and every file that is named in its arguments but the last, which it writes. */
export const ROOT = `#!/bin/sh
set -eu
echo "Processing $3..."
macro=\${3%%(*}
names=$(printf '%s' "$3" | grep -o '"[^"]*"' | tr -d '"')
last=$(printf '%s\\n' "$names" | tail -n 1)
for name in $macro $names; do
  [ "$name" = "$last" ] || [ -f "$name" ] || { echo "$name is not there" >&2; exit 1; }
done
printf '%s\\n' "made by $macro" > "$last"
`;
