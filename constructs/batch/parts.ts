import type { Part } from '../kit/labels';
import { IMAGES } from '../versions';
import { BATCH_IMAGES } from '../versions/batch';

/** Name of everything of a pool, and of its Service: unique in a namespace, as a namespace has one pool. */
export const POOL = 'condor';

/** The one port of every pod: HTCondor's shared port. Source: param SHARED_PORT_PORT. */
export const CONDOR_PORT = 9618;

/** UID and GID of the account `condor` in the images: `constructs/versions/batch.ts`. */
export const CONDOR_ID = 64;

function part(component: string, version: string): Part {
  return { name: 'htcondor', instance: POOL, component, partOf: 'batch', version };
}

/** The parts of a pool. */
export const PARTS = {
  manager: part('manager', BATCH_IMAGES.condorManager.tag),
  submit: part('submit', BATCH_IMAGES.condorSubmit.tag),
  execute: part('execute', BATCH_IMAGES.condorExecute.tag),
  tokens: part('tokens', IMAGES.jupyterHub.tag),
} as const;
