import { loadEnvironment } from '../environments/load';
import {
  controlPlaneStatus,
  deleteControlPlane,
  startControlPlane,
  stopControlPlane,
  type ControlPlaneStatus,
} from '../sandbox/control-plane/control-plane';
import { controlPlaneOf } from './embedded';
import type { VerbContext } from './run-verb';

const ACTIONS = ['start', 'stop', 'delete', 'status'] as const;

/** `beamline cluster <action> <environment>`. */
export async function cluster(
  name: string,
  { action, json }: { readonly action: string; readonly json?: boolean },
  { report }: VerbContext,
): Promise<number> {
  const spec = controlPlaneOf(loadEnvironment(name));
  switch (ACTIONS.find((known) => known === action)) {
    case 'start': {
      const { server, kubernetesVersion } = await startControlPlane(spec, report);
      print(
        json,
        { server, kubernetesVersion, kubeconfig: spec.kubeconfig },
        `Kubernetes ${kubernetesVersion} at ${server}\nkubectl --kubeconfig ${spec.kubeconfig} get pods -A`,
      );
      return 0;
    }
    case 'stop':
      await stopControlPlane(spec.directory, report);
      print(
        json,
        { state: 'stopped' },
        `the control plane of '${name}' is stopped; its data is kept`,
      );
      return 0;
    case 'delete':
      await deleteControlPlane(spec.directory, report);
      print(json, { state: 'absent' }, `the control plane of '${name}' and its data are gone`);
      return 0;
    case 'status': {
      const status = await controlPlaneStatus(spec.directory, spec.kubeconfig);
      print(json, status, statusText(name, status));
      return status.state === 'running' ? 0 : 1;
    }
    case undefined:
      throw new Error(`'beamline cluster' can ${ACTIONS.join(', ')}, not '${action}'`);
  }
}

function statusText(
  name: string,
  { state, processes, nodes, controlPlane }: ControlPlaneStatus,
): string {
  const lines = Object.entries(processes).map(
    ([process, pid]) =>
      `  ${process.padEnd(26)} ${pid === undefined ? 'not running' : `process ${pid}`}`,
  );
  return [
    `the control plane of '${name}' is ${state}${controlPlane === undefined ? '' : ` (Kubernetes ${controlPlane.kubernetesVersion} at ${controlPlane.server})`}`,
    ...lines,
    ...(nodes === undefined ? [] : [`  nodes: ${nodes.ready} of ${nodes.total} ready`]),
  ].join('\n');
}

function print(json: boolean | undefined, result: object, text: string): void {
  process.stdout.write(json === true ? `${JSON.stringify(result)}\n` : `${text}\n`);
}
