import { NothingWorked } from '../../upstream/attempts';
import type { Report } from '../../upstream/progress';
import { ensureTools } from './ensure-tools';
import { kubernetesRelease } from './kubernetes-releases';

const SERVER = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;

/** The Kubernetes that a control plane runs, and why it is not the one that was asked for. */
export interface KubernetesBinaries {
  readonly version: string;
  readonly binaries: Readonly<Record<(typeof SERVER)[number], string>>;
  /**
   * Why another version stands in: `1.34.4 because 1.24.17 can be neither downloaded nor built here`.
   *
   * @default - the version that was asked for runs
   */
  readonly substitution?: string;
}

/** Brings the Kubernetes of a target, or the nearest that this machine can have. */
export async function ensureKubernetes(asked: string, report: Report): Promise<KubernetesBinaries> {
  const release = kubernetesRelease(asked);
  const exact = /^\d+\.\d+\.\d+$/.test(asked) ? asked : release.version;
  if (exact === undefined) {
    return substitute(
      release.nearestBuildable,
      `no control plane of Kubernetes ${asked} can be run`,
      report,
    );
  }
  try {
    return {
      version: exact,
      binaries: await ensureTools(SERVER, { kubernetesVersion: exact, report }),
    };
  } catch (error) {
    if (!(error instanceof NothingWorked) || release.buildable) throw error;
    return substitute(
      release.nearestBuildable,
      `${exact} can be neither downloaded nor built here`,
      report,
    );
  }
}

async function substitute(
  version: string,
  because: string,
  report: Report,
): Promise<KubernetesBinaries> {
  const binaries = await ensureTools(SERVER, { kubernetesVersion: version, report });
  return { version, binaries, substitution: `${version} because ${because}` };
}
