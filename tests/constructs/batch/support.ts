import { App } from 'cdk8s';
import { Construct, type IDependable } from 'constructs';
import { z } from 'zod';

import type { ExecutePods, HtcondorPoolProps } from '../../../constructs/batch/pool-props';
import type { AccessMode, IFileShare, IStorageClass } from '../../../constructs/contracts';
import type { Rendered } from '../../support/synth';

const ready: IDependable = new Construct(new App(), 'there');

/** A class that somebody else made. */
export function storageClass(className: string, ...accessModes: AccessMode[]): IStorageClass {
  return { className, accessModes, ready };
}

/** A share, which pods with a user namespace can mount or not. */
export function share(claimName: string, userNamespaces = false): IFileShare {
  return { claimName, readOnly: true, userNamespaces, ready };
}

/** A pool with nothing special. */
export const pool: HtcondorPoolProps = {
  domain: 'pool.example.org',
  key: { rotation: 1 },
  submit: {
    nodes: 1,
    spool: { kind: 'claims', storageClass: storageClass('disk', 'ReadWriteOnce'), sizeGiB: 20 },
  },
  execute: {
    size: { kind: 'fixed', pods: 3 },
    cores: 8,
    memoryGiB: 16,
    scratchGiB: 100,
    shares: [{ share: share('cvmfs-cms-cern-ch'), mountPath: '/cvmfs/cms.cern.ch' }],
  },
  groups: [
    { name: 'cms', percent: 60, users: ['anna', 'ben'] },
    { name: 'cms.production', percent: 50, users: ['anna'] },
    { name: 'dune', percent: 40, surplus: false, users: ['carla'] },
  ],
  policies: { longestHours: 48 },
  submitters: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'hub' } } }],
};

/** The pool's props with other execute pods. */
export function withExecute(change: Partial<ExecutePods>): Partial<HtcondorPoolProps> {
  return { execute: { ...pool.execute, ...change } };
}

/** The texts of a ConfigMap or a Secret. */
export function textsOf(object: Rendered): Record<string, string> {
  return z.record(z.string(), z.string()).parse(object['data'] ?? object['stringData']);
}

/** The knobs that a ConfigMap's configuration sets. */
export function knobs(config: Rendered): Record<string, string> {
  const lines = (textsOf(config)['condor_config'] ?? '').split('\n');
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^(\S+) = (.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}

/** What a token in a Secret says. */
export function claims(secret: Rendered): unknown {
  const [, payload = ''] = /:[\w-]+\.([\w-]+)\}$/.exec(textsOf(secret)['token'] ?? '') ?? [];
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}
