import { EdgeStack } from '../../stacks/edge-stack';
import { ProjectStorageStack } from '../../stacks/project-storage-stack';
import { ReanaStack } from '../../stacks/reana-stack';
import { defineEnvironment } from '../environment';
import { site } from './site';

/** REANA at BNL as a guest: one unprivileged project on an OKD cluster that others run, with the storage it is given. */
export const environment = defineEnvironment({
  name: 'bnl-okd',
  target: 'okd 4.21',
  cluster: { kind: 'kubeconfig', ...site.cluster },
  rights: { projectAdmin: site.project },
  data: 'keep',
  provided: [`_/storageclass.storage.k8s.io/${site.storage.className}`],
  build: (app) => {
    const storage = new ProjectStorageStack(app, 'Storage', {
      project: site.project,
      storageClass: {
        className: site.storage.className,
        accessModes: ['ReadWriteOnce', 'ReadWriteMany'],
        expandable: true,
      },
      claims: [],
    });

    const { internalNetworks, sharedGiB, ...reana } = site.reana;
    const edge = new EdgeStack(app, 'Edge', { ingress: { kind: 'routes', internalNetworks } });
    new ReanaStack(app, 'Reana', {
      ...reana,
      namespace: { name: site.project, made: 'elsewhere' },
      ingress: edge.ingress,
      workspaces: { kind: 'claim', class: storage.storageClass, size: `${sharedGiB}Gi` },
      database: {
        kind: 'inside',
        class: storage.storageClass,
        size: '20Gi',
        backup: { schedule: '0 1 * * *', keepDays: 14, size: '20Gi', class: storage.storageClass },
      },
      messages: { class: storage.storageClass, size: '5Gi' },
      rootInRuns: {
        consent:
          'the job controller of REANA 0.9.4 makes the user of the jobs before it becomes it',
      },
    });
  },
});
