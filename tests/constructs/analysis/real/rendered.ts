import { Chart } from 'cdk8s';

import { DaskGateway } from '../../../../constructs/analysis/dask-gateway';
import { JupyterHub } from '../../../../constructs/notebooks/jupyterhub';
import { attachTarget, Target } from '../../../../constructs/targets';
import { objectsOf, type Manifest } from '../../../../plan/model';
import { planFrom } from '../../../support/plan';
import { hub as hubProps } from '../../notebooks/support';
import { atlas, cms, cvmfs, gatewayFor } from '../support';

/** Namespaces of one test run. */
export interface Names {
  readonly dask: string;
  readonly cms: string;
  readonly atlas: string;
  readonly notebooks: string;
}

/** A hub and a gateway for two tenants on OKD. */
export function renderedSite(names: Names): Manifest[] {
  const provided = [
    '_/storageclass.storage.k8s.io/disk',
    `${names.notebooks}/secret/jupyterhub-login`,
  ];
  const plan = planFrom(
    (app) => {
      attachTarget(app, Target.parse('okd 4.21'));
      const hub = new JupyterHub(
        new Chart(app, 'notebooks', { namespace: names.notebooks }),
        'Hub',
        hubProps,
      );
      new DaskGateway(new Chart(app, 'dask', { namespace: names.dask }), 'Dask', {
        ...gatewayFor(hub),
        tenants: [
          { ...cms, namespace: names.cms },
          { ...atlas, namespace: names.atlas },
        ],
      });
    },
    { provided },
  );
  return objectsOf(plan).map(({ manifest }) => manifest);
}

/** A namespace as a Tenant has it, so that the API server's Pod Security judges the pods. */
export function namespace(name: string): Manifest {
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** The share of the tenant, bound. */
export function boundShare(inNamespace: string): Manifest[] {
  const spec = {
    accessModes: ['ReadOnlyMany'],
    storageClassName: '',
  };
  const name = `${inNamespace}-cvmfs`;
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name },
      spec: {
        ...spec,
        capacity: { storage: '1Gi' },
        nfs: { server: '192.0.2.1', path: '/' },
        claimRef: { namespace: inNamespace, name: cvmfs.claimName },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: cvmfs.claimName, namespace: inNamespace },
      spec: { ...spec, volumeName: name, resources: { requests: { storage: '1Gi' } } },
    },
  ];
}
