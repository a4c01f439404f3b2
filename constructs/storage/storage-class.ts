import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import { listed } from '../kit/containers';
import { labelsOf, type Part } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import type { ClassProps } from './class-props';

/** Who serves a class, and with which parameters. */
export interface ClassServer {
  readonly part: Part;
  readonly provisioner: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** @default - what the site gives, else none */
  readonly mountOptions?: readonly string[];
}

/** Adds the StorageClass. Nothing of a class can change: a new one takes its place, and its volumes stay as they are. */
export function storageClass(
  scope: Construct,
  id: string,
  props: ClassProps,
  { part, provisioner, parameters, mountOptions }: ClassServer,
): ApiObject {
  const { topology } = props;
  const nodes = Object.entries(topology?.nodes ?? {});
  return kubeObject(scope, id, 'StorageClass', {
    metadata: {
      name: props.className,
      labels: labelsOf(part),
      annotations: {
        'storageclass.kubernetes.io/is-default-class': String(props.isDefault ?? false),
      },
    },
    provisioner,
    allowVolumeExpansion: props.expandable ?? true,
    reclaimPolicy: (props.deletedClaims ?? 'delete') === 'delete' ? 'Delete' : 'Retain',
    volumeBindingMode: topology?.binding ?? 'Immediate',
    ...listed('mountOptions', mountOptions ?? props.mountOptions ?? []),
    ...(nodes.length === 0
      ? {}
      : {
          allowedTopologies: [
            {
              matchLabelExpressions: nodes.map(([key, values]) => ({ key, values: [...values] })),
            },
          ],
        }),
    parameters: { ...parameters },
  });
}
