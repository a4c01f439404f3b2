import { parse } from 'yaml';
import { z } from 'zod';

import { Harbor } from '../../../constructs/registry/harbor';
import type { HarborProps } from '../../../constructs/registry/harbor-props';
import { messageFrom } from '../../support/message';
import { synth, type Synthesized } from '../../support/synth';
import { bucket, disk, minimal, outside, shared } from './support';

const workload = z.looseObject({
  spec: z.looseObject({
    strategy: z.looseObject({ type: z.string() }).optional(),
    template: z.looseObject({
      spec: z.looseObject({
        serviceAccountName: z.string(),
        securityContext: z.looseObject({ runAsUser: z.number().optional() }),
        volumes: z.array(z.looseObject({ name: z.string() })).optional(),
      }),
    }),
  }),
});
const config = z.looseObject({ data: z.record(z.string(), z.string()) });

const harbor = (more: Partial<HarborProps> = {}): Synthesized =>
  synth(Harbor, { ...minimal, ...more }, 'okd 4.21');
const specOf = (tree: Synthesized, kind: string, name: string) =>
  workload.parse(tree.one(kind, name)).spec;

// What people complain of at the chart (goharbor/harbor-helm), and the rendered fact that cures it.
const cures: readonly (readonly [complaint: string, cure: () => void])[] = [
  [
    "users that are fixed, and OKD's SCC that refuses them (#2380, #874, #456, #1049)",
    () => {
      const fixed = harbor();
      const core = specOf(fixed, 'Deployment', 'harbor-core').template.spec;
      const database = specOf(fixed, 'StatefulSet', 'harbor-database').template.spec;
      expect(core.securityContext.runAsUser).toBe(10000);
      expect(database.securityContext.runAsUser).toBe(999);
      const grants = JSON.stringify(fixed.all('RoleBinding'));
      for (const account of [core, database].map((spec) => spec.serviceAccountName))
        expect(grants).toContain(`"name":"${account}"`);
      expect(grants).toContain('nonroot-v2');
      const { database: db, redis } = outside;
      const ranged = harbor({ users: 'namespace-range', database: db, redis });
      expect(JSON.stringify(ranged.objects)).not.toMatch(/nonroot-v2|"runAsUser"/);
    },
  ],
  [
    'secrets and certificates that are made anew with each rendering (#2263, #2139, PR#2310)',
    () => {
      const [one, other] = [harbor(), harbor()].map((tree) => JSON.stringify(tree.objects));
      expect(one).toBe(other);
      expect(one).toContain('${secret:generated:');
      expect(one).not.toMatch(/BEGIN (RSA )?PRIVATE KEY/);
    },
  ],
  [
    'a rolling update that waits for a volume of one node forever (#224, #1137, #1469)',
    () => {
      const tree = harbor();
      expect(specOf(tree, 'Deployment', 'harbor-registry').strategy?.type).toBe('Recreate');
      const jobs = specOf(tree, 'Deployment', 'harbor-jobservice');
      expect(jobs.strategy?.type ?? 'RollingUpdate').toBe('RollingUpdate');
      expect(JSON.stringify(jobs.template.spec.volumes)).not.toContain('persistentVolumeClaim');
      const many = { replicas: { registry: 2 }, storage: { kind: 'claim', size: '1Gi' } } as const;
      expect(
        messageFrom(() => harbor({ ...many, storage: { ...many.storage, class: disk } })),
      ).toContain("'replicas.registry' is above 1");
      expect(
        specOf(
          harbor({ ...many, storage: { ...many.storage, class: shared } }),
          'Deployment',
          'harbor-registry',
        ).strategy?.type ?? 'RollingUpdate',
      ).toBe('RollingUpdate');
    },
  ],
  [
    'a database that is empty after an upgrade of PostgreSQL (#2165, #1806, harbor#20800)',
    () => {
      const tree = harbor();
      // Nothing ends the upgrade half-way, and there is a dump from before it.
      const text = JSON.stringify(tree.one('StatefulSet', 'harbor-database'));
      expect(text).toContain('"failureThreshold":180');
      expect(tree.names('CronJob')).toEqual(['harbor-backup', 'harbor-restore']);
      expect(JSON.stringify(tree.one('CronJob', 'harbor-restore'))).toContain('"suspend":true');
    },
  ],
  [
    'a Secret that has the password of the database alone (#2381, #1352, #1013)',
    () => {
      const text = JSON.stringify(harbor(outside).one('Deployment', 'harbor-core'));
      expect(text).toContain('"secretKeyRef":{"key":"username","name":"db"}');
      expect(text).toContain('"secretKeyRef":{"key":"password","name":"db"}');
    },
  ],
  [
    'clients that are sent to an S3 they cannot reach (harbor#22972, #2659, #12317)',
    () => {
      const disabled = (redirect: boolean): unknown => {
        const storage = { kind: 's3', bucket, redirect, folder: '' } as const;
        const { data } = config.parse(harbor({ storage }).one('ConfigMap', 'harbor-registry'));
        const settings = z
          .looseObject({ storage: z.looseObject({ redirect: z.object({ disable: z.boolean() }) }) })
          .parse(parse(data['config.yml'] ?? ''));
        return settings.storage.redirect.disable;
      };
      expect([disabled(false), disabled(true)]).toEqual([true, false]);
    },
  ],
];

describe('what people complain of at the chart', () => {
  test.each(cures)('%s', (_, cure) => {
    cure();
  });
});
