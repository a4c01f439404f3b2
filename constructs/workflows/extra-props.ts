import type { IFileShare, IStorageClass, SecretRef } from '../contracts';

/** Where jobs have CVMFS from. They mount one claim, `<prefix>-cvmfs`, whose directories are the repositories. */
export type ReanaCvmfs =
  /** A share that is there, as the export tier makes them, under that name in the namespace of runs. */
  | { readonly kind: 'share'; readonly share: IFileShare }
  /** A class of the CVMFS CSI driver, `<prefix>-cvmfs`. REANA makes the claim when a workflow first asks. */
  | { readonly kind: 'class'; readonly class: IStorageClass };

/** An application that the GitLab knows, with the redirect `https://<host>/api/gitlab/`. */
export interface ReanaGitLab {
  /** Host name: `gitlab.example.org`. */
  readonly host: string;
  readonly appId: SecretRef;
  readonly appSecret: SecretRef;
}
