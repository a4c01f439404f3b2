import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import { exempt } from './exceptions';
import { labelsOf, selectorOf, type Part } from './labels';
import { kubeObject } from './objects';
import { podTemplate, type PodProps } from './pods';

/** A program that runs once on every node. */
export interface DaemonSetProps extends PodProps {
  readonly name: string;
  readonly part: Part;
}

/** Adds a DaemonSet that is replaced one node after the other. */
export function daemonSet(scope: Construct, id: string, props: DaemonSetProps): ApiObject {
  const { name, part } = props;
  const { template, exceptions } = podTemplate(scope, part, 1, props);
  const made = kubeObject(scope, id, 'DaemonSet', {
    metadata: { name, labels: labelsOf(part) },
    spec: {
      revisionHistoryLimit: 3,
      selector: { matchLabels: selectorOf(part) },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      template,
    },
  });
  for (const exception of exceptions) exempt(made, exception);
  return made;
}
