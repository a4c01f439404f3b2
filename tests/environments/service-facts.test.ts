import type { z } from 'zod';

import { parseOrExplain } from '../../environments/facts';
import {
  ceph,
  directory,
  notebooks,
  provider,
  reana,
  rook,
} from '../../environments/service-facts';
import { messageFrom } from '../support/message';

const node = { name: 'ceph1.example.org', devices: ['sdb'] };
const wholeRook = {
  nodes: [node, node, node],
  pools: [{ name: 'block', data: { kind: 'replicated', copies: 3 } }],
  filesystem: { name: 'site' },
  block: { className: 'ceph-block', pool: 'block' },
  shared: { className: 'cephfs', isDefault: true },
  objects: { name: 'objects' },
};
const user = { id: 'csi', key: { from: 'secret', name: 'cephfs' } };

test('what a site says of its services is taken as it is', () => {
  expect(parseOrExplain(rook, wholeRook, 'rook')).toEqual(wholeRook);
});

test.each<readonly [schema: z.ZodType, value: unknown, problem: string]>([
  [
    provider,
    { title: 'Lab', issuer: 'sso', admins: { groups: [] } },
    'must be the address of the provider',
  ],
  [directory, { title: 'Lab', url: '' }, 'must be the address of the directory'],
  [rook, { ...wholeRook, nodes: [node] }, 'must list at least three nodes'],
  [rook, { ...wholeRook, nodes: [{ ...node, devices: [] }] }, 'must list at least one device'],
  [
    ceph,
    {
      clusterId: 'a',
      monitors: [],
      cephfs: {
        users: { provisioner: user, node: { ...user, key: { from: 'config', name: 'a' } } },
        filesystems: [],
      },
    },
    "must be 'secret': the Secret that holds userID and userKey",
  ],
  [notebooks, { host: 'notebooks' }, 'must be a full host name in lower case'],
  [
    reana,
    { host: 'reana.example.org', admin: { email: 'somebody' }, sharedGiB: 1 },
    'must be an address',
  ],
])('a wrong fact is named with what it must be', (schema, value, problem) => {
  expect(messageFrom(() => parseOrExplain(schema, value, 'a site'))).toContain(problem);
});
