import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { versionIn } from '../../sandbox/toolchain/installed';
import { kubernetesRelease, TOOLS_DIRECTORY } from '../../sandbox/toolchain/kubernetes-releases';
import { officialOf } from '../../sandbox/toolchain/official';
import type { ToolName } from '../../sandbox/toolchain/tool-name';
import { toolNamed } from '../../sandbox/toolchain/tools';

const EVERY: readonly ToolName[] = [
  'pulumi',
  'pulumi-language-nodejs',
  'pulumi-resource-kubernetes',
  'etcd',
  'kwok',
  'kwokctl',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
];
const LINUX = { os: 'linux', arch: 'amd64' } as const;

test.each(EVERY)(
  '%s has a recipe whose go.mod pins the version and whose go.sum verifies it',
  (name) => {
    const { version, source } = toolNamed(name, '1.34.4');
    const recipe = join(TOOLS_DIRECTORY, source.recipe);
    const goMod = readFileSync(join(recipe, 'go.mod'), 'utf8');
    if (name === 'pulumi-resource-kubernetes') {
      expect(readFileSync(join(recipe, name, 'main.go'), 'utf8')).toContain(`"${version}"`);
    } else if (name !== 'pulumi-language-nodejs') {
      expect(goMod).toContain(` v${version}`);
    }
    expect(existsSync(join(recipe, 'go.sum'))).toBe(true);
  },
);

test('the publishers are asked for the files that they name so', () => {
  const urls = EVERY.map((name) => {
    const official = officialOf(name, toolNamed(name, '1.34.4').version, LINUX);
    return 'none' in official ? official.none : `${official.url} ${official.checksum.url}`;
  });
  expect(urls).toMatchInlineSnapshot(`
   [
     "https://get.pulumi.com/releases/sdk/pulumi-v3.228.0-linux-x64.tar.gz https://get.pulumi.com/releases/sdk/pulumi-3.228.0-checksums.txt",
     "https://get.pulumi.com/releases/sdk/pulumi-v3.228.0-linux-x64.tar.gz https://get.pulumi.com/releases/sdk/pulumi-3.228.0-checksums.txt",
     "https://github.com/pulumi/pulumi-kubernetes/releases/download/v4.29.0/pulumi-resource-kubernetes-v4.29.0-linux-amd64.tar.gz https://api.github.com/repos/pulumi/pulumi-kubernetes/releases/tags/v4.29.0",
     "https://github.com/etcd-io/etcd/releases/download/v3.7.3/etcd-v3.7.3-linux-amd64.tar.gz https://github.com/etcd-io/etcd/releases/download/v3.7.3/SHA256SUMS",
     "https://github.com/kubernetes-sigs/kwok/releases/download/v0.8.0/kwok-linux-amd64 https://api.github.com/repos/kubernetes-sigs/kwok/releases/tags/v0.8.0",
     "https://github.com/kubernetes-sigs/kwok/releases/download/v0.8.0/kwokctl-linux-amd64 https://api.github.com/repos/kubernetes-sigs/kwok/releases/tags/v0.8.0",
     "https://dl.k8s.io/release/v1.34.4/bin/linux/amd64/kube-apiserver https://dl.k8s.io/release/v1.34.4/bin/linux/amd64/kube-apiserver.sha256",
     "https://dl.k8s.io/release/v1.34.4/bin/linux/amd64/kube-controller-manager https://dl.k8s.io/release/v1.34.4/bin/linux/amd64/kube-controller-manager.sha256",
     "https://dl.k8s.io/release/v1.34.4/bin/linux/amd64/kube-scheduler https://dl.k8s.io/release/v1.34.4/bin/linux/amd64/kube-scheduler.sha256",
     "https://dl.k8s.io/release/v1.34.4/bin/linux/amd64/kubectl https://dl.k8s.io/release/v1.34.4/bin/linux/amd64/kubectl.sha256",
   ]
  `);
});

test('Kubernetes publishes its servers for Linux only', () => {
  expect(officialOf('kube-apiserver', '1.34.4', { os: 'darwin', arch: 'arm64' })).toEqual({
    none: 'Kubernetes publishes kube-apiserver for Linux only',
  });
});

test.each([
  ['Kubernetes v1.34.4', '1.34.4'],
  ['kwok version v0.8.0 go1.26.8 (linux/amd64)', '0.8.0'],
  ['etcd Version: 3.7.3\nGit SHA: 4a\nGo Version: go1.26.8', '3.7.3'],
  ['v3.228.0', '3.228.0'],
  ['{"clientVersion": {"gitVersion": "v1.32.13"}, "kustomizeVersion": "v5.5.0"}', '1.32.13'],
  ['usage: etcd', undefined],
])('reads the version in %j', (text, version) => {
  expect(versionIn(text)).toBe(version);
});

test('a kubectl one minor away fits, two do not', () => {
  const { onPath } = toolNamed('kubectl', '1.34.4');
  expect(onPath).toMatchObject({ range: '>=1.33.0 <1.36.0' });
});

test.each(['1.33', '1.34', '1.35', '1.36'])('Kubernetes %s can be built here', (minor) => {
  const release = kubernetesRelease(minor);
  expect(release).toEqual({
    minor,
    version: release.version,
    buildable: true,
    nearestBuildable: release.version,
  });
});

test('Kubernetes 1.24 can only be downloaded, and 1.34 stands in for it', () => {
  expect(kubernetesRelease('1.24')).toEqual({
    minor: '1.24',
    version: '1.24.17',
    buildable: false,
    nearestBuildable: '1.34.4',
  });
});

test('the Kubernetes of OKD 3.11 cannot be run at all', () => {
  expect(kubernetesRelease('1.11')).toEqual({
    minor: '1.11',
    buildable: false,
    nearestBuildable: '1.34.4',
  });
});
