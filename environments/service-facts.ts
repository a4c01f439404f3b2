import { z } from 'zod';

import { count, hostName, label, listOf, size, tenant, text } from './schemas';

const groups = listOf(text('a group'), 'groups');

/** The provider that people log in by: OpenID Connect, as Keycloak speaks it. */
export const provider = z.strictObject({
  title: text('what the login button says'),
  issuer: z.url({ error: 'must be the address of the provider, as its tokens name it' }),
  admins: z.strictObject({ groups }),
});

const search = {
  base: text('the distinguished name below which is searched'),
  filter: text("a filter in parentheses, for example '(objectClass=posixAccount)'"),
  attribute: text('the attribute that holds the name'),
};

/** The directory that knows people, and where it keeps them and their groups. */
export const directory = z.strictObject({
  title: text('what the login button says'),
  url: text("the address of the directory, for example 'ldaps://ldap.example.org'"),
  admins: z.strictObject({ groups }),
  groups,
  users: z.strictObject(search),
  groupSearch: z.strictObject({ ...search, member: text('the attribute that lists members') }),
});

/** Ceph by Rook: the nodes whose disks it takes, and what the site makes of it. */
export const rook = z.strictObject({
  nodes: z
    .array(
      z.strictObject({
        name: text('the name of a node'),
        devices: z.array(text('a device')).min(1, 'must list at least one device'),
      }),
      { error: 'must be a list of nodes with their devices' },
    )
    .min(3, 'must list at least three nodes: every piece of data is on three'),
  pools: listOf(
    z.strictObject({
      name: label,
      data: z.strictObject({ kind: z.literal('replicated'), copies: count('copies', 1) }),
    }),
    'pools',
  ),
  filesystem: z.strictObject({ name: label }),
  block: z.strictObject({ className: label, pool: label }),
  shared: z.strictObject({ className: label, isDefault: z.boolean() }),
  objects: z.strictObject({ name: label }),
});

const cephUser = z.strictObject({
  id: text("the user's name, without 'client.'"),
  key: z.strictObject({
    from: z.literal('secret', {
      error: "must be 'secret': the Secret that holds userID and userKey",
    }),
    name: label,
  }),
});

/** A Ceph outside the cluster. */
export const ceph = z.strictObject({
  clusterId: text('the fsid of the Ceph cluster'),
  monitors: listOf(text("an address, for example '192.0.2.11:6789'"), 'monitors'),
  cephfs: z.strictObject({
    users: z.strictObject({ provisioner: cephUser, node: cephUser }),
    filesystems: listOf(
      z.strictObject({ name: text('a file system'), dataPools: listOf(text('a pool'), 'pools') }),
      'file systems',
    ),
  }),
});

const span = (
  what: string,
): z.ZodObject<{ least: z.ZodNumber; most: z.ZodNumber }, z.core.$strict> =>
  z.strictObject({ least: size(what), most: size(what) });

/** Notebooks: where they are, what all sessions may use, and what people choose from. */
export const notebooks = z.strictObject({
  host: hostName,
  quota: tenant.shape.quota,
  homeGiB: size('GiB of one home'),
  registries: listOf(text('a registry and a path'), 'where images may come from'),
  sessions: z.strictObject({
    perUser: count('sessions', 1),
    idleMinutes: count('minutes', 1),
    longestHours: count('hours', 1),
  }),
  profiles: listOf(
    z.strictObject({
      name: label,
      title: text('what people read'),
      image: text('an image with an exact tag'),
      cpu: span('CPU cores'),
      memoryGiB: span('GiB of memory'),
    }),
    'profiles',
  ),
});

/** REANA: where it is, who runs it, and room for the files of workflows. */
export const reana = z.strictObject({
  host: hostName,
  admin: z.strictObject({ email: z.email({ error: 'must be an address' }) }),
  sharedGiB: size('GiB for the files of all workflows'),
});
