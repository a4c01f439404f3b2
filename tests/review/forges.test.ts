import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

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
  expect(textOf('forges/script/deploy-approved.sh')).toContain('--expect "$approved"');
});
