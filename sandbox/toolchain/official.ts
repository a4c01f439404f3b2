import type { ToolName } from './tool-name';

/** Version of the Pulumi CLI. */
export const PULUMI = '3.228.0';

/** A file that a publisher offers, and where its checksum is. */
export interface Official {
  readonly url: string;
  /** Where the publisher says what the file's SHA-256 is. */
  readonly checksum:
    | { readonly kind: 'checksum-file'; readonly url: string }
    /** GitHub's own digest of a release's asset, for publishers without a checksum file. */
    | { readonly kind: 'github-digest'; readonly url: string };
  /**
   * Path of the program inside the archive.
   *
   * @default - the file is the program itself
   */
  readonly member?: string;
  /**
   * Version of the program in that file.
   *
   * @default - the version that would be built from source
   */
  readonly version?: string;
}

/** What runs here, in Go's words. */
export interface Platform {
  readonly os: 'linux' | 'darwin';
  readonly arch: 'amd64' | 'arm64';
}

/** The platform of this machine, or why nothing is published for it. */
function thisPlatform(): Platform | { readonly none: string } {
  const os = process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  if ((os === 'linux' || os === 'darwin') && (arch === 'amd64' || arch === 'arm64'))
    return { os, arch };
  return { none: `nothing is published for ${os} ${process.arch}` };
}

/** What the publisher of a program offers for a platform, or why nothing. */
export function officialOf(
  name: ToolName,
  version: string,
  platform = thisPlatform(),
): Official | { readonly none: string } {
  if ('none' in platform) return platform;
  const { os, arch } = platform;
  switch (name) {
    case 'pulumi':
      return pulumiArchive(name, version, platform);
    case 'pulumi-language-nodejs':
      // The CLI's archive has the language host of its own release.
      return { ...pulumiArchive(name, PULUMI, platform), version: PULUMI };
    case 'pulumi-resource-kubernetes': {
      const file = `pulumi-resource-kubernetes-v${version}-${os}-${arch}.tar.gz`;
      return { ...githubAsset('pulumi/pulumi-kubernetes', `v${version}`, file), member: name };
    }
    case 'etcd': {
      const stem = `etcd-v${version}-${os}-${arch}`;
      const release = `https://github.com/etcd-io/etcd/releases/download/v${version}`;
      return {
        url: `${release}/${stem}${os === 'linux' ? '.tar.gz' : '.zip'}`,
        checksum: { kind: 'checksum-file', url: `${release}/SHA256SUMS` },
        member: `${stem}/etcd`,
      };
    }
    case 'kwok':
    case 'kwokctl':
      return githubAsset('kubernetes-sigs/kwok', `v${version}`, `${name}-${os}-${arch}`);
    case 'kubectl':
    case 'kube-apiserver':
    case 'kube-controller-manager':
    case 'kube-scheduler': {
      if (os !== 'linux' && name !== 'kubectl') {
        return { none: `Kubernetes publishes ${name} for Linux only` };
      }
      const url = `https://dl.k8s.io/release/v${version}/bin/${os}/${arch}/${name}`;
      return { url, checksum: { kind: 'checksum-file', url: `${url}.sha256` } };
    }
  }
}

function pulumiArchive(name: ToolName, version: string, { os, arch }: Platform): Official {
  const site = 'https://get.pulumi.com/releases/sdk';
  return {
    url: `${site}/pulumi-v${version}-${os}-${arch === 'amd64' ? 'x64' : arch}.tar.gz`,
    checksum: { kind: 'checksum-file', url: `${site}/pulumi-${version}-checksums.txt` },
    member: `pulumi/${name}`,
  };
}

function githubAsset(repository: string, tag: string, file: string): Official {
  return {
    url: `https://github.com/${repository}/releases/download/${tag}/${file}`,
    checksum: {
      kind: 'github-digest',
      url: `https://api.github.com/repos/${repository}/releases/tags/${tag}`,
    },
  };
}
