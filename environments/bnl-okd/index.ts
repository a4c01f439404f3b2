import { ProjectStorageStack } from '../../stacks/project-storage-stack';
import { defineEnvironment } from '../environment';
import { site } from './site';

/** REANA at BNL as a guest: one unprivileged project on an OKD cluster that others run, with the storage it is given. */
export const environment = defineEnvironment({
  name: 'bnl-okd',
  target: 'okd 4.21',
  cluster: { kind: 'kubeconfig', ...site.cluster },
  data: 'keep',
  provided: [`_/storageclass.storage.k8s.io/${site.storage.className}`],
  build: (app) => {
    new ProjectStorageStack(app, 'Storage', {
      project: site.project,
      storageClass: {
        className: site.storage.className,
        accessModes: ['ReadWriteOnce', 'ReadWriteMany'],
        expandable: true,
      },
      claims: [
        {
          claimName: 'reana-shared',
          sizeGiB: site.storage.sharedGiB,
          access: 'ReadWriteMany',
          partOf: 'reana',
        },
      ],
    });
  },
});
