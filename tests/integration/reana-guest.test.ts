import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { execa } from 'execa';
import { z } from 'zod';

import { deleteControlPlane } from '../../sandbox/control-plane/control-plane';
import { cachedTool } from '../../sandbox/toolchain/ensure-tools';

const CHECKOUT = resolve(__dirname, '..', '..');
const NAME = 'bnl-okd';
const LIMIT_MS = 300_000;

const home = mkdtempSync(join(tmpdir(), 'beamline-guest-'));
const token = join(home, 'rehearsals', NAME, 'clusters', NAME, 'project-admin.kubeconfig');

async function beamline(...args: string[]): Promise<string> {
  const { stdout } = await execa(
    process.execPath,
    [join(CHECKOUT, 'cli', 'beamline.cjs'), ...args],
    { cwd: CHECKOUT, env: { BEAMLINE_HOME: home, NO_COLOR: '1' }, timeout: LIMIT_MS },
  );
  return stdout;
}

/** What the API server says to the admin of the project, who has his token and nothing else. */
async function asProjectAdmin(...args: string[]): Promise<{ exitCode: number; all: string }> {
  const { exitCode, all } = await execa(
    cachedTool('kubectl') ?? 'kubectl',
    ['--kubeconfig', token, ...args],
    { reject: false, all: true, timeout: 120_000 },
  );
  return { exitCode, all: all ?? '' };
}

const applied = (part: 'project' | 'admin'): Promise<{ exitCode: number; all: string }> =>
  asProjectAdmin(
    ...['apply', '--server-side', '--force-conflicts', '--validate=false', '--dry-run=server'],
    ...['-f', join(home, `${NAME}-${part}.yaml`)],
  );

afterAll(async () => {
  await deleteControlPlane(dirname(token));
  rmSync(home, { recursive: true, force: true });
}, LIMIT_MS);

test(
  'REANA as a guest on OKD is ready after one deployment with the rights of the admin of its project',
  async () => {
    const answer = z
      .object({
        rights: z.object({ projectAdmin: z.string() }),
        counts: z.object({ create: z.number() }),
      })
      .parse(JSON.parse(await beamline('rehearse', NAME, '--keep', '--json')));
    expect(answer.rights.projectAdmin).toBe('reana');
    await beamline('render', NAME, '--split', '--out', home);
    const there = await asProjectAdmin(
      'get',
      '-f',
      join(home, `${NAME}-project.yaml`),
      '-o',
      'name',
    );
    expect(there.exitCode).toBe(0);
    expect(there.all.split('\n')).toHaveLength(answer.counts.create);
  },
  LIMIT_MS,
);

test(
  'whose rights are no more than that: kube-system, nodes and cluster roles are closed to him',
  async () => {
    const all = ['get', 'ns/kube-system'];
    expect((await asProjectAdmin(...all)).all).toContain('cannot get resource "namespaces"');
    expect((await asProjectAdmin('get', 'nodes')).all).toContain('cannot list resource "nodes"');
    const role = ['create', 'clusterrole', 'mine', '--verb=get', '--resource=pods'];
    expect((await asProjectAdmin(...role)).all).toContain('cannot create resource "clusterroles"');
  },
  LIMIT_MS,
);

test(
  "the API server takes every object of the project's part from him, and refuses the admin's part",
  async () => {
    const project = await applied('project');
    expect(project.all).not.toMatch(/forbidden|error/i);
    expect(project.exitCode).toBe(0);
    // Under other names, as what is there already and does not change is refused to nobody.
    const file = join(home, `${NAME}-admin.yaml`);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('-scc-', '-mine-'));
    const admin = await applied('admin');
    expect(admin.exitCode).not.toBe(0);
    expect(admin.all).toContain('is attempting to grant RBAC permissions not currently held');
  },
  LIMIT_MS,
);
