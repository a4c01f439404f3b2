import { Chart, type App } from 'cdk8s';
import { z } from 'zod';
import type { Construct, IDependable } from 'constructs';

import type { AccessMode, IStorageClass } from '../../../../constructs/contracts';
import { CvmfsExport } from '../../../../constructs/cvmfs/export';
import type { CvmfsExportProps } from '../../../../constructs/cvmfs/export-props';
import { CvmfsRepositories } from '../../../../constructs/cvmfs/repositories';
import type { CvmfsRepositoriesProps } from '../../../../constructs/cvmfs/repositories-props';
import type { CvmfsRepository } from '../../../../constructs/cvmfs/repository';
import type { Target, TargetName } from '../../../../constructs/targets';
import { appFor, type Synthesized } from '../../../support/synth';

export const PEM = '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n';

export function repository(name: string, more: Partial<CvmfsRepository> = {}): CvmfsRepository {
  return {
    name,
    keys: { from: 'pem', files: { [`${name}.pub`]: PEM } },
    servers: ['http://s1.example.org:8000/cvmfs/@fqrn@'],
    ...more,
  };
}

export const catalogue: CvmfsRepositoriesProps = {
  repositories: [repository('sw.example.org'), repository('data.example.org')],
  httpProxy: 'http://cvmfs-proxy.proxies.svc.cluster.local:3128',
  quotaMiB: 20_000,
};

export function classOf(
  ready: IDependable,
  className: string,
  accessModes: readonly AccessMode[],
): IStorageClass {
  return { className, accessModes, ready };
}

/** A tier with two servers, in the namespace `cvmfs` of a new app. */
export function tierProps(scope: Construct, repositories: CvmfsRepositories): CvmfsExportProps {
  return {
    repositories,
    image: {
      repository: 'registry.example.org/beamline/cvmfs-export',
      tag: '1.0.0',
      cvmfs: '2.12.7',
    },
    consent: 'users read /cvmfs without a privilege of their own',
    scale: { kind: 'fixed', replicas: 2 },
    maps: {
      kind: 'class',
      storageClass: classOf(scope, 'cephfs', ['ReadWriteOnce', 'ReadWriteMany']),
      sizeGiB: 20,
    },
    cache: { sizeGiB: 30 },
    address: { clusterIp: '172.30.0.49', serviceNetwork: '172.30.0.0/16' },
    clients: { nodeNetworks: ['192.0.2.0/24'] },
  };
}

/** A tier and the chart that it stands in. */
export function tierOn(
  target?: TargetName | Target,
  more: Partial<CvmfsExportProps> = {},
  repositories: Partial<CvmfsRepositoriesProps> = {},
): { readonly app: App; readonly chart: Chart; readonly tier: CvmfsExport } {
  const app = appFor(target);
  const chart = new Chart(app, 'cvmfs', { namespace: 'cvmfs' });
  const known = new CvmfsRepositories(chart, 'Repositories', { ...catalogue, ...repositories });
  const tier = new CvmfsExport(chart, 'Subject', { ...tierProps(chart, known), ...more });
  return { app, chart, tier };
}

/** What a ConfigMap holds. */
export function dataOf(objects: Synthesized, name: string): Record<string, string> {
  return z.record(z.string(), z.string()).parse(objects.one('ConfigMap', name)['data']);
}
