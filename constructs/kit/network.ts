import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { NetworkPolicyPeer, NetworkPolicyPort } from 'kubernetes-types/networking/v1';

import type { Target } from '../targets';
import { targetOf } from '../targets';
import { labelsOf, selectorOf, type Part } from './labels';
import { kubeObject } from './objects';

/** Label that holds the name of a namespace: on every namespace since Kubernetes 1.21, on ours always. */
export const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** Some traffic: the other side and the ports that are opened for it. */
export interface Traffic {
  /** Who is on the other side. `anyone` is everybody, in the cluster and outside. */
  readonly peers: readonly NetworkPolicyPeer[] | 'anyone';
  /** TCP ports, as containers listen on them or name them. `any` is every port and protocol. */
  readonly ports: readonly (number | string)[] | 'any';
}

/** What pods may receive and send, beside what other policies allow them. */
export interface AllowProps {
  /** Name of the policy. */
  readonly name: string;
  /** What the policy belongs to. */
  readonly part: Part;
  /**
   * Labels of the pods it is about; all of the namespace if there are none.
   *
   * @default - the pods of the part
   */
  readonly pods?: Readonly<Record<string, string>>;
  /**
   * Namespace of the pods.
   *
   * @default - the namespace of the chart
   */
  readonly namespace?: string;
  /** @default [] */
  readonly from?: readonly Traffic[];
  /** @default [] */
  readonly to?: readonly Traffic[];
}

/** Adds a policy that opens a part's pods for the traffic it names, on top of a namespace that denies everything. */
export function allow(scope: Construct, id: string, props: AllowProps): ApiObject {
  const from = props.from ?? [];
  const to = props.to ?? [];
  const pods = props.pods ?? selectorOf(props.part);
  return kubeObject(scope, id, 'NetworkPolicy', {
    metadata: {
      name: props.name,
      labels: labelsOf(props.part),
      ...(props.namespace === undefined ? {} : { namespace: props.namespace }),
    },
    spec: {
      podSelector: Object.keys(pods).length === 0 ? {} : { matchLabels: { ...pods } },
      policyTypes: [...(from.length > 0 ? ['Ingress'] : []), ...(to.length > 0 ? ['Egress'] : [])],
      ...(from.length > 0
        ? {
            ingress: from.map(({ peers, ports }) => ({
              ...peersAs('from', peers),
              ...portsAs(ports),
            })),
          }
        : {}),
      ...(to.length > 0
        ? { egress: to.map(({ peers, ports }) => ({ ...peersAs('to', peers), ...portsAs(ports) })) }
        : {}),
    },
  });
}

/** Closes a namespace in both directions, but for the lookup of names. */
export function denyAllButDns(scope: Construct, part: Part): void {
  const target = targetOf(scope);
  kubeObject(scope, 'DenyAll', 'NetworkPolicy', {
    metadata: { name: 'deny-all', labels: labelsOf(part) },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  });
  kubeObject(scope, 'AllowDns', 'NetworkPolicy', {
    metadata: { name: 'allow-dns', labels: labelsOf(part) },
    spec: {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{ to: dnsPeers(target), ports: dnsPorts(target) }],
    },
  });
}

/** The pods of a part, in a namespace or in the same one. */
export function podsOf(part: Part, namespace?: string): NetworkPolicyPeer {
  const podSelector = { matchLabels: selectorOf(part) };
  return namespace === undefined ? { podSelector } : { podSelector, ...inNamespace(namespace) };
}

/** Every pod of a namespace. */
export function inNamespace(name: string): NetworkPolicyPeer {
  return { namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: name } } };
}

/** A network by its CIDR, for what is outside the cluster. */
export function network(cidr: string): NetworkPolicyPeer {
  return { ipBlock: { cidr } };
}

/** Everything but private networks and the metadata service of clouds: RFC 1918, RFC 6598, RFC 3927. */
export const INTERNET: NetworkPolicyPeer = {
  ipBlock: {
    cidr: '0.0.0.0/0',
    except: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'],
  },
};

/** The API server. It stands outside the pod network at an address that only the site knows. */
export const API_SERVER: Traffic = { peers: 'anyone', ports: [443, 6443] };

/**
 * Where names are looked up. OKD's resolver runs in openshift-dns. On Kubernetes it is in kube-system, and where
 * NodeLocal DNSCache is on, at a link-local address of the node.
 */
function dnsPeers(target: Target): NetworkPolicyPeer[] {
  if (!target.has('namespace-name-label')) return [{ namespaceSelector: {} }];
  return target.flavour === 'okd'
    ? [inNamespace('openshift-dns')]
    : [inNamespace('kube-system'), network('169.254.0.0/16')];
}

/** Policies see the port of the pod, not of the Service: OKD's resolver listens on 5353. */
function dnsPorts(target: Target): NetworkPolicyPort[] {
  const port = target.flavour === 'okd' ? 5353 : 53;
  return [
    { port, protocol: 'UDP' },
    { port, protocol: 'TCP' },
  ];
}

function peersAs<K extends 'from' | 'to'>(
  key: K,
  peers: Traffic['peers'],
): { readonly [key in K]?: NetworkPolicyPeer[] };
function peersAs(key: string, peers: Traffic['peers']): Record<string, NetworkPolicyPeer[]> {
  return peers === 'anyone' ? {} : { [key]: [...peers] };
}

function portsAs(ports: Traffic['ports']): { readonly ports?: NetworkPolicyPort[] } {
  return ports === 'any' ? {} : { ports: ports.map((port) => ({ port, protocol: 'TCP' })) };
}
