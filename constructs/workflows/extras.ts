import type { Construct } from 'constructs';
import type { EnvVar } from 'kubernetes-types/core/v1';

import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { fromSecret, variables, type ReanaSite } from './reana-site';

const EXACT_IMAGE = /^\S+\/\S+(:v?\d[\w.-]*|@sha256:[0-9a-f]{64})$/;

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

/**
 * Images of what stands beside a job that asks for it. Workflow controller and job controller read the same names, and take upstream's from Docker Hub
 * where nothing is said.
 */
export function jobImages(site: ReanaSite): Readonly<Record<string, string>> {
  const { krb5Conf, voms } = site;
  return {
    ...(krb5Conf === undefined ? {} : { KRB5_CONTAINER_IMAGE: site.image('kerberos') }),
    ...(voms === undefined ? {} : { VOMSPROXY_CONTAINER_IMAGE: voms.image ?? site.image('voms') }),
  };
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
    ...vomsProblems(site),
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

function vomsProblems({ voms, backends }: ReanaSite): string[] {
  if (voms === undefined) return [];
  const { image } = voms;
  return [
    ...(backends.some(({ kind }) => kind === 'kubernetes')
      ? []
      : [
          `'voms' must be left out without the back end 'kubernetes', as jobs of ${backends.map(({ kind }) => kind).join(', ')} get no proxy from REANA`,
        ]),
    ...(image === undefined || EXACT_IMAGE.test(image)
      ? []
      : [
          `'voms.image' must be an image by exact tag or digest, got '${image}'; 'registry.example.org/site/vomsproxy:1.3.0'`,
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
