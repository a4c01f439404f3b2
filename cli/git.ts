import { execa } from 'execa';

/** Runs git in a folder and answers what it printed, without the last line break. @throws Error with git's own words. */
export async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const { failed, stdout, stderr } = await execa('git', ['-C', folder, ...args], {
    reject: false,
    env: { LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' },
  });
  if (failed) throw new Error(`git ${args.join(' ')}: ${stderr.trim() || 'git cannot be run'}`);
  return stdout;
}

/** The top folder of the checkout that a folder is in. @throws Error when it is in none. */
export async function checkoutOf(folder: string): Promise<string> {
  try {
    return await git(folder, 'rev-parse', '--show-toplevel');
  } catch {
    throw new Error(`'${folder}' is not in a git checkout, so there is nothing to compare with`);
  }
}

/**
 * The commit that a ref names, here or at `origin`, where a CI job's clone has its branches.
 *
 * @throws Error that says what to fetch when the clone is shallow, or which refs there are.
 */
export async function commitOf(checkout: string, ref: string): Promise<string> {
  for (const name of [ref, `origin/${ref}`]) {
    const found = await git(
      checkout,
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${name}^{commit}`,
    ).catch(() => undefined);
    if (found !== undefined && found !== '') return found;
  }
  const shallow = await git(checkout, 'rev-parse', '--is-shallow-repository').catch(() => 'false');
  if (shallow === 'true') {
    // Another side knows branches and tags by name, but not what is so many commits before one.
    const named = !/[~^@{]|^[0-9a-f]{7,40}$/.test(ref);
    const fetch = named ? `--depth=1 origin ${ref}:refs/remotes/origin/${ref}` : '--unshallow';
    throw new Error(
      `this clone is shallow and does not have '${ref}'; bring it with 'git fetch ${fetch}'`,
    );
  }
  const listed = await git(checkout, 'for-each-ref', '--format=%(refname:short)', '--count=8');
  throw new Error(
    `there is no git ref '${ref}'; there are, among others: ${listed.split('\n').filter(Boolean).join(', ')}`,
  );
}
