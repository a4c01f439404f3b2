import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { execa } from 'execa';
import { parse } from 'yaml';
import { z } from 'zod';

import { CHECKOUT, textOf } from '../support/tree';

const folder = join(CHECKOUT, 'forges', 'script');
const job = z.looseObject({
  extends: z.string().optional(),
  stage: z.string().optional(),
  script: z.array(z.string()).optional(),
  resource_group: z.string().optional(),
  needs: z.array(z.string()).optional(),
  variables: z.record(z.string(), z.string()).optional(),
});
const pipeline: unknown = parse(textOf('forges/gitlab/beamline.gitlab-ci.yml'));
const { stages, ...rest } = z.looseObject({ stages: z.array(z.string()) }).parse(pipeline);
const jobs = z.record(z.string(), job).parse(rest);

test.each(readdirSync(folder).filter((name) => name.endsWith('.sh')))(
  '%s is a shell script',
  (name) => {
    expect(() => execFileSync('sh', ['-n', join(folder, name)])).not.toThrow();
  },
);

test('every job of the pipeline for GitLab has a stage, extends what there is, and runs after what there is', () => {
  for (const [name, { extends: parent, needs = [] }] of Object.entries(jobs)) {
    const chain = [name];
    for (let next = parent; next !== undefined; next = jobs[next]?.extends) chain.push(next);
    expect(chain.filter((link) => !(link in jobs))).toEqual([]);
    expect(needs.filter((need) => !(need in jobs))).toEqual([]);
    if (name === '.beamline') continue;
    expect(stages).toContain(
      chain.map((link) => jobs[link]?.stage).find((stage) => stage !== undefined),
    );
  }
});

test('one deployment of an environment runs at a time, and only what was approved', () => {
  const deploy = jobs['production-deploy'];
  expect([deploy?.resource_group, deploy?.needs]).toEqual(['production', ['production-plan']]);
  expect(textOf('forges/github/beamline.yml')).toMatch(
    /concurrency:\n\s+group: beamline-\$\{\{ matrix\.environment \}\}\n\s+cancel-in-progress: false/,
  );
  expect(textOf('forges/script/deploy-approved.sh')).toContain(
    'up "$environment" --expect "$approved"',
  );
  for (const text of [textOf('forges/github/beamline.yml'), JSON.stringify(jobs)])
    expect(text).toMatch(/sh forges\/script\/deploy-approved\.sh/);
});

/** A forge that keeps comments of one pull request, and what it was asked. */
async function forge(use: (url: string, bodies: string[], asked: string[]) => Promise<void>) {
  const bodies = Array.from({ length: 100 }, (_, index) => `comment ${index}`);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://forge');
      asked.push(`${request.method} ${pathname}`);
      const page = Number(searchParams.get('page') ?? '1');
      const content = (): string => z.object({ body: z.string() }).parse(JSON.parse(body)).body;
      if (request.method === 'POST') bodies.push(content());
      if (request.method === 'PUT' || request.method === 'PATCH')
        bodies[Number(pathname.split('/').at(-1))] = content();
      const shown = bodies.map((one, id) => ({ id, body: one }));
      response.setHeader('x-next-page', bodies.length > page * 100 ? String(page + 1) : '');
      response.end(JSON.stringify(shown.slice((page - 1) * 100, page * 100)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it does not listen');
  await use(`http://127.0.0.1:${address.port}`, bodies, asked);
  await new Promise((resolve) => server.close(resolve));
}

test.each([
  [
    'gitlab',
    { CI_PROJECT_ID: '7', CI_MERGE_REQUEST_IID: '3', BEAMLINE_COMMENT_TOKEN: 'x' },
    'PUT /projects/7/merge_requests/3/notes/100',
  ],
  [
    'github',
    { GITHUB_REPOSITORY: 'site/cluster', ISSUE: '3', GH_TOKEN: 'x' },
    'PATCH /repos/site/cluster/issues/comments/100',
  ],
])(
  '%s gets one comment, which is written over from then on',
  async (name, env, second) => {
    const scratch = mkdtempSync(join(tmpdir(), 'beamline-comment-'));
    const file = join(scratch, 'comment.md');
    await forge(async (url, bodies, asked) => {
      const write = async (body: string): Promise<void> => {
        writeFileSync(file, `<!-- beamline preview of dev -->\n${body}\n`);
        await execa('node', [join(folder, `comment-${name}.mjs`), file], {
          env: { ...env, CI_API_V4_URL: url, GITHUB_API_URL: url },
        });
      };
      await write('first');
      await write('second');
      expect(bodies.slice(100)).toEqual(['<!-- beamline preview of dev -->\nsecond\n']);
      expect(asked.at(-1)).toBe(second);
    });
    rmSync(scratch, { recursive: true });
  },
  60_000,
);
