import Table from 'cli-table3';

import { up } from '../deploy/up';
import { loadEnvironment } from '../environments/load';
import { objectsOf, type Plan } from '../plan/model';
import { startControlPlane } from '../sandbox/control-plane/control-plane';
import { ensureTools } from '../sandbox/toolchain/ensure-tools';
import { controlPlaneOf } from './embedded';
import type { VerbContext } from './run-verb';
import { withSession } from './session';

/** `npm start`: everything from an empty machine to a converged environment, then what runs where. */
export async function start(name: string, _options: object, context: VerbContext): Promise<number> {
  const spec = controlPlaneOf(loadEnvironment(name));
  const { kubectl } = await ensureTools(['kubectl'], {
    kubernetesVersion: spec.kubernetesVersion,
    report: context.report,
  });
  await startControlPlane(spec, context.report);
  return withSession(name, context, async (session) => {
    const { deployed } = await up(session);
    process.stdout.write(`${summary(session.plan)}\n`);
    process.stdout.write(
      [
        '',
        deployed
          ? `environment '${name}' is deployed and ready`
          : `environment '${name}' was already as planned`,
        `  look at it      ${kubectl} --kubeconfig ${spec.kubeconfig} get all -A`,
        `  change it       environments/${name}/, then: npx beamline preview ${name}`,
        `  plain Pulumi    eval "$(npx beamline env ${name})" && pulumi up -s ${name}`,
        `  stop it         npx beamline cluster stop ${name}`,
        '',
      ].join('\n'),
    );
    return 0;
  });
}

/** One line for each namespace: what runs in it. */
function summary(plan: Plan): string {
  const table = new Table({
    head: ['namespace', 'runs', 'objects'],
    style: { head: [], border: [] },
  });
  const byNamespace = new Map<string, { workloads: string[]; count: number }>();
  for (const { manifest } of objectsOf(plan)) {
    const namespace = manifest.metadata.namespace ?? '(cluster)';
    const entry = byNamespace.get(namespace) ?? { workloads: [], count: 0 };
    byNamespace.set(namespace, entry);
    entry.count += 1;
    if (WORKLOADS.has(manifest.kind))
      entry.workloads.push(`${manifest.kind} ${manifest.metadata.name}`);
  }
  for (const [namespace, { workloads, count }] of [...byNamespace].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    table.push([namespace, workloads.join('\n') || '-', String(count)]);
  }
  return table.toString();
}

const WORKLOADS = new Set([
  'CronJob',
  'DaemonSet',
  'Deployment',
  'Ingress',
  'Job',
  'Route',
  'StatefulSet',
  'StorageClass',
]);
