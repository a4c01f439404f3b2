import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import { targetOf, type Target } from '../targets';
import { labelsOf, type Part } from './labels';
import { denyAllButDns, NAMESPACE_NAME } from './network';
import { kubeObject, namespaceOf } from './objects';

/** How much pods may do at most, as Pod Security admission names it. */
export type PodSecurityLevel = 'restricted' | 'baseline' | 'privileged';

/**
 * Adds the namespace of the chart: it admits pods up to a level, and lets no traffic through but the lookup of names.
 */
export function isolatedNamespace(
  scope: Construct,
  id: string,
  part: Part,
  level: PodSecurityLevel = 'restricted',
): ApiObject {
  const name = namespaceOf(scope);
  const labels = {
    ...labelsOf(part),
    [NAMESPACE_NAME]: name,
    ...podSecurityLabels(targetOf(scope), level),
  };
  const made = kubeObject(scope, id, 'Namespace', { metadata: { name, labels } });
  denyAllButDns(scope, part);
  return made;
}

/**
 * On OKD the levels stand beside the SCCs, and its label controller is told that they are ours. OKD's own annotations
 * (UID range, MCS labels) are never named here, so they stay as the cluster allots them.
 */
function podSecurityLabels(target: Target, level: PodSecurityLevel): Record<string, string> {
  if (!target.has('psa')) return {};
  return {
    'pod-security.kubernetes.io/enforce': level,
    'pod-security.kubernetes.io/audit': level,
    'pod-security.kubernetes.io/warn': level,
    ...(target.flavour === 'okd'
      ? { 'security.openshift.io/scc.podSecurityLabelSync': 'false' }
      : {}),
  };
}
