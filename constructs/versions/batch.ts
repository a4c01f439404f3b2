import type { ImagePins } from './pin';

/**
 * Images of the batch services. HTCondor publishes `<version>-<distribution>` for every release (`tags_to_make_release` in
 * `build/docker/services/build-images`); in them the account `condor` is 64:64 (`base/container-install-htcondor.sh`), and Apptainer is
 * there, as the package condor requires it (`build/packaging/rpm/condor.spec`).
 */
export const BATCH_IMAGES = {
  condorManager: { repository: 'docker.io/htcondor/cm', tag: '25.13.2-el9' },
  condorSubmit: { repository: 'docker.io/htcondor/submit', tag: '25.13.2-el9' },
  condorExecute: { repository: 'docker.io/htcondor/execute', tag: '25.13.2-el9' },
} as const satisfies ImagePins;
