import { execa } from 'execa';

/** What a command of a tutorial did. */
export interface Done {
  readonly command: string;
  readonly exitCode: number;
  /** Both of its outputs. */
  readonly output: string;
}

/** The commands that a section of a page has people paste: the lines of its fences without a language. */
export function commandsIn(page: string, heading: string): string[] {
  const section = page.split(/^## /m).find((one) => one.startsWith(heading));
  if (section === undefined) throw new Error(`the page has no section '${heading}'`);
  const fences = [...section.matchAll(/^```\n([^]*?)^```$/gm)].map(([, text = '']) => text);
  const commands = fences
    .join('')
    .split('\n')
    .filter((line) => line !== '');
  if (commands.length === 0) throw new Error(`the section '${heading}' has no command`);
  return commands;
}

/** Pastes commands into one shell, one after the other, as they are. What fails ends nothing, as in a shell that people sit at. */
export async function paste(
  commands: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Done[]> {
  const mark = (index: number): string => `<<${index}>>`;
  const script = commands.map((line, index) => `${line}\nprintf '\\n%s\\n' "$?${mark(index)}"\n`);
  const { stdout } = await execa('bash', ['--norc', '-s'], {
    ...options,
    input: `exec 2>&1\n${script.join('')}`,
    extendEnv: false,
    timeout: 500_000,
  });
  let rest = stdout;
  return commands.map((command, index) => {
    const [before = '', after = ''] = rest.split(mark(index));
    const [, output = '', exitCode = 'none'] = /^([^]*)\n(\d+)$/.exec(before) ?? [];
    rest = after;
    return { command, exitCode: Number(exitCode), output: output.trim() };
  });
}
