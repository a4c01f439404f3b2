import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { PARTS } from './dask-parts';

const ANYTHING = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } as const;

/**
 * The definition of DaskCluster, by the names that the server 2026.3.0 asks for. What a cluster's configuration holds is the server's
 * business; what the controller acts upon has a type here.
 */
export function daskDefinition(scope: Construct): ApiObject {
  return kubeObject(scope, 'Definition', 'CustomResourceDefinition', {
    metadata: { name: 'daskclusters.gateway.dask.org', labels: labelsOf(PARTS.cluster) },
    spec: {
      group: 'gateway.dask.org',
      scope: 'Namespaced',
      names: {
        kind: 'DaskCluster',
        listKind: 'DaskClusterList',
        plural: 'daskclusters',
        singular: 'daskcluster',
      },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: [
            { name: 'User', type: 'string', jsonPath: '.spec.username' },
            { name: 'Workers', type: 'integer', jsonPath: '.spec.replicas' },
            { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
            { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
          ],
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  ...ANYTHING,
                  properties: {
                    username: { type: 'string' },
                    replicas: { type: 'integer', minimum: 0 },
                    active: { type: 'boolean' },
                    options: ANYTHING,
                    config: ANYTHING,
                  },
                },
                status: ANYTHING,
              },
            },
          },
        },
      ],
    },
  });
}
