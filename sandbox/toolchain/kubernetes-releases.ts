import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The recipes of what can be built from source: one Go module a folder. */
export const TOOLS_DIRECTORY = join(__dirname, '..', '..', 'tools');

/**
 * The patch release that stands for each minor. Up to 1.32 it is the last one there will be; from 1.33 on
 * it is the one that `tools/kubernetes-<minor>` pins. Each was answered by the Go proxy as
 * `k8s.io/kubernetes@v<version>` in November 2026.
 */
const RELEASES: Readonly<Record<string, string>> = {
  '1.18': '1.18.20',
  '1.19': '1.19.16',
  '1.20': '1.20.15',
  '1.21': '1.21.14',
  '1.22': '1.22.17',
  '1.23': '1.23.17',
  '1.24': '1.24.17',
  '1.25': '1.25.16',
  '1.26': '1.26.15',
  '1.27': '1.27.16',
  '1.28': '1.28.15',
  '1.29': '1.29.15',
  '1.30': '1.30.14',
  '1.31': '1.31.14',
  '1.32': '1.32.13',
  '1.33': '1.33.13',
  '1.34': '1.34.4',
  '1.35': '1.35.4',
  '1.36': '1.36.3',
};

/** What the embedded control plane runs when nothing else is asked for: OKD 4.21 is Kubernetes 1.34. */
export const DEFAULT_MINOR = '1.34';

/** How a target's Kubernetes can be had on this machine. */
export interface KubernetesRelease {
  /** The minor asked for: `1.24`. */
  readonly minor: string;
  /**
   * The patch release that stands for it.
   *
   * @default - absent for minors before 1.18, which no supported control plane runs
   */
  readonly version?: string;
  /** Whether `tools/` has a recipe to build it from source. */
  readonly buildable: boolean;
  /** What runs in its place when it can be neither downloaded nor built: itself when it can be built. */
  readonly nearestBuildable: string;
}

/** How the Kubernetes of a target can be had, by its minor (`1.34`) or an exact version (`1.34.4`). */
export function kubernetesRelease(minorOrVersion: string): KubernetesRelease {
  const minor = minorOrVersion.replace(/^v/, '').split('.').slice(0, 2).join('.');
  const version = RELEASES[minor];
  const buildable =
    version !== undefined && existsSync(join(TOOLS_DIRECTORY, `kubernetes-${minor}`, 'go.mod'));
  // An older minor than any recipe gets the default, not the next one up: its binaries are likely there already.
  const nearest = buildable ? version : RELEASES[DEFAULT_MINOR];
  if (nearest === undefined)
    throw new Error(`the release table lacks the default minor ${DEFAULT_MINOR}`);
  return {
    minor,
    ...(version === undefined ? {} : { version }),
    buildable,
    nearestBuildable: nearest,
  };
}
