import { SITE_DANGEROUS_ACCESS } from './dangerous-access';
import { SITE_DANGEROUS_AGAIN } from './dangerous-again';
import { SITE_DANGEROUS_CLUSTER } from './dangerous-cluster';
import { SITE_DANGEROUS_NETWORK } from './dangerous-network';
import { SITE_DANGEROUS_STORAGE } from './dangerous-storage';
import { SITE_DANGEROUS_WORKLOADS } from './dangerous-workloads';

/**
 * What an infrastructure team could do to its site, written down before the rules were read. Three were taken out again, as
 * the deployment leaves these fields to the cluster and nothing happens: the certificate of a webhook (`caBundle`), which
 * cert-manager or OKD writes, the pull secrets of an account, and the ranges of user ids of a project, which OKD gives out.
 */
export const SITE_DANGEROUS = [
  ...SITE_DANGEROUS_STORAGE,
  ...SITE_DANGEROUS_ACCESS,
  ...SITE_DANGEROUS_NETWORK,
  ...SITE_DANGEROUS_WORKLOADS,
  ...SITE_DANGEROUS_CLUSTER,
  ...SITE_DANGEROUS_AGAIN,
];
