import type { Construct } from 'constructs';

import { podsMadeBy } from '../kit/made-elsewhere';
import { labelsOf, type Part } from '../kit/labels';
import {
  INTERNET,
  allow,
  inNamespace,
  network,
  type AllowProps,
  type Traffic,
} from '../kit/network';
import { customObject } from '../kit/objects';
import { targetOf } from '../targets';
import type { TenantEgress, TenantTraffic } from './tenant-props';

type Labels = Readonly<Record<string, string>>;

/** Opens a namespace for the traffic that was agreed. */
export function addTraffic(
  at: Construct,
  part: Part,
  { within = false, to = [], from = [] }: TenantTraffic,
  own: readonly string[],
): void {
  const inside: Traffic[] = within ? [{ peers: own.map(inNamespace), ports: 'any' }] : [];
  open('Own', { name: 'allow-own', from: inside, to: inside });
  open('To', { name: 'allow-to', to: to.map(trafficTo) });
  for (const [index, { namespace, labels, ports }] of from.entries()) {
    const peer: Traffic = { peers: [inNamespace(namespace)], ports };
    open(`From-${index}`, { name: `allow-from-${index + 1}`, pods: labels, from: [peer] });
  }
  if (to.some(({ kind }) => kind === 'host')) addFirewall(at, part, to);

  function open(id: string, policy: Omit<AllowProps, 'part'>): void {
    if ((policy.from ?? []).length + (policy.to ?? []).length === 0) return;
    podsMadeBy(allow(at, id, { pods: {}, ...policy, part }), 'the tenant');
  }
}

function trafficTo(rule: TenantEgress): Traffic {
  switch (rule.kind) {
    case 'pods':
      return {
        peers: [{ ...inNamespace(rule.namespace), ...podsWith(rule.labels) }],
        ports: rule.ports,
      };
    case 'network':
      return { peers: [network(rule.cidr)], ports: rule.ports };
    case 'host':
      // A policy knows no names: it lets out of the cluster, and the firewall stops what is none of the hosts.
      return { peers: [INTERNET], ports: rule.ports };
  }
}

function podsWith(labels: Labels): { readonly podSelector?: { readonly matchLabels: Labels } } {
  return Object.keys(labels).length === 0 ? {} : { podSelector: { matchLabels: labels } };
}

/**
 * OVN-Kubernetes asks both, the policies and this. It looks only at what leaves the cluster, takes the first rule that fits, and lets
 * through what none does: https://docs.okd.io/latest/rest_api/network_apis/egressfirewall-k8s-ovn-org-v1.html
 */
function addFirewall(at: Construct, part: Part, to: readonly TenantEgress[]): void {
  const allowed = to.flatMap((rule) => {
    if (rule.kind === 'pods') return [];
    const target = rule.kind === 'host' ? { dnsName: rule.host } : { cidrSelector: rule.cidr };
    const ports =
      rule.ports === 'any' ? {} : { ports: rule.ports.map((port) => ({ protocol: 'TCP', port })) };
    return [{ type: 'Allow', to: target, ...ports }];
  });
  customObject(at, 'Firewall', {
    apiVersion: targetOf(at).apiVersion('EgressFirewall'),
    kind: 'EgressFirewall',
    // One in a namespace, and of this name.
    metadata: { name: 'default', labels: labelsOf(part) },
    spec: { egress: [...allowed, { type: 'Deny', to: { cidrSelector: '0.0.0.0/0' } }] },
  });
}
