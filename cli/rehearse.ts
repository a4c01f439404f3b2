import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { countsOf } from '../deploy/preview';
import { makeStandIns } from '../deploy/stand-ins';
import { up } from '../deploy/up';
import { checkoutHome } from '../environments/cluster';
import { loadEnvironment } from '../environments/load';
import { isBeyond } from '../plan/beyond-cluster';
import { beginRehearsal, planFor } from '../environments/rehearsal';
import { deleteControlPlane, startControlPlane } from '../sandbox/control-plane/control-plane';
import { harborContract } from '../sandbox/harbor/contract';
import { HarborStandIn } from '../sandbox/harbor/harbor-stand-in';
import { controlPlaneOf } from './embedded';
import { summaryLine } from './print-changes';
import type { VerbContext } from './run-verb';
import { planned, withSession } from './session';

/**
 * `beamline rehearse`: deploys an environment on an embedded control plane and a state of their own, so that neither the
 * real cluster nor the real state is touched or even read. Encrypted settings have stand-ins. What the environment's own cluster is said to
 * have is made beforehand, what goes to no cluster goes to a stand-in; an environment with a project admin's rights is deployed with the token of one.
 */
export async function rehearse(
  name: string,
  { json, keep }: { readonly json?: boolean; readonly keep?: boolean },
  context: VerbContext,
): Promise<number> {
  const home = join(checkoutHome(), 'rehearsals', name);
  rmSync(join(home, 'state'), { recursive: true, force: true });
  // The program that Pulumi starts is another process: it learns all this from its environment.
  process.env['BEAMLINE_HOME'] = home;
  beginRehearsal();
  delete process.env['PULUMI_BACKEND_URL'];
  delete process.env['PULUMI_CONFIG_PASSPHRASE'];
  delete process.env['PULUMI_CONFIG_PASSPHRASE_FILE'];
  delete process.env['KUBECONFIG'];

  const asked = loadEnvironment(name);
  const spec = controlPlaneOf(asked);
  await deleteControlPlane(spec.directory, context.report);
  const { kubernetesVersion, substitution } = await startControlPlane(spec, context.report);
  const standIn = new HarborStandIn(harborContract, true);
  try {
    await standIn.start();
    process.env['BEAMLINE_REHEARSAL_STAND_IN'] = standIn.origin;
    const plannedFor = planFor(asked, kubernetesVersion);
    if (plannedFor !== undefined) {
      context.report.note(
        `'${name}' is planned for '${plannedFor.name}' instead of '${asked.target.name}', as that is what runs here`,
      );
    }
    const { environment, plan } = await planned(name, context);
    await makeStandIns(spec.kubeconfig, environment, plan);
    return await withSession(name, context, async (session) => {
      const { comparison } = await up(session);
      const counts = countsOf(comparison.changes.objects);
      const version = `Kubernetes ${substitution ?? kubernetesVersion}`;
      const { rights } = session.environment;
      const whose =
        rights === 'cluster-admin'
          ? ''
          : ` with the rights of the admin of project '${rights.projectAdmin}'`;
      const beyond = session.plan.steps.filter(isBeyond).length;
      const result = {
        environment: name,
        kubernetesVersion,
        substitution,
        target: session.environment.target.name,
        rights,
        counts: Object.fromEntries(counts),
        /** Objects that are in no cluster, so that a stand-in took them. */
        inStandIn: beyond,
      };
      process.stdout.write(
        json === true
          ? `${JSON.stringify(result)}\n`
          : `${summaryLine(name, counts)}; all ready, rehearsed on ${version}${whose}\n${standInLine(beyond)}`,
      );
      return 0;
    });
  } finally {
    await standIn.stop();
    if (keep === true)
      context.report.note(
        `the control plane stays; kubectl --kubeconfig ${spec.kubeconfig} get pods -A`,
      );
    else await deleteControlPlane(spec.directory, context.report);
  }
}

/** What became of objects that go to no cluster. */
function standInLine(count: number): string {
  return count === 0
    ? ''
    : `${count} of them are inside a Harbor: a stand-in took them that holds every request to the contract of Harbor's API; no Harbor ran\n`;
}
