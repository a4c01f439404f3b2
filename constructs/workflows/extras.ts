import type { Construct } from 'constructs';
import type { EnvVar } from 'kubernetes-types/core/v1';

import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { fromSecret, variables, type ReanaSite } from './reana-site';

/** Adds what jobs mount by name, to the namespace of runs. */
export function addForJobs(runs: Construct, site: ReanaSite): void {
  const { cvmfs, krb5Conf } = site;
  if (cvmfs !== undefined) {
    runs.node.addDependency(cvmfs.kind === 'share' ? cvmfs.share.ready : cvmfs.class.ready);
  }
  if (krb5Conf === undefined) return;
  kubeObject(runs, 'Kerberos', 'ConfigMap', {
    metadata: {
      name: site.nameOf('krb5-conf'),
      labels: labelsOf(site.part('workflow-controller')),
    },
    data: { 'krb5.conf': krb5Conf },
  });
}

/** The GitLab, as the server is told of it. */
export function gitlabVariables({ gitlab }: ReanaSite): EnvVar[] {
  if (gitlab === undefined) return [];
  return [
    ...variables({ REANA_GITLAB_HOST: gitlab.host }),
    fromSecret('REANA_GITLAB_OAUTH_APP_ID', gitlab.appId),
    fromSecret('REANA_GITLAB_OAUTH_APP_SECRET', gitlab.appSecret),
  ];
}

/** What is wrong with them, one message each. */
export function extraProblems(site: ReanaSite): string[] {
  const { cvmfs, gitlab, krb5Conf } = site;
  const wanted = site.nameOf('cvmfs');
  return [
    ...cvmfsProblems(cvmfs, wanted),
    ...(gitlab === undefined || /^([a-z0-9-]+\.)+[a-z0-9-]+$/.test(gitlab.host)
      ? []
      : [`'gitlab.host' must be a full host name in lower case, got '${gitlab.host}'`]),
    ...(krb5Conf === undefined || /^\s*CERN\.CH\s*=\s*\{/m.test(krb5Conf)
      ? []
      : [
          `'kerberos.krb5Conf' must have the realm CERN.CH, as jobs of release 0.9.4 take tickets of no other; leave 'kerberos' out, and use Slurm with 'kerberos' for tickets of another`,
        ]),
  ];
}

function cvmfsProblems(cvmfs: ReanaSite['cvmfs'], wanted: string): string[] {
  switch (cvmfs?.kind) {
    case undefined:
      return [];
    case 'share':
      return cvmfs.share.claimName === wanted
        ? []
        : [
            `'cvmfs.share' must be the claim '${wanted}', which is what jobs mount, got '${cvmfs.share.claimName}'`,
          ];
    case 'class':
      return cvmfs.class.className === wanted
        ? []
        : [
            `'cvmfs.class' must be the class '${wanted}', which is what REANA asks for, got '${cvmfs.class.className}'`,
          ];
  }
}
