import { EdgeStack } from '../../stacks/edge-stack';
import { NfsServerStack } from '../../stacks/nfs-server-stack';
import { ReanaStack } from '../../stacks/reana-stack';
import { defineEnvironment } from '../environment';
import { site } from './site';

/** REANA at BNL on Kubernetes, its shared files on an NFS server inside the cluster. */
export const environment = defineEnvironment({
  name: 'bnl-reana',
  target: 'kubernetes 1.18',
  cluster: { kind: 'kubeconfig', ...site.cluster },
  data: 'keep',
  provided: [
    `_/storageclass.storage.k8s.io/${site.nfs.beneath}`,
    // Of the Traefik that the cluster has.
    '_/customresourcedefinition.apiextensions.k8s.io/middlewares.traefik.io',
  ],
  build: (app) => {
    const beneath = { className: site.nfs.beneath, accessModes: ['ReadWriteOnce'] } as const;
    const storage = new NfsServerStack(app, 'Storage', {
      server: {
        className: 'reana-shared-volume-storage-class',
        consent: 'REANA needs a shared volume, and this cluster has neither a filer nor a Ceph',
      },
      export: {
        storageClass: beneath,
        sizeGiB: site.nfs.sizeGiB,
      },
    });

    const { ingress, ...reana } = site.reana;
    const edge = new EdgeStack(app, 'Edge', {
      ingress: {
        kind: 'existing',
        controller: 'traefik',
        by: { annotation: ingress.annotation },
        pods: { namespace: ingress.namespace },
        internalNetworks: ingress.internalNetworks,
      },
    });
    new ReanaStack(app, 'Reana', {
      host: reana.host,
      admin: reana.admin,
      namespace: { name: 'reana', made: 'here' },
      ingress: edge.ingress,
      workspaces: { kind: 'claim', class: storage.shared, size: `${reana.sharedGiB}Gi` },
      database: {
        kind: 'inside',
        class: storage.shared,
        size: '20Gi',
        backup: { schedule: '0 1 * * *', keepDays: 14, size: '20Gi', class: storage.shared },
      },
      messages: { class: storage.shared, size: '5Gi' },
    });
  },
});
