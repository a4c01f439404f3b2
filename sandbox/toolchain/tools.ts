import { homedir } from 'node:os';
import { join } from 'node:path';

import { officialOf, PULUMI, type Official } from './official';
import type { KubernetesTool, ToolName } from './tool-name';

/** One program in one version, and every way to get it. */
export interface Tool {
  readonly name: ToolName;
  readonly version: string;
  /** Whether a copy that the user installed can stand in. */
  readonly onPath: OnPath;
  /** What its publisher offers for this platform, or why nothing. */
  readonly official: Official | { readonly none: string };
  /** How it is built from source. */
  readonly source: Source;
}

/** How a copy that the user installed is judged. */
export type OnPath =
  /** It sits in the folder of another program that fits. */
  | { readonly use: 'beside'; readonly tool: ToolName }
  /** It is at a place of its own, whose name holds the version. */
  | { readonly use: 'file'; readonly path: string }
  /** It is on PATH and says which version it is. */
  | {
      readonly use: 'if-it-fits';
      /** Arguments that make it print its version. */
      readonly ask: readonly string[];
      /** The versions that fit, as a semver range. */
      readonly range: string;
    };

/** How a program is built: which package of which recipe. */
export interface Source {
  /** Folder in `tools/`. */
  readonly recipe: string;
  readonly package: string;
  /** Variables that stamp the version into the binary, as its publisher does. */
  readonly stamps: readonly string[];
  /** Minutes it took on two cores, modules downloaded; for people who wait. */
  readonly minutes: number;
}

const KWOK = '0.8.0';

/** The program as this checkout wants it. `kubernetes` is the exact version of the control plane. */
export function toolNamed(name: ToolName, kubernetes: string): Tool {
  switch (name) {
    case 'pulumi':
      return make(name, PULUMI, {
        onPath: fits(['version'], `~${PULUMI}`),
        source: {
          recipe: 'pulumi',
          package: 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi',
          stamps: [`github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI}`],
          minutes: 2,
        },
      });
    case 'pulumi-language-nodejs':
      // The newest language host that is a Go module of its own; it works with the CLI above.
      return make(name, '3.184.0', {
        onPath: { use: 'beside', tool: 'pulumi' },
        source: {
          recipe: 'pulumi-language-nodejs',
          package: 'github.com/pulumi/pulumi/sdk/nodejs/cmd/pulumi-language-nodejs/v3',
          stamps: [],
          minutes: 1,
        },
      });
    case 'pulumi-resource-kubernetes':
      return make(name, '4.29.0', {
        onPath: { use: 'file', path: pulumiPlugin('resource-kubernetes-v4.29.0', name) },
        source: {
          recipe: 'pulumi',
          package: './pulumi-resource-kubernetes',
          stamps: [],
          minutes: 10,
        },
      });
    case 'etcd':
      return make(name, '3.7.3', {
        onPath: fits(['--version'], '~3.7.0'), // An older one cannot read what a newer one wrote.
        source: { recipe: 'etcd', package: 'go.etcd.io/etcd/server/v3', stamps: [], minutes: 1 },
      });
    case 'kwok':
    case 'kwokctl':
      return make(name, KWOK, {
        onPath: fits(['--version'], `~${KWOK}`),
        source: {
          recipe: 'kwok',
          package: `sigs.k8s.io/kwok/cmd/${name}`,
          stamps: [`sigs.k8s.io/kwok/pkg/consts.Version=v${KWOK}`],
          minutes: 1,
        },
      });
    case 'kube-apiserver':
    case 'kube-controller-manager':
    case 'kube-scheduler':
      return make(name, kubernetes, {
        onPath: fits(['--version'], kubernetes),
        source: kubernetesSource(name, kubernetes),
      });
    case 'kubectl':
      return make(name, kubernetes, {
        onPath: fits(['version', '--client', '-o', 'json'], withinOneMinor(kubernetes)),
        source: kubernetesSource(name, kubernetes),
      });
  }
}

function make(name: ToolName, version: string, rest: Pick<Tool, 'onPath' | 'source'>): Tool {
  return { name, version, official: officialOf(name, version), ...rest };
}

/** Where Pulumi's own CLI keeps the plugins it downloaded. */
function pulumiPlugin(folder: string, name: string): string {
  const home = process.env['PULUMI_HOME'] ?? join(homedir(), '.pulumi');
  return join(home, 'plugins', folder, name);
}

function fits(ask: readonly string[], range: string): OnPath {
  return { use: 'if-it-fits', ask, range };
}

/** kubectl works with servers one minor older or newer (Kubernetes version skew policy). */
function withinOneMinor(version: string): string {
  const [major, minor] = version.split('.').map(Number);
  if (major === undefined || minor === undefined)
    throw new Error(`'${version}' must be like 1.34.4`);
  return `>=${major}.${minor - 1}.0 <${major}.${minor + 2}.0`;
}

function kubernetesSource(name: KubernetesTool, version: string): Source {
  const [major, minor] = version.split('.');
  const base = 'k8s.io/component-base/version';
  return {
    recipe: `kubernetes-${major}.${minor}`,
    package: `k8s.io/kubernetes/cmd/${name}`,
    stamps: [
      `${base}.gitVersion=v${version}`,
      `${base}.gitMajor=${major}`,
      `${base}.gitMinor=${minor}`,
      `k8s.io/client-go/pkg/version.gitVersion=v${version}`,
    ],
    minutes: name === 'kube-apiserver' ? 4 : 1,
  };
}
