import type { Construct } from 'constructs';
import type { PolicyRule } from 'kubernetes-types/rbac/v1';

import { labelsOf, type Part } from '../kit/labels';
import { customObject } from '../kit/objects';

const GROUP = 'dex.coreos.com';
/** Whose body is the one below; targets without it are refused. */
export const DEFINITIONS = 'apiextensions.k8s.io/v1';

/** What Dex keeps, by the names it gives: `storage/kubernetes/types.go` of v2.41.1. */
const KINDS: readonly (readonly [plural: string, kind: string])[] = [
  ['authcodes', 'AuthCode'],
  ['authrequests', 'AuthRequest'],
  ['connectors', 'Connector'],
  ['devicerequests', 'DeviceRequest'],
  ['devicetokens', 'DeviceToken'],
  ['oauth2clients', 'OAuth2Client'],
  ['offlinesessionses', 'OfflineSessions'],
  ['passwords', 'Password'],
  ['refreshtokens', 'RefreshToken'],
  ['signingkeies', 'SigningKey'],
];

/**
 * The definitions of what Dex keeps. Dex would make them itself if it had the right to make definitions for the whole cluster;
 * made here, it needs none. They take any field: what is in them is Dex's own business.
 */
export function dexDefinitions(scope: Construct, part: Part): void {
  for (const [plural, kind] of KINDS) {
    customObject(scope, `Definition-${kind}`, {
      apiVersion: DEFINITIONS,
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.${GROUP}`, labels: labelsOf(part) },
      spec: {
        group: GROUP,
        scope: 'Namespaced',
        names: { plural, kind, listKind: `${kind}List`, singular: kind.toLowerCase() },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
          },
        ],
      },
    });
  }
}

/** What Dex does with them, in its own namespace: `storage/kubernetes/client.go`. */
export const DEX_RULES: readonly PolicyRule[] = [
  {
    apiGroups: [GROUP],
    resources: KINDS.map(([plural]) => plural),
    verbs: ['get', 'list', 'create', 'update', 'delete'],
  },
];
