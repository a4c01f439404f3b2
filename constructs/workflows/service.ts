import type { Construct } from 'constructs';

import { labelsOf, selectorOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import type { PodProps } from '../kit/pods';
import { serviceAccount } from '../kit/rbac';
import { REANA_USER, type ReanaComponent, type ReanaSite } from './reana-site';

/** Adds a Service under the name by which REANA's programs look for each other. */
export function reanaService(
  scope: Construct,
  site: ReanaSite,
  component: ReanaComponent,
  port: { readonly name: string; readonly port: number; readonly targetPort: number },
): void {
  const part = site.part(component);
  kubeObject(scope, `Service-${component}`, 'Service', {
    metadata: { name: site.nameOf(component), labels: labelsOf(part) },
    spec: { selector: selectorOf(part), ports: [{ ...port, protocol: 'TCP' }] },
  });
}

/** Adds the ServiceAccount of a program that asks the cluster for nothing; answers as whom its pods run. */
export function runAs(
  scope: Construct,
  site: ReanaSite,
  component: ReanaComponent,
  user = REANA_USER,
): Pick<PodProps, 'serviceAccount' | 'user' | 'volumeGroup'> {
  const name = site.nameOf(component);
  serviceAccount(scope, `ServiceAccount-${component}`, name, site.part(component));
  return { serviceAccount: name, user, volumeGroup: user };
}
